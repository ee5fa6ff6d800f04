"""The store: the only truth. One class over SQLite or PostgreSQL, whose every method names an organisation first.

Its rooms are the `store_*` modules, one a concept; `open_store` is the door. Readers run beside one another and beside a writer;
writers of one organisation take turns. Whatever goes wrong below arrives as one of `alignment.errors`.
"""

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Self

from alignment.errors import StoreDown
from corpus.snapshots import finish_restore
from corpus.store_audit import Audit
from corpus.store_captures import Captures
from corpus.store_connections import SQLITE, make_engine, read_url
from corpus.store_contracts import Contracts
from corpus.store_erasures import Erasures
from corpus.store_events import Events
from corpus.store_feedback import FeedbackRoom
from corpus.store_holds import Holds
from corpus.store_intakes import Intakes
from corpus.store_interviews import Interviews
from corpus.store_keys import Keys
from corpus.store_migrating import migrate
from corpus.store_people import People
from corpus.store_redactions import Redactions
from corpus.store_requests import Requests
from corpus.store_retention import Retention
from corpus.store_rounds import Rounds
from corpus.store_scorecards import Scorecards
from corpus.store_searches import Searches
from corpus.store_traces import Traces
from corpus.store_transcripts import Transcripts
from corpus.store_webhooks import Webhooks


class Store(
    People,
    Searches,
    Contracts,
    Intakes,
    Interviews,
    Transcripts,
    FeedbackRoom,
    Scorecards,
    Rounds,
    Traces,
    Keys,
    Audit,
    Requests,
    Events,
    Webhooks,
    Captures,
    Erasures,
    Redactions,
    Holds,
    Retention,
):
    """The captured record of all organisations; an id of another organisation is NotFound."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()


async def open_store(url: str) -> Store:
    """The store at `sqlite+aiosqlite:///FILE` or `postgresql+psycopg://…`, brought to this code's tables.

    BadSettings for another kind of URL, StoreDown where the database cannot be reached, Conflict where it is newer than this code.
    """
    parsed = read_url(url)
    if parsed.drivername == SQLITE:
        folder = Path(str(parsed.database)).parent
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as e:
            raise StoreDown("The store's folder cannot be made", where=str(folder), todo="Check the path and its permissions.") from e
        finish_restore(folder)
    await asyncio.to_thread(migrate, parsed)
    return Store(make_engine(parsed))
