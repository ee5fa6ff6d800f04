"""Rows and JSON documents to kernel records, and back; the store's loader.

`citation_from_row` is the one place outside `retrieval/verify.py` where a Citation is made: what it reads was verified when it was saved.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import RowMapping

from alignment.citation import Citation
from alignment.contract import Contract, Criterion, Demoted, Incentive, Signature
from alignment.feedback import Answer, Claim, Feedback, InjectionReport, Judged, OpenQuestion, SetAside, ShapedStatement, Shaping
from alignment.people import Consent, Interview, Organisation, PanelSeat, Person
from alignment.record import FeedbackId, InterviewId, SearchId
from alignment.scorecard import Grade, Scorecard
from alignment.transcript import Speaker, Transcript, Utterance

Row = RowMapping | Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]

SPEAKERS = TypeAdapter(tuple[Speaker, ...])
UTTERANCES = TypeAdapter(tuple[Utterance, ...])


def citation_from_row(row: Row) -> Citation:
    """A citation that was verified before it was saved."""
    return Citation(**row)


def citations_from_text(text: str) -> tuple[Citation, ...]:
    """The citations in a JSON document."""
    return tuple(citation_from_row(row) for row in json.loads(text))


def citations_to_text(citations: Iterable[Citation]) -> str:
    """The JSON document that keeps these citations."""
    return json.dumps([c.model_dump(mode="json") for c in citations], ensure_ascii=False)


def organisation_from_row(row: Row) -> Organisation:
    """One tenant."""
    return Organisation(id=row["organisation"], name=row["name"], consent_policy=row["consent_policy"])


def person_from_row(row: Row) -> Person:
    """One person of one organisation."""
    return Person(id=row["id"], organisation=row["organisation"], name=row["name"])


def seat_from_row(row: Row) -> PanelSeat:
    """One seat of a panel; the row is joined with its person's name."""
    names = ("person", "name", "stage", "interview", "interview_name")
    return PanelSeat(**{name: row[name] for name in names}, focus=tuple(row["focus"].split()))


def contract_to_row(contract: Contract) -> dict[str, Any]:
    """One contract version without its signatures; the criteria and what goes with them are one JSON document."""
    held = {"id", "organisation", "search", "version", "reason"}
    document = contract.model_dump_json(exclude=held | {"signatures"})
    return {**{name: getattr(contract, name) for name in held}, "wording": contract.wording, "document": document}


def contract_from_row(row: Row, signatures: Sequence[Row]) -> Contract:
    """One contract version with its signatures in the order in which they were given."""
    document = json.loads(row["document"])
    return Contract(
        **{name: row[name] for name in ("id", "organisation", "search", "version", "reason")},
        criteria=tuple(Criterion(**_with_citations(item, "said")) for item in document["criteria"]),
        incentives=tuple(Incentive(**_with_citations(item, "said")) for item in document["incentives"]),
        demoted=tuple(Demoted(**_with_citations(item, "said")) for item in document["demoted"]),
        open_questions=tuple(document["open_questions"]),
        signatures=tuple(Signature(**{name: s[name] for name in Signature.model_fields}) for s in signatures),
    )


def _with_citations(item: dict[str, Any], name: str) -> dict[str, Any]:
    return {**item, name: tuple(citation_from_row(row) for row in item[name])}


def interview_from_row(row: Row, consent: Row | None) -> Interview:
    """One interview; the row is joined with its candidate's name, and `consent` is the newest on record."""
    return Interview(
        **{name: row[name] for name in ("id", "organisation", "search", "name", "held_on", "contract_version")},
        region=row["region"] or "",
        candidate=Person(id=row["candidate"], organisation=row["organisation"], name=row["candidate_name"]),
        consent=None if consent is None else Consent(**{name: consent[name] for name in Consent.model_fields}),
    )


def transcript_to_row(transcript: Transcript) -> dict[str, Any]:
    """One transcript version; ten hours are one document of about two megabytes."""
    row = {name: getattr(transcript, name) for name in Transcript.model_fields}
    speakers = SPEAKERS.dump_json(transcript.speakers).decode()
    return {**row, "speakers": speakers, "utterances": UTTERANCES.dump_json(transcript.utterances).decode()}


def transcript_from_row(row: Row) -> Transcript:
    """One transcript version, as it was saved."""
    documents = {"speakers": SPEAKERS.validate_json(row["speakers"]), "utterances": UTTERANCES.validate_json(row["utterances"])}
    return Transcript(**{name: row[name] for name in Transcript.model_fields if name not in documents}, **documents)


def intake_to_row(transcript: Transcript, search: SearchId, at: datetime) -> dict[str, Any]:
    """What was said in one intake; it has one version."""
    row = transcript_to_row(transcript)
    return {**{name: row[name] for name in row if name not in ("version", "reason")}, "search": search, "at": at}


def intake_from_row(row: Row) -> Transcript:
    """What was said in one intake, as it was saved."""
    documents = {"speakers": SPEAKERS.validate_json(row["speakers"]), "utterances": UTTERANCES.validate_json(row["utterances"])}
    return Transcript(**{name: row[name] for name in ("id", "organisation", "interview", "source_format", "source_digest")}, **documents)


def feedback_from_row(row: Row) -> Feedback:
    """One interviewer's raw text."""
    return Feedback(**{name: row[name] for name in Feedback.model_fields})


def scorecard_from_rows(row: Row, grades: Sequence[Row]) -> Scorecard:
    """One scorecard with its grades in their order."""
    held = tuple(Grade(criterion=g["criterion"], grade=g["grade"], note=g["note"]) for g in grades)
    return Scorecard(**{name: row[name] for name in Scorecard.model_fields if name != "grades"}, grades=held)


def shaping_to_rows(shaping: Shaping, feedback: Feedback) -> dict[str, list[dict[str, Any]]]:
    """What one shaping says, as rows by table name; each row carries the shaping's key and its own position."""
    said: dict[str, list[dict[str, Any]]] = {
        "claims": [c.model_dump(mode="json", exclude={"feedback"}) for c in shaping.claims],
        "statements": [_judged_row(s, feedback, "citations", s.citations) for s in shaping.statements],
        "open_questions": [_judged_row(q, feedback, "moments", q.moments) for q in shaping.questions],
        "set_aside": [{"claim": s.claim, "why": s.why} for s in shaping.set_aside],
        "answers": [dict(a) for a in shaping.answers],
        "injections": [
            {"feedback": i.feedback, "words": i.words, "moment": i.moment and citations_to_text([i.moment])} for i in shaping.injections
        ],
    }
    key = {"organisation": feedback.organisation, "thread": shaping.thread, "turn": shaping.turn}
    return {table: [{**key, "position": i, **row} for i, row in enumerate(rows)] for table, rows in said.items()}


def _judged_row(item: ShapedStatement | OpenQuestion, feedback: Feedback, name: str, citations: Iterable[Citation]) -> dict[str, Any]:
    row = item.model_dump(mode="json", exclude={"feedback", "interview", "judged", name})
    return {**row, "search": feedback.search, name: citations_to_text(citations), "judged": item.judged.model_dump_json()}


def statement_from_row(row: Row, feedback: FeedbackId, interview: InterviewId) -> ShapedStatement:
    """One shaped statement with its citations."""
    names = ("id", "claim", "contract_version", "criterion", "verdict", "text", "edited")
    return ShapedStatement(
        **{name: row[name] for name in names},
        feedback=feedback,
        interview=interview,
        citations=citations_from_text(row["citations"]),
        judged=Judged.model_validate_json(row["judged"]),
    )


def _question_from_row(row: Row, feedback: FeedbackId, interview: InterviewId) -> OpenQuestion:
    return OpenQuestion(
        **{name: row[name] for name in ("id", "claim", "contract_version", "criterion", "verdict", "text")},
        feedback=feedback,
        interview=interview,
        moments=citations_from_text(row["moments"]),
        judged=Judged.model_validate_json(row["judged"]),
    )


def _injection_from_row(row: Row) -> InjectionReport:
    moments = citations_from_text(row["moment"] or "[]")
    return InjectionReport(feedback=row["feedback"], words=row["words"], moment=moments[0] if moments else None)


def shaping_from_rows(row: Row, said: Rows) -> Shaping:
    """One shaping; the row is joined with its feedback's interview, `said` holds the rows of the tables below it in their order."""
    feedback, interview = row["feedback"], row["interview"]
    claims = [{name: c[name] for name in Claim.model_fields if name != "feedback"} for c in said["claims"]]
    return Shaping(
        feedback=feedback,
        thread=row["thread"],
        turn=row["turn"],
        claims=tuple(Claim(feedback=feedback, **c) for c in claims),
        statements=tuple(statement_from_row(s, feedback, interview) for s in said["statements"]),
        questions=tuple(_question_from_row(q, feedback, interview) for q in said["open_questions"]),
        set_aside=tuple(SetAside(claim=s["claim"], feedback=feedback, interview=interview, why=s["why"]) for s in said["set_aside"]),
        answers=tuple(Answer(**{name: a[name] for name in Answer.model_fields}) for a in said["answers"]),
        injections=tuple(_injection_from_row(i) for i in said["injections"]),
    )
