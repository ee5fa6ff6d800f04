"""`plumbline feedback add | list`, `plumbline shape` and `plumbline scorecard add`."""

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from agents.desk import add_feedback, add_scorecard, feedback_called, person_on
from agents.turns import Turn, answer, shape
from agents.workbench import Workbench
from alignment.errors import BadSearch, BadSettings, NotPermitted
from alignment.feedback import Feedback
from alignment.people import Search
from alignment.scorecard import Grade
from alignment.settings import RULES
from api import screen
from api.remote import feedback as remote_feedback
from api.remote.chosen import refuse, server
from api.session import Model, NoFallback, desk, judge, run, search_called

SearchName = Annotated[str, typer.Option("--search", help="The search's short name.")]
As = Annotated[str, typer.Option("--as", help="Who is acting, by name.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]

NOT_TAKEN = 5


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    feedback = typer.Typer(no_args_is_help=True, help="What interviewers wrote, word for word.")
    feedback.command("add")(add)
    feedback.command("list")(list_)
    app.add_typer(feedback, name="feedback")
    app.command("shape")(shape_)
    scorecard = typer.Typer(no_args_is_help=True, help="Grades, 1 to 4 a criterion.")
    scorecard.command("add")(grade)
    app.add_typer(scorecard, name="scorecard")


def add(
    search: SearchName,
    interview: Annotated[str, typer.Option(help="The interview's name.")],
    as_: As,
    text: Annotated[str, typer.Argument(help="The feedback; - reads it from standard input.")] = "-",
    name: Annotated[str, typer.Option(help="A short name for it; F1, F2 … by default.")] = "",
    as_json: Json = False,
) -> None:
    """Put a piece of feedback on record, exactly as written."""
    raw = _written() if text == "-" else text
    if not raw.strip():
        raise BadSearch("The feedback is empty", where=f"search {search}", todo="Write what you saw or heard.")

    async def work() -> Feedback:
        async with desk() as (bench, organisation):
            return await add_feedback(bench, await search_called(bench, organisation, search), interview, as_, raw, name=name)

    remote = server()
    kept = remote_feedback.add(remote, search, interview, as_, raw, name) if remote else run(work())
    if as_json:
        screen.as_json(kept.model_dump(mode="json"))
    else:
        screen.say(f"{kept.name} is on record. Shape it with: plumbline shape {kept.name} --search {search} --as '{as_}'")


def list_(search: SearchName, as_json: Json = False) -> None:
    """List a search's feedback and whether it is shaped."""

    async def work() -> list[dict[str, Any]]:
        async with desk() as (bench, organisation):
            found = await search_called(bench, organisation, search)
            names = {i.id: i.name for i in await bench.store.interviews(organisation.id, found.id)}
            rows = []
            for f in await bench.store.feedback_of(organisation.id, search=found.id):
                person = await bench.store.person(organisation.id, f.interviewer)
                shaped = bool(await bench.store.shapings(organisation.id, f.id))
                rows.append({"name": f.name, "interview": names[f.interview], "interviewer": person.name, "shaped": shaped, "raw": f.raw})
            return rows

    remote = server()
    rows = remote_feedback.every(remote, search) if remote else run(work())
    if as_json:
        screen.as_json(rows)
    for r in () if as_json else rows:
        screen.say(f"{r['name']}  {r['interview']}  {r['interviewer']}  {'shaped' if r['shaped'] else 'open'}  {r['raw']}")


def shape_(
    feedback: Annotated[str, typer.Argument(help="The feedback's name, such as F1.")],
    search: SearchName,
    as_: As = "",
    accept: Annotated[bool, typer.Option("--accept", help="Accept everything as drafted; questions stay open.")] = False,
    answers: Annotated[Path | None, typer.Option(help="Answers as JSON: [{claim, reply, text, chosen}, …].")] = None,
    model: Model = "",
    no_fallback: NoFallback = False,
    as_json: Json = False,
) -> None:
    """Shape a piece of feedback: statements with checked citations, or questions; then take the interviewer's answers.

    The exit code is 5 where one of the answers in the file could not be taken.
    """
    if accept and answers:
        raise BadSettings("--accept and --answers cannot both answer", where=feedback, todo="Choose one.")
    given = _answers_from(answers) if answers else None
    if (accept or answers) and not as_:
        raise NotPermitted("Answers need to know who answers", where=feedback, todo="Name the interviewer with --as.")

    async def work() -> dict[str, Any]:
        if remote := server():
            refuse(model=model, no_fallback=no_fallback)
            return await _shape(remote_feedback.RemoteShaping(remote, search, feedback, as_), as_, accept, given, as_json)
        async with desk(**(judge(model, fallback="none") if no_fallback else judge(model))) as (bench, organisation):
            found = await search_called(bench, organisation, search)
            shaping = _Shaping(bench, found, await feedback_called(bench, found, feedback), as_)
            if accept or answers:
                await shaping.must_be_theirs()
            return await _shape(shaping, as_, accept, given, as_json)

    turn = run(work())
    _tell(turn, as_json)
    if given is not None and turn["problems"]:
        raise typer.Exit(NOT_TAKEN)


def grade(
    search: SearchName,
    interview: Annotated[str, typer.Option(help="The interview's name.")],
    as_: As,
    grades: Annotated[list[str], typer.Argument(help="Grades as M1=3 T2=4 …")],
) -> None:
    """Put one interviewer's scorecard on record."""
    given = [_grade(g) for g in grades]
    for criterion, n in Counter(g.criterion for g in given).items():
        if n > 1:
            raise BadSettings(f"{criterion} is graded {n} times", where="scorecard", todo="Give each criterion one grade.")

    async def work() -> None:
        async with desk() as (bench, organisation):
            await add_scorecard(bench, await search_called(bench, organisation, search), interview, as_, given)

    if remote := server():
        remote_feedback.grade(remote, search, interview, as_, given)
    else:
        run(work())
    screen.say(f"The scorecard of {as_} for {interview} is on record.")


@dataclass(frozen=True)
class _Shaping:
    """The shaping of a piece of feedback in the record at hand; what its methods tell is what `shape --json` prints."""

    bench: Workbench
    search: Search
    feedback: Feedback
    name: str

    async def must_be_theirs(self) -> None:
        person = await person_on(self.bench, self.search, self.name)
        if person.id != self.feedback.interviewer:
            what, todo = f"{person.name} did not write this feedback", "Only its interviewer answers for it."
            raise NotPermitted(what, where=self.feedback.name, todo=todo)

    async def look(self) -> dict[str, Any]:
        told = None if self.bench.judgements.by == RULES else screen.tell_sentence
        return _of(await shape(self.bench, self.search.organisation, self.feedback.id, told))

    async def answer(self, answers: list[dict[str, Any]]) -> dict[str, Any]:
        return _of(await answer(self.bench, self.search.organisation, self.feedback.id, answers))


def _of(turn: Turn) -> dict[str, Any]:
    shaping = turn.shaping.model_dump(mode="json") if turn.shaping else None
    return remote_feedback.standing(turn.thread, list(turn.shown), [c["claim"] for c in turn.waiting], list(turn.problems), shaping)


async def _shape(
    shaping: "_Shaping | remote_feedback.RemoteShaping", as_: str, accept: bool, given: list[dict[str, Any]] | None, as_json: bool
) -> dict[str, Any]:
    turn = await shaping.look()
    if given is not None:
        return await shaping.answer(given)
    if accept and turn["waiting"]:
        return await shaping.answer([{"claim": c["claim"], "reply": "accept"} for c in turn["waiting"]])
    if turn["waiting"] and as_ and not accept and sys.stdin.isatty() and not as_json:
        await shaping.must_be_theirs()
        while turn["waiting"]:
            claim = turn["waiting"][0]
            screen.show_claim(claim)
            for problem in turn["problems"]:
                screen.say(problem["why"], "yellow")
            turn = await shaping.answer([_asked(claim)])
    return turn


def _asked(claim: dict[str, Any]) -> dict[str, Any]:
    reply = typer.prompt("[a]ccept, [e]dit, [w]ithdraw, or the number of a moment", default="a").strip().lower()
    if reply.isdigit():
        return {"claim": claim["claim"], "reply": "choose", "chosen": int(reply)}
    if reply.startswith("e"):
        return {"claim": claim["claim"], "reply": "edit", "text": typer.prompt("In your words")}
    return {"claim": claim["claim"], "reply": "withdraw" if reply.startswith("w") else "accept"}


def _tell(turn: dict[str, Any], as_json: bool) -> None:
    if as_json:
        screen.as_json(turn)
        return
    for claim in turn["claims"]:
        screen.show_claim(claim)
    for problem in turn["problems"]:
        screen.say(problem["why"], "yellow")
    if turn["waiting"]:
        screen.note(
            f"{len(turn['waiting'])} wait for the interviewer: answer with --as NAME in a terminal, with --accept, or with --answers FILE."
        )


def _written() -> str:
    if sys.stdin.isatty():
        screen.note("Write the feedback, and end it with Ctrl-D on a line of its own.")
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as e:
        raise BadSettings("The feedback is not UTF-8 text", where="standard input", todo="Save it as UTF-8.") from e


def _answers_from(file: Path) -> list[dict[str, Any]]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        raise BadSettings(f"The answers cannot be read: {e}", where=str(file), todo="A JSON list of {claim, reply, text, chosen}.") from e
    return told if isinstance(told, list) else [told]


def _grade(told: str) -> Grade:
    criterion, _, value = told.partition("=")
    try:
        return Grade.model_validate({"criterion": criterion.strip().upper(), "grade": int(value)})
    except ValueError as e:
        raise BadSettings(f"{told!r} is no grade", where="scorecard", todo="Write it as M1=3, with 1 to 4.") from e
