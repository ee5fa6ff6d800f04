"""What a kill leaves lying that no record knows of is cleared by whoever opens the home next, and nothing else is."""

import os
import time
from pathlib import Path

import pytest

from agents.workbench import open_workbench
from alignment.settings import load_settings
from tests.agents.capturing import captured, interview, opened
from tests.corpus.recordings import TWO_CHANNELS

DAYS = 86_400


def planted(folder: Path, home: Path, age_s: float) -> list[Path]:
    """A recording that never arrived whole, a content that nothing on record names, and a copy that nobody fetched whole."""
    made = [folder / f".part-{age_s}", folder / f"{int(age_s):064x}", home / f".copy-{age_s}" / "copy.zip"]
    for place in made:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"words of somebody")
        for touched in (place, place.parent) if place.name == "copy.zip" else (place,):
            os.utime(touched, (time.time() - age_s,) * 2)
    return made


@pytest.mark.parametrize("shared", [False, True])
async def test_leftovers_go_at_once_from_a_home_of_ones_own_and_by_age_from_what_others_write_to(tmp_path: Path, *, shared: bool) -> None:
    media = {"media": tmp_path / "shared"} if shared else {}
    settings = load_settings(home=tmp_path / "home", jobs={"poll_s": 0.1}, **media)
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        done = await captured(bench, jobs, held, TWO_CHANNELS)
    folder = settings.media_folder / held.organisation
    fresh, old = planted(folder, settings.home, 60), planted(folder, settings.home, 2 * DAYS)
    async with open_workbench(settings):
        pass
    assert [p.exists() for p in old] == [False] * 3
    assert [p.exists() for p in fresh] == [shared] * 3
    assert (folder / done.capture.digest).is_file()
