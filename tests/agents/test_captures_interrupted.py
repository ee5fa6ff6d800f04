"""Captures that are interrupted: crashes are counted as such and nothing else is, and one thing is never done twice at once."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from agents.captures import hearing, order_capture, pieces_of, running
from agents.captures.hearing import happened
from alignment.capture import CaptureState, Step
from alignment.errors import NotFound
from alignment.settings import Settings, load_settings
from tests.agents.capturing import ORDER, interview, opened, over, taken_in
from tests.corpus.recordings import PHONE, TWO_CHANNELS


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path / "home", jobs={"poll_s": 0.1})


async def test_what_ends_its_process_again_and_again_is_given_up(settings: Settings) -> None:
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        made = await order_capture(bench, held, pieces_of(PHONE), PHONE.name, ORDER)
        for _ in range(settings.jobs.crashes):
            await bench.store.add_step(held.organisation, made.capture.id, happened(Step.BEGUN))
        await jobs.put(held.organisation, made.capture.id)
        failed = await over(jobs, made)
        assert (failed.state, failed.steps[-1].code) == (CaptureState.FAILED, "crashed")


async def test_who_lays_it_down_again_and_again_is_no_crash(settings: Settings) -> None:
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        made = await order_capture(bench, held, pieces_of(TWO_CHANNELS), TWO_CHANNELS.name, ORDER)
        for _ in range(2 * settings.jobs.crashes):
            await bench.store.add_step(held.organisation, made.capture.id, happened(Step.BEGUN))
            await bench.store.add_step(held.organisation, made.capture.id, happened(Step.LAID_DOWN))
        assert (await bench.store.capture(held.organisation, made.capture.id)).state is CaptureState.WAITING
        await jobs.put(held.organisation, made.capture.id)
        assert (await over(jobs, made)).state is CaptureState.DONE


async def test_what_ends_its_process_while_it_is_kept_is_given_up_too(settings: Settings) -> None:
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        made = await order_capture(bench, held, pieces_of(TWO_CHANNELS), TWO_CHANNELS.name, ORDER)
        assert await jobs.runner.hear(held.organisation, made.capture.id)
        for _ in range(settings.jobs.crashes):
            await bench.store.add_step(held.organisation, made.capture.id, happened(Step.BEGUN))
        assert not await jobs.runner.keep(held.organisation, made.capture.id)
        assert (await bench.store.capture(held.organisation, made.capture.id)).steps[-1].code == "crashed"


async def test_what_is_cancelled_while_voices_are_told_apart_comes_on_no_record(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        made = await taken_in(bench, jobs, held, TWO_CHANNELS)
        whole = hearing.transcript_of

        async def cancelled_meanwhile(*given: Any) -> Any:
            await jobs.cancel(held.organisation, made.capture.id)
            return await whole(*given)

        monkeypatch.setattr(running, "transcript_of", cancelled_meanwhile)
        assert (await over(jobs, made)).state is CaptureState.CANCELLED
        await asyncio.wait_for(jobs.runner.idle.wait(), 10)
        with pytest.raises(NotFound):
            await bench.store.newest_transcript(held.organisation, held.id)


async def test_two_workers_of_a_process_do_not_hear_the_same_at_once(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home", jobs={"poll_s": 0.1, "at_once": 2})
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        made = await order_capture(bench, held, pieces_of(TWO_CHANNELS), TWO_CHANNELS.name, ORDER)
        heard = await asyncio.gather(*(jobs.runner.hear(held.organisation, made.capture.id) for _ in range(2)))
        steps = [s.step for s in (await bench.store.capture(held.organisation, made.capture.id)).steps]
        assert (heard, steps.count(Step.HEARD)) == ([True, True], 1)


async def test_many_that_put_the_same_put_it_once(settings: Settings) -> None:
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        made = await order_capture(bench, held, pieces_of(TWO_CHANNELS), TWO_CHANNELS.name, ORDER)
        await asyncio.gather(*(jobs.put(held.organisation, made.capture.id) for _ in range(5)))
        done = await over(jobs, made)
        assert [s.step for s in done.steps].count(Step.BEGUN) == 2, "once to hear it and once to keep it"
