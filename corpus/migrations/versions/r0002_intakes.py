"""Intakes: what was said in the calls and sessions that a contract was drawn from."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WORDS = sa.Text()
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "intakes",
        *(sa.Column(name, KEY, nullable=False) for name in ("organisation", "id", "search", "interview", "source_format", "source_digest")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, WORDS, nullable=False) for name in ("speakers", "utterances")),
        sa.ForeignKeyConstraint(
            ["organisation", "search"], ["searches.organisation", "searches.id"], name="fk_intakes_search", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organisation", "id", name="pk_intakes"),
    )
