"""A search told in files: search.json, an intake call, interviews, feedback and scorecards.

Of the folder `gold/` this module opens `gold/contract.json` alone, and only when it is asked for the contract.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from alignment.contract import CRITERION_IDS, Criterion, CriterionId
from alignment.errors import BadSearch
from alignment.record import Record, Text
from corpus.importers import Parsed

RecordT = TypeVar("RecordT", bound=Record)


class _Told(Record):
    """A record read from somebody's file, where further fields may stand that we do not read."""

    model_config = ConfigDict(frozen=True, extra="ignore", validate_by_name=True)


class PanelPlan(_Told):
    """One interviewer's place on the panel as planned: which interview, when, and which criteria to probe."""

    name: Text
    interview: Text
    stage: str = ""
    held_on: date | None = Field(default=None, alias="date")
    focus: tuple[CriterionId, ...] = ()


class FeedbackRow(_Told):
    """What one interviewer wrote about one interview, in their own words."""

    id: Text
    interview: Text
    interviewer: Text
    raw: Text


class ScorecardRow(_Told):
    """One grade, 1 to 4, by one interviewer on one criterion."""

    interviewer: Text
    criterion: CriterionId
    grade: Annotated[int, Field(ge=1, le=4, strict=True)]


class SearchFolder(Record):
    """Everything a search folder tells, checked against itself; `interviews` maps an interview's id to its transcript file."""

    slug: Text
    title: Text
    role_family: str
    company_kind: str
    recruiter: Text
    hiring_manager: Text
    candidate: Text
    contract_version: int
    intake_date: date | None
    panel: tuple[PanelPlan, ...]
    intake: Path | None
    interviews: dict[str, Path]
    feedback: tuple[FeedbackRow, ...]
    scorecards: tuple[ScorecardRow, ...]


class _Head(_Told):
    title: Text
    role_family: str = ""
    company_kind: str = ""
    recruiter: Text
    hiring_manager: Text
    candidate: Text
    intake_date: date | None = None
    contract_version: Annotated[int, Field(ge=1)] = 1
    panel: tuple[PanelPlan, ...] = ()


class _Line(_Told):
    id: CriterionId
    text: Text
    said_at: tuple[tuple[float, float], ...] = ()
    shown_by: str = ""


class _GoldContract(_Told):
    must_haves: Annotated[tuple[_Line, ...], Field(min_length=3, max_length=3)]
    trade_offs: Annotated[tuple[_Line, ...], Field(min_length=2, max_length=2)]
    deal_breaker: _Line


class _DraftContract(_Told):
    must_haves: Annotated[tuple[_Line, ...], Field(max_length=3)] = ()
    trade_offs: Annotated[tuple[_Line, ...], Field(max_length=2)] = ()
    deal_breaker: _Line | None = None


def read_search_folder(path: Path, *, held: bool = True) -> SearchFolder:
    """The search in a folder; BadSearch names the file and the line or field of the first thing that is not in the documented layout.

    With `held` false no interview need have been held yet, nor a panel be named: a contract is settled before the first.
    """
    if not path.is_dir():
        missing = "is a file" if path.exists() else "does not exist"
        raise BadSearch(f"The search folder {missing}", where=str(path), todo="Name a folder that holds search.json and interviews/.")
    head = _one(_Head, path / "search.json")
    interviews = _transcripts(path / "interviews", held)
    scorecards = path / "scorecards.json"
    folder = SearchFolder(
        slug=path.resolve().name,
        **{name: getattr(head, name) for name in _Head.model_fields},
        intake=_intake(path),
        interviews=interviews,
        feedback=tuple(_lines(FeedbackRow, path / "feedback.jsonl")),
        scorecards=_one(tuple[ScorecardRow, ...], scorecards) if scorecards.exists() else (),
    )
    if held and not folder.panel:
        raise BadSearch("Nobody is on the panel", where=f"{path / 'search.json'}, panel", todo="Expected: at least one interviewer.")
    _check_panel(path, folder)
    _check_feedback(path, folder)
    _check_scorecards(path, folder)
    return folder


def read_gold_contract(path: Path, intake: Parsed | None = None) -> tuple[Criterion, ...]:
    """The six criteria of the search folder's `gold/contract.json`, in the contract's order.

    Where the intake call is given, each criterion also has what was said of it there, word for word, at the times that it rests on.
    """
    file = path / "gold" / "contract.json"
    told = _one(_GoldContract, file)
    lines = (*told.must_haves, *told.trade_offs, told.deal_breaker)
    if tuple(line.id for line in lines) != CRITERION_IDS:
        found = ", ".join(line.id for line in lines)
        raise BadSearch(f"The criteria are called {found}", where=str(file), todo=f"Expected: {', '.join(CRITERION_IDS)}.")
    said = {line.id: " ".join(_said(intake, line.said_at)) if intake else "" for line in lines}
    return tuple(Criterion(id=line.id, text=line.text, shown_by=said[line.id]) for line in lines)


def read_contract_file(file: Path) -> tuple[Criterion, ...]:
    """The criteria of a contract that somebody wrote as JSON, in the layout of `gold/contract.json`; it may still be incomplete."""
    told = _one(_DraftContract, file)
    lines = (*told.must_haves, *told.trade_offs, *([told.deal_breaker] if told.deal_breaker else []))
    for letter, kind in (("M", told.must_haves), ("T", told.trade_offs), ("D", (told.deal_breaker,) if told.deal_breaker else ())):
        if strange := [line.id for line in kind if not line.id.startswith(letter)]:
            raise BadSearch(
                f"{strange[0]} stands in the wrong list",
                where=str(file),
                todo="M1 to M3 are must-haves, T1, T2 trade-offs, D1 the deal-breaker.",
            )
    twice = [id for id, n in Counter(line.id for line in lines).items() if n > 1]
    if twice:
        raise BadSearch(f"The criterion {twice[0]} stands twice", where=str(file), todo="Each of M1 to M3, T1, T2 and D1 stands once.")
    return tuple(Criterion(id=line.id, text=line.text, shown_by=line.shown_by) for line in lines)


def _said(intake: Parsed, spans: Iterable[tuple[float, float]]) -> Iterator[str]:
    wanted = list(spans)
    for u in intake.utterances:
        marks = u.marks or (((0, u.start_s, u.end_s),) if u.start_s is not None and u.end_s is not None else ())
        for (offset, start_s, end_s), stop in zip(marks, [*[m[0] for m in marks[1:]], len(u.text)], strict=True):
            if any(min(end_s, b) - max(start_s, a) > 0 for a, b in wanted):
                yield u.text[offset:stop].strip()


def _transcripts(folder: Path, held: bool) -> dict[str, Path]:
    if not folder.is_dir():
        if not held:
            return {}
        raise BadSearch("There is no folder of interviews", where=str(folder), todo="Put each interview's transcript there.")
    files = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    if not files and held:
        raise BadSearch("There is no interview", where=str(folder), todo="Put each interview's transcript there.")
    for stem, n in Counter(p.stem for p in files).items():
        if n > 1:
            names = ", ".join(p.name for p in files if p.stem == stem)
            raise BadSearch(f"{n} files are called {stem}", where=str(folder), todo=f"Keep one of {names}: the stem is the interview's id.")
    return {p.stem: p for p in files}


def _intake(path: Path) -> Path | None:
    found = sorted(p for p in path.glob("intake.*") if p.is_file())
    if len(found) > 1:
        raise BadSearch("There are two intake calls", where=str(path), todo=f"Keep one of {', '.join(p.name for p in found)}.")
    return found[0] if found else None


def _check_panel(path: Path, folder: SearchFolder) -> None:
    """An interview may still be to come and one may be outside the plan, but both at once is a misspelt id."""
    seats = Counter((seat.name, seat.interview) for seat in folder.panel)
    for (name, interview), n in seats.items():
        if n > 1:
            raise BadSearch(f"{name} sits twice in {interview}", where=f"{path / 'search.json'}, panel", todo="Expected: one seat each.")
    unplanned = sorted(folder.interviews.keys() - {seat.interview for seat in folder.panel})
    for i, seat in enumerate(folder.panel):
        if unplanned and seat.interview not in folder.interviews:
            raise BadSearch(
                f"The panel names interview {seat.interview}, which has no file",
                where=f"{path / 'search.json'}, panel[{i}].interview",
                todo=f"Files that the panel does not name: {', '.join(unplanned)}.",
            )


def _check_feedback(path: Path, folder: SearchFolder) -> None:
    file, seen = path / "feedback.jsonl", set()
    for row, number in zip(folder.feedback, _filled_lines(file), strict=False):
        where = f"{file}, line {number}"
        if row.id in seen:
            raise BadSearch(f"Feedback {row.id} stands twice", where=where, todo="Expected: an id of its own for each.")
        seen.add(row.id)
        if row.interview not in folder.interviews:
            raise BadSearch(f"Feedback on {row.interview}, which has no file", where=where, todo=_choice("Interviews", folder.interviews))
        panel = {seat.name for seat in folder.panel if seat.interview == row.interview}
        if panel and row.interviewer not in panel:
            raise BadSearch(f"{row.interviewer} was not in {row.interview}", where=where, todo=_choice("Its panel", panel))


def _check_scorecards(path: Path, folder: SearchFolder) -> None:
    file, seen = path / "scorecards.json", set()
    panel = {seat.name for seat in folder.panel}
    for i, row in enumerate(folder.scorecards):
        if row.interviewer not in panel:
            raise BadSearch(f"{row.interviewer} is not on the panel", where=f"{file}, [{i}].interviewer", todo=_choice("Panel", panel))
        if (row.interviewer, row.criterion) in seen:
            raise BadSearch(f"{row.interviewer} grades {row.criterion} twice", where=f"{file}, [{i}]", todo="Expected: one grade each.")
        seen.add((row.interviewer, row.criterion))


def _choice(what: str, names: Iterable[str]) -> str:
    return f"{what}: {', '.join(sorted(names)) or 'none'}."


def _one(kind: type[RecordT] | Any, file: Path) -> Any:
    return _validated(kind, _json(_text(file), str(file)), str(file))


def _lines(kind: type[RecordT], file: Path) -> list[RecordT]:
    if not file.exists():
        return []
    rows = _text(file).split("\n")
    return [_validated(kind, _json(rows[n - 1], f"{file}, line {n}"), f"{file}, line {n}") for n in _filled_lines(file)]


def _filled_lines(file: Path) -> list[int]:
    return [n for n, row in enumerate(_text(file).split("\n"), 1) if row.strip()] if file.exists() else []


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadSearch("A file is missing", where=str(file), todo="The layout of a search folder has it.") from None
    except UnicodeDecodeError as e:
        line = e.object.count(b"\n", 0, e.start) + 1
        raise BadSearch("A file is not UTF-8 text", where=f"{file}, line {line}", todo="Save it as UTF-8.") from None
    except OSError as e:
        raise BadSearch(f"A file cannot be read: {e.strerror}", where=str(file), todo="Check what it is and who may read it.") from None


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as e:
        place = where if ", line" in where else f"{where}, line {e.lineno}"
        raise BadSearch(f"The JSON breaks off: {e.msg}", where=place, todo="Expected: well-formed JSON.") from None
    except (RecursionError, ValueError):
        raise BadSearch("The JSON cannot be read", where=where, todo="Expected: a search as the documentation shows it.") from None


def _validated(kind: type[RecordT] | Any, value: object, where: str) -> Any:
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as e:
        first = e.errors(include_url=False, include_input=False, include_context=False)[0]
        field = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in first["loc"]).lstrip(".")
        place = f"{where}, {field}" if field else where
        raise BadSearch(
            "A field is not as it should be", where=place, todo=f"Expected: {first['msg'][:1].lower()}{first['msg'][1:]}."
        ) from None
