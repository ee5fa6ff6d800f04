"""How two people show that something is settled: one says it again, the other agrees, somebody keeps it; all of it near the words meant.

Conversation analysis calls this grounding: what was said is taken as agreed once the other side has shown that it was understood, most
plainly by saying it back. It needs no counting aloud, and no name for what is being settled.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from agents.intake_agent.judgements import LineKind, Turn
from agents.intake_agent.rules import cues, uptake
from agents.intake_agent.rules.exchanges import ENUMERATED, LIST, MANAGER, RECRUITER, Exchange, Sentence, sentences_of, stems

AFTER = 3
"""How many turns after some words they may still be said back or agreed to."""

OPENING = 0.25
"""The share of a call in which a list is still a list of wishes."""

ASKED_WITHIN = 9
"""How many turns an answer may be away from the question for what ends it."""


@dataclass(frozen=True)
class Call:
    """A call laid out by turns: what each says, and what came before and after it."""

    turns: Sequence[Turn]
    counted: frozenset[int]
    settling: frozenset[tuple[int, LineKind]]
    let_go: frozenset[int]
    subject: Mapping[int, int]
    listed: frozenset[int]

    @classmethod
    def of(
        cls,
        turns: Sequence[Turn],
        exchanges: Sequence[Exchange],
        labels: Sequence[LineKind | None],
        gone: Collection[int],
        wishes: Sequence[Sentence],
    ) -> "Call":
        """The call, with the turns of each exchange: which somebody counted, what each settles, which are taken back later."""
        counted = frozenset(s.turn for e in exchanges if e.closed for s in e.by(MANAGER))
        settling = frozenset((s.turn, label) for e, label in zip(exchanges, labels, strict=True) if label for s in e.by(MANAGER))
        let_go = frozenset(s.turn for i in gone for s in exchanges[i].by(MANAGER))
        # "One, … Two, … Three, …" near the beginning is a list of wishes, and counts nothing that was settled.
        enumerated = Counter(s.turn for s in sentences_of(turns) if s.side == MANAGER and ENUMERATED.match(s.plain))
        early = {t for t, n in enumerated.items() if n >= LIST and t < OPENING * len(turns)}
        subject = {s.turn: i for i, e in enumerate(exchanges) for s in e.sentences}
        return cls(
            turns=turns,
            counted=counted,
            settling=settling,
            let_go=let_go,
            subject=subject,
            listed=frozenset({*(w.turn for w in wishes), *early}),
        )

    @cached_property
    def sentences(self) -> dict[int, list[Sentence]]:
        """The sentences of each turn."""
        found: dict[int, list[Sentence]] = defaultdict(list)
        for s in sentences_of(self.turns):
            found[s.turn].append(s)
        return found

    @cached_property
    def stems(self) -> list[frozenset[str]]:
        """The beginnings of the content words of each turn."""
        return [stems(t.text) for t in self.turns]

    @cached_property
    def letting_go(self) -> list[tuple[int, frozenset[str]]]:
        """The turns in which something is dropped or given up, and the words that name it: its own, or the recruiter's right before."""
        found = []
        for turn, of in self.sentences.items():
            for s in of:
                if cues.DROPS.search(s.plain) or cues.GIVES_UP.search(s.plain):
                    before = self.stems[turn - 1] if turn and s.side == MANAGER and s == of[0] else frozenset()
                    found.append((turn, s.stems | before))
        return found

    def plain(self, turn: int) -> str:
        """A turn's sentences, without those that address an AI."""
        return " ".join(s.plain for s in self.sentences.get(turn, ()))

    def near(self, turn: int, side: str, first: int, last: int) -> list[int]:
        """That side's turns from `first` to `last` turns after this one, earlier ones where negative."""
        places = range(max(0, turn + first), min(len(self.turns), turn + last + 1))
        return [i for i in places if self.turns[i].side == side and i != turn]

    def said_back(self, sentence: Sentence) -> float:
        """How far the recruiter says these words again right after: 1 where most of what they say is from it."""
        best = 0.0
        window = self.stems[sentence.turn]
        for i in self.near(sentence.turn, RECRUITER, 1, AFTER):
            told = self.stems[i]
            shared, close = len(told & window), len(told & sentence.stems)
            if shared >= 2 or (shared and len(told) <= 3):
                asked = self.plain(i).rstrip().endswith("?")
                best = max(best, min(1.0, shared / max(2, min(len(told), 6)) + 0.25 * min(close, 2)) * (0.5 if asked else 1.0))
        return best

    def agreed(self, turn: int) -> float:
        """How far somebody keeps it: the recruiter right after, or the manager in the same breath or the next."""
        recruiter = any(uptake.KEEPS.search(self.plain(i)) for i in self.near(turn, RECRUITER, 1, AFTER))
        again = any(uptake.CONFIRMS.search(self.plain(i)) for i in self.near(turn, MANAGER, 1, AFTER))
        return 0.6 * recruiter + 0.5 * again + 0.4 * bool(uptake.INSISTS.search(self.plain(turn)))

    def asked(self, turn: int, pattern: LineKind) -> float:
        """How recently the recruiter asked for that kind, 1 right before and nothing after a while."""
        asks = {LineKind.DEAL_BREAKER: cues.ASKS_DEAL_BREAKER, LineKind.TRADE_OFF: cues.ASKS_TRADE_OFF}[pattern]
        within = ASKED_WITHIN if pattern is LineKind.DEAL_BREAKER else AFTER
        found = [i for i in self.near(turn, RECRUITER, -within, -1) if asks.search(self.plain(i))]
        return 1.0 - 0.08 * (turn - found[-1]) if found else 0.0
