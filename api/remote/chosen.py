"""Which server the command at hand speaks to, if any; it loads no client where none was chosen."""

from contextvars import ContextVar
from typing import TYPE_CHECKING

from alignment.errors import BadSettings, Refused
from alignment.settings import load_remote_settings

if TYPE_CHECKING:
    from api.remote.client import Server

# What runs where the record is, by the first word of its command.
LOCAL = frozenset({"backup", "demo", "models", "reindex", "replay", "restore", "serve", "watch"})
_chosen: ContextVar["Server | None"] = ContextVar("server", default=None)


def choose(url: str, command: str) -> "Server | None":
    """The server that `--server` or PLUMBLINE_SERVER names, for this command; None where neither does.

    Errors: Refused for a command that runs only where the record is, BadSettings for what is no address, Unauthenticated without a key.
    """
    _chosen.set(None)
    given = load_remote_settings()
    place = url.strip() or given.server.strip()
    if not place:
        return None
    if command in LOCAL:
        raise Refused(
            f"plumbline {command} runs on the machine that holds the record",
            where="--server" if url else "PLUMBLINE_SERVER",
            todo="Run it there, without --server and PLUMBLINE_SERVER.",
        )
    from api.remote.client import connect

    made = connect(place, given.key)
    _chosen.set(made)
    return made


def server() -> "Server | None":
    """The server that this command speaks to; None where it opens the record itself."""
    return _chosen.get()


def refuse(**given: object) -> None:
    """BadSettings for options that say what only a server's own settings say."""
    if name := next((name for name, value in given.items() if value), ""):
        option = f"--{name.replace('_', '-')}"
        raise BadSettings(f"{option} is not for a server to be told", where=option, todo="What it sets, the server's settings say.")
