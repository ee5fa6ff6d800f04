"""Replies that are kept: asked for once, the same after a crash, no secret in their file, and nothing else asked for offline."""

import asyncio
import json
import stat
from pathlib import Path

import pytest

from agents.ask import KeptReplies
from alignment.errors import BadSettings, Misbehaved, ModelDown
from tests.agents.wire import KEY, Dial, complains, dialling, says, serving

pytestmark = pytest.mark.asyncio(loop_scope="session")
BLUE, RED = '{"colour": "blue"}', '{"colour": "red"}'


@pytest.fixture
def dial(monkeypatch: pytest.MonkeyPatch) -> Dial:
    return dialling(monkeypatch)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "replies.jsonl"


def told(file: Path) -> tuple[str, int]:
    return file.read_text(), stat.S_IMODE(file.stat().st_mode)


def tear(file: Path) -> None:
    """What a crash in the middle of the last line leaves."""
    file.write_bytes(file.read_bytes()[:-30])


async def test_what_was_asked_once_is_not_asked_again_and_costs_nothing(dial: Dial, file: Path) -> None:
    async with serving(says(BLUE, RED)) as wire:
        assert (await dial(wire.url, KeptReplies.open(file)).asks()).reply.colour == "blue"
        again = dial(wire.url, KeptReplies.open(file))
        assert (await again.asks()).reply.colour == "blue"
        assert len(wire.heard) == 1
    (row,) = again.ledger.rows()
    assert (row["asked"], row["from_cache"], row["tokens_in"], row["tokens_out"]) == (0, 1, 0, 0)


async def test_the_file_is_for_its_owner_alone_and_holds_no_key(dial: Dial, file: Path) -> None:
    async with serving(says(BLUE)) as wire:
        await dial(wire.url, KeptReplies.open(file)).asks()
    text, mode = told(file)
    assert KEY not in text
    assert json.loads(text) | {"key": ""} == {
        "key": "",
        "judgement": "weigh",
        "model": "openai:mallory",
        "text": BLUE,
        "tokens_in": 11,
        "tokens_out": 5,
    }
    assert mode == 0o600


async def test_whatever_could_change_a_reply_asks_anew(dial: Dial, file: Path) -> None:
    kept = KeptReplies.open(file)
    async with serving(says(BLUE)) as wire, serving(says(RED)) as other:
        await dial(wire.url, kept).asks("Which?")
        await dial(wire.url, kept).asks("Which one?")
        await dial(wire.url, kept, temperature=0.5).asks("Which?")
        await dial(wire.url, kept, reply_tokens=99).asks("Which?")
        await dial(wire.url, kept, structured=False).asks("Which?")
        await dial(wire.url, kept, seed=8).asks("Which?")
        await dial(wire.url, kept, name="openai:other").asks("Which?")
        assert len(wire.heard) == 7
        assert (await dial(other.url, kept).asks("Which?")).reply.colour == "red"
        assert (await dial(wire.url, kept).asks("Which?")).reply.colour == "blue"
        assert len(wire.heard) == 7


async def test_two_identical_asks_at_once_are_one_request(dial: Dial, file: Path) -> None:
    async with serving(says(BLUE, RED)) as wire:
        dialled = dial(wire.url, KeptReplies.open(file))
        got = await asyncio.gather(*(dialled.asks() for _ in range(4)))
        assert len(wire.heard) == 1
    assert {g.reply.colour for g in got} == {"blue"}


async def test_a_line_that_a_crash_cut_short_is_asked_for_anew_and_hides_no_other(dial: Dial, file: Path) -> None:
    async with serving(says(BLUE, RED, '{"colour": "green"}')) as wire:
        first = dial(wire.url, KeptReplies.open(file))
        await first.asks("1")
        await first.asks("2")
        tear(file)
        second = dial(wire.url, KeptReplies.open(file))
        assert [(await second.asks(n)).reply.colour for n in ("1", "2")] == ["blue", "green"]
        third = dial(wire.url, KeptReplies.open(file))
        assert [(await third.asks(n)).reply.colour for n in ("1", "2")] == ["blue", "green"]
        assert len(wire.heard) == 3


async def test_a_bad_reply_is_kept_too_and_a_failure_is_not(dial: Dial, file: Path) -> None:
    async with serving(says("no", "no", BLUE)) as wire:
        for _ in range(2):
            with pytest.raises(Misbehaved):
                await dial(wire.url, KeptReplies.open(file)).asks()
        assert len(wire.heard) == 2
    async with serving(says(complains(403, "no"), BLUE)) as wire:
        with pytest.raises(ModelDown):
            await dial(wire.url, KeptReplies.open(file)).asks()
        assert (await dial(wire.url, KeptReplies.open(file)).asks()).reply.colour == "blue"


async def test_offline_nothing_is_asked(dial: Dial, file: Path) -> None:
    async with serving(says(BLUE)) as wire:
        await dial(wire.url, KeptReplies.open(file)).asks("1")
        offline = dial(wire.url, KeptReplies.open(file, offline=True))
        assert (await offline.asks("1")).reply.colour == "blue"
        with pytest.raises(ModelDown, match="only kept replies may be used"):
            await offline.asks("2")
        assert len(wire.heard) == 1


async def test_a_file_that_cannot_be_read_or_written_is_a_sentence(dial: Dial, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSettings, match="cannot be read"):
        KeptReplies.open(tmp_path / "binary")
    with pytest.raises(BadSettings, match="cannot be read"):
        KeptReplies.open(tmp_path)
    (tmp_path / "file").write_text("")
    async with serving(says(BLUE)) as wire:
        with pytest.raises(BadSettings, match="cannot be kept"):
            await dial(wire.url, KeptReplies.open(tmp_path / "file" / "replies.jsonl")).asks()
