"""What holds for every test: nothing reaches beyond this machine."""

import ipaddress
import os
import socket
from typing import Any

import pytest

# A console that finds a width when it is imported keeps it, whatever a test sets later.
os.environ.pop("COLUMNS", None)

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


class ReachedOut(AssertionError):
    """A test tried to connect to something that is not on this machine."""


def _on_this_machine(made: socket.socket, address: Any) -> bool:
    if made.family not in (socket.AF_INET, socket.AF_INET6):
        return True
    host = str(address[0])
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse(made: socket.socket, address: Any) -> None:
    if not _on_this_machine(made, address):
        raise ReachedOut(f"a test may talk to this machine alone, not to {address!r}")


def _guarded_connect(made: socket.socket, address: Any) -> None:
    _refuse(made, address)
    _connect(made, address)


def _guarded_connect_ex(made: socket.socket, address: Any) -> int:
    _refuse(made, address)
    return _connect_ex(made, address)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Any:
    """Refuse every connection but those over loopback and local sockets."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _guarded_connect)
        patch.setattr(socket.socket, "connect_ex", _guarded_connect_ex)
        yield
