"""`plumbline feedback add | list`, `plumbline shape` and `plumbline scorecard add`."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from agents.desk import add_feedback, add_scorecard, feedback_called, person_on
from agents.turns import Turn, answer, shape
from agents.workbench import Workbench
from alignment.errors import BadSearch, BadSettings, NotPermitted
from alignment.feedback import Feedback
from alignment.people import Organisation, Search
from alignment.scorecard import Grade
from alignment.settings import RULES
from api import screen
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

    kept = run(work())
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

    rows = run(work())
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
    judges = judge(model, fallback="none") if no_fallback else judge(model)
    run(_shape(feedback, search, as_, accept, answers, as_json, judges))


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

    run(work())
    screen.say(f"The scorecard of {as_} for {interview} is on record.")


async def _shape(name: str, slug: str, as_: str, accept: bool, file: Path | None, as_json: bool, judges: dict[str, Any]) -> None:
    given = _answers_from(file) if file else None
    async with desk(**judges) as (bench, organisation):
        search = await search_called(bench, organisation, slug)
        feedback = await feedback_called(bench, search, name)
        if accept or file:
            await _must_be_theirs(bench, search, feedback, as_)
        turn = await shape(bench, organisation.id, feedback.id, None if bench.judgements.by == RULES else screen.tell_sentence)
        if given is not None:
            turn = await answer(bench, organisation.id, feedback.id, given)
        elif accept and turn.waiting:
            everything = [{"claim": c["claim"], "reply": "accept"} for c in turn.waiting]
            turn = await answer(bench, organisation.id, feedback.id, everything)
        elif turn.waiting and as_ and sys.stdin.isatty() and not as_json:
            await _must_be_theirs(bench, search, feedback, as_)
            turn = await _interview(bench, organisation, feedback, turn)
    _tell(turn, as_json)
    if given is not None and turn.problems:
        raise typer.Exit(NOT_TAKEN)


async def _must_be_theirs(bench: Workbench, search: Search, feedback: Feedback, as_: str) -> None:
    if not as_:
        raise NotPermitted("Answers need to know who answers", where=feedback.name, todo="Name the interviewer with --as.")
    person = await person_on(bench, search, as_)
    if person.id != feedback.interviewer:
        raise NotPermitted(f"{person.name} did not write this feedback", where=feedback.name, todo="Only its interviewer answers for it.")


async def _interview(bench: Workbench, organisation: Organisation, feedback: Feedback, turn: Turn) -> Turn:
    while turn.waiting:
        claim = turn.waiting[0]
        screen.show_claim(claim)
        for problem in turn.problems:
            screen.say(problem["why"], "yellow")
        turn = await answer(bench, organisation.id, feedback.id, [_asked(claim)])
    return turn


def _asked(claim: dict[str, Any]) -> dict[str, Any]:
    reply = typer.prompt("[a]ccept, [e]dit, [w]ithdraw, or the number of a moment", default="a").strip().lower()
    if reply.isdigit():
        return {"claim": claim["claim"], "reply": "choose", "chosen": int(reply)}
    if reply.startswith("e"):
        return {"claim": claim["claim"], "reply": "edit", "text": typer.prompt("In your words")}
    return {"claim": claim["claim"], "reply": "withdraw" if reply.startswith("w") else "accept"}


def _tell(turn: Turn, as_json: bool) -> None:
    shown = [*turn.waiting, *_settled(turn)]
    if as_json:
        shaping = turn.shaping.model_dump(mode="json") if turn.shaping else None
        screen.as_json({"thread": turn.thread, "waiting": turn.waiting, "problems": turn.problems, "claims": shown, "shaping": shaping})
        return
    for claim in shown:
        screen.show_claim(claim)
    for problem in turn.problems:
        screen.say(problem["why"], "yellow")
    if turn.waiting:
        screen.note(
            f"{len(turn.waiting)} wait for the interviewer: answer with --as NAME in a terminal, with --accept, or with --answers FILE."
        )


def _settled(turn: Turn) -> list[dict[str, Any]]:
    waiting = {w["claim"] for w in turn.waiting}
    return [c for c in turn.shown if c["claim"] not in waiting]


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
