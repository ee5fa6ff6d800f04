"""The composition root: settings in, and out come store, index, embedder, judgements and graphs, opened once and closed together."""

import asyncio
import gc
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph.state import CompiledStateGraph

from agents.ask import KeptReplies, Ledger
from agents.checkpoints import open_checkpoints
from agents.debrief_referee.room import graph as room_graph
from agents.feedback_shaper import graph as shaper
from agents.feedback_shaper import model as shaper_models
from agents.feedback_shaper.evidence import Evidence
from agents.feedback_shaper.judgements import Judgements
from agents.indexing import Indexer, Progress
from agents.intake_agent import graph as intake_graph
from agents.intake_agent import model as intake_models
from agents.intake_agent.judgements import Judgements as IntakeJudgements
from agents.models import kept_in, open_askers
from alignment.errors import BadSettings, ModelDown, Underway
from alignment.record import OrganisationId, SearchId, TranscriptId
from alignment.settings import Settings
from alignment.transcript import Transcript
from corpus.media import Media
from corpus.store import Store, open_store
from retrieval.embedding import Embedder, from_callable, open_embedder
from retrieval.index import Index, open_index, wipe_index

KEPT_EVIDENCE = 32


@dataclass
class Workbench:
    """Everything an edge needs; made by `open_workbench` alone."""

    settings: Settings
    store: Store
    embedder: Embedder
    index: Index
    indexer: Indexer
    judgements: Judgements
    intake: IntakeJudgements
    ledger: Ledger
    shaper: CompiledStateGraph[Any, Any, Any, Any]
    intake_graph: CompiledStateGraph[Any, Any, Any, Any]
    room: CompiledStateGraph[Any, Any, Any, Any]
    checkpointer: BaseCheckpointSaver[Any]
    kept: KeptReplies | None = None
    evidence: OrderedDict[str, Evidence] = field(default_factory=OrderedDict)
    transcripts: OrderedDict[tuple[OrganisationId, TranscriptId], Transcript] = field(default_factory=OrderedDict)
    packets: OrderedDict[tuple[OrganisationId, SearchId, str], tuple[str, object]] = field(default_factory=OrderedDict)
    gathering: WeakValueDictionary[tuple[OrganisationId, SearchId, str], asyncio.Lock] = field(default_factory=WeakValueDictionary)
    threads: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    @property
    def media(self) -> Media:
        """The recordings' bytes."""
        return Media(self.settings.media_folder)

    @asynccontextmanager
    async def thread(self, organisation: OrganisationId, name: str) -> AsyncIterator[None]:
        """One turn of a conversation at a time: in this process by a lock that goes with its last holder, among several by the store."""
        lock = self.threads.setdefault(f"{organisation}:{name}", asyncio.Lock())
        async with lock, self.store.hold(organisation, name):
            yield

    @asynccontextmanager
    async def recording(self, organisation: OrganisationId, digest: str) -> AsyncIterator[None]:
        """The bytes of one recording to oneself, while they are put on record, or go because nothing on record has them."""
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(self.thread(organisation, f"recording {digest}"))
            except Underway as e:
                raise Underway("The same recording is being taken in or erased", todo="Wait for that, and send this again.") from e
            yield

    async def tidy(self, thread: str) -> None:
        """Forget what came before a conversation's latest checkpoint: it is never gone back to, and holds words."""
        await self.checkpointer.aprune([thread])


@asynccontextmanager
async def open_workbench(settings: Settings, *, fresh_index: bool = False, progress: Progress | None = None) -> AsyncIterator[Workbench]:
    """Open everything, make the index agree with the store, finish what was being erased, and close everything again.

    `fresh_index` throws the old index away first, which `plumbline reindex` does. `progress` hears of interviews that are indexed
    anew. Errors: BadSettings, ModelDown, StoreDown, IndexBusy, IndexMismatch, IndexDown.
    """
    from agents.erasure.finishing import finish_erasures  # which works on a workbench

    make_home(settings)
    async with AsyncExitStack() as stack:
        store = await open_store(settings.store)
        stack.push_async_callback(store.close)
        embedder = make_embedder(settings)
        if fresh_index:
            await wipe_index(settings.index_place, api_key=settings.index_api_key)
        index = await open_index(
            settings.index_place, embedder=embedder.name, dimensions=embedder.dimensions, api_key=settings.index_api_key
        )
        stack.push_async_callback(index.close)
        checkpointer = await stack.enter_async_context(open_checkpoints(settings.checkpoints))
        indexer = Indexer(store=store, index=index, embedder=embedder, passages=settings.passages)
        bench = _put_together(settings, indexer, checkpointer)
        await indexer.heal(progress)
        # What is loaded by now stays: without it the collector walks it all again and again while questions are answered.
        gc.freeze()
        # A process may open many workbenches one after the other: what this one held is garbage once it is closed.
        stack.callback(gc.unfreeze)
        await finish_erasures(bench)
        yield bench


def _put_together(settings: Settings, indexer: Indexer, checkpointer: BaseCheckpointSaver[Any]) -> Workbench:
    ledger = Ledger()
    askers = open_askers(settings, ledger)
    return Workbench(
        settings=settings,
        store=indexer.store,
        embedder=indexer.embedder,
        index=indexer.index,
        indexer=indexer,
        judgements=shaper_models.judgements(askers),
        intake=intake_models.judgements(askers),
        ledger=ledger,
        shaper=shaper.build(checkpointer),
        intake_graph=intake_graph.build(checkpointer),
        room=room_graph.build(checkpointer),
        checkpointer=checkpointer,
        kept=kept_in(askers, settings),
    )


def make_home(settings: Settings) -> None:
    """Make the home folder; BadSettings where that cannot be done."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as e:
        raise BadSettings(
            f"The home folder cannot be made: {e.strerror}", where=str(settings.home), todo="Set PLUMBLINE_HOME to one that can be written."
        ) from e


def make_embedder(settings: Settings) -> Embedder:
    """The bundled embedder, or any LangChain `Embeddings` named `provider:model`; BadSettings where neither fits."""
    name = settings.embedder.name
    if ":" not in name:
        return open_embedder(settings)
    try:
        from langchain.embeddings import init_embeddings
    except ImportError as e:
        raise BadSettings(
            f"The embedder {name} is reached through LangChain, which is not installed",
            where="PLUMBLINE_EMBEDDER__NAME",
            todo="Install it with: pip install langchain, and the provider's package (for example langchain-openai).",
        ) from e
    try:
        embeddings: Any = init_embeddings(name)
    except (ImportError, ValueError) as e:
        raise BadSettings(f"The embedder {name} cannot be made: {e}", where="PLUMBLINE_EMBEDDER__NAME") from e
    try:
        dimensions = len(embeddings.embed_query("plumbline"))
    except Exception as e:  # every provider raises its own
        raise ModelDown(
            f"The embedder {name} failed: {type(e).__name__}", where="PLUMBLINE_EMBEDDER__NAME", todo="Check its key and address."
        ) from e
    return from_callable(name, dimensions, embeddings.embed_documents)
