"""The index: points of two levels in one organisation, found by meaning, by words, or by both; the only Qdrant code."""

from retrieval.index.cells import CellPoint, Cells, CellScope
from retrieval.index.entries import Entry, Gathered, Hit, Index, Level, Scope, Vector

__all__ = ["CellPoint", "CellScope", "Cells", "Entry", "Gathered", "Hit", "Index", "Level", "Scope", "Vector", "open_index", "wipe_index"]

SERVER = ("http://", "https://", ":memory:")


async def open_index(place: str, *, embedder: str, dimensions: int, api_key: str = "") -> Index:
    """The index at a place: a folder for the embedded engine, a URL for a Qdrant server (":memory:" runs the server's code in tests).

    IndexBusy where another process holds the folder, IndexMismatch where another embedder made it, IndexDown where it cannot be opened.
    """
    # Only the engine that is used is imported: each takes a third of a second.
    if place.startswith(SERVER):
        from retrieval.index.server import open_server

        return await open_server(place, api_key, embedder, dimensions)
    from retrieval.index.edge import open_embedded

    return await open_embedded(place, embedder, dimensions)


async def wipe_index(place: str, *, api_key: str = "") -> None:
    """Remove everything that the index holds, corrupt or not, so that `plumbline reindex` can make it anew; IndexBusy where it is held."""
    if place.startswith(SERVER):
        from retrieval.index.server import wipe_server

        return await wipe_server(place, api_key)
    from retrieval.index.edge import wipe_embedded

    return await wipe_embedded(place)
