"""Speaker tracks that wait for the transcript of their recording."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "capture_tracks",
        *(sa.Column(name, KEY, nullable=False) for name in ("organisation", "capture")),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("applied", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "capture"],
            ["captures.organisation", "captures.id"],
            name="fk_capture_tracks_capture",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation", "capture", name="pk_capture_tracks"),
    )
