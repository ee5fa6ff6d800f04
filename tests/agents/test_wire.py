"""The real provider package over a real socket to a server that fails in every way: a typed error in time, and no key told."""

import asyncio
import socket
import time

import pytest
import tenacity

from alignment.errors import Misbehaved, ModelDown
from tests.agents.wire import KEY, NAME, Dial, Heard, Wire, complains, completion, dialling, drips, hangs, says, sent, serving

pytestmark = pytest.mark.asyncio(loop_scope="session")
BLUE = '{"colour": "blue"}'


@pytest.fixture
def dial(monkeypatch: pytest.MonkeyPatch) -> Dial:
    """Askers that wait for nothing between two attempts; one test below waits as the product does."""
    monkeypatch.setattr("agents.ask.requests.wait_exponential_jitter", lambda **_: tenacity.wait_none())
    return dialling(monkeypatch)


async def test_a_request_carries_the_schema_the_limits_and_the_key_and_the_reply_is_counted(dial: Dial) -> None:
    async with serving(says(BLUE)) as wire:
        dialled = dial(wire.url, reply_tokens=77)
        asked = await dialled.asks("Which colour?")
    (heard,) = wire.heard
    assert asked.reply.colour == "blue"
    assert heard.headers["authorization"] == f"Bearer {KEY}"
    assert heard.body["temperature"] == 0
    assert heard.body["seed"] == 7
    assert 77 in (heard.body.get("max_tokens"), heard.body.get("max_completion_tokens"))
    assert heard.body["response_format"]["json_schema"]["name"] == "Colour"
    assert [m["content"] for m in heard.body["messages"]] == ["Name a colour as JSON.", "Which colour?"]
    (row,) = dialled.ledger.rows()
    assert (row["asked"], row["tokens_in"], row["tokens_out"], row["failed"], row["repaired"]) == (1, 11, 5, 0, 0)


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 529])
async def test_what_may_pass_is_tried_again_as_often_as_allowed(dial: Dial, status: int) -> None:
    busy = complains(status, f"busy, {KEY}", "rate_limit_exceeded")
    async with serving(says(busy, busy, BLUE)) as wire:
        assert (await dial(wire.url).asks()).reply.colour == "blue"
        assert len(wire.heard) == 3
    async with serving(says(busy)) as wire:
        with pytest.raises(ModelDown, match=f"asked 3 times: .*{status}") as caught:
            await dial(wire.url).asks()
        assert len(wire.heard) == 3
    assert KEY not in str(caught.value)


async def test_between_two_attempts_there_is_a_pause_that_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[float] = []

    async def busy(wire: Wire, _: Heard, out: asyncio.StreamWriter) -> None:
        times.append(time.monotonic())
        out.write(complains(503, "busy") if len(times) < 3 else sent(completion(BLUE)))

    async with serving(busy) as wire:
        await dialling(monkeypatch)(wire.url).asks()
    assert times[1] - times[0] >= 0.5
    assert times[2] - times[1] >= 1.0


@pytest.mark.parametrize("status", [401, 403, 404, 413, 418, 422])
async def test_what_will_not_pass_is_asked_once_and_no_key_is_told(dial: Dial, status: int) -> None:
    async with serving(says(complains(status, f"Incorrect API key provided: {KEY}", "invalid_api_key"))) as wire:
        with pytest.raises(ModelDown, match=f"refused the request: .*{status} invalid_api_key") as caught:
            await dial(wire.url).asks()
        assert len(wire.heard) == 1
    told = f"{caught.value!s} {caught.value!r}"
    assert KEY not in told
    assert "Incorrect" not in told


@pytest.mark.parametrize("does", [hangs, drips], ids=["hangs", "drips"])
async def test_a_request_ends_with_its_time_and_its_line_is_closed(dial: Dial, does: object) -> None:
    started = time.monotonic()
    async with serving(does) as wire:  # type: ignore[arg-type]
        with pytest.raises(ModelDown, match="asked 2 times"):
            await dial(wire.url, timeout_s=0.3, attempts=2).asks()
        assert time.monotonic() - started < 3
        assert len(wire.heard) == 2
        async with asyncio.timeout(3):
            await asyncio.gather(*(h.hung_up.wait() for h in wire.heard))


@pytest.mark.parametrize("does", [hangs, drips], ids=["hangs", "drips"])
async def test_a_judgement_ends_with_its_budget_however_many_attempts_are_left(dial: Dial, does: object) -> None:
    started = time.monotonic()
    async with serving(does) as wire:  # type: ignore[arg-type]
        dialled = dial(wire.url, timeout_s=0.3, budget_s=0.8, attempts=10)
        with pytest.raises(ModelDown, match=r"slow past its budget of 0\.8 seconds"):
            await dialled.asks()
    assert time.monotonic() - started < 3
    assert dialled.ledger.rows()[0]["failed"] == 1


async def endless(wire: Wire, heard: Heard, out: asyncio.StreamWriter) -> None:
    out.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not heard.hung_up.is_set():
        out.write(b"1000\r\n" + b" " * 0x1000 + b"\r\n")
        await out.drain()
        await asyncio.sleep(0.005)


async def reset(wire: Wire, heard: Heard, out: asyncio.StreamWriter) -> None:
    out.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
    await out.drain()
    out.transport.abort()


STREAM = 'data: {"choices": [{"delta": {"content": "{\\"colour\\": \\"blue\\"}"}}]}\n\ndata: [DONE]\n\n'
REDIRECT = sent("", 307, more="Location: /v1/chat/completions\r\n")
BODIES = {
    "html": sent("<html>It works!</html>", kind="text/html"),
    "html said to be json": sent("<html>It works!</html>"),
    "nothing": sent(""),
    "a list": sent("[]"),
    "null": sent("null"),
    "a number": sent("7"),
    "no choices": sent('{"choices": []}'),
    "choices are null": sent('{"choices": null}'),
    "a choice without a message": sent('{"choices": [{}]}'),
    "a message that is a text": sent('{"choices": [{"message": "blue"}]}'),
    "another object": sent('{"ok": true}'),
    "an error with status 200": sent('{"error": {"message": "overloaded"}}'),
    "cut short": sent(completion(BLUE)[:60]),
    "shorter than it says": sent(completion(BLUE)[:60], length=5000),
    "longer than it says": sent(completion(BLUE), length=20),
    "no http": b"\x00\x01\x02 SSH-2.0-OpenSSH\r\n\r\n",
    "no such charset": sent("\udcff".encode("utf-8", "surrogatepass").decode("latin-1"), kind="application/json; charset=none"),
    "gzip that is none": sent("blue", more="Content-Encoding: gzip\r\n"),
    "a stream that nobody asked for": sent(STREAM, kind="text/event-stream"),
    "a stream of rubbish": sent("data: {{{\n\nevent: x\n\n: :\n\n\x00", kind="text/event-stream"),
    "a redirect to itself": REDIRECT,
    "nested": sent('{"choices": ' + "[" * 50_000),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
async def test_an_answer_that_is_no_completion_is_a_typed_error(dial: Dial, body: bytes) -> None:
    async with serving(says(body)) as wire:
        with pytest.raises((ModelDown, Misbehaved)) as caught:
            await dial(wire.url, attempts=2, timeout_s=2).asks()
        assert 1 <= len(wire.heard) <= 60
    assert NAME in str(caught.value)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("does", [endless, reset], ids=["endless", "reset"])
async def test_an_answer_that_does_not_end_or_breaks_off_is_a_typed_error(dial: Dial, does: object) -> None:
    async with serving(does) as wire:  # type: ignore[arg-type]
        with pytest.raises(ModelDown):
            await dial(wire.url, attempts=1, timeout_s=0.5).asks()


async def test_a_server_that_is_not_there_is_down(dial: Dial) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(ModelDown, match=r"asked 2 times: .*ConnectionError"):
            await dial(f"http://127.0.0.1:{port}/v1", attempts=2).asks()


async def test_after_three_failures_in_a_row_it_is_left_alone_for_a_while_and_then_asked_again(
    dial: Dial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents.ask.requests.PAUSE_S", 0.5)
    async with serving(says(*[complains(503, "busy")] * 3, BLUE)) as wire:
        dialled = dial(wire.url, attempts=1)
        for _ in range(3):
            with pytest.raises(ModelDown, match="asked once"):
                await dialled.asks()
        with pytest.raises(ModelDown, match="was not asked, since it failed 3 times"):
            await dialled.asks()
        assert len(wire.heard) == 3
        await asyncio.sleep(0.6)
        assert (await dialled.asks()).reply.colour == "blue"


async def test_no_more_requests_run_side_by_side_than_are_allowed(dial: Dial) -> None:
    async def slow(wire: Wire, _: Heard, out: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        out.write(sent(completion(BLUE)))

    async with serving(slow) as wire:
        dialled = dial(wire.url, at_once=2)
        await asyncio.gather(*(dialled.asks(str(n)) for n in range(6)))
    assert (len(wire.heard), wire.most) == (6, 2)


async def test_an_ask_that_is_given_up_closes_its_line_and_frees_its_place(dial: Dial) -> None:
    async def first_hangs(wire: Wire, heard: Heard, out: asyncio.StreamWriter) -> None:
        await (hangs if len(wire.heard) == 1 else says(BLUE))(wire, heard, out)

    async with serving(first_hangs) as wire:
        dialled = dial(wire.url, at_once=1)
        asking = asyncio.create_task(dialled.asks())
        await wire.rang.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        async with asyncio.timeout(3):
            await wire.heard[0].hung_up.wait()
        assert (await dialled.asks()).reply.colour == "blue"


COMPLAINTS = {
    "response_format": "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
    "temperature": "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
    "seed": "Unknown parameter: 'seed'.",
}


@pytest.mark.parametrize("what", COMPLAINTS)
async def test_what_a_model_does_not_know_is_left_out_from_then_on(dial: Dial, what: str) -> None:
    async def picky(wire: Wire, heard: Heard, out: asyncio.StreamWriter) -> None:
        out.write(complains(400, COMPLAINTS[what]) if what in heard.body else sent(completion(f"Here it is:\n```json\n{BLUE}\n```")))

    async with serving(picky) as wire:
        dialled = dial(wire.url)
        assert [(await dialled.asks(str(n))).reply.colour for n in range(2)] == ["blue", "blue"]
    others = {w for w in COMPLAINTS if w != what}
    assert [what in h.body for h in wire.heard] == [True, False, False]
    assert all(others <= set(h.body) for h in wire.heard)


async def test_a_model_that_complains_with_and_without_is_down(dial: Dial) -> None:
    async with serving(says(complains(400, "The temperature is not supported."))) as wire:
        with pytest.raises(ModelDown, match="with and without its temperature"):
            await dial(wire.url).asks()
        assert len(wire.heard) == 2
