"""Access: API keys, the audit log, and what was answered to requests that may be sent again."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WORDS = sa.Text()
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "api_keys",
        *_columns(KEY, "organisation id digest role"),
        sa.Column("scopes", WORDS, nullable=False),
        sa.Column("person", KEY),
        sa.Column("label", WORDS, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
        _tenant("api_keys"),
        sa.ForeignKeyConstraint(
            ["organisation", "person"],
            ["people.organisation", "people.id"],
            name="fk_api_keys_person",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.UniqueConstraint("digest", name="uq_api_keys_digest"),
        sa.PrimaryKeyConstraint("organisation", "id", name="pk_api_keys"),
    )
    op.create_table(
        "audit_log",
        sa.Column("organisation", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("key", KEY),
        sa.Column("person", KEY, nullable=False),
        *_columns(WORDS, "action target"),
        sa.Column("status", sa.Integer(), nullable=False),
        *_columns(WORDS, "request detail"),
        sa.Column("chain", KEY, nullable=False),
        _tenant("audit_log"),
        sa.PrimaryKeyConstraint("organisation", "number", name="pk_audit_log"),
    )
    op.create_index("ix_audit_log_at", "audit_log", ["organisation", "at"])
    op.create_table(
        "kept_requests",
        *_columns(KEY, "organisation caller name request owner"),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("status", sa.Integer()),
        *(sa.Column(name, WORDS) for name in ("headers", "body")),
        _tenant("kept_requests"),
        sa.PrimaryKeyConstraint("organisation", "caller", "name", name="pk_kept_requests"),
    )
    op.create_index("ix_kept_requests_at", "kept_requests", ["organisation", "at"])


def _columns(kind: sa.types.TypeEngine[str], names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, kind, nullable=False) for name in names.split()]


def _tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["organisation"], ["organisations.organisation"], name=f"fk_{table}_organisation", ondelete="CASCADE")
