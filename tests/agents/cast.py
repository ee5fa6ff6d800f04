"""A search that the shaper's tests share: Dana recruits, Priya hires, Inés and Bram disagree about Tomás."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agents.desk import SearchPlan, SeatPlan, add_feedback, consent_from, open_interview, open_search, organisation_of
from agents.ingestion import ingest
from agents.turns import Turn, shape
from agents.workbench import Workbench
from alignment.contract import Criterion
from alignment.feedback import Feedback
from alignment.people import Interview, Search
from alignment.record import OrganisationId, digest
from alignment.transcript import Transcript, Utterance
from corpus.importers import Parsed

DANA, PRIYA, INES, BRAM, TOMAS = "Dana Whitlock", "Priya Raman", "Inés Duarte", "Bram de Vries", "Tomás Rivera"
WORK = "1-work"
Said = tuple[str, str]

CRITERIA = (
    Criterion(id="M1", text="Has run the response to an outage and says what changed because of it"),
    Criterion(id="M2", text="Has argued with another team over a decision and stayed until it was settled"),
    Criterion(id="M3", text="Has taught junior engineers who then shipped on their own"),
    Criterion(id="T1", text="Gives up years with our database for having chosen one and lived with it"),
    Criterion(id="T2", text="Gives up polish in presentations for plain written reports"),
    Criterion(id="D1", text="Hides a mistake from the people whom it hurts"),
)

CONVERSATION: tuple[Said, ...] = (
    (INES, "Thanks for coming in today, did you find us?"),
    (TOMAS, "Yes, thank you."),
    (INES, "Tell me about an outage that you handled. What did you do first?"),
    (
        TOMAS,
        "In March our payments service went down on a Friday. I rolled the release back within four minutes, "
        "and then I wrote the report that the whole team read on Monday.",
    ),
    (INES, "Right."),
    (TOMAS, "After that I moved the checks into the pipeline, and we had eleven quiet months."),
    (INES, "When did you last argue with another team over a decision?"),
    (TOMAS, "I always try to keep good relations, it depends on the people. I can't think of one."),
    (INES, "Have you ever taught a junior engineer?"),
    (TOMAS, "No, never. I have not had one on my team."),
    (INES, "Who chose the database?"),
    (
        TOMAS,
        "I chose Postgres in May. I sat with the finance team for two weeks, I ran the numbers with them twice, "
        "and in the end they signed it.",
    ),
    (INES, "Is there anything that you want to ask us?"),
    (TOMAS, "How many people are on call?"),
)


@dataclass(frozen=True)
class Scene:
    """One interview on record, and what it takes to write feedback on it."""

    bench: Workbench
    organisation: OrganisationId
    search: Search
    interview: Interview
    transcript: Transcript

    async def wrote(self, raw: str, by: str = INES) -> Feedback:
        """That interviewer's feedback on record, as a piece of its own however often the same is written."""
        return await add_feedback(self.bench, self.search, self.interview.name, by, raw, name=f"F{next(_numbers)}")

    async def shaped(self, raw: str, by: str = INES, bench: Workbench | None = None) -> tuple[Feedback, Turn]:
        """That interviewer's feedback, shaped up to where they are asked."""
        feedback = await self.wrote(raw, by)
        return feedback, await shape(bench or self.bench, self.organisation, feedback.id)


_numbers = itertools.count(1)


def parsed(said: Sequence[Said], *, timed: bool = True) -> Parsed:
    """The conversation as an importer would read it: ten seconds an utterance, from minute 20 on."""
    times = [(1200.0 + 10 * i, 1209.0 + 10 * i) if timed else (None, None) for i in range(len(said))]
    utterances = tuple(
        Utterance(index=i, speaker=label, text=text, start_s=times[i][0], end_s=times[i][1]) for i, (label, text) in enumerate(said)
    )
    labels = tuple(dict.fromkeys(label for label, _ in said))
    return Parsed(format="test", labels=labels, utterances=utterances, source_digest=digest(*[t for _, t in said]))


async def play(bench: Workbench, said: Sequence[Said] = CONVERSATION, *, timed: bool = True, **more: Any) -> Scene:
    """A search of its own, signed by nobody yet, with this conversation as its first interview."""
    organisation = (await organisation_of(bench)).id
    panel = (SeatPlan(INES, WORK, "work", ("M1", "M2", "T1")), SeatPlan(BRAM, "2-team", "team", ("M3", "D1")))
    plan = SearchPlan(
        slug=f"staff-engineer-{next(_numbers)}",
        title="Staff engineer",
        recruiter=DANA,
        hiring_manager=PRIYA,
        panel=panel,
        criteria=CRITERIA,
    )
    search = await open_search(bench, organisation, plan)
    interview = await open_interview(bench, search, WORK, TOMAS, consent=consent_from("recorded-elsewhere"))
    kept = await ingest(bench, organisation, interview, parsed(said, timed=timed), **more)
    return Scene(bench, organisation, search, interview, kept.transcript)


def every(turn: Turn, reply: str, **more: Any) -> list[dict[str, Any]]:
    """The same reply to every claim that waits."""
    return [{"claim": c["claim"], "reply": reply, **more} for c in turn.waiting]


def reply(turn: Turn, kind: str, nth: int = 0, **more: Any) -> dict[str, Any]:
    """A reply to one of the claims that wait."""
    return {"claim": turn.waiting[nth]["claim"], "reply": kind, **more}
