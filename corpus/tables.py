"""The tables of the record: every one carries its organisation, and no row can point into another's.

Keys and foreign keys are composite, organisation first, so that the database itself refuses a reference across tenants. What belongs to
an interview hangs below it with ON DELETE CASCADE: erasing the interview leaves no orphan. People and contracts are referred to without
a cascade and checked at commit, so that a whole organisation can go in one statement. The migrations make these tables; a test
compares the two.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

from alignment.errors import Refused, Unreadable

METADATA = MetaData()


class Words(TypeDecorator[str]):
    """Text of any length, without NUL, which SQLite would keep and PostgreSQL cannot."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text as it is; Unreadable where it holds a NUL character."""
        if value is not None and "\x00" in value:
            raise Unreadable("The text holds a NUL character, which the store cannot keep", todo="Remove it and try again.")
        return None if value is None else str(value)  # an enum member by its value, whatever the driver makes of enums


class Key(Words):
    """Text that is looked up and sorted by code point on every database."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """PostgreSQL would otherwise sort by the locale of the server."""
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())


class Instant(TypeDecorator[datetime]):
    """A point in time, in UTC; one without a time zone is refused, since nobody could say later when it was."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise Refused("A time without its time zone cannot go on record", where=value.isoformat(), todo="Give it one, such as UTC.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant in UTC; SQLite gives it back bare."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _table(name: str, *parts: Column[Any] | ForeignKeyConstraint | UniqueConstraint | CheckConstraint, key: tuple[str, ...]) -> Table:
    primary = PrimaryKeyConstraint("organisation", *key, name=f"pk_{name}")
    return Table(name, METADATA, Column("organisation", Key, nullable=False), *parts, primary)


def _key(name: str, *, blank: bool = False) -> Column[str]:
    return Column(name, Key, nullable=blank)


def _words(name: str) -> Column[str]:
    return Column(name, Words, nullable=False)


def _number(name: str, *, blank: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=blank)


def _at() -> Column[datetime]:
    return Column("at", Instant, nullable=False)


def _refers(name: str, columns: str, target: str, *, to: str = "id", owned: bool = False) -> ForeignKeyConstraint:
    targets = [f"{target}.organisation", *(f"{target}.{column}" for column in to.split())]
    own = ["organisation", *columns.split()]
    if owned:
        return ForeignKeyConstraint(own, targets, name=f"fk_{name}", ondelete="CASCADE")
    return ForeignKeyConstraint(own, targets, name=f"fk_{name}", deferrable=True, initially="DEFERRED")


def _tenant(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["organisation"], ["organisations.organisation"], name=f"fk_{table}_organisation", ondelete="CASCADE")


def _once(name: str, columns: str) -> UniqueConstraint:
    return UniqueConstraint("organisation", *columns.split(), name=f"uq_{name}")


organisations = _table(
    "organisations",
    *(_key("name"), _key("consent_policy")),
    UniqueConstraint("name", name="uq_organisations_name"),
    key=(),
)

people = _table(
    "people",
    *(_key("id"), _words("name"), _key("name_key"), _number("namesake")),
    _tenant("people"),
    _once("people_name", "name_key namesake"),
    key=("id",),
)

searches = _table(
    "searches",
    *(_key("id"), _key("slug"), _words("title"), _words("role_family"), _words("company_kind")),
    _tenant("searches"),
    _once("searches_slug", "slug"),
    key=("id",),
)

search_roles = _table(
    "search_roles",
    *(_key("search"), _key("person"), _key("role")),
    _refers("search_roles_search", "search", "searches", owned=True),
    _refers("search_roles_person", "person", "people"),
    key=("search", "person", "role"),
)

# A seat names its interview without a foreign key: the panel is planned before the interview exists.
panel_seats = _table(
    "panel_seats",
    *(_key("search"), _key("person"), _key("interview"), _number("position"), _words("stage"), _words("interview_name"), _words("focus")),
    _refers("panel_seats_search", "search", "searches", owned=True),
    _refers("panel_seats_person", "person", "people"),
    key=("search", "person", "interview"),
)

contracts = _table(
    "contracts",
    *(_key("id"), _key("search"), _number("version"), _key("wording"), _words("reason"), _words("document")),
    _refers("contracts_search", "search", "searches", owned=True),
    _once("contracts_version", "search version"),
    CheckConstraint("version >= 1", name="ck_contracts_version"),
    key=("id",),
)

signatures = _table(
    "signatures",
    *(_key("contract"), _key("side"), _key("person"), _words("name"), _at(), _key("contract_digest")),
    _refers("signatures_contract", "contract", "contracts", owned=True),
    _refers("signatures_person", "person", "people"),
    key=("contract", "side"),
)

interviews = _table(
    "interviews",
    *(_key("id"), _key("search"), _key("name"), _key("candidate"), Column("held_on", Date), _number("contract_version", blank=True)),
    _refers("interviews_search", "search", "searches", owned=True),
    _refers("interviews_candidate", "candidate", "people"),
    _refers("interviews_contract", "search contract_version", "contracts", to="search version"),
    _once("interviews_name", "search name"),
    _once("interviews_search_id", "search id"),
    key=("id",),
)

intakes = _table(
    "intakes",
    *(_key("id"), _key("search"), _key("interview"), _key("source_format"), _key("source_digest"), _at()),
    *(_words("speakers"), _words("utterances")),
    _refers("intakes_search", "search", "searches", owned=True),
    key=("id",),
)

rounds_closed = _table(
    "rounds_closed",
    *(_key("search"), _key("candidate"), _key("person"), _at()),
    _refers("rounds_closed_search", "search", "searches", owned=True),
    _refers("rounds_closed_candidate", "candidate", "people"),
    _refers("rounds_closed_person", "person", "people"),
    key=("search", "candidate"),
)

consents = _table(
    "consents",
    *(_key("interview"), _number("number"), _key("person", blank=True), _at(), _words("basis"), _words("scope")),
    _refers("consents_interview", "interview", "interviews", owned=True),
    _refers("consents_person", "person", "people"),
    key=("interview", "number"),
)

# One JSON document for speakers and one for utterances: a transcript is always read whole, and ten hours parse in one call.
transcripts = _table(
    "transcripts",
    *(_key("id"), _key("interview"), _number("version"), _key("source_format"), _key("source_digest")),
    Column("imported", Boolean(create_constraint=False), nullable=False),
    *(_words("reason"), _words("speakers"), _words("utterances")),
    _refers("transcripts_interview", "interview", "interviews", owned=True),
    _once("transcripts_version", "interview version"),
    key=("id",),
)
Index(
    "uq_transcripts_source",
    *(transcripts.c.organisation, transcripts.c.interview, transcripts.c.source_digest),
    unique=True,
    sqlite_where=text("imported"),
    postgresql_where=text("imported"),
)

feedback = _table(
    "feedback",
    *(_key("id"), _key("search"), _key("interview"), _key("interviewer"), _number("contract_version")),
    *(_words("name"), _words("raw"), _at()),
    _refers("feedback_interview", "search interview", "interviews", to="search id", owned=True),
    _refers("feedback_interviewer", "interviewer", "people"),
    _refers("feedback_contract", "search contract_version", "contracts", to="search version"),
    key=("id",),
)
Index("ix_feedback_interview", feedback.c.organisation, feedback.c.search, feedback.c.interview)

shapings = _table(
    "shapings",
    *(_key("thread"), _number("turn"), _key("feedback"), _number("number")),
    _refers("shapings_feedback", "feedback", "feedback", owned=True),
    _once("shapings_number", "feedback number"),
    key=("thread", "turn"),
)


def _told(name: str, *parts: Column[Any] | ForeignKeyConstraint) -> Table:
    """A table below shapings: what one shaping says, in its order."""
    where = (_key("thread"), _number("turn"), _number("position"))
    owner = _refers(f"{name}_shaping", "thread turn", "shapings", to="thread turn", owned=True)
    return _table(name, *where, *parts, owner, key=("thread", "turn", "position"))


claims = _told("claims", _key("id"), _words("span"), _number("start"), _number("end"), _key("criterion", blank=True), _key("polarity"))

statements = _told(
    "statements",
    *(_key("id"), _key("claim"), _key("search"), _number("contract_version"), _key("criterion", blank=True), _key("verdict")),
    *(_words("text"), _words("citations"), _words("judged"), Column("edited", Boolean(create_constraint=False), nullable=False)),
    _refers("statements_contract", "search contract_version", "contracts", to="search version"),
)
Index("ix_statements_id", statements.c.organisation, statements.c.id)

open_questions = _told(
    "open_questions",
    *(_key("id"), _key("claim"), _key("search"), _number("contract_version"), _key("criterion", blank=True), _key("verdict")),
    *(_words("text"), _words("moments"), _words("judged")),
    _refers("open_questions_contract", "search contract_version", "contracts", to="search version"),
)

set_aside = _told("set_aside", _key("claim"), _words("why"))

answers = _told("answers", _key("claim"), _key("reply"), _words("text"), _number("chosen", blank=True), _at())

injections = _told("injections", _key("feedback", blank=True), Column("moment", Words), _words("words"))

scorecards = _table(
    "scorecards",
    *(_key("id"), _key("search"), _key("interview"), _key("interviewer"), _number("contract_version"), _at()),
    _refers("scorecards_interview", "search interview", "interviews", to="search id", owned=True),
    _refers("scorecards_interviewer", "interviewer", "people"),
    _refers("scorecards_contract", "search contract_version", "contracts", to="search version"),
    _once("scorecards_interviewer", "interview interviewer"),
    key=("id",),
)

grades = _table(
    "grades",
    *(_key("scorecard"), _number("position"), _key("criterion"), _number("grade"), _words("note")),
    _refers("grades_scorecard", "scorecard", "scorecards", owned=True),
    CheckConstraint("grade BETWEEN 1 AND 4", name="ck_grades_grade"),
    key=("scorecard", "criterion"),
)
