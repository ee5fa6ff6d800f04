"""`plumbline models check`: whether the chat models that are set do their work, end to end, and what that costs."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.table import Table

from agents.trial import Tried, try_models
from alignment.errors import ModelDown
from alignment.settings import RULES
from api import screen
from api.session import Model, desk, judge, run


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    models = typer.Typer(no_args_is_help=True, help="The chat models behind the judgements.")
    models.command("check")(check)
    app.add_typer(models, name="models")


def check(model: Model = "", as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False) -> None:
    """Read a sample intake and shape two minutes of an interview with the models that are set; tell who judged, tokens and seconds.

    Nothing is read from kept replies. The exit code is 7 where the rules had to stand in for a model.
    """
    tried, rows = run(_try(model))
    if as_json:
        screen.as_json({"judgements": [{**t.model_dump(mode="json"), "proven": t.proven} for t in tried], "costs": rows})
    else:
        _tell(tried, rows)
    failed = [t.judgement for t in tried if not t.proven]
    if failed:
        why = next((w for t in tried for w in t.why), "")
        raise ModelDown(f"The rules had to stand in for the model: {', '.join(failed)}. {why}".rstrip(". "), where="plumbline models check")


async def _try(model: str) -> tuple[list[Tried], list[dict[str, Any]]]:
    given = judge(model, cache=None, offline=False)
    with TemporaryDirectory(prefix="plumbline-check-") as home:
        async with desk(**given, home=Path(home), store_url="", index="", checkpoints_url="") as (bench, _):
            return await try_models(bench)


def _tell(tried: list[Tried], rows: list[dict[str, Any]]) -> None:
    for t in tried:
        made = ", ".join(f"{who} {n}×" for who, n in t.made.items()) or "not needed here"
        mark = "rules" if t.set_to == RULES else "ok" if t.proven and t.made else "not tried" if t.proven else "FELL BACK"
        screen.say(f"  {t.judgement:9} {mark:10} {made}")
        for why in t.why:
            screen.say(f"            {why}", "yellow")
    if not rows:
        screen.say("No model is set: the rules judge. Set one with PLUMBLINE_MODEL=provider:model, or try one with --model.")
        return
    screen.out.print(costs_table(rows))


def costs_table(rows: list[dict[str, Any]]) -> Table:
    """What was asked of models, a row a judgement and model, the sum last."""
    table = Table(box=None, pad_edge=False)
    for heading in ("judgement", "model", "asked", "kept", "repaired", "failed", "tokens in", "tokens out", "seconds"):
        table.add_column(heading, justify="left" if heading in ("judgement", "model") else "right")
    for r in rows:
        table.add_row(
            r["judgement"],
            r["model"],
            *(str(r[k]) for k in ("asked", "from_cache", "repaired", "failed", "tokens_in", "tokens_out")),
            f"{r['seconds']:.1f}",
        )
    return table
