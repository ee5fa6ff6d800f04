"""What a live session signed against what the manager ends up wanting: by kind, a line for each thing, and nothing that was given up."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from alignment.errors import BadRequest
from evals.case import Case, Outcome
from evals.figures import figures
from evals.running.conditions import Conditions
from evals.scorers.sessions import Ended, Line
from evals.scorers.wants import controls, missed, scored, wants_of
from evals.sources import SAMPLES, Sources
from evals.suites import intake

MUSTS = "They've closed a till. They've led a crew. They've trained somebody."
LINES = {
    "must": [["hiring_manager", MUSTS], ["hiring_manager", "Mm. They've trained somebody."]],
    "trade": [["hiring_manager", "I'd give up retail for a hotel."], ["hiring_manager", "No languages, for a steady hand."]],
    "deal": [["hiring_manager", "If they blame others."]],
}
WANTS = {
    "must_have": [["closed a till"], ["led a crew"], ["trained somebody"]],
    "trade_off": [["give up retail"], ["no languages", "steady hand"]],
    "deal_breaker": [["blame others"]],
}
RIGHT = [
    ("must_have", "They've closed a till"),
    ("must_have", "They've LED a crew"),
    ("must_have", "They've trained somebody"),
    ("trade_off", "I'd give up retail"),
    ("trade_off", "a steady hand"),
    ("deal_breaker", "If they blame others"),
]


def case_of(**expected: Any) -> Case:
    return Case(suite="intake", id="x", group="x", given={"lines": LINES}, expected={"done": "signed", **expected})


def ended(lines: list[tuple[str, str]], done: str = "signed", *quotes: str) -> Ended:
    said = tuple(("hiring_manager", q) for q in quotes)
    return Ended(done, 9, tuple(Line(text, said, kind) for kind, text in lines))


def sums_of(lines: list[tuple[str, str]], done: str = "signed", *quotes: str, **expected: Any) -> tuple[float, ...]:
    """Of six things wanted: how many are met; how many signed lines were not asked for, and of how many; whether all of it is right."""
    sums = scored(wants_of(case_of(**{"wants": WANTS, **expected}), "here"), ended(lines, done, *quotes))
    return (sums["wants_met"], sums["lines_unasked"], sums["lines_signed_wanted"], sums["rightly_signed"])


def test_a_contract_with_a_line_for_each_wanted_thing_of_its_kind_is_rightly_signed() -> None:
    assert sums_of(RIGHT) == (6, 0, 6, 1)


def test_a_wanted_thing_in_the_wrong_kind_is_not_met_and_its_line_was_not_asked_for() -> None:
    swapped = [("trade_off", RIGHT[0][1]), ("must_have", RIGHT[3][1]), *RIGHT[1:3], *RIGHT[4:]]
    assert sums_of(swapped) == (4, 2, 6, 0)


def test_what_was_not_signed_meets_nothing_and_has_no_line_to_blame() -> None:
    assert sums_of(RIGHT, "open") == (0, 0, 0, 0)


def test_one_line_stands_for_one_thing_however_many_it_names() -> None:
    heaped = [("must_have", MUSTS), ("must_have", "Hm"), ("must_have", "They've closed a till"), *RIGHT[3:]]
    assert sums_of(heaped) == (5, 1, 6, 0)


def test_a_line_that_carries_two_things_leaves_to_another_line_the_one_that_it_alone_carries() -> None:
    both = [("must_have", "They've closed a till and led a crew"), ("must_have", "They've closed a till"), *RIGHT[2:]]
    assert sums_of(both) == (6, 0, 6, 1)


def test_two_of_three_is_told_with_the_third_as_an_alternative_of_both() -> None:
    any_two = {**WANTS, "trade_off": [["give up retail", "for a hotel"], ["no languages", "for a hotel"]]}
    for kept in ("I'd give up retail", "no languages"):
        assert sums_of([*RIGHT[:3], ("trade_off", kept), ("trade_off", "for a hotel"), RIGHT[5]], wants=any_two) == (6, 0, 6, 1)
    assert sums_of([*RIGHT[:3], ("trade_off", "for a hotel"), ("trade_off", "x"), RIGHT[5]], wants=any_two) == (5, 1, 6, 0)


def test_quotes_speak_for_a_line_whose_own_text_names_nothing_of_the_case_and_for_no_other() -> None:
    whole = [("must_have", "The first one"), *RIGHT[1:]]
    assert sums_of(whole, "signed", "closed a till") == (6, 0, 6, 1)
    assert sums_of([("must_have", "They've led a crew"), *RIGHT[1:]], "signed", "closed a till") == (5, 0, 6, 0)


def test_words_count_in_a_row_and_whole() -> None:
    assert sums_of([("must_have", "They've closed the shop and a till"), ("must_have", "led a crewman"), *RIGHT[2:]]) == (4, 2, 6, 0)


def test_what_was_given_up_spoils_a_contract_in_whatever_kind_it_stands() -> None:
    given_up: dict[str, Any] = {"wants": {**WANTS, "trade_off": [["give up retail"]]}, "unwanted": [["no languages", "steady hand"]]}
    wants = wants_of(case_of(**given_up), "here")
    assert sums_of([*RIGHT[:4], ("trade_off", "I'd give up Latin"), RIGHT[5]], **given_up) == (5, 1, 6, 1)
    assert sums_of(RIGHT, **given_up) == (5, 1, 6, 0)
    assert scored(wants, ended([("deal_breaker", "A STEADY hand!")]))["unwanted_signed"] == 1
    assert scored(wants, ended([("deal_breaker", "A steady hand")], "open"))["unwanted_signed"] == 0


@pytest.mark.parametrize("more", [[("must_have", f"Nonsense {n}") for n in range(20)], [("trade_off", "Hm")], [("deal_breaker", "Hm")]])
def test_a_contract_with_more_lines_than_three_two_and_one_is_not_rightly_signed(more: list[tuple[str, str]]) -> None:
    assert sums_of([*RIGHT, *more]) == (6, len(more), 6 + len(more), 0)


def test_what_was_given_up_does_not_hide_in_a_quote_behind_a_text_that_names_something_wanted() -> None:
    given_up: dict[str, Any] = {"wants": {**WANTS, "trade_off": [["give up retail"]]}, "unwanted": [["no languages", "steady hand"]]}
    wants = wants_of(case_of(**given_up), "here")

    def signed(*quotes: str) -> float:
        said = tuple(("hiring_manager", q) for q in quotes)
        return scored(wants, Ended("signed", 9, (Line("They've closed a till", said, "must_have"),)))["unwanted_signed"]

    assert signed("No languages, for a steady hand.") == 1
    assert signed("They've closed a till.", "A steady hand.") == 1
    # Both in one breath: the quote bears the line's own words out, and what else stands in it is not signed.
    assert signed("They've closed a till, with a steady hand.") == 0


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("Closed a till is not wanted here at all", 5),
        ("Closed a till isn't needed", 5),
        ("They needn't have closed a till", 5),
        ("Never closed a till", 5),
        ("They've closed a till that was not theirs", 6),
        ("Not a talker, they've closed a till", 6),
        ("If it isn't needed elsewhere: they've closed a till", 6),
        ("They've closed a till, and never left early", 6),
        ("We can do without having closed a till", 6),  # told in the scorer's docstring as what it cannot see
    ],
)
def test_a_must_have_that_is_plainly_negated_in_its_clause_is_not_what_is_wanted(text: str, met: int) -> None:
    assert sums_of([("must_have", text), *RIGHT[1:]])[0] == met


def test_trade_offs_and_deal_breakers_are_negations_themselves() -> None:
    assert sums_of([*RIGHT[:3], ("trade_off", "They don't need a steady hand"), RIGHT[3], ("deal_breaker", "Never blame others")]) == (
        6,
        0,
        6,
        1,
    )


def test_what_was_missed_is_told_with_its_kind() -> None:
    wants = wants_of(case_of(wants=WANTS), "here")
    assert wants is not None
    assert missed(wants, ended(RIGHT[1:-1])) == [("must_have", ("closed a till",)), ("deal_breaker", ("blame others",))]


def test_a_case_that_tells_no_wants_adds_nothing() -> None:
    assert wants_of(case_of(), "here") is None
    assert scored(None, ended(RIGHT)) == {}
    assert controls(None, case_of(), Random(7)) == {}


def test_controls_sign_what_was_typed_first_or_at_random_and_understand_nothing() -> None:
    case = case_of(wants=WANTS)
    made = controls(wants_of(case, "here"), case, Random(7))
    met = {name: (sums["wants_met"], sums["lines_signed_wanted"], sums["rightly_signed"]) for name, sums in made.items()}
    # Of the first answer its first sentence, which holds one thing of three; of the second "Mm.", and whole what was the third.
    assert met["always signs"] == (4, 5, 0)
    assert met["whole answers"] == (5, 5, 0)
    assert met["never signs"] == (0, 0, 0)
    assert controls(wants_of(case, "here"), case, Random(7)) == made
    dealt = [controls(wants_of(case, "here"), case, Random(n))["random"]["wants_met"] for n in range(20)]
    assert len(set(dealt)) > 1
    assert sum(dealt) / len(dealt) < 4


@pytest.mark.parametrize(
    ("expected", "why"),
    [
        ({"wants": ["closed a till"]}, "told by must_have, trade_off, deal_breaker"),
        ({"wants": {k: v for k, v in WANTS.items() if k != "deal_breaker"}}, "told by must_have"),
        ({"wants": {**WANTS, "nice_to_have": []}}, "told by must_have"),
        ({"wants": None}, "told by must_have"),
        ({"wants": {**WANTS, "must_have": "closed a till"}}, "a list of alternatives"),
        ({"wants": {**WANTS, "must_have": ["closed a till"]}}, "a list of alternatives"),
        ({"wants": {**WANTS, "must_have": [[]]}}, "a list of alternatives"),
        ({"wants": {**WANTS, "must_have": [["till"]]}}, "'till' is not 2 to 4 words"),
        ({"wants": {**WANTS, "must_have": [["I'd give up retail for"]]}}, "is not 2 to 4 words"),
        ({"wants": {**WANTS, "must_have": [[7]]}}, "7 is not 2 to 4 words"),
        ({"wants": {**WANTS, "must_have": [["closed the till"]]}}, "never types 'closed the till'"),
        ({"wants": {kind: [] for kind in WANTS}}, "Nothing is wanted"),
        ({"wants": WANTS, "unwanted": ["steady hand"]}, "a list of alternatives"),
        ({"wants": WANTS, "unwanted": [["the moon"]]}, "never types 'the moon'"),
        ({"unwanted": [["steady hand"]]}, "not what is wanted"),
        ({"wants": WANTS, "done": "open"}, "not expected to be signed"),
    ],
)
def test_wants_that_nothing_can_be_held_against_are_refused_with_file_line_and_what_to_do(
    tmp_path: Path, expected: dict[str, Any], why: str
) -> None:
    sound = {"id": "sound", "given": {"lines": LINES}, "expected": {"done": "signed", "wants": WANTS}}
    file = own(tmp_path, sound, {**sound, "id": "malformed", "expected": {"done": "signed", **expected}})
    with pytest.raises(BadRequest) as e:
        intake.batches(Sources((tmp_path,)), 7)
    assert why in e.value.what
    assert e.value.where == f"{file}, line 3"
    assert e.value.todo


def own(root: Path, *cases: dict[str, Any]) -> Path:
    """A file of cases with an empty line after each."""
    (root / "intake").mkdir()
    file = root / "intake" / "own.jsonl"
    file.write_text("".join(json.dumps(c) + "\n\n" for c in cases), encoding="utf-8")
    return file


def sample(id: str) -> dict[str, Any]:
    for line in (SAMPLES / "intake" / "first.jsonl").read_text(encoding="utf-8").splitlines():
        case: dict[str, Any] = json.loads(line)
        if case["id"] == id:
            return case
    raise LookupError(id)


async def held(root: Path) -> list[Outcome]:
    return [o for b in intake.batches(Sources((root,)), 7) async for o in intake.HOLDS[b.kind](b, Conditions())]


async def test_a_session_is_scored_by_what_it_signed_and_not_only_by_how_it_ended(tmp_path: Path) -> None:
    right, wrong = sample("the plain one"), sample("the one who changes her mind in the last minute")
    # As if she had not meant to change it: what she took out would be wanted, and what she put in its place not.
    wants, given_up = wrong["expected"]["wants"]["must_have"], wrong["expected"]["unwanted"]
    wants[1], given_up[0] = given_up[0], wants[1]
    own(tmp_path, right, wrong)
    first, second = await held(tmp_path)
    assert (first.marks, second.marks) == (
        {"ended as expected": True, "rightly signed": True},
        {"ended as expected": True, "rightly signed": False},
    )
    assert (second.sums["wants_met"], second.sums["lines_unasked"], second.sums["unwanted_signed"]) == (5, 1, 1)
    noted = [s.text for s in second.trace if s.kind == "noted"]
    assert "Wanted, and not signed: let a driver go" in noted
    assert "Given up, and signed: negotiated with the union" in noted
    found = figures(intake.SUITE.metrics, [first, second], 7)
    assert (found["wants_met"].value, found["wants_met"].n) == (0.9167, 12)
    assert (found["lines_unasked"].value, found["rightly_signed"].value) == (0.0833, 0.5)
    assert found["rightly_signed"].controls["never signs"] == 0
    assert found["wants_met"].controls["always signs"] is not None


async def test_a_session_whose_contract_was_not_signed_counts_what_it_wanted_as_not_met(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_QUESTIONS", 3)
    own(tmp_path, sample("the plain one"))
    (outcome,) = await held(tmp_path)
    assert (outcome.sums["wants"], outcome.sums["wants_met"], outcome.sums["lines_signed_wanted"]) == (6, 0, 0)
    assert outcome.marks["rightly signed"] is False


def test_what_our_counterparts_want_is_three_must_haves_two_trade_offs_and_one_deal_breaker() -> None:
    cases = [c for b in intake.batches(Sources((SAMPLES,)), 7) if b.kind == intake.SESSION for c in b.cases]
    told = [{kind: len(things) for kind, things in c.expected["wants"].items()} for c in cases if "wants" in c.expected]
    assert len(told) > len(cases) / 2
    assert all(shape == {"must_have": 3, "trade_off": 2, "deal_breaker": 1} for shape in told)
