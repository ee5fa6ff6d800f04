"""A part of a recording alone, over HTTP and by the command line, which both cut the same."""

import asyncio
import wave
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import httpx
import pytest

from tests.api.cast import Ran, run_in
from tests.api.recorded import put_recording
from tests.api.served import BAKER, WORK, Served, put_baker, serving
from tests.corpus.recordings import tone, wav

CLIP = f"/v1/searches/{BAKER}/interviews/{WORK}/media/clip"


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that hears nothing, over the night baker's search with a recording of half a minute."""
    folder = tmp_path_factory.mktemp("heard")
    with serving(folder / "home", PLUMBLINE_JOBS__AT_ONCE="0") as served:
        with served.client(served.key()) as client:
            put_baker(client)
        put_recording(served, wav(folder / "work.wav", tone(30, channels=2)))
        yield served


@pytest.fixture(scope="module")
def acme(heard: Served) -> Iterator[httpx.Client]:
    with heard.client(heard.key(scopes="read")) as client:
        yield client


def _length_s(data: bytes) -> tuple[float, int]:
    with wave.open(BytesIO(data)) as file:
        return file.getnframes() / file.getframerate(), file.getnchannels()


def test_a_clip_is_that_part_with_its_channels_and_nothing_keeps_it(acme: httpx.Client, heard: Served) -> None:
    response = acme.get(CLIP, params={"start": 12.5, "end": 20})
    assert response.status_code == 200
    assert _length_s(response.content) == (7.5, 2)
    assert response.headers["content-type"] == "audio/wav"
    assert response.headers["cache-control"] == "private, no-store"
    assert response.headers["content-length"] == str(len(response.content))
    assert acme.head(CLIP, params={"start": 12.5, "end": 20}).headers["content-length"] == str(len(response.content))
    ogg = acme.get(CLIP, params={"start": 12.5, "end": 20, "format": "ogg"})
    assert (ogg.headers["content-type"], ogg.content[:4]) == ("audio/ogg", b"OggS")


@pytest.mark.parametrize(
    "asked",
    [
        {"start": 20, "end": 12},
        {"start": -1, "end": 5},
        {"start": 0, "end": 301},
        {"start": "nan", "end": 5},
        {"start": 0, "end": "inf"},
        {"start": 1},
        {"start": 31, "end": 32},
        {"start": 0, "end": 1, "format": "exe"},
    ],
)
def test_a_bad_span_is_a_problem_and_no_failure(acme: httpx.Client, asked: dict[str, object]) -> None:
    response = acme.get(CLIP, params={k: str(v) for k, v in asked.items()})
    assert (response.status_code, response.json()["code"]) == (422, "bad_request")


async def test_many_clips_at_once_hold_nobody_up(heard: Served) -> None:
    headers = {"Authorization": f"Bearer {heard.key(scopes='read')}"}
    async with httpx.AsyncClient(base_url=heard.url, headers=headers, timeout=60) as client:
        clips = [asyncio.create_task(client.get(CLIP, params={"start": 0, "end": 29, "format": "ogg"})) for _ in range(8)]
        while not all(c.done() for c in clips):
            assert (await asyncio.wait_for(client.get("/healthz"), 2)).status_code == 200
        assert {(c.result().status_code, len(c.result().content) > 10_000) for c in clips} == {(200, True)}


def test_the_command_line_writes_what_the_api_gives_with_and_without_a_server(heard: Served, acme: httpx.Client, tmp_path: Path) -> None:
    said = acme.get(CLIP, params={"start": 2, "end": 20}).content
    asked = ("clip", WORK, "--search", BAKER, "--from", "0:02", "--to", "20", "--out")
    here = run_in((*asked, str(tmp_path / "here.wav")), heard.home, PLUMBLINE_ORGANISATION="Acme")
    there = run_in((*asked, str(tmp_path / "there.wav")), tmp_path / "none", PLUMBLINE_SERVER=heard.url, PLUMBLINE_KEY=heard.key())
    assert (here.code, there.code) == (0, 0), (here.err, there.err)
    assert (tmp_path / "here.wav").read_bytes() == (tmp_path / "there.wav").read_bytes() == said
    assert "from 0:02 to 0:20" in here.out


def test_a_clip_that_cannot_be_leaves_no_file_behind(heard: Served, tmp_path: Path) -> None:
    def asked(start: str, end: str, out: str, name: str = WORK) -> Ran:
        args = ("clip", name, "--search", BAKER, "--from", start, "--to", end, "--out", str(tmp_path / out))
        return run_in(args, heard.home, PLUMBLINE_ORGANISATION="Acme")

    assert [asked("0:05", "0:02", "a.wav").code, asked("1:00", "1:10", "a.wav").code, asked("soon", "1:10", "a.wav").code] == [6, 6, 6]
    assert (asked("0", "1", "a.exe").code, asked("0", "1", "a.wav", "2-none").code) == (6, 3)
    assert asked("0", "1", "nowhere/a.wav").code == 6
    assert list(tmp_path.iterdir()) == []
