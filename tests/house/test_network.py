"""Tests talk to this machine alone."""

import socket

import pytest

from tests.conftest import ReachedOut


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.invalid", 443)])
def test_a_connection_to_another_machine_is_refused(address: tuple[str, int]) -> None:
    with socket.socket() as made, pytest.raises(ReachedOut):
        made.connect(address)


def test_a_connection_over_loopback_is_made() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=5) as made:
        assert made.getpeername() == server.getsockname()
