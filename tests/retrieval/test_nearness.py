"""Nearness: how close every utterance of one interview is to a text, for one organisation alone."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from alignment.settings import PassageSettings, load_settings
from retrieval.embedding import Embedder, open_embedder
from retrieval.index import Index, open_index
from retrieval.moments import entries_for
from retrieval.nearness import Nearness, nearness
from tests.retrieval.conversation import PRIYA, TOMAS, record

pytestmark = pytest.mark.asyncio(loop_scope="module")

CALL = record(
    (PRIYA, "Tell me about a database migration that went wrong."),
    (TOMAS, "The billing ledger failed at two in the morning and I rolled it back myself."),
    (PRIYA, "How do you work with the finance team?"),
    (TOMAS, "I sat with the accountants every Thursday and wrote the reconciliation report with them."),
    (PRIYA, "What do you do at weekends?"),
    (TOMAS, "I keep bees and bake rye bread."),
)
OTHER = record((PRIYA, "Tell me about a migration."), (TOMAS, "The ledger failed and I rolled it back."), interview="i-2")


@dataclass(frozen=True)
class Shelf:
    index: Index
    embedder: Embedder

    async def near(self, text: str, organisation: str = "o-1", interview: str = "i-1") -> dict[int, Nearness]:
        return await nearness(text, organisation, interview, index=self.index, embedder=self.embedder)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shelf(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shelf]:
    home: Path = tmp_path_factory.mktemp("nearness")
    embedder = open_embedder(load_settings(home=home))
    index = await open_index(str(home / "index"), embedder=embedder.name, dimensions=embedder.dimensions)
    for transcript in (CALL, OTHER):
        entries = await entries_for(transcript, search="s-1", candidate="p-tomas", embedder=embedder, settings=PassageSettings())
        await index.put("o-1", transcript.id, entries)
    yield Shelf(index, embedder)
    await index.close()


async def test_every_utterance_is_scored_and_none_of_another_interview(shelf: Shelf) -> None:
    assert set(await shelf.near("ledger")) == set(range(6))
    assert set(await shelf.near("ledger", interview="i-2")) == {0, 1}


async def test_shared_words_make_terms_near(shelf: Shelf) -> None:
    near = await shelf.near("the ledger was rolled back")
    assert max(near, key=lambda i: near[i].terms) == 1
    assert near[5].terms == 0.0


async def test_what_means_the_same_is_near_without_a_shared_word(shelf: Shelf) -> None:
    near = await shelf.near("pastimes, hobbies and honey")
    assert {i for i in near if near[i].terms > 0} <= {0, 2, 4}
    assert max(near, key=lambda i: near[i].meaning) in (4, 5)


async def test_words_around_it_make_an_utterance_near(shelf: Shelf) -> None:
    near = await shelf.near("billing ledger")
    assert near[0].terms == 0.0
    assert near[0].window_terms > 0.0


async def test_another_organisation_has_nothing_near(shelf: Shelf) -> None:
    assert await shelf.near("ledger", organisation="o-2") == {}
    assert await shelf.near("ledger", interview="i-none") == {}


@pytest.mark.parametrize("text", ["", "   ", "?!", "☃" * 500, "the " * 3000])
async def test_a_text_that_says_nothing_or_too_much_is_measured_all_the_same(shelf: Shelf, text: str) -> None:
    near = await shelf.near(text)
    assert set(near) <= set(range(6))
    assert all(-1.001 <= n.meaning <= 1.001 and n.terms >= 0.0 for n in near.values())
