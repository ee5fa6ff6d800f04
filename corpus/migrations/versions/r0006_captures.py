"""Captures: recordings, what is being heard of them, legal holds, retention, and the receipts of what was erased."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WORDS = sa.Text()
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.Integer()


def upgrade() -> None:
    _recordings()
    _hearing()
    _keeping()
    _consenting()


def _recordings() -> None:
    op.create_table(
        "recordings",
        *(_column(name, KEY) for name in ("organisation", "interview", "digest")),
        _column("size", NUMBER),
        _column("kind", KEY),
        sa.Column("length_s", sa.Float()),
        _column("at", INSTANT),
        _owned("recordings_interview", ["interview"], "interviews", ["id"]),
        sa.PrimaryKeyConstraint("organisation", "interview", "digest", name="pk_recordings"),
    )
    op.create_table(
        "captures",
        *(_column(name, KEY) for name in ("organisation", "id", "interview", "digest")),
        sa.Column("language", KEY),
        *(_column(name, WORDS) for name in ("mapping", "correction")),
        _column("by", KEY),
        _column("at", INSTANT),
        _owned("captures_interview", ["interview"], "interviews", ["id"]),
        _owned("captures_recording", ["interview", "digest"], "recordings", ["interview", "digest"]),
        sa.PrimaryKeyConstraint("organisation", "id", name="pk_captures"),
    )


def _hearing() -> None:
    op.create_table(
        "capture_steps",
        *(_column(name, KEY) for name in ("organisation", "capture")),
        _column("number", NUMBER),
        _column("at", INSTANT),
        _column("step", KEY),
        *(sa.Column(name, sa.Float()) for name in ("done_s", "of_s")),
        _column("code", KEY),
        _column("told", WORDS),
        _owned("capture_steps_capture", ["capture"], "captures", ["id"]),
        sa.PrimaryKeyConstraint("organisation", "capture", "number", name="pk_capture_steps"),
    )
    op.create_table(
        "heard_stretches",
        *(_column(name, KEY) for name in ("organisation", "capture")),
        _column("number", NUMBER),
        _column("document", WORDS),
        _owned("heard_stretches_capture", ["capture"], "captures", ["id"]),
        sa.PrimaryKeyConstraint("organisation", "capture", "number", name="pk_heard_stretches"),
    )


def _keeping() -> None:
    op.create_table(
        "legal_holds",
        *(_column(name, KEY) for name in ("organisation", "id", "interview", "by")),
        _column("reason", WORDS),
        _column("at", INSTANT),
        sa.Column("lifted_at", INSTANT),
        _tenant("legal_holds"),
        sa.PrimaryKeyConstraint("organisation", "id", name="pk_legal_holds"),
    )
    op.create_table(
        "retention_rules",
        *(_column(name, KEY) for name in ("organisation", "what")),
        _column("days", NUMBER),
        _column("by", KEY),
        _column("at", INSTANT),
        _tenant("retention_rules"),
        sa.PrimaryKeyConstraint("organisation", "what", name="pk_retention_rules"),
    )
    op.create_table(
        "erasures",
        *(_column(name, KEY) for name in ("organisation", "id", "kind", "subject", "by")),
        _column("reason", WORDS),
        _column("at", INSTANT),
        *(_column(name, WORDS) for name in ("plan", "counts")),
        sa.Column("done_at", INSTANT),
        _tenant("erasures"),
        sa.PrimaryKeyConstraint("organisation", "id", name="pk_erasures"),
    )
    op.create_table(
        "erased_interviews",
        *(_column(name, KEY) for name in ("organisation", "interview", "erasure")),
        _owned("erased_interviews_erasure", ["erasure"], "erasures", ["id"]),
        sa.PrimaryKeyConstraint("organisation", "interview", "erasure", name="pk_erased_interviews"),
    )


def _consenting() -> None:
    op.add_column("interviews", sa.Column("region", KEY))
    op.create_table(
        "consent_regions",
        *(_column(name, KEY) for name in ("organisation", "region", "consent_policy")),
        _tenant("consent_regions"),
        sa.PrimaryKeyConstraint("organisation", "region", name="pk_consent_regions"),
    )


def _column(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["organisation"], ["organisations.organisation"], name=f"fk_{table}_organisation", ondelete="CASCADE")


def _owned(name: str, columns: list[str], target: str, to: list[str]) -> sa.ForeignKeyConstraint:
    targets = [f"{target}.{column}" for column in ("organisation", *to)]
    return sa.ForeignKeyConstraint(["organisation", *columns], targets, name=f"fk_{name}", ondelete="CASCADE")
