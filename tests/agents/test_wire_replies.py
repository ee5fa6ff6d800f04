"""What a model says over the wire: read as it stands, repaired once, agreed on; and a whole shaping against a server that fails."""

import json
import time
from dataclasses import replace
from typing import Any

import pytest
import tenacity

from agents.ask import Ledger
from agents.feedback_shaper.model import judgements
from agents.models import open_askers
from agents.turns import answer, shape
from alignment.errors import Misbehaved
from alignment.feedback import Shaping
from alignment.settings import AskSettings, load_settings
from tests.agents.cast import Scene, every
from tests.agents.test_hostile import RAW, assert_verified
from tests.agents.wire import NAME, Colour, Dial, Does, completion, dialling, drips, hangs, says, sent, serving

pytestmark = pytest.mark.asyncio(loop_scope="session")
BLUE, RED = '{"colour": "blue"}', '{"colour": "red"}'


@pytest.fixture
def dial(monkeypatch: pytest.MonkeyPatch) -> Dial:
    monkeypatch.setattr("agents.ask.requests.wait_exponential_jitter", lambda **_: tenacity.wait_none())
    return dialling(monkeypatch)


FAIR = {
    "bare": BLUE,
    "fenced": f"```json\n{BLUE}\n```",
    "among words": f"Sure! Here it is: {BLUE} I hope that this helps.",
    "twice": f"{BLUE}\n{RED}",
}


@pytest.mark.parametrize("text", FAIR.values(), ids=FAIR.keys())
async def test_the_first_object_of_a_text_is_the_reply(dial: Dial, text: str) -> None:
    async with serving(says(text)) as wire:
        assert (await dial(wire.url).asks()).reply == Colour(colour="blue")
        assert len(wire.heard) == 1


async def test_a_reply_as_a_tool_call_is_read(dial: Dial) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "Colour", "arguments": BLUE}}
    async with serving(says(sent(completion(None, tool_calls=[call])))) as wire:
        assert (await dial(wire.url).asks()).reply.colour == "blue"


UNFIT = {
    "empty": ("", "empty"),
    "no content": (None, "empty"),
    "prose": ("I cannot help with that.", "holds no JSON object"),
    "broken": ('{"colour": "bl', "cannot be read"),
    "another shape": ('{"color": "blue"}', "colour: Field required"),
    "one field more": ('{"colour": "blue", "why": "x"}', "why: Extra inputs"),
    "another type": ('{"colour": ["blue"]}', "colour: Input should be a valid string"),
    "too long": (json.dumps({"colour": "x" * 70_000}), "at most 60000"),
    "nested": ('{"colour": ' + "[" * 90_000, ""),
}


@pytest.mark.parametrize(("text", "told"), UNFIT.values(), ids=UNFIT.keys())
async def test_a_reply_that_does_not_fit_is_asked_for_once_more_with_what_is_wrong(dial: Dial, text: Any, told: str) -> None:
    async with serving(says(sent(completion(text)), BLUE)) as wire:
        dialled = dial(wire.url)
        assert (await dialled.asks()).reply.colour == "blue"
        assert len(wire.heard) == 2
    first, second = (h.body["messages"] for h in wire.heard)
    assert second[: len(first)] == first
    assert [m["role"] for m in second[len(first) :]] == ["assistant", "user"]
    assert told in second[-1]["content"]
    assert len(second[-2]["content"]) <= 4000
    assert dialled.ledger.rows()[0]["repaired"] == 1


@pytest.mark.parametrize(("text", "told"), UNFIT.values(), ids=UNFIT.keys())
async def test_a_model_that_does_not_fit_twice_misbehaved(dial: Dial, text: Any, told: str) -> None:
    async with serving(says(sent(completion(text)))) as wire:
        with pytest.raises(Misbehaved, match="gave no usable reply, asked twice") as caught:
            await dial(wire.url).asks()
        assert len(wire.heard) == 2
    assert "xxxx" not in str(caught.value)


async def test_what_a_check_finds_wrong_is_told_too(dial: Dial) -> None:
    async with serving(says(RED, BLUE)) as wire:
        asked = await dial(wire.url).asks(check=lambda c: "" if c.colour == "blue" else "Red is not on the list.")
    assert asked.reply.colour == "blue"
    assert "Red is not on the list." in wire.heard[1].body["messages"][-1]["content"]


async def test_asking_more_than_once_keeps_what_most_agree_on_and_tells_how_many_did_not(dial: Dial) -> None:
    async with serving(says(BLUE, RED, BLUE)) as wire:
        asked = await dial(wire.url, times=3, at_once=1).asks(same=lambda c: c.colour)
        assert sorted(h.body["seed"] for h in wire.heard) == [7, 8, 9]
    assert (asked.reply.colour, asked.flips) == ("blue", 0.3333)


async def test_no_majority_is_no_answer(dial: Dial) -> None:
    async with serving(says(BLUE, RED, '{"colour": "green"}')) as wire:
        with pytest.raises(Misbehaved, match="asked 3 times, gave no answer that most replies agree on"):
            await dial(wire.url, times=3, at_once=1).asks(same=lambda c: c.colour)


async def test_what_fails_once_in_three_counts_as_a_reply_that_did_not_agree(dial: Dial) -> None:
    async with serving(says(BLUE, "no", "no", BLUE)) as wire:
        asked = await dial(wire.url, times=3, at_once=1).asks(same=lambda c: c.colour)
    assert (asked.reply.colour, asked.flips) == ("blue", 0.3333)


async def shaped(scene: Scene, does: Does, patch: pytest.MonkeyPatch, **limits: Any) -> tuple[Shaping, Ledger, int]:
    """A whole shaping whose every judgement is asked of that server, checked against the record; the requests that it heard."""
    async with serving(does) as wire:
        patch.setenv("OPENAI_BASE_URL", wire.url)
        patch.setenv("OPENAI_API_KEY", "none")
        patch.setattr("agents.ask.requests.wait_exponential_jitter", lambda **_: tenacity.wait_none())
        settings = load_settings(home=scene.bench.settings.home, model=NAME)
        asked = AskSettings(**{"timeout_s": 1, "budget_s": 2, **limits})
        ledger = Ledger()
        askers = open_askers(settings.model_copy(update={"ask": asked}), ledger)
        bench = replace(scene.bench, judgements=judgements(askers), ledger=ledger)
        feedback = await scene.wrote(RAW)
        turn = await shape(bench, scene.organisation, feedback.id)
        if turn.waiting:
            turn = await answer(bench, scene.organisation, feedback.id, every(turn, "accept"))
    assert turn.shaping is not None
    await assert_verified(scene, turn.shaping)
    return turn.shaping, ledger, len(wire.heard)


SERVERS: dict[str, Does] = {
    "fails": says(sent("no", 500)),
    "hangs": hangs,
    "drips": drips,
    "streams rubbish": says(sent("data: {{{\n\n", kind="text/event-stream")),
    "is another service": says(sent("<html>It works!</html>", kind="text/html")),
    "writes prose": says("I would rather talk about the weather."),
    "nests": says('{"claims": ' + "[" * 50_000),
    "says everything at once": says(json.dumps({"claims": [], "reads_as": "too_vague", "criterion": "M1", "text": "Hire."})),
}


@pytest.mark.parametrize("does", SERVERS.values(), ids=SERVERS.keys())
async def test_whatever_the_server_does_the_rules_stand_in_in_time_and_the_record_says_so(
    scene: Scene, does: Does, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = time.monotonic()
    shaping, ledger, _ = await shaped(scene, does, monkeypatch, timeout_s=0.2, budget_s=0.4)
    assert time.monotonic() - started < 10
    (statement,) = shaping.statements
    assert "I rolled the release back within four minutes" in statement.text
    assert set(statement.judged.judgements.values()) == {"rules"}
    assert all(any(n.startswith(f"{j}: the rules stood in. ") for n in statement.judged.notes) for j in statement.judged.judgements)
    assert sum(r["failed"] for r in ledger.rows()) >= 5


async def test_a_server_that_is_gone_is_not_asked_for_every_judgement_of_every_claim(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, heard = await shaped(scene, says(sent("no", 500)), monkeypatch, attempts=1)
    assert heard == 3
