"""The MCP resources: contracts, debriefs and transcripts under addresses of their own, as far as the caller may read them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass

from mcp.shared.uri_template import UriTemplate
from mcp_types import Resource, ResourceTemplate, TextResourceContents
from pydantic import BaseModel

from agents.access import search_for, searches_for
from agents.debrief_referee.telling import markdown
from agents.debriefs import candidates_read_by, debrief_for
from agents.desk import interview_called
from alignment.access import Access
from alignment.errors import NotFound
from alignment.people import Search
from alignment.transcript import Transcript, clock
from api.mcp.asked import Asked
from api.mcp.tools import contract_read
from api.pages import cursor_of, place_of

PAGE = 50
MARKDOWN, JSON, PLAIN = "text/markdown", "application/json", "text/plain"
Parts = list[tuple[str, str]]
"""What a resource holds: each part's media type and text."""


@dataclass(frozen=True)
class Kind:
    """One kind of resource: its address, and how it is read."""

    title: str
    what: str
    address: UriTemplate
    read: Callable[[Asked, Search, Mapping[str, str]], Awaitable[Parts]]

    def at(self, **names: str) -> str:
        """The address with these names in it."""
        return self.address.expand(names)

    def one(self, title: str, mime: str, **names: str) -> Resource:
        """The resource at that address, as lists tell it."""
        return Resource(uri=self.at(**names), name=title, title=title, description=self.what, mime_type=mime)


async def _contract(asked: Asked, search: Search, names: Mapping[str, str]) -> Parts:
    told = names.get("version", "0")
    if not (told.isascii() and told.isdigit() and len(told) < 7):
        raise NotFound(f"There is no version {told}", where=search.slug, todo="A version is a number from 1.")
    record, text = await contract_read(asked, search, int(told))
    return [(MARKDOWN, text), (JSON, _json(record))]


async def _debrief(asked: Asked, search: Search, names: Mapping[str, str]) -> Parts:
    name = asked.acting(names.get("person", ""))
    packet, material = await asked.through(debrief_for(asked.bench, search, name, names["candidate"]))
    asked.note(contract=str(packet.contract_version))
    return [(MARKDOWN, markdown(packet, material)), (JSON, _json(packet))]


async def _transcript(asked: Asked, search: Search, names: Mapping[str, str]) -> Parts:
    held = await interview_called(asked.bench, search, names["interview"])
    transcript = await asked.bench.store.transcript(search.organisation, held.id)
    asked.note(transcript=f"{transcript.id} version {transcript.version}")
    return [(PLAIN, _told(transcript))]


def _told(transcript: Transcript) -> str:
    lines = []
    for u in transcript.utterances:
        at = f" {clock(u.start_s)}" if u.start_s is not None else ""
        lines.append(f"[{u.id}{at}] {transcript.speaker(u.speaker).spoken}: {u.text}")
    return "\n".join(lines)


def _json(record: BaseModel) -> str:
    return record.model_dump_json()


def _at(path: str) -> UriTemplate:
    return UriTemplate.parse(f"plumbline://searches/{{search}}/{path}")


CONTRACT = Kind("Contract", "What a search hires for, in its newest version.", _at("contract"), _contract)
VERSION = Kind("Contract version", "One version of a search's contract.", _at("contracts/{version}"), _contract)
DEBRIEF = Kind(
    "Debrief",
    "The packet on one candidate: readings beside the record. It opens once every scorecard is in. A service's key names its reader.",
    _at("debrief/{candidate}{?person}"),
    _debrief,
)
TRANSCRIPT = Kind(
    "Transcript", "What was said in one interview, utterance by utterance.", _at("interviews/{interview}/transcript"), _transcript
)
KINDS = (CONTRACT, VERSION, DEBRIEF, TRANSCRIPT)


def templates() -> list[ResourceTemplate]:
    """The addresses that there can be."""
    return [
        ResourceTemplate(
            uri_template=str(kind.address), name=kind.title.casefold().replace(" ", "_"), title=kind.title, description=kind.what
        )
        for kind in KINDS
    ]


async def read(asked: Asked, uri: str) -> list[TextResourceContents]:
    """What stands at an address; NotFound where there is nothing, or nothing that the caller may see."""
    asked.caller.must(Access.READ)
    for kind in KINDS:
        names = {name: value for name, value in (kind.address.match(uri) or {}).items() if isinstance(value, str)}
        # Nothing on record has a name that no database keeps.
        if names and all(value.isprintable() for value in names.values()):
            asked.note(resource=kind.title)
            parts = await kind.read(asked, await asked.search(names["search"]), names)
            return [TextResourceContents(uri=uri, mime_type=mime, text=text) for mime, text in parts]
    raise NotFound("There is no resource at that address", todo="The addresses are in resources/templates/list.")


async def listed(asked: Asked, cursor: str) -> tuple[list[Resource], str | None]:
    """A page of what the caller may see, search by search, and the cursor of the next; a cursor that stands for nothing is NotFound."""
    asked.caller.must(Access.READ)
    slug, _, number = place_of(cursor).partition(" ")
    if cursor and not (slug.isprintable() and number.isascii() and number.isdigit() and len(number) < 10):
        raise NotFound("That cursor stands for nothing", where="cursor", todo="Begin the list anew.")
    found: list[Resource] = []
    async for search, n, resource in _all(asked, slug, int(number or 0)):
        if len(found) == PAGE:
            return found, cursor_of(f"{search.slug} {n}")
        found.append(resource)
    return found, None


async def _all(asked: Asked, slug: str, start: int) -> AsyncIterator[tuple[Search, int, Resource]]:
    """Every resource from the one of that number in the search of that name, with its own search and number."""
    batch: tuple[Search, ...] = (await search_for(asked.bench, asked.caller, slug),) if slug else ()
    while batch or (batch := await searches_for(asked.bench, asked.caller, after=slug)):
        for search in batch:
            n = 0
            async for resource in _of(asked, search):
                if n >= start:
                    yield search, n, resource
                n += 1
            start, slug = 0, search.slug
        batch = ()


async def _of(asked: Asked, search: Search) -> AsyncIterator[Resource]:
    bench, org = asked.bench, search.organisation
    yield CONTRACT.one(f"Contract of {search.title}", MARKDOWN, search=search.slug)
    if asked.caller.person is not None:  # a service names a reader first
        for person in await candidates_read_by(bench, search, asked.caller.person.id):
            yield DEBRIEF.one(f"Debrief: {person.name}, {search.title}", MARKDOWN, search=search.slug, candidate=person.name)
    with_transcript = {t.interview for t in await bench.store.transcripts_current(org)}
    for interview in await bench.store.interviews(org, search.id):
        if interview.id in with_transcript:
            title = f"Transcript: {interview.name}, {interview.candidate.name}, {search.title}"
            yield TRANSCRIPT.one(title, PLAIN, search=search.slug, interview=interview.name)
