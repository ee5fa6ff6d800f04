"""The suite of conversations: held through a real server, and scored so that what is not understood, shown or true is seen."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from alignment.errors import BadRequest
from evals.case import Batch, Outcome, State
from evals.chat.scoring import by_constant, denied, faithful, hits, left_open, scored, understood
from evals.chat.talking import Turn
from evals.figures import Figure, figures
from evals.running.conditions import Conditions
from evals.scorers.quotes import Said
from evals.sources import Sources
from evals.suites import chat
from tests.agents.silent import NAME as MODEL
from tests.agents.silent import silence
from tests.evals.small_search import NAME, READER, small_search

SAID = {"1-site": [Said("Ines", 0, 6, "I counted seven crates before the van left."), Said("Ruben", 7, 9, "All seven?")]}
EXPECT: dict[str, Any] = {"kind": "moments", "criterion": None, "moments": [["1-site", 0, 6]], "before": None}
CITED = {"interview": "1-site", "speaker": "Ines", "start_s": 1.0, "end_s": 3.0, "quote": "I counted seven crates"}


def turn(text: str, *cited: dict[str, Any], kind: str = "moments", held: bool = True) -> Turn:
    return Turn(text, cited, kind, tuple(text.split("\n\n")), held)


async def held(found: Sequence[Batch]) -> list[Outcome]:
    return [o for b in found for _ in [0] async for o in chat.HOLDS[b.kind](b, Conditions())]


def told(outcomes: Sequence[Outcome]) -> dict[str, Figure]:
    return figures(chat.SUITE.metrics, outcomes, 7)


def rows(tmp_path: Path, *turns: dict[str, Any]) -> Path:
    folder = tmp_path / "chat"
    folder.mkdir()
    (folder / "own.jsonl").write_text("".join(json.dumps(t) + "\n" for t in turns), encoding="utf-8")
    return tmp_path


def test_a_moment_counts_where_one_of_the_first_three_citations_overlaps_it() -> None:
    far = {**CITED, "start_s": 100.0, "end_s": 104.0}
    assert hits([far, far, CITED], EXPECT["moments"])
    assert not hits([far, far, far, CITED], EXPECT["moments"])
    assert not hits([{**CITED, "interview": "2-yard"}], EXPECT["moments"])


def test_kinds_whose_answers_serve_each_other_count_and_others_do_not() -> None:
    assert understood("missing", "probing")
    assert understood("hire", "people_decide")
    assert not understood("moments", "grades")


def test_denials_are_right_where_nothing_is_held_and_wrong_where_something_is() -> None:
    nothing = turn("The record does not hold that, as far as could be found.", held=False)
    assert denied(nothing)
    assert left_open(turn("The record may not hold that: what comes nearest may be about something else."))
    assert scored({**EXPECT, "kind": "not_held", "moments": []}, nothing)["denied_rightly"] == 1
    assert scored(EXPECT, nothing)["denied_wrongly"] == 1
    assert by_constant(EXPECT, "moments")["understood"] == 1


@pytest.mark.parametrize(
    ("changed", "result"),
    [
        ({}, "verbatim"),
        ({"quote": "I counted eight crates"}, "fabricated"),
        ({"speaker": "Ruben"}, "misattributed"),
        ({"start_s": 300.0, "end_s": 302.0}, "elsewhere"),
    ],
)
def test_a_citation_is_held_against_the_transcript_once_more(changed: dict[str, Any], result: str) -> None:
    sums, bare = faithful(turn("Ines: “I counted seven crates” [1]", {**CITED, **changed}), "Who counted?", SAID, (), ("Ines",))
    assert {k for k, v in sums.items() if k.startswith("cited_") and v} == {f"cited_{result}"}
    assert not bare


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Ines Duarte was good at counting.", True),
        ("She said “I counted seven crates before”.", True),
        ("“I counted seven crates before”, in site at 0:00.", True),
        ("Nobody asked about M2.", False),
        ("The record does not hold that: nobody speaks of “crates counted by night”.", False),
        ("It bears on “Counts what is there before it leaves”.", False),
        ("M1: Ruben gave 3.", False),
    ],
)
def test_what_is_said_of_the_candidate_without_a_citation_is_seen(text: str, bare: bool) -> None:
    own = ("Counts what is there before it leaves",)
    sums, found = faithful(turn(text), "Any crates counted by night?", SAID, own, ("Ines Duarte", "Ines"))
    assert bool(found) == bare == bool(sums["asserted_bare"])


async def test_conversations_are_held_through_a_server_by_thread_and_by_their_messages(tmp_path: Path) -> None:
    small_search(tmp_path)
    moment, nothing = {**EXPECT, "moments": [["1-lock", 30, 38]]}, {**EXPECT, "kind": "not_held", "moments": []}
    asked = (("How many boats waited?", moment), ("Which school did his sister go to?", nothing))
    turns = [
        {"search": NAME, "conversation": f"c{c}", "turn": n, "asker": READER, "question": question, "expect": expect}
        for c in range(3)
        for n, (question, expect) in enumerate(asked, 1)
    ]
    outcomes = await held(chat.batches(Sources((rows(tmp_path, *turns),)), 7))
    assert [(o.slices["way"], o.state, o.why) for o in outcomes] == [(way, State.SCORED, "") for way in ("thread", "thread", "messages")]
    found = told(outcomes)
    assert found["moment_cited@3"].value == 1
    assert (found["citations_fabricated"].value, found["citations_fabricated"].n) == (0, sum(len(o.trace) for o in outcomes) - 12)
    assert [o.answer["turns"][0]["text"] for o in outcomes] == [outcomes[0].answer["turns"][0]["text"]] * 3


async def test_what_a_model_was_asked_for_a_conversation_is_told_to_the_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_search(tmp_path)
    turns = [
        {"search": NAME, "conversation": f"c{n}", "turn": 1, "asker": READER, "question": f"How many boats waited {at}?", "expect": EXPECT}
        for n, at in enumerate(("at the lock", "in the rain"))
    ]
    with silence(monkeypatch) as heard:
        (batch,) = chat.batches(Sources((rows(tmp_path, *turns),)), 7)
        outcomes = [o async for o in chat.hold(batch, Conditions(model=MODEL))]
    assert [o.state for o in outcomes] == [State.SCORED] * 2
    # The referee itself asks none: the search's own feedback was shaped while it was put on record.
    assert [o.cost.asked for o in outcomes] == [len(heard), 0]
    assert heard


async def test_a_conversation_over_a_search_that_is_not_there_is_left_out_and_told(tmp_path: Path) -> None:
    row = {"search": "nowhere", "conversation": "c1", "turn": 1, "asker": "A", "question": "Who?", "expect": EXPECT}
    (outcome,) = await held(chat.batches(Sources((rows(tmp_path, row),)), 7))
    assert outcome.state is State.UNSCORED
    assert "nowhere" in outcome.why


def test_a_turn_that_lacks_a_field_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="asker"):
        chat.batches(Sources((rows(tmp_path, {"search": "s", "conversation": "c", "turn": 1, "question": "q", "expect": {}}),)), 7)
