"""`plumbline serve`: the chat API, over one home or over a company's servers."""

import asyncio
import fcntl
import gc
import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from alignment.errors import BadSettings, Conflict
from alignment.settings import Settings, load_settings

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes one that is free.")]
Workers = Annotated[int, typer.Option(min=1, max=64, help="How many processes; more than one needs Postgres and a Qdrant server.")]


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("serve")(serve)


def serve(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 1) -> None:
    """Serve the API: REST, chat as OpenAI's clients speak it, AG-UI and MCP.

    It prints its address once it answers. Make a key for it with `plumbline key new`. Ctrl-C or SIGTERM ends it once the turns under way
    are finished.
    """
    gc.disable()  # until all is loaded
    settings = load_settings()
    if workers > 1:
        must_be_shared(settings, workers)
    listening = _listen(host, port)
    if workers > 1:
        _serve_many(settings, listening, workers)
        return
    with alone(settings):
        asyncio.run(_serve_one(settings, listening))


def must_be_shared(settings: Settings, workers: int) -> None:
    """Pass where several processes can share everything that is set; BadSettings names what they cannot."""
    alone = [
        name
        for name, place in (
            ("PLUMBLINE_STORE_URL (an SQLite file)", settings.store),
            ("PLUMBLINE_CHECKPOINTS_URL (an SQLite file)", settings.checkpoints),
        )
        if not place.startswith("postgresql")
    ]
    if not settings.index_place.startswith(("http://", "https://")):
        alone.append("PLUMBLINE_INDEX (the embedded index)")
    if alone:
        raise BadSettings(
            f"{workers} workers cannot share {', '.join(alone)}, each of which is for one process",
            where="--workers",
            todo="Set them to a PostgreSQL database and a Qdrant server, or serve with one worker.",
        )


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Be the one server of a home whose files are for one process; Conflict where another is. A hold ends with its process."""
    if settings.store.startswith("postgresql") and settings.checkpoints.startswith("postgresql"):
        yield
        return
    from agents.workbench import make_home

    make_home(settings)
    with (settings.home / "serving.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as e:
            told = "Another server serves this home, whose SQLite files are for one process"
            raise Conflict(told, where=str(settings.home), todo="End it, or serve both from PostgreSQL and a Qdrant server.") from e
        yield


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        # Named as TCP, without which asyncio leaves small packets waiting for one another.
        made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
    except OSError as e:
        told = e.strerror or str(e)
        raise Conflict(
            f"The address cannot be listened on: {told}", where=f"{host}:{port}", todo="Choose another with --host or --port."
        ) from e
    return made


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _say(listening: socket.socket) -> None:
    typer.echo(f"Plumbline listens on {_url(listening)}")


async def _serve_one(settings: Settings, listening: socket.socket) -> None:
    import uvicorn

    from agents.workbench import open_workbench
    from api import logs
    from api.app import make_app

    # Opened before the server is, so that a home that cannot be opened is told as any command tells it.
    async with open_workbench(settings) as bench:
        gc.enable()
        logs.set_up()

        class Server(uvicorn.Server):
            async def startup(self, sockets: Sequence[socket.socket] | None = None) -> None:
                await super().startup(list(sockets or ()))
                if self.started:
                    _say(listening)

        # The server raises the signal that ended it once more: without this the process would be gone before the workbench is closed.
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, lambda *_: None)
        app = make_app(settings, bench=bench)
        config = uvicorn.Config(app, **_options(settings))
        await Server(config).serve(sockets=[listening])


def _serve_many(settings: Settings, listening: socket.socket, workers: int) -> None:
    gc.enable()
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    from api import logs
    from corpus.store import open_store

    async def migrated() -> None:
        await (await open_store(settings.store)).close()

    asyncio.run(migrated())
    logs.set_up()
    config = uvicorn.Config("api.app:from_environment", factory=True, workers=workers, **_options(settings))
    _say(listening)
    Multiprocess(config, sockets=[listening]).run()


def _options(settings: Settings) -> dict[str, Any]:
    # Long enough for turns to finish, and then for streams to be told how they ended.
    grace_s = int(settings.serve.grace_s) + 5
    return {"log_config": None, "access_log": False, "server_header": False, "timeout_graceful_shutdown": grace_s, "ws": "none"}
