"""What is called is what was checked: no redirect, no name that points elsewhere by now, no certificate of somebody else."""

import asyncio
import shutil
import ssl
import subprocess
from pathlib import Path

import httpx
import pytest

from agents.webhooks import deliver_due, make_webhook, open_client
from alignment.errors import Refused
from tests.agents.webhooks.desk import SECOND, Desk, names
from tests.agents.webhooks.receiving import ENDLESS, receiving

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_no_redirect_is_followed_no_cookie_kept_and_no_body_read(desk: Desk) -> None:
    async with receiving() as elsewhere, receiving(last=302) as receiver:
        receiver.extra = f"Location: {elsewhere.url}\r\nSet-Cookie: who=somebody\r\n"
        webhook, _ = await desk.hook(receiver)
        await desk.happens(2)
        async with open_client() as client:
            assert await deliver_due(desk.restarted(), client, desk.now) == 2
            receiver.last = ENDLESS
            assert await asyncio.wait_for(deliver_due(desk.restarted(), client, desk.now + 10 * SECOND), 5) == 2
        assert elsewhere.got == []
        assert not [got for got in receiver.got if "cookie" in got.headers]
        assert [a.error for a in await desk.log(webhook)] == ["status 302, and redirects are not followed"] * 2 + ["", ""]


async def test_a_name_that_points_inside_after_it_was_checked_is_not_called(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving() as receiver:
        names(monkeypatch, hook_example="93.184.215.14")
        url = f"https://hook.example:{receiver.port}/"
        webhook, _ = await make_webhook(desk.restarted(private=False), desk.organisation, url)
        await desk.happens()
        names(monkeypatch, hook_example="127.0.0.1")
        assert await desk.deliver(bench=desk.restarted(private=False)) == 1
        assert receiver.got == []
        assert "may not be reached" in (await desk.log(webhook))[0].error


async def test_the_address_that_was_checked_is_the_one_that_is_called(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving() as receiver:
        names(monkeypatch, hook_example="127.0.0.1")
        await desk.hook(f"http://hook.example:{receiver.port}/a?b=c")
        await desk.happens()
        assert await desk.deliver() == 1
        assert receiver.got[0].headers["host"] == f"hook.example:{receiver.port}"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="certificates are made with openssl")
async def test_the_certificate_is_checked_for_the_name_and_not_for_the_address(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=hook.example"]
    where = ["-addext", "subjectAltName=DNS:hook.example", "-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "cert")]
    await asyncio.to_thread(subprocess.run, ["openssl", *made, *where], check=True, capture_output=True)
    served = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    served.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    trusted = httpx.AsyncHTTPTransport(verify=ssl.create_default_context(cafile=str(tmp_path / "cert")))
    names(monkeypatch, hook_example="127.0.0.1", other_example="127.0.0.1")
    async with receiving(served) as receiver, httpx.AsyncClient(transport=trusted) as client:
        right, _ = await desk.hook(f"https://hook.example:{receiver.port}/")
        wrong, _ = await desk.hook(f"https://other.example:{receiver.port}/")
        await desk.happens()
        assert await deliver_due(desk.restarted(), client, desk.now) == 2
        assert [a.status for a in await desk.log(right)] == [204]
        assert [a.error for a in await desk.log(wrong)] == ["no certificate that holds for this host"]


async def test_without_the_setting_no_webhook_points_at_this_machine(desk: Desk) -> None:
    async with receiving() as receiver:
        with pytest.raises(Refused, match="may not be reached"):
            await make_webhook(desk.restarted(private=False), desk.organisation, receiver.url)
        assert await desk.bench.store.webhooks(desk.organisation) == ()
