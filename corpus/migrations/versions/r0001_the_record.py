"""The record: organisations, people, searches, contracts, interviews, transcripts, feedback and what came of it, scorecards."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WORDS = sa.Text()
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
Part = sa.Column[Any] | sa.ForeignKeyConstraint | sa.UniqueConstraint | sa.CheckConstraint


def upgrade() -> None:
    _who()
    _contracts()
    _interviews()
    _feedback()
    _shapings()
    _scorecards()


def _who() -> None:
    unique_name = sa.UniqueConstraint("name", name="uq_organisations_name")
    _table("organisations", *_columns("name! consent_policy!"), unique_name, key=())
    _table(
        "people",
        *_columns("id! name name_key! namesake#"),
        *(_tenant("people"), _once("people_name", "name_key namesake")),
        key=("id",),
    )
    _table(
        "searches",
        *_columns("id! slug! title role_family company_kind"),
        *(_tenant("searches"), _once("searches_slug", "slug")),
        key=("id",),
    )
    _table(
        "search_roles",
        *_columns("search! person! role!"),
        _refers("search_roles_search", "search", "searches", owned=True),
        _refers("search_roles_person", "person", "people"),
        key=("search", "person", "role"),
    )
    _table(
        "panel_seats",
        *_columns("search! person! interview! position# stage interview_name focus"),
        _refers("panel_seats_search", "search", "searches", owned=True),
        _refers("panel_seats_person", "person", "people"),
        key=("search", "person", "interview"),
    )


def _contracts() -> None:
    _table(
        "contracts",
        *_columns("id! search! version# wording! reason document"),
        _refers("contracts_search", "search", "searches", owned=True),
        _once("contracts_version", "search version"),
        sa.CheckConstraint("version >= 1", name="ck_contracts_version"),
        key=("id",),
    )
    _table(
        "signatures",
        *_columns("contract! side! person! name at@ contract_digest!"),
        _refers("signatures_contract", "contract", "contracts", owned=True),
        _refers("signatures_person", "person", "people"),
        key=("contract", "side"),
    )


def _interviews() -> None:
    _table(
        "interviews",
        *_columns("id! search! name! candidate!"),
        *(sa.Column("held_on", sa.Date()), *_columns("contract_version#?")),
        _refers("interviews_search", "search", "searches", owned=True),
        _refers("interviews_candidate", "candidate", "people"),
        _refers("interviews_contract", "search contract_version", "contracts", to="search version"),
        _once("interviews_name", "search name"),
        _once("interviews_search_id", "search id"),
        key=("id",),
    )
    _table(
        "consents",
        *_columns("interview! number# person!? at@ basis scope"),
        _refers("consents_interview", "interview", "interviews", owned=True),
        _refers("consents_person", "person", "people"),
        key=("interview", "number"),
    )
    _table(
        "transcripts",
        *_columns("id! interview! version# source_format! source_digest! imported& reason speakers utterances"),
        _refers("transcripts_interview", "interview", "interviews", owned=True),
        _once("transcripts_version", "interview version"),
        key=("id",),
    )
    op.create_index(
        *("uq_transcripts_source", "transcripts", ["organisation", "interview", "source_digest"]),
        unique=True,
        sqlite_where=sa.text("imported"),
        postgresql_where=sa.text("imported"),
    )


def _feedback() -> None:
    _table(
        "feedback",
        *_columns("id! search! interview! interviewer! contract_version# name raw at@"),
        _refers("feedback_interview", "search interview", "interviews", to="search id", owned=True),
        _refers("feedback_interviewer", "interviewer", "people"),
        _refers("feedback_contract", "search contract_version", "contracts", to="search version"),
        key=("id",),
    )
    op.create_index("ix_feedback_interview", "feedback", ["organisation", "search", "interview"])


def _shapings() -> None:
    _table(
        "shapings",
        *_columns("thread! turn# feedback! number#"),
        _refers("shapings_feedback", "feedback", "feedback", owned=True),
        _once("shapings_number", "feedback number"),
        key=("thread", "turn"),
    )
    judged = "id! claim! search! contract_version# criterion!? verdict! text"
    _told("claims", *_columns("id! span start# end# criterion!? polarity!"))
    _told(
        "statements",
        *_columns(f"{judged} citations judged edited&"),
        _refers("statements_contract", "search contract_version", "contracts", to="search version"),
    )
    op.create_index("ix_statements_id", "statements", ["organisation", "id"])
    _told(
        "open_questions",
        *_columns(f"{judged} moments judged"),
        _refers("open_questions_contract", "search contract_version", "contracts", to="search version"),
    )
    _told("set_aside", *_columns("claim! why"))
    _told("answers", *_columns("claim! reply! text chosen#? at@"))
    _told("injections", *_columns("feedback!? moment? words"))


def _scorecards() -> None:
    _table(
        "scorecards",
        *_columns("id! search! interview! interviewer! contract_version# at@"),
        _refers("scorecards_interview", "search interview", "interviews", to="search id", owned=True),
        _refers("scorecards_interviewer", "interviewer", "people"),
        _refers("scorecards_contract", "search contract_version", "contracts", to="search version"),
        _once("scorecards_interviewer", "interview interviewer"),
        key=("id",),
    )
    _table(
        "grades",
        *_columns("scorecard! position# criterion! grade# note"),
        _refers("grades_scorecard", "scorecard", "scorecards", owned=True),
        sa.CheckConstraint("grade BETWEEN 1 AND 4", name="ck_grades_grade"),
        key=("scorecard", "criterion"),
    )


def _columns(names: str) -> list[sa.Column[Any]]:
    """Columns from their names; `!` is a key, `#` a number, `@` an instant, `&` yes or no, nothing is words; `?` may be blank."""
    types: dict[str, Any] = {"!": KEY, "#": sa.Integer(), "@": INSTANT, "&": sa.Boolean(create_constraint=False)}
    columns = []
    for name in names.split():
        bare = name.rstrip("?")
        columns.append(sa.Column(bare.rstrip("!#@&"), types.get(bare[-1], WORDS), nullable=name.endswith("?")))
    return columns


def _table(name: str, *parts: Part, key: tuple[str, ...]) -> None:
    organisation: sa.Column[Any] = sa.Column("organisation", KEY, nullable=False)
    op.create_table(name, organisation, *parts, sa.PrimaryKeyConstraint("organisation", *key, name=f"pk_{name}"))


def _told(name: str, *parts: Part) -> None:
    owner = _refers(f"{name}_shaping", "thread turn", "shapings", to="thread turn", owned=True)
    _table(name, *_columns("thread! turn# position#"), *parts, owner, key=("thread", "turn", "position"))


def _refers(name: str, columns: str, target: str, *, to: str = "id", owned: bool = False) -> sa.ForeignKeyConstraint:
    targets = [f"{target}.organisation", *(f"{target}.{column}" for column in to.split())]
    own = ["organisation", *columns.split()]
    if owned:
        return sa.ForeignKeyConstraint(own, targets, name=f"fk_{name}", ondelete="CASCADE")
    return sa.ForeignKeyConstraint(own, targets, name=f"fk_{name}", deferrable=True, initially="DEFERRED")


def _tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["organisation"], ["organisations.organisation"], name=f"fk_{table}_organisation", ondelete="CASCADE")


def _once(name: str, columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint("organisation", *columns.split(), name=f"uq_{name}")
