"""One behaviour, two engines: whatever is promised of the index is asked of the embedded one and of the server's code alike."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
import qdrant_edge
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alignment.errors import IndexDown
from retrieval.index import Entry, Index, Level, Scope
from retrieval.index.edge import EmbeddedIndex
from retrieval.index.points import point_id
from retrieval.index.server import ServerIndex
from tests.congruence.index_cast import SAID, interview, opened, places, said, unit
from tests.qdrant_wire import wired


async def _fill(index: Index) -> Index:
    await index.put("org", "t-one", interview("one"))
    await index.put("org", "t-two", interview("two"))
    await index.put("other", "t-one", interview("one"))
    return index


@pytest.fixture
async def index(index_place: str) -> AsyncIterator[Index]:
    """An empty index of either engine."""
    empty = await opened(index_place)
    yield empty
    await empty.close()


@pytest.fixture
async def filled(index: Index) -> Index:
    """An index that a test may change: two interviews of one organisation, one of another."""
    return await _fill(index)


@pytest.fixture(scope="module", params=["embedded", "server", "wire"])
def settled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """The same, for tests that only read: to make one costs as much as all their questions."""
    place = str(tmp_path_factory.mktemp("settled")) if request.param == "embedded" else ":memory:"
    own = wired() if request.param == "wire" else nullcontext()
    with own as wire:
        made = asyncio.run(opened(wire.url if wire else place))
        asyncio.run(_fill(made))
        yield made
        asyncio.run(made.close())


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Index, Index]]:
    """Either engine with the same three interviews."""

    async def made(place: str) -> Index:
        engine = await opened(place)
        for name in ("one", "two", "three"):
            await engine.put("org", f"t-{name}", [_longer(e) for e in interview(name, count=30)])
        await engine.put("other", "t-noise", interview("noise", text="roadmap roadmap conflict queue"))
        return engine

    engines = asyncio.run(made(str(tmp_path_factory.mktemp("both")))), asyncio.run(made(":memory:"))
    yield engines
    for engine in engines:
        asyncio.run(engine.close())


def _longer(entry: Entry) -> Entry:
    """The entry with a length of its own, so that no two have one BM25 score."""
    return replace(entry, text=entry.text + " aside" * (3 * entry.first + ("one", "two", "three").index(entry.interview)))


@pytest.mark.parametrize("scope", [Scope("org"), Scope("org", interviews=("one", "three")), Scope("org", roles=("candidate",), from_s=40)])
@pytest.mark.parametrize("level", list(Level))
async def test_both_engines_give_the_same_hits_in_the_same_order(both: tuple[Index, Index], scope: Scope, level: Level) -> None:
    embedded, server = both
    asked = "a conflict about the roadmap"
    for seed in range(5):
        vector = unit(seed)
        assert places(await embedded.dense(scope, level, vector, 10)) == places(await server.dense(scope, level, vector, 10))
        mixed = [await engine.hybrid(scope, level, asked, vector, 10) for engine in both]
        assert places(mixed[0]) == places(mixed[1])
        assert [h.score for h in mixed[0]] == pytest.approx([h.score for h in mixed[1]])
    words = [await engine.sparse(scope, level, asked, 10) for engine in both]
    assert places(words[0]) == places(words[1])
    assert [h.score for h in words[0]] == pytest.approx([h.score for h in words[1]], rel=1e-4)


async def test_gathering_is_the_four_rankings_in_one_call(settled: Index) -> None:
    scope, text, vector = Scope("org"), "a recent conflict", unit(3)
    gathered = await settled.gather(scope, text, vector, 6)
    assert gathered.utterance_dense == await settled.dense(scope, Level.UTTERANCE, vector, 6)
    assert gathered.utterance_sparse == await settled.sparse(scope, Level.UTTERANCE, text, 6)
    assert gathered.passage_dense == await settled.dense(scope, Level.PASSAGE, vector, 6)
    assert gathered.passage_sparse == await settled.sparse(scope, Level.PASSAGE, text, 6)


async def test_the_nearest_by_meaning_is_the_vector_itself_and_its_score_a_cosine(settled: Index) -> None:
    wanted = said("two", "t-two", 7)
    best = (await settled.dense(Scope("org"), Level.UTTERANCE, wanted.vector, 3))[0]
    assert best.place == ("two", 7, 7)
    assert best.score == pytest.approx(1.0, abs=1e-5)
    assert (best.transcript, best.level, best.words) == ("t-two", Level.UTTERANCE, 9)


async def test_words_are_found_by_their_stem_and_without_their_accents(settled: Index) -> None:
    hits = await settled.sparse(Scope("org", interviews=("one",)), Level.UTTERANCE, "Tomas argues", 5)
    assert {h.first % len(SAID) for h in hits} == {0, 6}


async def test_a_question_without_words_finds_nothing_by_words(settled: Index) -> None:
    assert await settled.sparse(Scope("org"), Level.UTTERANCE, "the of and", 5) == []
    assert await settled.sparse(Scope("org"), Level.UTTERANCE, "", 5) == []
    assert len(await settled.hybrid(Scope("org"), Level.UTTERANCE, "", unit(1), 5)) == 5


FILTERS: dict[str, tuple[Scope, Callable[[Entry], bool]]] = {
    "search": (Scope("org", search="search-2"), lambda e: e.search == "search-2"),
    "interviews": (Scope("org", interviews=("one",)), lambda e: e.interview == "one"),
    "candidate": (Scope("org", candidate="candidate-two"), lambda e: e.candidate == "candidate-two"),
    "roles": (Scope("org", roles=("candidate",)), lambda e: "candidate" in e.roles),
    "people": (Scope("org", people=("person-1", "person-2")), lambda e: bool(set(e.people) & {"person-1", "person-2"})),
    "from": (Scope("org", from_s=55.0), lambda e: (e.end_s or 0) > 55.0),
    "until": (Scope("org", until_s=30.0), lambda e: (e.start_s or 0) < 30.0),
    "between": (Scope("org", from_s=29.0, until_s=40.0), lambda e: (e.end_s or 0) > 29.0 and (e.start_s or 0) < 40.0),
    "all at once": (
        Scope("org", "search-1", ("one",), "candidate-one", ("candidate",), ("person-0",), 0.0, 100.0),
        lambda e: e.interview == "one" and e.first in (3, 9),
    ),
}


@pytest.mark.parametrize("name", list(FILTERS))
async def test_a_scope_holds_what_it_says_and_nothing_else(settled: Index, name: str) -> None:
    scope, belongs = FILTERS[name]
    entries = [e for e in interview("one") + interview("two") if belongs(e)]
    for level in Level:
        wanted = {(e.interview, e.first, e.last) for e in entries if e.level is level}
        assert set(places(await settled.dense(scope, level, unit(1), 100))) == wanted
        by_words = await settled.hybrid(scope, level, "round", unit(1), 100)
        assert set(places(by_words)) == wanted
    assert await settled.count(scope) == len(entries)


async def test_what_has_no_times_is_left_out_of_a_stretch_of_time(index: Index) -> None:
    await index.put("org", "t", [replace(e, start_s=None, end_s=None) for e in interview("one", "t")])
    assert await index.count(Scope("org")) == 23
    assert await index.count(Scope("org", from_s=0.0)) == 0
    assert await index.count(Scope("org", until_s=1e9)) == 0


async def test_pieces_of_one_long_utterance_are_one_place_by_their_best(index: Index) -> None:
    pieces = [replace(said("one", "t", 4), piece=n, vector=unit(n)) for n in range(3)]
    await index.put("org", "t", pieces)
    assert await index.count(Scope("org")) == 3
    hits = await index.dense(Scope("org"), Level.UTTERANCE, unit(2), 5)
    assert len(hits) == 1
    assert hits[0].score == pytest.approx(1.0, abs=1e-5)


async def test_a_ranking_does_not_depend_on_what_other_organisations_say(index: Index) -> None:
    await index.put("org", "t-one", interview("one"))
    scope, asked = Scope("org"), "conflict about the roadmap"
    before = await index.sparse(scope, Level.UTTERANCE, asked, 10)
    await index.put("other", "t-flood", interview("flood", count=60, text="conflict conflict conflict"))
    after = await index.sparse(scope, Level.UTTERANCE, asked, 10)
    assert after == before


async def test_an_organisation_that_nobody_knows_holds_nothing(filled: Index) -> None:
    nobody = Scope("nobody")
    assert await filled.held("nobody") == {}
    assert await filled.count(nobody) == 0
    assert await filled.hybrid(nobody, Level.UTTERANCE, "roadmap", unit(1), 5) == []
    await filled.erase("nobody", ["one"])
    assert await filled.count(Scope("org")) == 46


async def test_a_new_version_takes_the_place_of_the_old_one(filled: Index) -> None:
    await filled.put("org", "t-one-2", interview("one", "t-one-2", count=5, text="completely new wording"))
    assert await filled.held("org") == {"t-one-2": True, "t-two": True}
    hits = await filled.dense(Scope("org", interviews=("one",)), Level.UTTERANCE, unit(1), 50)
    assert {h.transcript for h in hits} == {"t-one-2"}
    assert len(hits) == 5
    assert await filled.held("other") == {"t-one": True}


async def test_words_of_a_version_that_was_replaced_no_longer_weigh(index: Index) -> None:
    await index.put("org", "t-one", interview("one"))
    before = await index.sparse(Scope("org"), Level.UTTERANCE, "conflict about the roadmap", 10)
    await index.put("org", "t-two", interview("two", count=30, text="roadmap and queue"))
    await index.put("org", "t-two-2", interview("two", "t-two-2", count=1, text="nothing"))
    await index.erase("org", ["two"])
    assert await index.sparse(Scope("org"), Level.UTTERANCE, "conflict about the roadmap", 10) == before
    await index.put("org", "t-two", interview("two", count=30, text="roadmap and queue"))
    await index.put("org", "t-two-2", interview("two", "t-two-2", count=12))
    fresh = await opened(":memory:")
    await fresh.put("org", "t-one", interview("one"))
    await fresh.put("org", "t-two-2", interview("two", "t-two-2", count=12))
    wanted = await fresh.sparse(Scope("org"), Level.UTTERANCE, "conflict", 10)
    assert [h.score for h in await index.sparse(Scope("org"), Level.UTTERANCE, "conflict", 10)] == pytest.approx([h.score for h in wanted])
    await fresh.close()


async def test_putting_the_same_again_changes_nothing(filled: Index) -> None:
    before = await filled.hybrid(Scope("org"), Level.PASSAGE, "roadmap", unit(1), 50)
    await filled.put("org", "t-one", interview("one"))
    assert await filled.hybrid(Scope("org"), Level.PASSAGE, "roadmap", unit(1), 50) == before
    assert await filled.count(Scope("org")) == 46


async def test_what_is_erased_is_gone_and_the_rest_stays(filled: Index) -> None:
    await filled.erase("org", ["one", "never-there"])
    assert await filled.held("org") == {"t-two": True}
    assert {h.interview for h in await filled.hybrid(Scope("org"), Level.UTTERANCE, "roadmap", unit(1), 50)} == {"two"}
    assert await filled.held("other") == {"t-one": True}
    await filled.erase("org", ["one"])
    await filled.put("org", "t-one", interview("one"))
    assert await filled.held("org") == {"t-one": True, "t-two": True}


async def test_entries_of_two_interviews_are_not_put_as_one_transcript(index: Index) -> None:
    with pytest.raises(ValueError, match="no other"):
        await index.put("org", "t-one", interview("one") + interview("two"))
    assert await index.held("org") == {}


async def test_a_transcript_that_is_there_in_part_says_so(index: Index) -> None:
    entries = interview("one")
    await index.put("org", "t-one", entries)
    await _lose(index, "org", entries[3])
    assert await index.held("org") == {"t-one": False}
    await index.put("org", "t-one", entries)
    assert await index.held("org") == {"t-one": True}


async def _lose(index: Index, organisation: str, entry: Entry) -> None:
    """Take one point away behind the protocol's back, as a crash between two batches would."""
    gone = point_id(organisation, entry)
    if isinstance(index, EmbeddedIndex):
        shards = index.tenant(organisation)._shards
        await index.write(lambda: shards[entry.level].update(qdrant_edge.UpdateOperation.delete_points([gone])))
    else:
        assert isinstance(index, ServerIndex)
        await index._client.delete(f"plumbline-{entry.level.value}", [gone])


async def test_a_closed_index_says_that_it_is_closed(filled: Index) -> None:
    await filled.close()
    await filled.close()
    with pytest.raises(IndexDown, match="closed"):
        await filled.held("org")


NAMES = st.sampled_from(["a", "b", "A", "a/b", "../a", "a:1", "ä", "a b", ""])


@given(st.lists(st.tuples(NAMES, st.sampled_from(["i1", "i2"]), st.integers(1, 4)), min_size=2, max_size=4), NAMES)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("engine", ["embedded", "server"])
def test_no_question_finds_what_another_organisation_has(tmp_path: Path, engine: str, puts: list[tuple[str, str, int]], asker: str) -> None:
    async def leak() -> None:
        place = tempfile.mkdtemp(dir=tmp_path) if engine == "embedded" else ":memory:"
        index = await opened(place)
        own: dict[tuple[str, str], set[str]] = {}
        for number, (organisation, name, count) in enumerate(puts):
            transcript = f"t{number}"
            await index.put(organisation, transcript, interview(name, transcript, count=count))
            own[organisation, name] = {transcript}
        mine = {t for (organisation, _), ts in own.items() if organisation == asker for t in ts}
        gathered = await index.gather(Scope(asker, interviews=("i1", "i2")), "round roadmap", unit(1), 100)
        hits = [*gathered.utterance_dense, *gathered.utterance_sparse, *gathered.passage_dense, *gathered.passage_sparse]
        assert {h.transcript for h in hits} == mine
        assert set(await index.held(asker)) == mine
        await index.erase(asker, ["i1", "i2"])
        for organisation in {organisation for organisation, _ in own} - {asker}:
            kept = {t for (o, _), ts in own.items() if o == organisation for t in ts}
            assert await index.held(organisation) == dict.fromkeys(kept, True)
        await index.close()

    asyncio.run(leak())
