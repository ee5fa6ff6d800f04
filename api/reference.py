"""The command line's reference, made from the commands themselves: `python -m api.reference` writes docs/cli.md.

It reads the annotated signatures that typer reads, not what typer makes of them, which changes from release to release.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import typer
from pydantic import BaseModel
from typer.models import ArgumentInfo, OptionInfo

from alignment.settings import PREFIX, RemoteSettings, Settings
from api.cli import COMMANDS, EXIT_CODES, INTERRUPTED, make_app, plumbline
from api.remote.chosen import LOCAL

PLACE = Path(__file__).resolve().parents[1] / "docs" / "cli.md"
USAGE = 2
HEAD = """# The command line

Made by `make docs` from the commands themselves; a test fails when it is stale. Results go to standard output, notes and failures to
standard error. A failure is one sentence: its code in brackets ([every code](problems.md)), what happened, where, and what to do.
"""


REMOTE = f"""## Beside a running server

The embedded index belongs to one process, so that beside a running server the commands go through it: with `--server URL` before the
command, or with `PLUMBLINE_SERVER`. The API key is in `PLUMBLINE_KEY`, never in an argument, which any user of the machine can read.
Arguments, exit codes and `--json` are those of the command where the record is. A write whose answer is lost is sent again, and done once.
`--model`, `--no-fallback` and `--org` are the server's own to say. Over http to another machine the key would travel in clear: that is
told, each time. These run only where the record is: {", ".join(f"`{name}`" for name in sorted(LOCAL & COMMANDS.keys()))}.
"""


@dataclass(frozen=True)
class Given:
    """One argument or option: how it is written, whether it must be given, and what it is."""

    written: str
    option: bool
    required: bool
    told: str


def main() -> None:
    """Write the reference to its place."""
    PLACE.write_text(reference(), encoding="utf-8")


def reference() -> str:
    """docs/cli.md as it should stand."""
    sections = [*_section("plumbline", plumbline, "COMMAND …"), REMOTE]
    sections += [line for name, command in sorted(_commands(make_app(), "plumbline")) for line in _section(name, command)]
    return "\n".join([HEAD, *sections, "## Exit codes\n", *_codes(), "", "## Settings\n", *_settings()]) + "\n"


def _commands(group: typer.Typer, path: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    for command in group.registered_commands:
        if command.callback:
            yield f"{path} {command.name}", command.callback
    for inner in group.registered_groups:
        if inner.typer_instance:
            yield from _commands(inner.typer_instance, f"{path} {inner.name}")


def _section(name: str, command: Callable[..., Any], then: str = "") -> Iterator[str]:
    parameters = [p for p in inspect.signature(command, eval_str=True).parameters.values() if p.annotation is not typer.Context]
    given = sorted((_given(p) for p in parameters), key=lambda g: g.option)
    line = [g.written if g.required else f"[{g.written}]" for g in given if g.required or not g.option]
    options = ["[OPTIONS]"] if any(g.option and not g.required for g in given) else []
    yield f"## `{name}`\n"
    yield f"{inspect.getdoc(command)}\n"
    yield f"```console\n$ {' '.join([name, *line, *options, *([then] if then else [])])}\n```\n"
    if given:
        yield "| argument or option | what it is |\n|---|---|"
        yield from (f"| `{g.written}` | {g.told} |" for g in given)
        yield ""


def _given(parameter: inspect.Parameter) -> Given:
    kind, info = get_args(parameter.annotation)[:2] if get_origin(parameter.annotation) is Annotated else (parameter.annotation, None)
    many = get_origin(kind) is list or any(get_origin(k) is list for k in get_args(kind))
    required = parameter.default is inspect.Parameter.empty
    if isinstance(info, ArgumentInfo):
        return Given(parameter.name.upper() + ("…" if many else ""), False, required, info.help or "")
    if not isinstance(info, OptionInfo):
        raise TypeError(f"{parameter.name} is neither an argument nor an option")
    # In an annotation, what is given first stands where a default would.
    named = [d for d in (info.default, *(info.param_decls or ())) if isinstance(d, str) and d.startswith("--")]
    name = next(iter(named), f"--{parameter.name.replace('_', '-')}")
    notes = [info.help or "", "Required." if required else "", "May be given several times." if many else "", _standing(parameter.default)]
    return Given(f"{name} {_value(kind)}".strip(), True, required, " ".join(n for n in notes if n).replace("|", "\\|"))


def _value(kind: Any) -> str:
    if kind is bool:
        return ""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "|".join(str(member.value) for member in kind)
    return "NUMBER" if kind is int else "PATH" if Path in (kind, *get_args(kind)) else "TEXT"


def _standing(default: Any) -> str:
    told = default.value if isinstance(default, Enum) else default
    return f"`{told}` by default." if told and told is not inspect.Parameter.empty else ""


def _codes() -> Iterator[str]:
    yield "| code | when |\n|---|---|\n| 0 | done |\n| 1 | any other failure |"
    yield f"| {USAGE} | the command is not written as it should be |"
    for kind, code in EXIT_CODES:
        yield f"| {code} | {inspect.getdoc(kind)} (`{kind.code}` and its kinds) |"
    yield f"| {INTERRUPTED} | stopped by Ctrl-C; what was finished is on record |"


def _settings() -> Iterator[str]:
    yield "Environment variables; an unknown one that begins like these is refused.\n"
    yield "| variable | by default |\n|---|---|"
    yield from (
        f"| `{PREFIX}{name.upper()}` | none; see [beside a running server](#beside-a-running-server) |"
        for name in RemoteSettings.model_fields
    )
    for name, field in sorted(Settings.model_fields.items()):
        variable = f"{PREFIX}{name.upper()}"
        if isinstance(field.default, BaseModel):
            yield from (f"| `{variable}__{sub.upper()}` | {_shown(value)} |" for sub, value in field.default)
        else:
            yield f"| `{variable}` | {'`~/.plumbline`' if name == 'home' else _shown(field.default)} |"


def _shown(value: Any) -> str:
    return "" if value in ("", None) else f"`{value}`"


if __name__ == "__main__":
    main()
