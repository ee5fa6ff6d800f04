"""Where a webhook may point: nobody who may make one makes our server call what only our server can reach."""

import socket
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.webhooks import must_be_reachable
from alignment.errors import BadRequest, Refused

INSIDE = (
    "https://127.0.0.1/",
    "https://localhost/",
    "https://[::1]/",
    "https://0.0.0.0/",
    "https://[::]/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://017700000001/",
    "https://10.1.2.3/",
    "https://172.16.0.1:8443/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[fd00:ec2::254]/",
    "https://[fe80::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:a9fe:a9fe]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://[2002:7f00:1::1]/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://240.0.0.1/",
)
NEVER = ("https://169.254.169.254/", "https://[fe80::1]/", "https://0.0.0.0/", "https://224.0.0.1/", "https://[64:ff9b::a9fe:a9fe]/")
NO_URL = ("", "example", "ftp://93.184.215.14/", "file:///etc/passwd", "https://", "https:///x", "https://[::1", "javascript:alert(1)")


@pytest.mark.parametrize("url", INSIDE)
async def test_no_webhook_points_inside(url: str) -> None:
    with pytest.raises(Refused):
        await must_be_reachable(url, private=False)


@pytest.mark.parametrize("url", NEVER)
async def test_where_clouds_keep_their_secrets_is_never_called(url: str) -> None:
    with pytest.raises(Refused):
        await must_be_reachable(url, private=True)


@pytest.mark.parametrize("url", [*NO_URL, "https://dana:secret@93.184.215.14/", "https://93.184.215.14/#part", "https://x/" + "y" * 3000])
async def test_what_is_no_such_url_is_a_bad_request(url: str) -> None:
    with pytest.raises(BadRequest):
        await must_be_reachable(url, private=True)


async def test_without_tls_a_webhook_points_at_this_machine_alone_and_only_where_that_is_set() -> None:
    assert await must_be_reachable("http://127.0.0.1:8000/hooks", private=True) == ("127.0.0.1",)
    for url, private in (("http://93.184.215.14/", True), ("http://10.1.2.3/", True), ("http://127.0.0.1/", False)):
        with pytest.raises(Refused):
            await must_be_reachable(url, private=private)


async def test_the_open_internet_is_reached_and_ones_own_network_where_that_is_set() -> None:
    assert await must_be_reachable("https://93.184.215.14/hooks?a=b", private=False) == ("93.184.215.14",)
    assert await must_be_reachable("https://10.1.2.3/", private=True) == ("10.1.2.3",)


@pytest.fixture
def _no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name is known; addresses are what they are."""
    asked = socket.getaddrinfo

    def look_up(host: Any, port: Any, **more: Any) -> Any:
        return asked(host, port, flags=socket.AI_NUMERICHOST, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.usefixtures("_no_names")
async def test_a_host_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Refused, match="cannot be found"):
        await must_be_reachable("https://no-such-host.invalid/", private=False)


@pytest.mark.usefixtures("_no_names")
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    url=st.text(max_size=80)
    | st.text(max_size=40).map(lambda t: f"https://{t}")
    | st.text(max_size=30).map(lambda t: f"https://127.0.0.1{t}")
)
async def test_whatever_is_written_is_reached_or_refused(url: str) -> None:
    with suppress(Refused, BadRequest):
        assert await must_be_reachable(url, private=False) not in ((), ("127.0.0.1",))
