"""The reading of a whole call: its exchanges labelled, the ones that stand chosen, and the words found that each rests on."""

from collections.abc import Sequence

from agents.intake_agent.judgements import Line, LineKind, ReadIn, ReadOut, Turn
from agents.intake_agent.rules import labels, spots, stakes, words
from agents.intake_agent.rules.exchanges import exchanges_of, wishes_of
from agents.intake_agent.rules.grounding import Call
from agents.language.phrases import plain

STAND = {LineKind.MUST_HAVE: 3, LineKind.TRADE_OFF: 2, LineKind.DEAL_BREAKER: 1}
COUNTED_LEAST = {LineKind.MUST_HAVE: 0.3, LineKind.TRADE_OFF: 1.0, LineKind.DEAL_BREAKER: 1.7}
"""What the words must weigh that somebody's count is about."""

FAR_BETTER = 1.5
"""By how much what nobody counted must outweigh what was counted as the end to take its place: an early count is often taken back."""


async def read(given: ReadIn) -> ReadOut:
    """What the call settles."""
    wishes = wishes_of(given.turns)
    exchanges = exchanges_of(given.turns, wishes)
    labelled = [labels.label(e) for e in exchanges]
    gone = labels.taken_back(exchanges, labelled)
    call = Call.of(given.turns, exchanges, labelled, gone, wishes)
    settled = _Settled(call, given.turns)
    for kind, most in STAND.items():
        counted = [e for i, (e, what) in enumerate(zip(exchanges, labelled, strict=True)) if what is kind and i not in gone and e.closed]
        settled.count(kind, most, [line for e in counted if (line := words.line(kind, e, wishes, given.turns))])
    for kind in (LineKind.DEAL_BREAKER, LineKind.TRADE_OFF, LineKind.MUST_HAVE):
        settled.fill(kind, STAND[kind])
    lines = [line for kind in STAND for line in settled.of(kind)]
    lines += words.dropped(exchanges, labelled, gone, wishes, given.turns)
    lines += stakes.incentives(exchanges, given.turns, {s.label for line in lines if line.kind in STAND for s in line.said})
    return ReadOut(lines=tuple(lines))


class _Settled:
    """What stands so far: first what somebody counted, then where else both sides show that something is settled."""

    def __init__(self, call: Call, turns: Sequence[Turn]) -> None:
        self.call, self.turns = call, turns
        self.place = {t.label: i for i, t in enumerate(turns)}
        self.lines: dict[LineKind, list[Line]] = {kind: [] for kind in STAND}

    def count(self, kind: LineKind, most: int, lines: Sequence[Line]) -> None:
        """Take what was counted; of more than there is room for, what is grounded best, of a deal-breaker the last."""
        last = kind is LineKind.DEAL_BREAKER
        found = [x for line in lines if (x := self._weighed(line))]
        if last and found and (best := spots.spots_of(self.call, kind)):
            found = [x for x in found if self._grounded(x) + FAR_BETTER >= best[0].weight]
        for line in sorted(found, key=lambda x: -self._at(x)[0] if last else -self._grounded(x)):
            alike = any(spots.one_subject(self.call, self._places(line), self._places(x), turn=True) for x in self.lines[kind])
            if len(self.lines[kind]) < most and not (alike and len(found) > most):
                self.lines[kind].append(line)

    def fill(self, kind: LineKind, most: int) -> None:
        """Take what nobody counted, as far as there is room."""
        taken = [self._places(x) for of in self.lines.values() for x in of]
        for spot in spots.chosen(self.call, kind, most - len(self.lines[kind]), taken):
            inside = self.call.sentences
            proposed = [spot.proposed, *(o for o in inside[spot.proposed.turn] if o != spot.proposed)] if spot.proposed else []
            self.lines[kind].append(words.line_at(kind, spot.sentence, inside[spot.sentence.turn], self.turns, proposed))

    def of(self, kind: LineKind) -> list[Line]:
        """That kind's lines in the order of the call."""
        return sorted(self.lines[kind], key=self._at)

    def _at(self, line: Line) -> tuple[int, ...]:
        return tuple(self.place[s.label] for s in line.said)

    def _places(self, line: Line) -> spots.Places:
        starts = [(i, self.turns[i].text.find(s.words), s.words) for i, s in zip(self._at(line), line.said, strict=True)]
        return tuple((i, start, start + len(words)) for i, start, words in starts)

    def _weighed(self, line: Line) -> Line | None:
        """The line, in better words of the same turns where its own say little, or None: people count other things too."""
        if self._grounded(line) < COUNTED_LEAST[line.kind]:
            return None
        held = [s for t in self._at(line) for s in self.call.sentences.get(t, [])]
        own = [s for s in held if s.plain.strip(" .!") in plain(line.text) or plain(line.text).strip(" .!") in s.plain]
        if max((spots.weight(self.call, s, line.kind) for s in own), default=COUNTED_LEAST[line.kind]) >= COUNTED_LEAST[line.kind]:
            return line
        best = max(held, key=lambda s: spots.weight(self.call, s, line.kind))
        return words.line_at(line.kind, best, self.call.sentences[best.turn], self.turns)

    def _grounded(self, line: Line) -> float:
        held = [s for t in self._at(line) for s in self.call.sentences.get(t, [])]
        return max((spots.weight(self.call, s, line.kind) for s in held), default=0.0)
