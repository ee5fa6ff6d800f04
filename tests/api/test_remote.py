"""The commands against a running server, beside the same commands where the record is: same words, same JSON, same exit codes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.beside import Beside
from tests.api.cast import ANA, CONTRACT, DANA, HAMID, PRIYA, SLUG, TOMAS, copy_home, vtt, write_folder
from tests.api.served import serving
from tests.api.test_cli_intake import ANSWERS, CALL, NEW, PANEL, told

HERE = ("--search", SLUG)
READS = (
    ("organisation", "show"),
    ("search", "list"),
    ("search", "show", SLUG),
    ("contract", "show", *HERE),
    ("contract", "show", *HERE, "--version", "1"),
    ("find", "the cache filled up", *HERE, "--limit", "2"),
    ("find", "who took over", *HERE, "--interview", "2-design", "--role", "candidate"),
    ("feedback", "list", *HERE),
    ("shape", "F1", *HERE),
    ("shape", "F2", *HERE),
    ("debrief", *HERE, "--as", DANA, "--candidate", TOMAS),
    ("ask", "Was he paged himself?", *HERE, "--as", DANA),
    ("corpus", "show three candidates who spoke of being paged"),
    ("corpus", "where do candidates fall short?"),
)
REFUSED = (
    (3, ("search", "show", "nowhere")),
    (3, ("contract", "show", *HERE, "--version", "9")),
    (3, ("find", "a cache", "--role", "nobody")),
    (3, ("shape", "F9", *HERE)),
    (3, ("scorecard", "add", *HERE, "--interview", "9-none", "--as", HAMID, "M1=4")),
    (4, ("scorecard", "add", *HERE, "--interview", "1-screen", "--as", HAMID, "M1=1")),
    (5, ("contract", "sign", *HERE, "--as", HAMID)),
    (5, ("contract", "amend", *HERE, "--as", DANA, "--set", "M1=Has run a desk", "--reason", "So")),
    (5, ("shape", "F1", *HERE, "--accept")),
    (5, ("shape", "F1", *HERE, "--accept", "--as", ANA)),
    (5, ("debrief", *HERE, "--as", HAMID, "--close")),
    (5, ("ask", "Was he paged?", *HERE, "--as", TOMAS)),
    (6, ("contract", "diff", *HERE)),
    (6, ("contract", "amend", *HERE, "--as", PRIYA, "--set", "M9=x", "--reason", "So")),
    (6, ("scorecard", "add", *HERE, "--interview", "1-screen", "--as", HAMID, "M1=9")),
    (6, ("find", " ")),
    (6, ("ingest", "no-such-file.vtt", *HERE, "--candidate", TOMAS)),
)


@pytest.fixture(scope="module")
def beside(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    """The story's search on record, twice."""
    place = tmp_path_factory.mktemp("beside")
    with serving(copy_home(prepared, place / "served")) as served:
        yield Beside(served, served.key(org="local"), copy_home(prepared, place / "home"), place / "nowhere")


@pytest.mark.parametrize("args", READS, ids=" ".join)
def test_what_is_read_through_a_server_is_what_is_read_beside_the_record(beside: Beside, args: tuple[str, ...]) -> None:
    beside.same(*args)
    assert beside.same_words(*args).out


@pytest.mark.parametrize(("code", "args"), REFUSED, ids=str)
def test_what_is_refused_ends_in_the_same_exit_code_and_a_sentence(beside: Beside, code: int, args: tuple[str, ...]) -> None:
    here, there = beside.local(*args), beside.remote(*args)
    assert (here.code, there.code) == (code, code), (here.err, there.err)
    assert there.out == ""
    assert there.err.split("]")[0] == here.err.split("]")[0], "the same code in brackets"
    assert there.err.count("Error [") == there.err.count("\n") == 1


def test_an_intake_is_held_signed_amended_and_given_to_the_panel(beside: Beside, tmp_path: Path) -> None:
    beside.same(*NEW, *PANEL)
    depot = ("--search", "depot")
    assert beside.same("intake", *depot)["pending"]["move"] == "outcome"
    beside.same("intake", *depot, "--as", PRIYA, "--say", ANSWERS[0])
    whole = beside.same_words("intake", *depot, stdin=told(*ANSWERS[1:]))
    assert f"Contract, version 2: signed by {DANA} and {PRIYA}" in whole.out
    ended = beside.same("intake", *depot)
    assert (ended["pending"], ended["missing"], ended["contract"]["version"]) == (None, [], 2)
    beside.same("contract", "amend", *depot, "--as", PRIYA, "--set", "M2=Has let a supplier go", "--reason", "The fleet is hired now")
    beside.same_words("contract", "diff", *depot)
    beside.same("contract", "diff", *depot, "--old", "2", "--new", "3")
    assert "signed by Dana Reyes alone" in beside.same_words("contract", "sign", *depot, "--as", DANA).out
    beside.same("contract", "sign", *depot, "--as", PRIYA)
    beside.same_words("contract", "show", *depot)
    here, there = tmp_path / "here", tmp_path / "there"
    assert beside.local("contract", "export", *depot, "--out", str(here)).code == 0
    ran = beside.remote("contract", "export", *depot, "--out", str(there))
    assert ran.out.splitlines() == [str(there / name) for name in ("invite.ics", "invite.md", "scorecard.json", "scorecard.md")]
    for name in ("invite.md", "scorecard.json", "scorecard.md"):
        assert (there / name).read_bytes() == (here / name).read_bytes()


def test_a_captured_call_becomes_the_same_draft(beside: Beside, tmp_path: Path) -> None:
    call = tmp_path / "call.vtt"
    call.write_text(vtt([("DR" if who == DANA else who, words) for who, words in CALL]), encoding="utf-8")
    beside.same("search", "new", "desk", "--title", "Night desk", "--recruiter", DANA, "--manager", PRIYA)
    beside.same("intake", "--search", "desk", "--from", str(call), "--speaker", f"DR={DANA}")
    assert beside.remote("intake", "--search", "desk", "--from", str(call), "--speaker", f"DR={DANA}").code == 0
    beside.same_words("contract", "show", "--search", "desk")


def test_files_come_in_with_labels_corrections_and_consents(beside: Beside, tmp_path: Path) -> None:
    file = tmp_path / "3-team.vtt"
    file.write_text(vtt([(ANA, "Who was on call?"), ("SPEAKER_02", "I was on call with Mireia.")]), encoding="utf-8")
    ingest = ("ingest", str(file), *HERE, "--candidate", TOMAS, "--date", "2026-03-29")
    assert beside.same_words(*ingest).code == 5, "no consent"
    assert beside.same(*ingest, "--consent", "recorded-elsewhere")[0]["unmapped"] == ["SPEAKER_02"]
    assert "on record already" in beside.same_words(*ingest, "--consent", "recorded-elsewhere").out
    assert beside.same_words(*ingest, "--speaker", "SPEAKER_09=Nobody").code == 3
    assert beside.same(*ingest, "--speaker", f"SPEAKER_02={TOMAS}")[0]["version"] == 2
    file.write_text(vtt([(ANA, "Who was on call?"), ("SPEAKER_02", "Mireia was.")]), encoding="utf-8")
    assert beside.same_words(*ingest).code == 4
    assert beside.same(*ingest, "--correct", "Heard again")[0]["version"] == 3
    beside.same("search", "show", SLUG)


def test_a_whole_folder_comes_in_with_its_feedback_and_scorecards(beside: Beside, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "second-round")
    ran = beside.same_words("ingest", str(folder), "--consent", "recorded-elsewhere")
    assert "2 pieces of feedback and 2 scorecards are on record for second-round." in ran.out
    beside.same("ingest", str(folder), "--consent", "recorded-elsewhere")
    beside.same("feedback", "list", "--search", "second-round")
    beside.same("debrief", "--search", "second-round", "--as", DANA)
    again = write_folder(tmp_path / "third-round")
    opened = beside.same("search", "new", "--from", str(again))
    assert [c["id"] for c in opened["contract"]["criteria"]] == ["M1", "M2", "M3", "T1", "T2", "D1"]
    contract = tmp_path / "contract.json"
    contract.write_text(json.dumps({"must_haves": CONTRACT["must_haves"][:1]}), encoding="utf-8")
    beside.same("search", "new", "fourth", "--title", "Fourth", "--contract", str(contract), "--panel", f"{ANA}:1-only:M1")


def test_feedback_is_written_shaped_and_answered(beside: Beside, tmp_path: Path) -> None:
    written = beside.same("feedback", "add", *HERE, "--interview", "1-screen", "--as", HAMID, stdin="He rolled the cache back himself.")
    shape = ("shape", written["name"], *HERE, "--as", HAMID)
    waiting = beside.same(*shape)["waiting"]
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps([{"claim": waiting[0]["claim"], "reply": "choose", "chosen": 99}]), encoding="utf-8")
    assert beside.same_words(*shape, "--answers", str(answers)).code == 5
    assert beside.same_words(*shape, "--accept").code == 0
    assert beside.same(*shape)["shaping"]
    other = beside.same("feedback", "add", "He was paged himself.", *HERE, "--interview", "1-screen", "--as", HAMID)
    typed = [run("shape", other["name"], *HERE, "--as", HAMID, stdin="w\n", terminal=True) for run in (beside.local, beside.remote)]
    assert [t.code for t in typed] == [0, 0]
    assert typed[0].out == typed[1].out


def test_a_conversation_goes_on_and_begins_anew(beside: Beside) -> None:
    room = ("ask", *HERE, "--as", PRIYA, "--thread", "evening", "--json")
    ways = [run(*room, stdin="Was he paged?\nAnd what went wrong?\nquit\n") for run in (beside.local, beside.remote)]
    assert ways[0].out == ways[1].out
    assert [json.loads(line)["number"] for line in ways[1].out.splitlines()] == [1, 2]
    assert beside.same("ask", "Was he paged?", *room[1:-1], "--new")["number"] == 1


def test_a_round_is_closed_and_the_packet_written_to_a_file(beside: Beside, tmp_path: Path) -> None:
    ways = []
    for name, run in (("here", beside.local), ("there", beside.remote)):
        ran = run("debrief", *HERE, "--as", DANA, "--candidate", TOMAS, "--close", "--out", str(tmp_path / name))
        assert (ran.code, ran.out) == (0, f"The packet is in {tmp_path / name}\n")
        ways.append((tmp_path / name).read_text(encoding="utf-8"))
    assert ways[0] == ways[1]


def test_a_policy_is_set_and_told(beside: Beside) -> None:
    beside.same("organisation", "consent", "recorded_elsewhere")
    beside.same_words("organisation", "consent", "required")


def test_keys_are_made_listed_and_revoked(beside: Beside) -> None:
    made = beside.remote("key", "new", "--role", "interviewer", "--person", HAMID, "--scopes", "read", "--label", "laptop", "--json").json
    alike = beside.local("key", "new", "--role", "interviewer", "--person", HAMID, "--scopes", "read", "--label", "laptop", "--json").json
    assert made.keys() == alike.keys()
    assert made["key"].startswith("plb_")
    assert "laptop" in beside.remote("key", "list").out
    assert [k["label"] for k in beside.remote("key", "list", "--json").json if k["id"] == made["id"]] == ["laptop"]
    own = beside.remote("search", "list", key=made["key"])
    assert (own.code, SLUG in own.out) == (0, True)
    assert beside.remote("key", "revoke", made["id"]).out == f"{made['id']} opens nothing any more.\n"
    assert beside.remote("search", "list", key=made["key"]).code == 5
    assert beside.remote("key", "revoke", "key_none").code == 3
    assert beside.remote("key", "list", "--org", "Else").code == 6
