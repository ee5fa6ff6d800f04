"""What people see in the terminal: moments, statements, questions, searches; in colour where the terminal has it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console, Group
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from alignment.errors import PlumblineError
from alignment.people import Search
from alignment.transcript import clock

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)

VERDICT_STYLES = {"supported": "green", "contradicted": "red", "no_evidence": "yellow", "too_vague": "yellow", "not_job_related": "magenta"}
VERDICT_WORDS = {
    "supported": "supported",
    "contradicted": "contradicted by the record",
    "no_evidence": "no evidence",
    "too_vague": "too vague",
    "not_job_related": "not about the job",
}


def fail(error: PlumblineError) -> None:
    """One sentence on standard error: what, where, what to do."""
    err.print(Text.assemble(("Error ", "bold red"), (f"[{error.code}] ", "red"), str(error)), soft_wrap=True)


def say_interrupted() -> None:
    """What Ctrl-C leaves behind."""
    err.print("Stopped. What was finished is on record; the same command goes on from there.")


def say(text: str, style: str = "") -> None:
    """One line of plain text on standard output."""
    out.print(Text(text, style=style), soft_wrap=True)


def note(text: str) -> None:
    """One line of plain text on standard error, which scripts that read standard output do not see."""
    err.print(Text(text, style="dim"), soft_wrap=True)


def tell_sentence(told: dict[str, Any]) -> None:
    """One verified sentence as it is worded, where somebody sits and waits for the rest."""
    if err.is_terminal:
        note(told["sentence"].strip())


def as_json(value: Any) -> None:
    """A value as JSON on standard output, for scripts."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))  # noqa: T201 - rich would wrap it


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Any]:
    """A progress bar on standard error; yields a function to call with what comes next."""
    columns = (TextColumn("[dim]{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(label, total=total)

        def advance(what: str, done: int | None = None, of: int | None = None) -> None:
            bar.update(task, description=f"{label}: {escape(what)}", total=of if of is not None else total)
            if done is None:
                bar.advance(task)
            else:
                bar.update(task, completed=done)

        yield advance


def show_search(search: Search, contract: dict[str, Any], interviews: Sequence[dict[str, Any]]) -> None:
    """One search: people, panel, contract, interviews."""
    out.print(Text(search.title, style="bold"))
    out.print(
        f"  {escape(search.slug)}  ·  recruiter {escape(_name(search.recruiter))}  ·  hiring manager {escape(_name(search.hiring_manager))}"
    )
    show_contract(contract)
    out.print("\n[bold]Panel[/]")
    for seat in search.panel:
        out.print(f"  {escape(seat.name)}  {escape(seat.interview_name)}  probes {', '.join(seat.focus) or 'nothing in particular'}")
    out.print("\n[bold]Interviews[/]")
    for i in interviews:
        transcript = f"{i['utterances']} utterances" if i["utterances"] else "no transcript yet"
        unmapped = f", not mapped: {', '.join(i['unmapped'])}" if i["unmapped"] else ""
        out.print(Text(f"  {i['name']}  {i['candidate']}  {i['held_on'] or 'no date'}  {transcript}{unmapped}"), soft_wrap=True)
    if not interviews:
        out.print("  none yet")


def show_contract(state: dict[str, Any]) -> None:
    """The contract's lines under their ids, and whether both sides signed; `state` is a ContractState as JSON has it."""
    out.print(
        f"\n[bold]Contract[/] version {state['contract']['version']}, {'signed by both' if state['signed'] else 'not signed by both yet'}"
    )
    for c in state["contract"]["criteria"]:
        out.print(Padding(Text.assemble((f"{c['id']} ", "bold cyan"), c["text"]), (0, 0, 0, 2)))
    if gaps := state["gaps"]:
        out.print(f"  [yellow]still open: {', '.join(gaps)}[/]")


def show_moments(question: str, moments: Sequence[dict[str, Any]]) -> None:
    """Moments with their place, speaker and words, best first."""
    if not moments:
        out.print(Text(f"The record holds no moment for “{question}”."))
    for n, m in enumerate(moments, start=1):
        head = Text.assemble((f"{n}. ", "bold"), (f"{m['interview']} ", "cyan"), (when(m), "bold"), ("  ", ""), (m["speaker"], "green"))
        around = {side: [_indented(f"{c['speaker']}: {c['text']}", "dim") for c in m.get(side, [])] for side in ("before", "after")}
        out.print(Group(head, *around["before"], _indented(m["text"]), *around["after"], Text("")))


def show_claim(claim: dict[str, Any]) -> None:
    """One claim as the interviewer is shown it: their words, the verdict, the statement or question, and the moments."""
    verdict = claim["verdict"]
    style = VERDICT_STYLES[verdict]
    tied = claim["criterion"] or "outside the contract"
    named = () if verdict in ("not_job_related", "too_vague") else (("  ", ""), (tied, "bold cyan"))
    title = Text.assemble((VERDICT_WORDS[verdict], f"bold {style}"), *named)
    parts: list[Any] = [Text(f"“{claim['span']}”", style="italic")]
    label = "Statement" if claim["kind"] == "statement" else "Question" if claim["kind"] == "question" else "Set aside"
    parts.append(Text.assemble((f"{label}: ", "bold"), claim["text"]))
    for n, m in enumerate(claim["moments"], start=1):
        parts.append(
            Text.assemble(
                (f"  [{n}] ", "bold"),
                (when(m), "bold"),
                ("  ", ""),
                (m["name"] or f"“{m['speaker']}”", "green"),
                (f"  {shortened(m['text'])}", ""),
            )
        )
    out.print(Panel(Group(*parts), title=title, title_align="left", border_style=style))


def shortened(text: str, words: int = 24) -> str:
    """The beginning of a quote in inverted commas, with the dots outside them where it goes on."""
    parts = text.split()
    return f"“{text}”" if len(parts) <= words else f"“{' '.join(parts[:words])}” …"


def _indented(text: str, style: str = "") -> Padding:
    return Padding(Text(text, style=style), (0, 0, 0, 3))


def when(moment: dict[str, Any]) -> str:
    """The clock time of a moment, or the utterance where the transcript has no times."""
    start, end = moment.get("start_s"), moment.get("end_s")
    if start is None or end is None:
        return f"u{moment['first']}"
    return f"{clock(start)}-{clock(end)}"


def _name(person: Any) -> str:
    return person.name if person else "not named"
