"""A finished run judged once more: its outcomes are read, the judges asked, and the figures written beside the run's own."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from statistics import fmean
from types import SimpleNamespace
from typing import Any

from pydantic import Field, ValidationError
from rich.console import Console

from alignment.errors import BadRequest, BadSettings, ModelDown, NotFound, PlumblineError
from alignment.record import Record, digest
from evals.case import Outcome, State
from evals.figures import Summary
from evals.judges import KEY, Asking, Rating, Scorer, Shown, figures_of, rated, unreadable
from evals.ragas_bridge import CRITICS, Judge, judge_named, judged_by, ragas_parts, rules
from evals.running.folder import Run, read_run, write

FIGURES, RATINGS, MANIFEST = "ragas.json", "ragas.jsonl", "ragas.manifest.json"
PART = "ragas.part.jsonl"
HALF, OFTEN = 0.5, 20


class Known(Record):
    """A text of our own that is known to keep a critic's rule or to break it."""

    response: str = Field(min_length=1)
    keeps: bool


CHECK = "judge"
"""The suite under which the judge itself is judged."""


def check_of(critic: Scorer, known: Sequence[Known]) -> tuple[Scorer, list[Outcome]]:
    """A scorer of the critic itself, and the cases that it reads: whether it says of known texts what is known of them."""
    right = {k.response: k.keeps for k in known}

    async def score(told: Shown, repeat: int) -> float:
        return float((await critic.score(told, repeat) >= HALF) == right[told.response])

    about = "texts known to keep or break the rule of which the judge says so; the control always says the commoner of the two"
    scorer = Scorer(f"{critic.name}_known", about, lambda told: bool(told.response), score, asks=True)
    cases = [f"{critic.name}/{n}" for n in range(1, len(known) + 1)]
    return scorer, [
        Outcome(suite=CHECK, case=case, group=case, answer={KEY: {"response": k.response}}) for case, k in zip(cases, known, strict=True)
    ]


def commoner(known: Sequence[Known]) -> float:
    """How often a judge is right that always says the same."""
    keeps = fmean(k.keeps for k in known)
    return max(keeps, 1 - keeps)


def known_of(path: Path) -> list[Known]:
    """The known texts that stand beside a critic's prompt; none where it has no such file, BadRequest where a line is none."""
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            found.append(Known.model_validate_json(line))
        except ValidationError as e:
            raise BadRequest("A known text is an object with response and keeps", where=f"{path}, line {number}") from e
    return found


class Notes:
    """The ratings as they come, one line each, so that a judgement that was broken off goes on where it was.

    The first line tells what was asked of what; a file of something else is begun anew. What failed is asked again.
    """

    def __init__(self, path: Path, asked: str, console: Console) -> None:
        self._path, self._console = path, console
        self._done = self._scorings = self._failed = 0
        self.kept = {r.key: r for r in _noted(path, asked) if len(r.known) == len(r.scores)}
        write(path, "".join(line + "\n" for line in (asked, *(r.model_dump_json() for r in self.kept.values()))))

    def __call__(self, rating: Rating) -> None:
        """Note a rating, and tell now and then how many there are."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(rating.model_dump_json() + "\n")
        self._done += 1
        self._scorings += len(rating.scores)
        self._failed += len(rating.scores) - len(rating.known)
        if self._done % OFTEN == 0:
            self._console.print(f"{self._done} judgements, {self._scorings} scorings, {self._failed} of them failed", highlight=False)

    async def rated(self, outcomes: Sequence[Outcome], scorers: Sequence[Scorer], asking: Asking) -> list[Rating]:
        """The ratings of these outcomes, those that were kept among them."""
        return await rated(outcomes, scorers, asking, self, self.kept)


def _noted(path: Path, asked: str) -> Iterator[Rating]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    if lines and lines[0] == asked:
        for line in lines[1:]:
            try:
                yield Rating.model_validate_json(line)
            except ValidationError:
                return  # broken off within a line


def check_judge(name: str) -> None:
    """Pass where that judge can be asked from here; else BadSettings that tells what to run. For before a long run."""
    ragas_parts()
    judge_named(name)


def judge_run(
    run: Run,
    judge: str = "",
    console: Console | None = None,
    asking: Asking = Asking(),
    *,
    temperature: float = 0.01,
    critics: Path = CRITICS,
) -> Summary:
    """Judge the outcomes of a run by rules, and by a model where one is named; the figures are written into its folder as well.

    Errors: BadSettings without ragas or with a judge that is none, NotFound for a run of which a judge can read nothing, ModelDown for a
    judge that cannot be reached at all. Whatever fails later is counted.
    """
    wrong = unreadable(run.outcomes)
    if not any(isinstance(o.answer, dict) and KEY in o.answer for o in run.outcomes):
        todo = f"Judges read answer.{KEY} of an outcome: see evals.ragas_bridge."
        raise NotFound("No case of the run tells what a judge reads", where=str(run.path), todo=todo)
    parts = ragas_parts()
    chosen = judge_named(judge, temperature) if judge else None
    console = console or Console()
    manifest = _manifest(judge, asking, temperature, critics, wrong)
    asked = digest(json.dumps(manifest), *(o.model_dump_json() for o in run.outcomes))
    notes = Notes(run.path / PART, asked, console)
    summary, ratings = asyncio.run(_judged(run, parts, chosen, asking, notes, critics))
    _write(run.path, summary, ratings, manifest)
    (run.path / PART).unlink()
    for line in lines(summary):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return summary


async def _judged(
    run: Run, parts: SimpleNamespace, judge: Judge | None, asking: Asking, notes: Notes, critics: Path
) -> tuple[Summary, list[Rating]]:
    seed = int(run.manifest.get("seed", asking.seed))
    scorers = rules(parts)
    if judge is None:
        ratings = await notes.rated(run.outcomes, scorers, asking)
        return figures_of(ratings, scorers, _lost(run.outcomes), seed), ratings
    async with _client(asking.timeout_s) as client:
        await _reached(client, judge, asking.timeout_s)
        models = judged_by(judge, client, parts, critics)
        scorers += models
        ratings = await notes.rated(run.outcomes, scorers, asking)
        summary = figures_of(ratings, scorers, _lost(run.outcomes), seed)
        for critic in models:
            if known := known_of(critics / f"{critic.name}.jsonl"):
                scorer, cases = check_of(critic, known)
                own = await notes.rated(cases, [scorer], asking)
                ratings += own
                for suite, of in figures_of(own, [scorer], (), seed).items():
                    main = of[scorer.name].model_copy(update={"controls": {"constant": commoner(known)}})
                    summary.setdefault(suite, {}).update({**of, scorer.name: main})
    return summary, ratings


def _client(timeout_s: float) -> Any:
    from openai import AsyncOpenAI, OpenAIError

    # A server of one's own asks for no key, and the client will not go without.
    key = os.environ.get("OPENAI_API_KEY") or ("none" if os.environ.get("OPENAI_BASE_URL") else None)
    try:
        return AsyncOpenAI(api_key=key, timeout=timeout_s, max_retries=1)
    except OpenAIError as e:
        raise BadSettings(
            "The judge has no key", where="OPENAI_API_KEY", todo="Set it, or OPENAI_BASE_URL for a server of your own."
        ) from e


async def _reached(client: Any, judge: Judge, timeout_s: float) -> None:
    """Ask the judge for a word, so that an address, key or name that is wrong is told once and not once a case."""
    from openai import OpenAIError

    try:
        async with asyncio.timeout(timeout_s):
            said = await client.chat.completions.create(model=judge.model, messages=[{"role": "user", "content": "Say yes."}], stream=True)
            async for _ in said:
                break  # a word is enough, and a small model would go on
            await said.close()
    except (OpenAIError, TimeoutError) as e:
        why = str(e) or f"no answer within {timeout_s:g} s"
        raise ModelDown(f"The judge cannot be asked: {why}", where=str(client.base_url), todo="Check its name, key and address.") from e


def _lost(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Outcomes of which a judge could read nothing: those that crashed or were unscored without an answer, and those told wrongly."""
    wrong = unreadable(outcomes)
    silent = [o for o in outcomes if not (isinstance(o.answer, dict) and KEY in o.answer) and o.state is not State.SCORED]
    return [*silent, *(o for o in outcomes if f"{o.suite} {o.case}" in wrong)]


def _manifest(judge: str, asking: Asking, temperature: float, critics: Path, wrong: dict[str, str]) -> dict[str, Any]:
    return {
        "judge": judge,
        "temperature": temperature,
        **asdict(asking),
        "critics": {p.name: digest(p.read_text(encoding="utf-8")) for p in sorted(critics.glob("*")) if p.is_file()} if judge else {},
        "unreadable": wrong,
        "ragas": version("ragas"),
    }


def _write(path: Path, summary: Summary, ratings: Sequence[Rating], manifest: dict[str, Any]) -> None:
    told = {s: {n: f.model_dump(mode="json") for n, f in of.items()} for s, of in summary.items()}
    write(path / RATINGS, "".join(r.model_dump_json() + "\n" for r in ratings))
    write(path / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    write(path / FIGURES, json.dumps(told, indent=1) + "\n")


def lines(summary: Summary) -> Iterator[str]:
    """The figures as lines of text."""
    for suite, of in summary.items():
        yield suite
        for name, f in of.items():
            value = "none" if f.value is None else f"{f.value:.3f} [{f.lo}, {f.hi}]"
            more = "".join(f"  {c} {v}" for c, v in f.controls.items()) + (f"  sd {f.sd}" if f.sd is not None else "")
            yield f"  {name:32} {value}  n {f.n:g}  unscored {f.unscored}{more}"


def main() -> None:
    """Judge a run's folder; a failure ends in one sentence on standard error and exit code 2."""
    parser = argparse.ArgumentParser(prog="python -m evals.ragas_bridge", description=__doc__)
    parser.add_argument("run", type=Path, help="the folder of a finished run")
    parser.add_argument("--judge", default="", help="openai:MODEL; without it, only what needs no model")
    parser.add_argument("--repeats", type=int, default=3, help="how often a judge is asked of each case")
    parser.add_argument("--jobs", type=int, default=2, help="how many scorings at once")
    parser.add_argument("--timeout-s", type=float, default=120.0, help="after how long a scoring has failed")
    parser.add_argument("--temperature", type=float, default=0.01, help="the judge's; the seed differs at each repeat")
    parser.add_argument("--critics", type=Path, default=CRITICS, help="a folder of critics' prompts")
    parser.add_argument("--no-controls", action="store_true", help="leave out the answers beside the contexts of another case")
    given = parser.parse_args()
    asking = Asking(max(1, given.repeats), given.jobs, given.timeout_s, controls=not given.no_controls)
    try:
        judge_run(read_run(given.run), given.judge, None, asking, temperature=given.temperature, critics=given.critics)
    except PlumblineError as e:
        print(e, file=sys.stderr)
        sys.exit(2)
