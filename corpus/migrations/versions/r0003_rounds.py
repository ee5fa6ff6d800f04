"""Rounds: that a recruiter closed the round of a candidate, so that its debrief opens with scorecards missing."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "rounds_closed",
        *(sa.Column(name, KEY, nullable=False) for name in ("organisation", "search", "candidate", "person")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "search"], ["searches.organisation", "searches.id"], name="fk_rounds_closed_search", ondelete="CASCADE"
        ),
        *(
            sa.ForeignKeyConstraint(
                ["organisation", column],
                ["people.organisation", "people.id"],
                name=f"fk_rounds_closed_{column}",
                deferrable=True,
                initially="DEFERRED",
            )
            for column in ("candidate", "person")
        ),
        sa.PrimaryKeyConstraint("organisation", "search", "candidate", name="pk_rounds_closed"),
    )
