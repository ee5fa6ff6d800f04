"""The report: the numbers of summary.json, nothing that leaves the page, words that stay words, and what went wrong with its reasons."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evals import suites
from evals.case import Outcome, Step
from evals.figures import Figure
from evals.placeless import placeless
from evals.report import write_report
from evals.report.plots import bins_of, cost_quality, histogram, reliability
from evals.report.shown import bar, sentence
from evals.report.suites import right_shares, slice_tables, worst
from evals.running.folder import Run, read_run, write_run
from evals.suite import Suite
from tests.evals.runs import METRICS, SUITE, crash, outcome, run_of, twelve, unscorable

HOSTILE = "<script>alert('in a transcript')</script>"
VOID = {"meta", "br", "link", "img", "hr", "input"}


class Page(HTMLParser):
    """The tags, attributes and words of a page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.figures: dict[str, float | None] = {}
        self.at = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.at = dict(attrs).get("data-figure") or self.at
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.at and data.strip():
            self.figures[self.at] = None if data == "–" else float(data)
            self.at = ""

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(autouse=True)
def _suite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(suites.SUITES, SUITE, Suite(SUITE, "toys, rightly told", METRICS, lambda sources, seed: []))


def written(run: Run, *others: Run) -> str:
    return write_report(run, run.path / "report.html", others).read_text(encoding="utf-8")


def test_the_figures_are_the_very_numbers_of_the_summary(tmp_path: Path) -> None:
    made = run_of(twelve(), tmp_path / "a")
    write_run(tmp_path / "a", made.manifest, list(made.outcomes), made.summary)
    page = Page(written(read_run(tmp_path / "a")))
    summary = json.loads((tmp_path / "a" / "summary.json").read_text())
    assert page.figures == {f"{SUITE}/{name}": f["value"] for name, f in summary[SUITE].items()}
    assert page.figures["toy/right"] == 0.8333


def test_the_page_is_whole_and_reaches_for_nothing_outside_itself(tmp_path: Path) -> None:
    text = written(run_of(twelve(), tmp_path / "a"), run_of(twelve(), tmp_path / "b"))
    page = Page(text)
    assert page.open == []
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "embed", "use", "image"}
    assert [a for _, a in page.tags if "src" in a or any(name.startswith("on") for name in a)] == []
    assert {a["href"] for _, a in page.tags if "href" in a} <= {"#manifest", "#toy"}
    assert not re.search(r"https?:|url\(|@import|@font-face", text)
    assert "default-src 'none'" in text


def test_words_of_a_transcript_stay_words_wherever_they_stand(tmp_path: Path) -> None:
    hostile = [
        outcome(1, hit=False, answer={"quote": HOSTILE}, trace=(Step(kind="asked", text=HOSTILE, data={HOSTILE: HOSTILE}),)),
        outcome(2, hit=False, marks={HOSTILE: False}).model_copy(update={"slices": {HOSTILE: HOSTILE}}),
        crash(3, RuntimeError(HOSTILE)),
        unscorable(4, HOSTILE),
    ]
    text = written(run_of(hostile, tmp_path / "<b>a", model=HOSTILE, command=[HOSTILE]), run_of(twelve(), tmp_path / "<i>"))
    assert "<script" not in text
    assert not {tag for tag, _ in Page(text).tags} & {"script", "i><", "b>a"}
    assert Page(text).text.count("alert('in a transcript')") > 8


def test_a_drawing_keeps_what_it_names_as_text() -> None:
    drawn = histogram([0.1, 0.5, 0.9], HOSTILE, HOSTILE)
    assert "<script" not in drawn
    assert "&lt;script" in drawn


def test_drawings_take_their_colours_from_the_page_so_that_they_fit_light_and_dark() -> None:
    drawn = histogram([0.1, 0.5], "x", "x") + reliability(bins_of([(0.9, True), (0.2, False)]), "x")
    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawn))
    assert colours <= {"none", "var(--ink)", "var(--muted)", "var(--line)", "var(--accent)"}
    assert "var(--accent)" in colours


def test_the_colours_can_be_read_on_both_grounds_in_light_and_dark() -> None:
    css = (Path(write_report.__code__.co_filename).parent / "report.css").read_text(encoding="utf-8")
    light, dark = (dict(re.findall(r"--(\w+): (#\w{6})", part)) for part in css.split("@media (prefers-color-scheme: dark)")[:2])
    dark = dict(re.findall(r"--(\w+): (#\w{6})", css.split("@media (prefers-color-scheme: dark)")[1]))
    assert light.keys() == dark.keys()
    for theme in (light, dark):
        for ground in ("paper", "wash"):
            words = ("ink", "muted", "accent", "good", "bad", "control")
            assert {w: round(contrast(theme[w], theme[ground]), 1) for w in words if contrast(theme[w], theme[ground]) < 4.5} == {}


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_no_place_of_the_machine_is_on_the_page(tmp_path: Path) -> None:
    lost = tmp_path / "data" / "search" / "notes.json"
    text = written(run_of([*twelve(), crash(12, FileNotFoundError(f"no such file: '{lost}'"))], tmp_path / "a"))
    assert str(tmp_path) not in text
    assert "notes.json" in text


def test_of_a_path_its_last_name_stays_and_addresses_and_words_stay_whole() -> None:
    home = "/" + "home"
    assert placeless(f"cannot open {home}/ann/hiring/intake.vtt, and/or 3/4") == "cannot open …/intake.vtt, and/or 3/4"
    assert placeless(f"file://{home}/ann/x, sqlite:///{home}/ann/y, at={home}/ann/z") == "…/x, …/y, at=…/z"
    assert placeless("POST /v1/searches over http://127.0.0.1:8000/v1/tmp/x") == "POST /v1/searches over http://127.0.0.1:8000/v1/tmp/x"
    assert placeless("C:\\" + "Users\\ann\\intake.vtt") == "…/intake.vtt"


@pytest.mark.parametrize(
    ("better", "value", "lo", "hi", "controls", "begins"),
    [
        ("more", 0.9, 0.8, 1.0, {"constant": 0.4, "random": 0.2}, "Beats its controls: the whole interval lies above 0.400"),
        ("less", 0.1, 0.0, 0.2, {"constant": 0.4, "random": 0.3}, "Beats its controls: the whole interval lies below 0.300"),
        ("more", 0.9, 0.3, 1.0, {"constant": 0.4}, "Not told from its controls: ahead of a constant answer"),
        ("more", 1.0, 1.0, 1.0, {"constant": 1.0}, "Does not beat its controls: level with a constant answer"),
        ("less", 0.5, 0.4, 0.6, {"random": 0.1}, "Does not beat its controls: random answers would reach 0.100"),
        ("more", 0.5, 0.4, 0.6, {"bm25": 0.6}, "Does not beat its controls: the control “bm25”"),
        ("more", 0.5, 0.4, 0.6, {"constant": None}, "It has no control"),
    ],
)
def test_a_sentence_says_whether_a_figure_beats_its_controls(
    better: str, value: float, lo: float, hi: float, controls: dict[str, float | None], begins: str
) -> None:
    from evals.tables import beats

    figure = Figure.model_validate({"value": value, "lo": lo, "hi": hi, "n": 9, "unscored": 0, "better": better, "controls": controls})
    assert sentence(figure, beats(figure)).startswith(begins)


def test_a_bar_lies_on_the_scale_of_shares_or_on_its_own() -> None:
    share = bar(Figure(value=0.5, lo=0.25, hi=0.75, n=4, unscored=0, controls={"constant": 0.1}))
    assert share is not None
    assert (share.value, share.lo, share.hi, share.controls, share.ends) == (50, 25, 75, (("constant", 10),), ("0", "1"))
    counted = bar(Figure(value=20, lo=10, hi=40, n=4, unscored=0))
    assert counted is not None
    assert (counted.value, counted.hi, counted.ends) == (50, 100, ("0", "40"))
    assert bar(Figure(value=None, lo=None, hi=None, n=0, unscored=0)) is None


def test_crashes_and_unscorable_cases_are_listed_with_their_reasons(tmp_path: Path) -> None:
    page = Page(written(run_of([*twelve(), crash(12, RuntimeError("boom")), unscorable(13, "no gold")], tmp_path / "a")))
    assert "Crashed: 1" in page.text
    assert "RuntimeError: boom" in page.text
    assert "Could not be scored: 1" in page.text
    assert "no gold" in page.text


def test_slices_of_few_cases_are_marked_so_and_the_figures_are_of_their_cases_alone() -> None:
    (family, material) = slice_tables(SUITE, twelve(), ["right"], 7)
    rows = {r.value: (r.cases, r.few, r.figures["right"].value) for r in family.rows}
    assert rows == {"nursing": (9, True, 0.7778), "sales": (3, True, 1.0)}
    assert (material.name, [r.value for r in material.rows]) == ("material", ["g0", "g1", "g2"])
    many = [outcome(n, hit=True) for n in range(40)]
    assert [r.few for r in slice_tables(SUITE, many, ["right"], 7)[0].rows] == [False, False]


def test_a_case_that_is_asked_again_counts_once_in_a_slice() -> None:
    rows = slice_tables(SUITE, [outcome(n, hit=r == 0, repeat=r) for n in range(4) for r in range(3)], ["right"], 7)[0].rows
    assert {r.value: r.cases for r in rows} == {"nursing": 3, "sales": 1}


def test_where_nothing_says_how_sure_it_is_a_sentence_stands_in_place_of_the_plot(tmp_path: Path) -> None:
    assert "No outcome says how sure" in written(run_of(twelve(), tmp_path / "a"))
    sure = [outcome(n, hit=True, sureness=((0.95, n != 3), (0.3, False))) for n in range(12)]
    text = written(run_of(sure, tmp_path / "b"))
    assert "No outcome says how sure" not in text
    assert "Sureness (off by" in text


def test_sureness_is_held_against_the_share_that_was_right_bin_by_bin() -> None:
    low, high = bins_of([(0.05, False), (0.95, True), (0.91, False), (1.0, True)])
    assert (low.sure, low.right, low.n) == (0.05, 0.0, 1)
    assert (high.right, high.n) == (0.6667, 3)
    assert high.lo < high.right < high.hi


def test_the_worst_cases_stand_first_and_what_is_right_is_not_among_them() -> None:
    half, whole = outcome(1, hit=False), outcome(2, hit=False, marks={"right": False, "quoted": False})
    found = worst([outcome(0, hit=True), half, whole, crash(3, RuntimeError("boom")), unscorable(4, "no gold")])
    assert [o.case for o in found] == ["c3", "c2", "c1"]


def test_no_more_than_the_worst_cases_are_traced(tmp_path: Path) -> None:
    text = written(run_of([outcome(n, hit=False) for n in range(90)], tmp_path / "a"))
    assert text.count('<ol class="trace">') == 60
    assert "90 of 90; the worst 60 are here" in Page(text).text


def test_repeats_of_a_case_make_one_share() -> None:
    assert right_shares([outcome(1, hit=True), outcome(1, hit=False, repeat=1), crash(2, RuntimeError("x"))]) == {"c1": 0.75}


def test_flips_are_told_by_mark_in_both_directions_and_cost_beside_quality(tmp_path: Path) -> None:
    before = run_of([outcome(n, hit=n not in (2, 5)) for n in range(12)], tmp_path / "before")
    after = run_of([outcome(n, hit=n not in (5, 7, 8)) for n in range(12)], tmp_path / "after")
    page = Page(written(after, before))
    assert "From before (rules) to this run 1 marks became right, 2 became wrong." in page.text
    assert "right now: c2 wrong now: c7, c8" in page.text
    assert "Quality against cost" in page.text


def test_a_run_with_nothing_in_common_is_said_to_have_nothing_in_common(tmp_path: Path) -> None:
    other = run_of([outcome(40, hit=True)], tmp_path / "b")
    assert "no scored case in common" in written(run_of(twelve(), tmp_path / "a"), other)


def test_a_run_where_everything_crashed_still_has_its_report(tmp_path: Path) -> None:
    page = Page(written(run_of([crash(n, RuntimeError("boom")) for n in range(3)], tmp_path / "a")))
    assert "Crashed: 3" in page.text
    assert page.figures["toy/right"] is None


def test_a_suite_that_is_no_more_still_has_its_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = run_of(twelve(), tmp_path / "a")
    monkeypatch.delitem(suites.SUITES, SUITE)
    page = Page(written(made))
    assert page.figures["toy/right"] == 0.8333
    assert "not here any more" in page.text


def test_the_manifest_tells_revision_seed_command_and_digests(tmp_path: Path) -> None:
    text = Page(written(run_of(twelve(), tmp_path / "a"))).text
    for told in ("0123456789abcdef", "python -m evals run toy --data …/data", "ab" * 32, "seed"):
        assert told in text


def test_a_single_value_needs_no_plot_and_one_point_makes_no_scale_of_nothing() -> None:
    from evals.report.plots import Point

    assert "<svg" in cost_quality([Point("A", 0.0, 0.5, 0.5, 0.5, True), Point("B", 0.0, 0.5, 0.5, 0.5, False)], "s", "q", "t")
    assert "<svg" in histogram([1000.0, 1000.5], "s", "t")
    assert "<svg" in histogram([0.0, 1e-9], "s", "t")


def test_outcomes_without_marks_or_answers_are_no_obstacle(tmp_path: Path) -> None:
    bare = [o.model_copy(update={"marks": {}, "answer": None, "trace": (), "slices": {}, "controls": {}}) for o in twelve()]
    assert isinstance(bare[0], Outcome)
    assert "Marks that are right" not in written(run_of(bare, tmp_path / "a"))
