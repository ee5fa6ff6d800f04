"""`plumbline organisation show | consent`: the tenant that this command line works for, and where its consents are kept."""

from typing import Annotated

import typer

from alignment.people import ConsentPolicy, Organisation
from api import screen
from api.remote import administration, keeping
from api.remote.chosen import server
from api.session import desk, run

TOLD = {
    ConsentPolicy.REQUIRED: "an interview without a recorded consent is refused",
    ConsentPolicy.OPT_OUT: "an interview of which no notice to its candidate is on record is refused, and who objects is erased",
    ConsentPolicy.RECORDED_ELSEWHERE: "consents are kept in another system, and interviews are taken in without one",
}


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    group = typer.Typer(no_args_is_help=True, help="The tenant that PLUMBLINE_ORGANISATION names.")
    group.command("show")(show)
    group.command("consent")(consent)
    app.add_typer(group, name="organisation")


def show(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False) -> None:
    """Show the organisation and its consent policy."""

    async def work() -> Organisation:
        async with desk() as (_, organisation):
            return organisation

    remote = server()
    _tell(administration.organisation(remote) if remote else run(work()), as_json)


def consent(
    policy: Annotated[ConsentPolicy, typer.Argument(help="Whether every interview needs its consent, or a notice, in our record.")],
    region: Annotated[str, typer.Option(help="Have it hold in one region alone: DE, US-NY. Interviews are opened with theirs.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Set the organisation's consent policy, or a region's; interviews that are on record keep what they came in with."""
    if region.strip():
        _set_region(region.strip(), policy, as_json)
        return

    async def work() -> Organisation:
        async with desk() as (bench, organisation):
            return await bench.store.set_consent_policy(organisation.id, policy)

    remote = server()
    _tell(administration.set_policy(remote, policy) if remote else run(work()), as_json)


def _set_region(region: str, policy: ConsentPolicy, as_json: bool) -> None:
    async def work() -> dict[str, ConsentPolicy]:
        async with desk() as (bench, organisation):
            await bench.store.set_consent_region(organisation.id, region, policy)
            return await bench.store.consent_regions(organisation.id)

    remote = server()
    regions = keeping.regions(remote, region, policy) if remote else run(work())
    if as_json:
        screen.as_json(regions)
    for name, held in () if as_json else regions.items():
        screen.say(f"{name}: {TOLD[held]} ({held}).")


def _tell(organisation: Organisation, as_json: bool) -> None:
    if as_json:
        screen.as_json(organisation.model_dump(mode="json"))
    else:
        screen.say(f"{organisation.name}: {TOLD[organisation.consent_policy]} ({organisation.consent_policy}).")
