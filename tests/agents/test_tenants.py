"""Two organisations in one store and one index, with the same names for everything: no read path shows one a word of the other."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from agents.corpus_questions.answering import answer as answer_corpus
from agents.corpus_questions.telling import markdown as corpus_markdown
from agents.debrief_referee.telling import markdown as packet_markdown
from agents.debriefs import debrief, debrief_for, gather
from agents.folders import criteria_of, take_in, take_in_feedback, take_in_scorecards
from agents.room import ask
from agents.turns import answer, shape
from agents.workbench import Workbench, open_workbench
from alignment.corpus_answer import Measure
from alignment.errors import NotFound, PlumblineError
from alignment.people import Search
from alignment.record import OrganisationId
from alignment.settings import load_settings
from corpus.folders import read_search_folder
from retrieval.index import CellScope
from tests.api.cast import ANA, CONTRACT, DANA, DESIGN, GRADES, HAMID, HEAD, PRIYA, SCREEN, TOMAS, srt, vtt, write_folder

pytestmark = pytest.mark.asyncio(loop_scope="session")
TODAY = date(2026, 11, 26)
SEARCHES = 3
MARK = "quillfeather"
"""Stands in every sentence, criterion, title and family of theirs, and nowhere in ours."""


@dataclass(frozen=True)
class Side:
    """One organisation and its searches, as the other may have heard of them."""

    id: OrganisationId
    searches: tuple[Search, ...]


@dataclass(frozen=True)
class Two:
    """The asking organisation and the one that must stay unseen."""

    bench: Workbench
    ours: Side
    theirs: Side

    @property
    def foreign(self) -> tuple[str, ...]:
        """The mark, and every id of theirs."""
        ids = [self.theirs.id, *(s.id for s in self.theirs.searches), *(p.person for s in self.theirs.searches for p in s.panel)]
        return (MARK, *ids, *(p.interview for s in self.theirs.searches for p in s.panel))


async def _side(bench: Workbench, name: str, place: Path, mark: str) -> Side:
    org = (await bench.store.create_organisation(name)).id
    contract: dict[str, Any] = {
        "must_haves": [{**c, "text": f"{c['text']}{mark}"} for c in CONTRACT["must_haves"]],
        "trade_offs": [{**c, "text": f"{c['text']}{mark}"} for c in CONTRACT["trade_offs"]],
        "deal_breaker": {**CONTRACT["deal_breaker"], "text": f"{CONTRACT['deal_breaker']['text']}{mark}"},
    }
    searches = []
    for n in range(SEARCHES):
        said = {
            "1-screen.vtt": vtt([(who, f"{text}{mark}") for who, text in SCREEN]),
            "2-design.srt": srt([(who, f"{text}{mark}") for who, text in DESIGN]),
        }
        feedback = [
            {"id": "F1", "interview": "1-screen", "interviewer": HAMID, "raw": f"He ran the routing service and was paged for it{mark}."},
            {"id": "F2", "interview": "2-design", "interviewer": ANA, "raw": f"Couldn't name a recent conflict{mark}."},
        ]
        head = {**HEAD, "title": f"{HEAD['title']}{mark}", "role_family": f"{HEAD['role_family']}{mark}"}
        grades = [*GRADES, {"interviewer": HAMID, "criterion": "M2", "grade": 1}, {"interviewer": ANA, "criterion": "M2", "grade": 4}]
        path = write_folder(place / f"search-{n}", head=head, contract=contract, feedback=feedback, grades=grades, interviews=said)
        folder = read_search_folder(path)
        search, _ = await take_in(bench, org, folder, criteria_of(path, folder), lambda _: None)
        for given_feedback in await take_in_feedback(bench, search, folder):
            turn = await shape(bench, org, given_feedback.id)
            await answer(bench, org, given_feedback.id, [{"claim": c["claim"], "reply": "accept"} for c in turn.waiting])
        await take_in_scorecards(bench, search, folder)
        searches.append(search)
    return Side(org, tuple(searches))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def two(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Two]:
    place = tmp_path_factory.mktemp("two")
    async with open_workbench(load_settings(home=place / "home")) as bench:
        ours = await _side(bench, "Ours", place / "ours", "")
        yield Two(bench, ours, await _side(bench, "Theirs", place / "theirs", f" {MARK}"))


def shows(two: Two, *found: object) -> list[str]:
    """What of theirs stands in what was read."""
    words = " ".join(f.model_dump_json() if isinstance(f, BaseModel) else repr(f) for f in found)
    return [mark for mark in two.foreign if mark in words]


WORDS = st.sampled_from(
    ["routing", "conflict", "page", "warehouse", f"the {MARK}", MARK, TOMAS, HAMID, "Mireia", "software engineering", f"engineering {MARK}"]
)
ROOM = st.sampled_from(
    ["What did he say about {}?", "Did anyone test {}?", "Who spoke of {}?", "And {} in the second interview?", "Why are they apart on {}?"]
)
CORPUS = st.sampled_from(
    [
        "Where do candidates for {} lose us?",
        "Show three different candidates who described {}",
        "Which competencies get clean reads in {}?",
        "Whose claims on {} are not borne out, by interviewer?",
        "Where do panels split, by search, on {}?",
        "How many interviews by role family?",
        "Which criteria are never asked about {}?",
    ]
)


@settings(max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(template=ROOM, word=WORDS, by=st.sampled_from([DANA, PRIYA, HAMID, ANA]), which=st.integers(0, SEARCHES - 1))
async def test_the_room_shows_no_word_of_theirs(two: Two, template: str, word: str, by: str, which: int) -> None:
    told = await ask(two.bench, two.ours.searches[which], by, template.format(word))
    # The question may hold the mark, since the asker said it; the answer may not.
    assert shows(two, *(s for s in told.sentences)) == [] or MARK in template.format(word)
    assert [c.text for s in told.sentences for c in s.citations if MARK in c.text] == []
    assert shows(two, *(c for s in told.sentences for c in s.citations)) == []


@settings(max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(template=CORPUS, word=WORDS)
async def test_a_corpus_question_counts_and_shows_nothing_of_theirs(two: Two, template: str, word: str) -> None:
    told = await answer_corpus(two.bench, two.ours.id, template.format(word), TODAY)
    assert shows(two, *told.rows, told.total, told.too_few) == []
    assert told.interviews <= 2 * SEARCHES
    assert [row.group for row in told.rows if MARK in corpus_markdown(told.model_copy(update={"question": "?", "note": ""}), {})] == []


async def test_both_organisations_count_their_own_alone(two: Two) -> None:
    for side in (two.ours, two.theirs):
        told = await answer_corpus(two.bench, side.id, "Where do candidates lose us, by search?", TODAY)
        assert told.measure is Measure.LOSSES
        assert (told.interviews, told.candidates, told.searches) == (2 * SEARCHES, 1, SEARCHES)
        assert {t.search for t in await two.bench.store.traces(side.id)} == {s.id for s in side.searches}
        cells = two.bench.index.cells
        assert await cells.values(CellScope(side.id), "search") == {s.id for s in side.searches}
    assert shows(two, await two.bench.store.interviewers(two.ours.id), await two.bench.store.traces(two.ours.id)) == []


async def test_a_packet_holds_nothing_of_theirs(two: Two) -> None:
    for search in two.ours.searches:
        packet, material = await debrief_for(two.bench, search, DANA)
        assert shows(two, packet, packet_markdown(packet, material)) == []
        assert shows(two, await gather(two.bench, search), list(material.near)) == []


async def test_their_search_under_our_name_is_not_found(two: Two) -> None:
    forged = [s.model_copy(update={"organisation": two.ours.id}) for s in two.theirs.searches]
    for search in forged:
        for work in (debrief(two.bench, search), debrief_for(two.bench, search, DANA), ask(two.bench, search, DANA, "What was said?")):
            with pytest.raises(NotFound):
                await work


async def test_their_ids_narrow_our_cells_to_nothing(two: Two) -> None:
    cells = two.bench.index.cells
    for search in two.theirs.searches:
        for field, value in (("search", search.id), ("interview", search.panel[0].interview), ("interviewer", search.panel[0].person)):
            scope = CellScope(two.ours.id, {field: (value,)})
            assert (await cells.count(scope), await cells.facet(scope, "criterion"), await cells.values(scope, "interview")) == (
                0, {}, frozenset(),
            )  # fmt: skip


async def test_whoever_takes_no_part_is_told_nothing(two: Two) -> None:
    for name in ("Mireia", "Somebody Else", ""):
        with pytest.raises(PlumblineError) as refused:
            await ask(two.bench, two.ours.searches[0], name, "What was said?")
        assert shows(two, str(refused.value)) == []
