"""The sentences of an answer in plain values, and what they become once their quotes are verified."""

from collections.abc import Iterable, Sequence
from typing import cast

from agents.debrief_referee.material import Material
from agents.debrief_referee.places import citation_of
from agents.debrief_referee.room.asked import QuoteState, SentenceState
from agents.debrief_referee.room.seeking import Spot
from alignment.answer import Sentence
from alignment.citation import Citation
from alignment.contract import CriterionId
from alignment.record import FeedbackId, InterviewId, ScorecardId
from alignment.transcript import Certainty, clock

GONE = "What was shown here does not stand in the record as it is now."


def resting(
    text: str,
    *,
    quotes: Iterable[QuoteState] = (),
    scorecards: Iterable[str] = (),
    feedback: Iterable[str] = (),
    criterion: str | None = None,
) -> SentenceState:
    """A sentence that rests on something."""
    return {
        "text": text,
        "quotes": list(quotes),
        "scorecards": list(dict.fromkeys(scorecards)),
        "feedback": list(dict.fromkeys(feedback)),
        "criterion": criterion,
        "held": True,
    }


def plainly(text: str) -> SentenceState:
    """A sentence that asserts nothing about anybody."""
    return {"text": text, "quotes": [], "scorecards": [], "feedback": [], "criterion": None, "held": False}


def quote_of(citation: Citation) -> QuoteState:
    """The words of a citation, to be verified again whenever they are shown."""
    return {"interview": citation.interview, "utterance": citation.first, "speaker": citation.speaker, "text": citation.text}


def citation_at(material: Material, spot: Spot) -> Citation | None:
    """The verified words of a spot."""
    transcript = material.transcripts[spot.interview]
    return citation_of(transcript, spot.stretch.text, transcript.utterances[spot.utterance].speaker, spot.utterance)


def shown(material: Material, citation: Citation) -> SentenceState:
    """A moment as one sentence: who, where, when, and the words."""
    return resting(f"{citation.spoken}, {place(material, citation)}: “{citation.text}”", quotes=[quote_of(citation)])


def place(material: Material, citation: Citation) -> str:
    """The interview and the time of a moment, or its utterance where the transcript has no times."""
    at = f"at {clock(citation.start_s)}" if citation.start_s is not None else f"utterance u{citation.first}"
    return f"{called(material, citation.interview)} {at}{citation.doubt}"


def called(material: Material, interview: InterviewId) -> str:
    """The interview by its stage where the plan has one, else by its name."""
    stage = next((s.stage for s in material.search.panel if s.interview == interview and s.stage), "")
    return f"in {stage}" if stage else f"in {next(i.name for i in material.interviews if i.id == interview)}"


def verified(material: Material, states: Sequence[SentenceState]) -> tuple[Sentence, ...]:
    """The sentences with their citations; one whose words no longer stand in the record is replaced by a line that says so."""
    found: list[Sentence] = []
    for state in states:
        citations = [_again(material, q) for q in state["quotes"]]
        if any(c is None for c in citations):
            found.append(Sentence(text=GONE, held=False))
            continue
        found.append(
            Sentence(
                text=state["text"],
                citations=tuple(c for c in citations if c),
                scorecards=tuple(ScorecardId(i) for i in state["scorecards"]),
                feedback=tuple(FeedbackId(i) for i in state["feedback"]),
                criterion=cast(CriterionId | None, state["criterion"]),
                held=state["held"],
            )
        )
    return (*found, *_uncertain(material, found))


def _again(material: Material, quote: QuoteState) -> Citation | None:
    transcript = material.transcripts.get(InterviewId(quote["interview"]))
    return citation_of(transcript, quote["text"], quote["speaker"], quote["utterance"]) if transcript else None


def _uncertain(material: Material, sentences: Sequence[Sentence]) -> list[Sentence]:
    """One line for every speaker who is cited and whom nobody has named."""
    cited = {(c.interview, c.speaker) for s in sentences for c in s.citations}
    unknown = sorted({label for i, label in cited if material.transcripts[i].speaker(label).certainty is Certainty.UNMAPPED})
    if not unknown:
        return []
    labels = ", ".join(f"“{label}”" for label in unknown)
    are = "is" if len(unknown) == 1 else "are"
    return [Sentence(text=f"Nobody has said yet who {labels} {are}. Name a label with: plumbline ingest --speaker LABEL=NAME.", held=False)]
