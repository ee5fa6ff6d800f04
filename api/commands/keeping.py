"""`plumbline hold` and `plumbline retention`: what may not be erased for now, and what goes by its age."""

from typing import Annotated

import typer

from agents import holds
from agents import retention as ages
from agents.erasure.asking import Asked
from alignment.erasing import Erasure, Hold, Kept, RetentionRule
from api import screen
from api.commands.erase import AsJson, By, Reason, must_be_told, tell, who
from api.remote import keeping
from api.remote.chosen import server
from api.session import desk, run, search_called

What = Annotated[Kept, typer.Argument(help="recordings alone, or whole interviews.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    hold = typer.Typer(no_args_is_help=True, help="Legal holds: while one lasts, nothing of its interview is erased.")
    hold.command("place")(place)
    hold.command("lift")(lift)
    hold.command("list")(list_)
    app.add_typer(hold, name="hold")
    retention = typer.Typer(no_args_is_help=True, help="After how many days recordings, or whole interviews, go.")
    retention.command("set")(set_)
    retention.command("show")(show)
    retention.command("apply")(apply)
    app.add_typer(retention, name="retention")


def place(
    search: Annotated[str, typer.Option("--search", help="The search's short name.")],
    interview: Annotated[str, typer.Option(help="The interview's name.")],
    reason: Reason = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Place a hold: until it is lifted, erasure and retention refuse; a withdrawal stops processing, and erases afterwards."""
    must_be_told(reason)
    asked = Asked(by=who(by), reason=reason.strip())

    async def work() -> Hold:
        async with desk() as (bench, organisation):
            return await holds.place(bench, await search_called(bench, organisation, search), interview, asked)

    remote = server()
    _tell_holds([keeping.place(remote, search, interview, asked) if remote else run(work())], as_json)


def lift(id: Annotated[str, typer.Argument(help="The hold's id.")], as_json: AsJson = False) -> None:
    """Lift a hold; what a candidate withdrew meanwhile is erased now, unless another hold lasts."""

    async def work() -> tuple[Hold, tuple[Erasure, ...]]:
        async with desk() as (bench, organisation):
            return await holds.lift(bench, organisation.id, id)

    remote = server()
    hold, erased = keeping.lift(remote, id) if remote else run(work())
    if as_json:
        screen.as_json({"hold": hold.model_dump(mode="json"), "erased": [e.model_dump(mode="json") for e in erased]})
        return
    _tell_holds([hold], False)
    for erasure in erased:
        tell(erasure, False)


def list_(as_json: AsJson = False) -> None:
    """List the holds, lifted ones too."""

    async def work() -> tuple[Hold, ...]:
        async with desk() as (bench, organisation):
            return await bench.store.holds(organisation.id)

    remote = server()
    _tell_holds(list(keeping.holds(remote) if remote else run(work())), as_json)


def set_(
    what: What,
    days: Annotated[int, typer.Argument(min=0, max=36_500, help="After so many days; 0 ends the rule.")],
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Set after how many days something goes: recordings since they came in, interviews since they were held."""

    async def work() -> tuple[RetentionRule, ...]:
        async with desk() as (bench, organisation):
            if days:
                await ages.set_rule(bench, organisation.id, what, days, who(by))
            else:
                await bench.store.set_retention(organisation.id, what, None)
            return await bench.store.retention(organisation.id)

    remote = server()
    _tell_rules(keeping.set_rule(remote, what, days, who(by)) if remote else run(work()), as_json)


def show(as_json: AsJson = False) -> None:
    """Show the rules."""

    async def work() -> tuple[RetentionRule, ...]:
        async with desk() as (bench, organisation):
            return await bench.store.retention(organisation.id)

    remote = server()
    _tell_rules(keeping.rules(remote) if remote else run(work()), as_json)


def apply(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would go, and what stays and why.")] = False,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Apply the rules now; a server does so once a day."""

    async def work() -> tuple[ages.Come, ...]:
        async with desk() as (bench, organisation):
            return await ages.apply(bench, organisation.id, who(by), dry_run=dry_run)

    remote = server()
    come = keeping.apply(remote, dry_run, who(by)) if remote else run(work())
    if as_json:
        screen.as_json([c.model_dump(mode="json") for c in come])
        return
    for one in come:
        told = f"stays: {one.stays}" if one.stays else f"gone, receipt {one.erasure}" if one.erasure else "would go"
        screen.say(f"{one.what} of {one.interview}, since {one.since:%Y-%m-%d}: {told}.")
    if not come:
        screen.say("Nothing has come to its age.")


def _tell_holds(found: list[Hold], as_json: bool) -> None:
    if as_json:
        screen.as_json([h.model_dump(mode="json") for h in found])
        return
    for hold in found:
        until = f"lifted {hold.lifted_at:%Y-%m-%d}" if hold.lifted_at else "lasts"
        screen.say(f"{hold.id}  {hold.interview}  {hold.at:%Y-%m-%d}, {until}  by {hold.by}: {hold.reason}")
    if not found:
        screen.say("There is no hold.")


def _tell_rules(rules: tuple[RetentionRule, ...], as_json: bool) -> None:
    if as_json:
        screen.as_json([r.model_dump(mode="json") for r in rules])
        return
    for rule in rules:
        screen.say(f"{rule.what} go after {rule.days} days, set {rule.at:%Y-%m-%d} by {rule.by}.")
    if not rules:
        screen.say("Nothing goes by its age.")
