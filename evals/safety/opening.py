"""A search put on record for a handful of cases: whole as its folder tells it, or a few utterances of one of its interviews."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from agents.desk import RECORDED_ELSEWHERE, consent_from, open_interview, open_search
from agents.folders import criteria_of, plan_of, take_in, take_in_scorecards
from agents.ingestion import ingest, read_file
from agents.workbench import Workbench
from alignment.contract import Criterion
from alignment.people import Search
from alignment.record import OrganisationId
from alignment.transcript import Utterance
from corpus.folders import SearchFolder, read_search_folder
from corpus.importers import Parsed

AROUND = 8
"""How many utterances on either side of a place stay, where an interview is cut down to it."""


@dataclass(frozen=True)
class Told:
    """A search folder as it was read."""

    folder: SearchFolder
    criteria: tuple[Criterion, ...]

    @classmethod
    def at(cls, path: Path) -> "Told":
        """The folder there; its criteria are those of its gold contract."""
        folder = read_search_folder(path)
        return cls(folder, criteria_of(path, folder))

    def only(self, slug: str, interview: str) -> "Told":
        """The same search under another name, planned with that interview alone."""
        panel = tuple(p for p in self.folder.panel if p.interview == interview)
        return replace(self, folder=self.folder.model_copy(update={"slug": slug, "panel": panel}))


async def whole(bench: Workbench, told: Told) -> Search:
    """The search with all its interviews and scorecards, so that its packet is open; its feedback is left out."""
    organisation = await bench.store.create_organisation(bench.settings.organisation)
    search, _ = await take_in(bench, organisation.id, told.folder, told.criteria, lambda _: None)
    await take_in_scorecards(bench, search, told.folder)
    return search


async def planned(bench: Workbench, organisation: OrganisationId, told: Told) -> Search:
    """The search on record without any interview."""
    return await open_search(bench, organisation, plan_of(told.folder, told.criteria))


async def interviewed(bench: Workbench, search: Search, name: str, candidate: str, parsed: Parsed) -> None:
    """An interview of the search, with its transcript."""
    interview = await open_interview(bench, search, name, candidate)
    stated = consent_from(RECORDED_ELSEWHERE, interview.candidate.id)
    await ingest(bench, search.organisation, interview, parsed, consent=stated)


def cut(path: Path, at: int, put_in: Sequence[tuple[str, str]] = ()) -> Parsed:
    """What stands around an utterance of a file, with further ones (speaker, words) right behind it."""
    parsed = read_file(path)
    at = min(at, len(parsed.utterances) - 1)
    kept = list(parsed.utterances[max(0, at - AROUND) : at + AROUND + 1])
    place = next(n for n, u in enumerate(kept) if u.index == at) + 1
    end_s = kept[place - 1].end_s
    added = [Utterance(index=0, speaker=speaker, text=text, start_s=end_s, end_s=end_s) for speaker, text in put_in]
    rows = [u.model_copy(update={"index": n}) for n, u in enumerate([*kept[:place], *added, *kept[place:]])]
    labels = tuple(dict.fromkeys(u.speaker for u in rows))
    return Parsed(parsed.format, labels, tuple(rows), f"{parsed.source_digest} {at} {put_in}")
