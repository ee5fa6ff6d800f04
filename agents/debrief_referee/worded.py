"""Whether what was graded or claimed under one contract version speaks of the same words as another version's."""

from collections.abc import Sequence

from agents.debrief_referee.material import Reading
from alignment.contract import Contract
from alignment.scorecard import Scorecard


class Worded:
    """One contract version beside all of them: a line whose words changed is another line."""

    def __init__(self, contract: Contract, versions: Sequence[Contract]) -> None:
        self._texts: dict[int, dict[str, str]] = {
            v.version: {c.id: " ".join(c.text.casefold().split()) for c in v.criteria} for v in versions
        }
        self._now = self._texts.get(contract.version, {})

    def same(self, version: int, criterion: str) -> bool:
        """Whether that line reads alike in both; a version that is not on record says nothing."""
        then = self._texts.get(version)
        return then is None or then.get(criterion) == self._now.get(criterion)

    def card(self, given: Scorecard) -> Scorecard:
        """The scorecard with the grades that are about these words."""
        kept = tuple(g for g in given.grades if self.same(given.contract_version, g.criterion))
        return given if len(kept) == len(given.grades) else given.model_copy(update={"grades": kept})

    def reading(self, given: Reading) -> Reading:
        """The claim, tied to its line where that line is still the same."""
        if given.criterion is None or self.same(given.contract_version, given.criterion):
            return given
        return given.model_copy(update={"criterion": None})
