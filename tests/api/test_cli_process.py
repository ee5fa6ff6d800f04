"""The command line as a process: exit codes and streams, who holds the index, Ctrl-C, and a reader that goes away."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.api.cast import SCREEN, SLUG, TOMAS, vtt, write_folder
from tests.api.conftest import Run

COMMAND = (sys.executable, "-c", "from api.cli import main; main()")
ROOT = Path(__file__).parents[2]
HOLDER = """
import asyncio, sys
from agents.workbench import open_workbench
from alignment.settings import load_settings
async def hold():
    async with open_workbench(load_settings()):
        print("open", flush=True)
        sys.stdin.read()
asyncio.run(hold())
"""


def _started(home: Path, *args: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PLUMBLINE_HOME": str(home)}
    pipe = subprocess.PIPE
    # A shell that runs the tests in the background has Ctrl-C ignored, and whatever is started inherits that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen([*COMMAND, *args], cwd=ROOT, env=environment, text=True, stdin=pipe, stdout=pipe, stderr=pipe)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _held(home: Path) -> Iterator[None]:
    environment = {**os.environ, "PLUMBLINE_HOME": str(home)}
    command = [sys.executable, "-c", HOLDER]
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        yield
        holder.communicate("", timeout=60)


def test_the_installed_command_tells_its_version() -> None:
    installed = Path(sys.executable).with_name("plumbline")
    if not installed.exists():
        pytest.skip("the console script is not installed beside this Python")
    done = subprocess.run([installed, "--version"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    name, number = done.stdout.split()
    assert name == "plumbline"
    assert number[0].isdigit()


def test_json_goes_to_standard_output_and_a_failure_to_standard_error_with_its_code(told_home: Path) -> None:
    good = _started(told_home, "search", "show", SLUG, "--json")
    out, err = good.communicate(timeout=60)
    assert (good.returncode, err) == (0, "")
    assert json.loads(out)["search"]["slug"] == SLUG
    bad = _started(told_home, "search", "show", "nope")
    out, err = bad.communicate(timeout=60)
    assert (bad.returncode, out) == (3, "")
    assert err == f"Error [not_found] There is no search nope. There are: {SLUG}.\n"


def test_no_arguments_and_a_wrong_option_are_usage_errors(standing: Run) -> None:
    bare = standing()
    assert bare.code == 2
    for command in ("search", "ingest", "find", "feedback", "shape", "scorecard", "replay", "reindex", "demo"):
        assert f" {command} " in bare.out
    wrong = standing("find", "x", "--nope")
    assert (wrong.code, wrong.out) == (2, "")
    assert "--nope" in wrong.err
    assert standing("--version").out.startswith("plumbline ")


def test_a_setting_that_is_unknown_or_impossible_is_refused_by_name(standing: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HOEM", "x")
    ran = standing("search", "list")
    assert (ran.code, ran.out) == (6, "")
    assert "There is no setting PLUMBLINE_HOEM" in ran.err
    assert "PLUMBLINE_HOME" in ran.err
    monkeypatch.delenv("PLUMBLINE_HOEM")
    monkeypatch.setenv("PLUMBLINE_PASSAGES__TOKENS", "many")
    ran = standing("search", "list")
    assert ran.code == 6
    assert "PLUMBLINE_PASSAGES__TOKENS" in ran.err


@pytest.mark.parametrize(("file", "code"), [("plumbline.db", "store_down"), ("conversations.db", "store_down")])
def test_a_file_of_the_home_that_is_rubbish_is_told_in_a_sentence(plumbline: Run, bare_home: Path, file: str, code: str) -> None:
    (bare_home / file).write_text("this is no database, and it is long enough to be read as one " * 20)
    ran = plumbline("search", "list")
    assert (ran.code, ran.out) == (7, "")
    assert f"Error [{code}]" in ran.err
    assert file in ran.err


def test_a_home_that_cannot_be_made_is_told_with_the_setting(standing: Run, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    process = _started(file, "search", "list")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (6, "")
    assert "PLUMBLINE_HOME" in err


def test_a_second_process_on_one_home_is_told_who_holds_the_index(story: Run, told_home: Path) -> None:
    with _held(told_home):
        for command in (("find", "x"), ("search", "list"), ("reindex",)):
            ran = story(*command)
            assert (ran.code, ran.out) == (7, "")
            assert ran.err.startswith("Error [index_busy] Another process (number ")
            assert "PLUMBLINE_INDEX" in ran.err
            assert len(ran.err.splitlines()) == 1
    assert story("find", "the cache filled up", "--json").code == 0


def test_two_first_commands_at_once_end_well_or_in_a_sentence(bare_home: Path, tmp_path: Path) -> None:
    folders = [write_folder(tmp_path / name) for name in ("one", "two")]
    both = [_started(bare_home, "ingest", str(f), "--consent", "recorded-elsewhere") for f in folders]
    ends = [(p.communicate(timeout=120)[1], p.returncode) for p in both]
    assert {code for _, code in ends} <= {0, 7}
    assert 0 in {code for _, code in ends}
    for err, code in ends:
        assert "Traceback" not in err
        assert code == 0 or "[index_busy]" in err or "[store_down]" in err


def test_ctrl_c_ends_an_import_in_one_sentence_and_leaves_a_healthy_home(story: Run, told_home: Path, tmp_path: Path) -> None:
    long = tmp_path / "long.vtt"
    long.write_text(vtt([(who, f"{text} That was number {n}.") for n in range(50) for who, text in SCREEN]))
    process = _started(told_home, "ingest", str(long), "--search", SLUG, "--candidate", TOMAS, "--consent", "recorded-elsewhere")
    deadline = time.monotonic() + 60
    # The store first, the index second: once the interview is on record, the embedding has begun.
    while not _on_record(told_home, "long") and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err == "Stopped. What was finished is on record; the same command goes on from there.\n"
    found = story("find", "the cache filled up", "--search", SLUG, "--json")
    assert found.code == 0, found.err
    assert found.json[0]["interview"] in ("1-screen", "long")


def _on_record(home: Path, interview: str) -> bool:
    with sqlite3.connect(f"file:{home / 'plumbline.db'}?mode=ro", uri=True) as store:
        rows = store.execute("SELECT 1 FROM transcripts t JOIN interviews i ON i.id = t.interview WHERE i.name = ?", (interview,))
        found = rows.fetchone() is not None
    store.close()
    return found


@pytest.mark.parametrize("option", [(), ("--json",)])
def test_a_reader_that_goes_away_is_no_traceback(told_home: Path, option: tuple[str, ...]) -> None:
    process = _started(told_home, "find", "work", "--limit", "50", *option)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    err = process.stderr.read()
    process.wait(timeout=60)
    process.stderr.close()
    if process.stdin:
        process.stdin.close()
    assert err == ""
