"""What one question in the room may look at."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.debrief_referee.material import Material
from agents.debrief_referee.room.cast import Cast
from agents.debrief_referee.room.seeking import Alike, Near
from alignment.citation import Citation
from alignment.contract import CriterionId
from alignment.debrief import Debrief
from alignment.record import InterviewId, PersonId


@dataclass(frozen=True)
class RoomContext:
    """The packet, what it rests on, and how to look into the record; `sealed` says why others' grades and claims are hidden, or nothing.

    Where it is sealed, `material` holds the reader's own grades and claims and nobody else's, and `debrief` no finding.
    """

    material: Material
    debrief: Debrief
    near: Near
    alike: Alike
    asker: PersonId | None = None
    sealed: str = ""

    @property
    def cast(self) -> Cast:
        """Who and what a question can name."""
        return Cast(self.material, self.asker)

    def scope(self, interviews: tuple[InterviewId, ...]) -> tuple[InterviewId, ...]:
        """The interviews to look into: those named, else all of the candidate's."""
        return interviews or self.cast.order

    async def line(self, about: str, least: float) -> CriterionId | None:
        """The line of the contract that comes nearest to some words; None where none comes near."""
        lines = self.material.contract.criteria
        if not about or not lines:
            return None
        found = dict(zip((c.id for c in lines), await self.alike(about, [c.text for c in lines]), strict=True))
        best = max(found, key=lambda c: found[c])
        return best if found[best] >= least else None

    def line_of(self, citations: Sequence[Citation]) -> CriterionId | None:
        """The line that moments bear on most: what claims on it rest on, what comes near it, and what the interview was to probe."""
        worth: dict[CriterionId, float] = {c.id: 0.0 for c in self.material.contract.criteria}
        for c in citations:
            for line in worth:
                near = self.material.near.get((c.interview, line), {}).get(c.first)
                claimed = any(r.criterion == line and any(_overlap(m, c) for m in r.moments) for r in self.material.readings)
                focus = c.interview in self.material.probed_in(line)
                worth[line] += (near.meaning + near.window_meaning if near else 0.0) + 0.4 * claimed + 0.2 * focus
        if not citations or not worth:
            return None
        return max(worth.items(), key=lambda pair: pair[1])[0]


def _overlap(a: Citation, b: Citation) -> bool:
    return a.interview == b.interview and a.first <= b.last and b.first <= a.last
