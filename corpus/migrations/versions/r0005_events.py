"""Events, and the webhooks that are told of them: how far each has come, what is under way, and the log of every attempt."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WORDS = sa.Text()
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "events",
        _column("organisation", KEY),
        _column("number", sa.Integer()),
        *(_column(name, KEY) for name in ("id", "kind")),
        _column("at", INSTANT),
        _column("data", WORDS),
        _tenant("events"),
        sa.UniqueConstraint("organisation", "id", name="uq_events_id"),
        sa.PrimaryKeyConstraint("organisation", "number", name="pk_events"),
    )
    op.create_table(
        "event_positions",
        *(_column(name, KEY) for name in ("organisation", "reader")),
        _column("number", sa.Integer()),
        _tenant("event_positions"),
        sa.PrimaryKeyConstraint("organisation", "reader", name="pk_event_positions"),
    )
    op.create_table(
        "webhooks",
        *(_column(name, KEY) for name in ("organisation", "id")),
        *(_column(name, WORDS) for name in ("url", "kinds", "label", "secret")),
        _column("at", INSTANT),
        sa.Column("ended_at", INSTANT),
        _column("position", sa.Integer()),
        _tenant("webhooks"),
        sa.PrimaryKeyConstraint("organisation", "id", name="pk_webhooks"),
    )
    _sending()


def _sending() -> None:
    op.create_table(
        "deliveries",
        *(_column(name, KEY) for name in ("organisation", "webhook")),
        _column("event", sa.Integer()),
        _column("not_before", INSTANT),
        _of_webhook("deliveries"),
        sa.ForeignKeyConstraint(
            ["organisation", "event"], ["events.organisation", "events.number"], name="fk_deliveries_event", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organisation", "webhook", "event", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_not_before", "deliveries", ["organisation", "webhook", "not_before", "event"])
    op.create_table(
        "attempts",
        *(_column(name, KEY) for name in ("organisation", "webhook")),
        _column("number", sa.Integer()),
        _column("event", KEY),
        _column("nth", sa.Integer()),
        _column("at", INSTANT),
        sa.Column("status", sa.Integer()),
        _column("error", WORDS),
        _column("took_s", sa.Float()),
        _of_webhook("attempts"),
        sa.UniqueConstraint("organisation", "webhook", "event", "nth", name="uq_attempts_nth"),
        sa.PrimaryKeyConstraint("organisation", "webhook", "number", name="pk_attempts"),
    )


def _column(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["organisation"], ["organisations.organisation"], name=f"fk_{table}_organisation", ondelete="CASCADE")


def _of_webhook(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation", "webhook"], ["webhooks.organisation", "webhooks.id"], name=f"fk_{table}_webhook", ondelete="CASCADE"
    )
