"""`plumbline corpus`: questions over all searches of the organisation."""

from datetime import date
from functools import partial
from typing import Annotated, Any

import typer

from agents.corpus_questions.answering import answer
from agents.corpus_questions.telling import markdown, names_in
from api import screen
from api.remote import debriefs
from api.remote.chosen import server
from api.session import desk, run


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("corpus")(corpus)


def corpus(
    question: Annotated[str, typer.Argument(help="What to count or to find, in plain words.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Ask over all searches: where candidates fall short, what gets clean reads, who grades apart from the evidence, who spoke of what.

    Counts are exact, over at least three interviews, with moments that show them and the days they cover. Whatever changed since the last
    question is read again first. It ranks nobody.
    """

    async def work() -> Any:
        async with desk() as (bench, organisation):
            with screen.progress("Reading what changed") as advance:
                found = await answer(bench, organisation.id, question, date.today(), progress=partial(advance, "candidates"))
            return found.model_dump(mode="json") if as_json else markdown(found, await names_in(bench, organisation.id, found))

    remote = server()
    told = debriefs.over_all(remote, question, as_json) if remote else run(work())
    if as_json:
        screen.as_json(told)
    else:
        screen.say(told.rstrip())
