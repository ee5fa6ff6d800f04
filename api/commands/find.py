"""`plumbline find`: a question, answered with moments."""

from typing import Annotated, Any

import typer

from agents.asking import find
from alignment.errors import BadSettings
from api import screen
from api.remote import debriefs
from api.remote.chosen import server
from api.session import desk, run


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("find")(find_moments_)


def find_moments_(
    question: Annotated[str, typer.Argument(help="What you want to find the moment of.")],
    search: Annotated[str, typer.Option(help="Only in this search.")] = "",
    interview: Annotated[str, typer.Option(help="Only in this interview of the search.")] = "",
    role: Annotated[str, typer.Option(help="Only what a candidate, interviewer, recruiter or hiring_manager says.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=50, help="How many moments.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Find the moments of the record that answer a question, with what was said around them."""
    if not question.strip():
        raise BadSettings("The question is empty", where="find", todo='Ask for a moment, such as: plumbline find "a conflict at work".')

    async def work() -> list[dict[str, Any]]:
        async with desk() as (bench, organisation):
            return await find(bench, organisation.id, question, search=search, interview=interview, role=role, limit=limit)

    remote = server()
    wanted = {"search": search, "interview": interview, "role": role, "limit": limit}
    found = debriefs.moments(remote, question, wanted) if remote else run(work())
    if as_json:
        screen.as_json(found)
    else:
        screen.show_moments(question, found)
