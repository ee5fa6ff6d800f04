"""The tables of the record: every one carries its organisation, and no row can point into another's.

Keys and foreign keys are composite, organisation first, so that the database itself refuses a reference across tenants. What belongs to
an interview hangs below it with ON DELETE CASCADE: erasing the interview leaves no orphan. People and contracts are referred to without
a cascade and checked at commit, so that a whole organisation can go in one statement. The migrations make these tables; a test
compares the two.
"""

from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Float, ForeignKeyConstraint, Index, Table, UniqueConstraint, text

from corpus import tables_captures
from corpus.columns import METADATA, Instant, Words, at, key, number, once, refers, table, tenant, words

__all__ = ["METADATA", "tables_captures"]

organisations = table(
    "organisations",
    *(key("name"), key("consent_policy")),
    UniqueConstraint("name", name="uq_organisations_name"),
    key=(),
)

people = table(
    "people",
    *(key("id"), words("name"), key("name_key"), number("namesake")),
    tenant("people"),
    once("people_name", "name_key namesake"),
    key=("id",),
)

searches = table(
    "searches",
    *(key("id"), key("slug"), words("title"), words("role_family"), words("company_kind")),
    tenant("searches"),
    once("searches_slug", "slug"),
    key=("id",),
)

search_roles = table(
    "search_roles",
    *(key("search"), key("person"), key("role")),
    refers("search_roles_search", "search", "searches", owned=True),
    refers("search_roles_person", "person", "people"),
    key=("search", "person", "role"),
)

# A seat names its interview without a foreign key: the panel is planned before the interview exists.
panel_seats = table(
    "panel_seats",
    *(key("search"), key("person"), key("interview"), number("position"), words("stage"), words("interview_name"), words("focus")),
    refers("panel_seats_search", "search", "searches", owned=True),
    refers("panel_seats_person", "person", "people"),
    key=("search", "person", "interview"),
)

contracts = table(
    "contracts",
    *(key("id"), key("search"), number("version"), key("wording"), words("reason"), words("document")),
    refers("contracts_search", "search", "searches", owned=True),
    once("contracts_version", "search version"),
    CheckConstraint("version >= 1", name="ck_contracts_version"),
    key=("id",),
)

signatures = table(
    "signatures",
    *(key("contract"), key("side"), key("person"), words("name"), at(), key("contract_digest")),
    refers("signatures_contract", "contract", "contracts", owned=True),
    refers("signatures_person", "person", "people"),
    key=("contract", "side"),
)

interviews = table(
    "interviews",
    *(key("id"), key("search"), key("name"), key("candidate"), Column("held_on", Date), number("contract_version", blank=True)),
    key("region", blank=True),
    refers("interviews_search", "search", "searches", owned=True),
    refers("interviews_candidate", "candidate", "people"),
    refers("interviews_contract", "search contract_version", "contracts", to="search version"),
    once("interviews_name", "search name"),
    once("interviews_search_id", "search id"),
    key=("id",),
)

intakes = table(
    "intakes",
    *(key("id"), key("search"), key("interview"), key("source_format"), key("source_digest"), at()),
    *(words("speakers"), words("utterances")),
    refers("intakes_search", "search", "searches", owned=True),
    key=("id",),
)

rounds_closed = table(
    "rounds_closed",
    *(key("search"), key("candidate"), key("person"), at()),
    refers("rounds_closed_search", "search", "searches", owned=True),
    refers("rounds_closed_candidate", "candidate", "people"),
    refers("rounds_closed_person", "person", "people"),
    key=("search", "candidate"),
)

consents = table(
    "consents",
    *(key("interview"), number("number"), key("person", blank=True), at(), words("basis"), words("scope")),
    refers("consents_interview", "interview", "interviews", owned=True),
    refers("consents_person", "person", "people"),
    key=("interview", "number"),
)

# One JSON document for speakers and one for utterances: a transcript is always read whole, and ten hours parse in one call.
transcripts = table(
    "transcripts",
    *(key("id"), key("interview"), number("version"), key("source_format"), key("source_digest")),
    Column("imported", Boolean(create_constraint=False), nullable=False),
    *(words("reason"), words("speakers"), words("utterances")),
    refers("transcripts_interview", "interview", "interviews", owned=True),
    once("transcripts_version", "interview version"),
    key=("id",),
)
Index(
    "uq_transcripts_source",
    *(transcripts.c.organisation, transcripts.c.interview, transcripts.c.source_digest),
    unique=True,
    sqlite_where=text("imported"),
    postgresql_where=text("imported"),
)

feedback = table(
    "feedback",
    *(key("id"), key("search"), key("interview"), key("interviewer"), number("contract_version")),
    *(words("name"), words("raw"), at()),
    refers("feedback_interview", "search interview", "interviews", to="search id", owned=True),
    refers("feedback_interviewer", "interviewer", "people"),
    refers("feedback_contract", "search contract_version", "contracts", to="search version"),
    key=("id",),
)
Index("ix_feedback_interview", feedback.c.organisation, feedback.c.search, feedback.c.interview)

shapings = table(
    "shapings",
    *(key("thread"), number("turn"), key("feedback"), number("number")),
    refers("shapings_feedback", "feedback", "feedback", owned=True),
    once("shapings_number", "feedback number"),
    key=("thread", "turn"),
)


def _told(name: str, *parts: Column[Any] | ForeignKeyConstraint) -> Table:
    """A table below shapings: what one shaping says, in its order."""
    where = (key("thread"), number("turn"), number("position"))
    owner = refers(f"{name}_shaping", "thread turn", "shapings", to="thread turn", owned=True)
    return table(name, *where, *parts, owner, key=("thread", "turn", "position"))


claims = _told("claims", key("id"), words("span"), number("start"), number("end"), key("criterion", blank=True), key("polarity"))

statements = _told(
    "statements",
    *(key("id"), key("claim"), key("search"), number("contract_version"), key("criterion", blank=True), key("verdict")),
    *(words("text"), words("citations"), words("judged"), Column("edited", Boolean(create_constraint=False), nullable=False)),
    refers("statements_contract", "search contract_version", "contracts", to="search version"),
)
Index("ix_statements_id", statements.c.organisation, statements.c.id)

open_questions = _told(
    "open_questions",
    *(key("id"), key("claim"), key("search"), number("contract_version"), key("criterion", blank=True), key("verdict")),
    *(words("text"), words("moments"), words("judged")),
    refers("open_questions_contract", "search contract_version", "contracts", to="search version"),
)

set_aside = _told("set_aside", key("claim"), words("why"))

answers = _told("answers", key("claim"), key("reply"), words("text"), number("chosen", blank=True), at())

injections = _told("injections", key("feedback", blank=True), Column("moment", Words), words("words"))

scorecards = table(
    "scorecards",
    *(key("id"), key("search"), key("interview"), key("interviewer"), number("contract_version"), at()),
    refers("scorecards_interview", "search interview", "interviews", to="search id", owned=True),
    refers("scorecards_interviewer", "interviewer", "people"),
    refers("scorecards_contract", "search contract_version", "contracts", to="search version"),
    once("scorecards_interviewer", "interview interviewer"),
    key=("id",),
)

grades = table(
    "grades",
    *(key("scorecard"), number("position"), key("criterion"), number("grade"), words("note")),
    refers("grades_scorecard", "scorecard", "scorecards", owned=True),
    CheckConstraint("grade BETWEEN 1 AND 4", name="ck_grades_grade"),
    key=("scorecard", "criterion"),
)

api_keys = table(
    "api_keys",
    *(key("id"), key("digest"), key("role"), words("scopes"), key("person", blank=True), words("label"), at()),
    Column("revoked_at", Instant),
    tenant("api_keys"),
    refers("api_keys_person", "person", "people"),
    UniqueConstraint("digest", name="uq_api_keys_digest"),
    key=("id",),
)

# It names keys and people without a reference: what was done stays on record when they are gone.
audit_log = table(
    "audit_log",
    *(number("number"), at(), key("key", blank=True), key("person"), words("action"), words("target"), number("status")),
    *(words("request"), words("detail"), key("chain")),
    tenant("audit_log"),
    key=("number",),
)
Index("ix_audit_log_at", audit_log.c.organisation, audit_log.c.at)

# A cache of a day: what was answered to a request that may be sent again. Whatever erases words empties it.
kept_requests = table(
    "kept_requests",
    *(key("caller"), key("name"), key("request"), key("owner"), at(), number("status", blank=True)),
    *(Column("headers", Words), Column("body", Words)),
    tenant("kept_requests"),
    key=("caller", "name"),
)
Index("ix_kept_requests_at", kept_requests.c.organisation, kept_requests.c.at)

# It names what happened by ids without a reference: that it happened stays on record when the thing is gone.
events = table(
    "events",
    *(number("number"), key("id"), key("kind"), at(), words("data")),
    tenant("events"),
    once("events_id", "id"),
    key=("number",),
)

# How far whoever works through the events has come.
event_positions = table(
    "event_positions",
    *(key("reader"), number("number")),
    tenant("event_positions"),
    key=("reader",),
)

webhooks = table(
    "webhooks",
    *(key("id"), words("url"), words("kinds"), words("label"), words("secret"), at(), Column("ended_at", Instant), number("position")),
    tenant("webhooks"),
    key=("id",),
)

# What was begun to be told and is not settled: nobody takes it before `not_before`, be it under way or waiting for another attempt.
deliveries = table(
    "deliveries",
    *(key("webhook"), number("event"), Column("not_before", Instant, nullable=False)),
    refers("deliveries_webhook", "webhook", "webhooks", owned=True),
    refers("deliveries_event", "event", "events", to="number", owned=True),
    key=("webhook", "event"),
)
Index("ix_deliveries_not_before", *(deliveries.c.organisation, deliveries.c.webhook, deliveries.c.not_before, deliveries.c.event))

attempts = table(
    "attempts",
    *(key("webhook"), number("number"), key("event"), number("nth"), at(), number("status", blank=True), words("error")),
    Column("took_s", Float, nullable=False),
    refers("attempts_webhook", "webhook", "webhooks", owned=True),
    once("attempts_nth", "webhook event nth"),
    key=("webhook", "number"),
)
