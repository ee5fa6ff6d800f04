"""Recordings of which parts were struck out."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "redacted_recordings",
        *(sa.Column(name, KEY, nullable=False) for name in ("organisation", "interview", "digest")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "interview"],
            ["interviews.organisation", "interviews.id"],
            name="fk_redacted_recordings_interview",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation", "interview", "digest", name="pk_redacted_recordings"),
    )
