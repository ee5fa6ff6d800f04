"""What an answer does to the slots: each thing heard is put where it belongs, and what it replaces is kept with the reason."""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any, Final

from agents.intake_agent.clashes import contradicted, repeated, restated
from agents.intake_agent.declining import JUDGED_BY, declined_because, declined_for
from agents.intake_agent.demoting import decline_standing, keep_three, let_go, replace_deal_breaker
from agents.intake_agent.judgements import Heard, HeardKind, HearOut, LineKind, Move
from agents.intake_agent.moves import ENOUGH_SILENCE, MANAGER, TRADES, key_of
from agents.intake_agent.rules.bargains import comes_for_it
from agents.intake_agent.rules.hearing import denies
from agents.intake_agent.rules.wishes import is_vague
from agents.intake_agent.state import (
    IntakeState,
    LineState,
    PendingState,
    WordsState,
    line_called,
    of_kind,
    shows_nothing,
    words_of,
)
from agents.language.proxies import Proxy

_NOT_NEEDED = re.compile(r"\b(?:(?:don't|doesn't|do not|does not) (?:\w+ )?(?:need|have to)|needn't|need not)\b", re.IGNORECASE)
_WORDY = frozenset(HeardKind) - {HeardKind.UNKNOWN, HeardKind.AGREE, HeardKind.PREFER, HeardKind.DROP}
_MANAGERS_ALONE = (Move.CONFLICT, Move.KEEP_THREE, Move.PREFER)
"""What only the manager settles, whoever answers."""

_LETTERS = {LineKind.MUST_HAVE: "W", LineKind.TRADE_OFF: "T", LineKind.DEAL_BREAKER: "D", LineKind.INCENTIVE: "I"}


def settled(state: IntakeState, out: HearOut, by: str, turn: int) -> IntakeState:
    """The state after an answer; the one before is left as it was."""
    new = deepcopy(state)
    pending = new["pending"]
    if pending is None:
        return new
    settler = _Settler(new, pending, by, turn)
    said = new["turns"][turn]["text"]
    taken = [h for h in out.heard if _was_said(h, said)]
    for heard in taken:
        settler.take(heard)
    settler.finish(taken)
    return new


def _was_said(h: Heard, said: str) -> bool:
    """Whether the words stand in the answer, and are words: what could never be cited is not taken up."""
    if not h.words:
        return h.kind not in _WORDY
    return h.words in said and any(c.isalnum() for c in h.words)


class _Settler:
    """One answer being put in its places."""

    def __init__(self, state: IntakeState, pending: PendingState, by: str, turn: int) -> None:
        self.state, self.pending, self.by, self.turn = state, pending, by, turn
        self.move = Move(pending["move"])
        self.chosen: list[str] = []
        self.changed = False

    def take(self, h: Heard) -> None:
        if self.by != MANAGER and self.move in _MANAGERS_ALONE:
            self.silence()
            return
        if h.kind in JUDGED_BY and (proxy := declined_for(self._read_as(h), [h.words])):
            self.decline(h, proxy)
        else:
            _TAKERS[h.kind](self, h)

    def _read_as(self, h: Heard) -> str:
        """What is read for a protected trait at any length: the wish itself, and not the story of what one would see."""
        return "" if h.kind is HeardKind.SEEN else h.words

    def decline(self, h: Heard, proxy: Proxy) -> None:
        """The words are kept with why they are no criterion, and the work behind them is asked for; what stood, stands."""
        about = line_called(self.state, h.about)
        kind = LineKind(about["kind"]) if about and about["kind"] in _LETTERS else JUDGED_BY[h.kind]
        line = self.new(kind, h.words, "declined", declined_because(proxy))
        # What one would see is asked for again anyway, with a word on why.
        line["kept"] = h.kind is HeardKind.SEEN or self.move is Move.INSTEAD
        if line["kept"]:
            self.silence()
        # One question for one group of wishes, however many words of it an answer has.
        line["kept"] = line["kept"] or any(x is not line and x["reason"] == line["reason"] and self._now(x) for x in self.state["lines"])

    def finish(self, taken: list[Heard]) -> None:
        if self.move is Move.KEEP_THREE and self.chosen:
            keep_three(self.state, self.chosen)
            self.changed = True
        self.changed = decline_standing(self.state) or self.changed
        if self.changed:
            self.state["agreed"] = False
            self.state["signatures"] = []
        if all(h.kind is HeardKind.UNKNOWN for h in taken):
            self.silence()
        elif self.move in (Move.MUST, Move.TRADE) and self.changed:
            # What stays open is the next gap, with tries of its own.
            self.state["silent"].pop(self._key, None)
        if self.move is Move.SEEN and self._silent() >= ENOUGH_SILENCE:
            unseen = [x for x in self.pending["about"] if (line := line_called(self.state, x)) and shows_nothing(line)]
            self.changed = let_go(self.state, unseen) or self.changed

    def silence(self) -> None:
        self.state["silent"][self._key] = self._silent() + 1

    def _now(self, line: LineState) -> bool:
        return line["said"][0]["turn"] == self.turn

    def _silent(self) -> int:
        return self.state["silent"].get(self._key, 0)

    @property
    def _key(self) -> str:
        return key_of(self.pending["move"], self.pending["about"], self.pending["to"])

    def said(self, words: str) -> WordsState:
        return WordsState(turn=self.turn, words=words)

    def new(self, kind: LineKind, words: str, status: str = "stands", reason: str = "") -> LineState:
        letter = _LETTERS[kind]
        n = sum(x["label"].startswith(letter) for x in self.state["lines"]) + 1
        line = LineState(
            label=f"{letter}{n}", kind=kind.value, by=self.by, status=status, said=[self.said(words)], seen=None, kept=False, reason=reason
        )
        self.state["lines"].append(line)
        self.changed = True
        return line

    def outcome(self, h: Heard) -> None:
        line = LineState(
            label="O1", kind=Move.OUTCOME.value, by=self.by, status="stands", said=[self.said(h.words)], seen=None, kept=False, reason=""
        )
        self.state["lines"].append(line)

    def wish(self, h: Heard) -> None:
        if self.move is Move.INSTEAD and (declined := line_called(self.state, self.pending["about"][0])):
            declined["kept"] = True
            if declined["kind"] in _OTHERS:
                _OTHERS[declined["kind"]](self, h)
                return
        against = contradicted(self.state, h.words)
        if _NOT_NEEDED.search(h.words) and against is None:
            return
        if against is None and repeated(self.state, h.words):
            return
        denial = against is not None and denies(h.words)
        line = self.new(LineKind.MUST_HAVE, h.words, "denial" if denial else self._status())
        if against is not None:
            self.state["conflicts"].append({"lines": [against["label"], line["label"]], "settled": False})

    def seen(self, h: Heard) -> None:
        line = line_called(self.state, h.about)
        # A criterion is in the manager's words, and so is what shows it.
        if line is None or is_vague(h.words) or self.by != MANAGER:
            self.silence()
            return
        line["seen"] = self.said(h.words)
        let_go(self.state, [x for x in self.pending["about"] if x != h.about])
        self.changed = True

    def trade(self, h: Heard) -> None:
        if h.about and (line := line_called(self.state, h.about)):
            if line["status"] == "stands" and self.by != MANAGER:
                self.silence()
                return
            line["said"].append(self.said(h.words))
            line["kept"] = True
            self.changed = True
            return
        if again := restated(self.state, LineKind.TRADE_OFF, h.words):
            self._say_again(again, h)
            return
        if len(of_kind(self.state, LineKind.TRADE_OFF)) >= TRADES:
            self.new(LineKind.TRADE_OFF, h.words, "demoted", "More trade-offs were voiced than the contract holds")
            return
        self.new(LineKind.TRADE_OFF, h.words, self._status())["kept"] = comes_for_it(h.words)

    def _say_again(self, line: LineState, h: Heard) -> None:
        """What the manager says after the recruiter becomes hers; said twice by one, it is one line."""
        if line["status"] == "proposed" and self.by == MANAGER:
            line["status"], self.changed = "stands", True
            line["said"].append(self.said(h.words))
        else:
            self.silence()

    def deal(self, h: Heard) -> None:
        if self.by == MANAGER:
            if restated(self.state, LineKind.DEAL_BREAKER, h.words):
                self.silence()
                return
            replace_deal_breaker(self.state)
        self.new(LineKind.DEAL_BREAKER, h.words, self._status())

    def _status(self) -> str:
        """What the manager says stands; what only the recruiter says waits for the manager."""
        return "stands" if self.by == MANAGER else "proposed"

    def incentive(self, h: Heard) -> None:
        for x in of_kind(self.state, LineKind.INCENTIVE):
            if x["by"] == self.by:
                x["status"], x["reason"] = "demoted", "Said anew later"
        self.new(LineKind.INCENTIVE, h.words)

    def drop(self, h: Heard) -> None:
        label = h.about or (self.pending["about"][0] if self.pending["about"] else "")
        line = line_called(self.state, label)
        if line is None:
            self.silence()
        elif line["status"] == "declined":
            line["kept"] = True
        elif line["status"] == "stands" and self.by != MANAGER and line["by"] == MANAGER:
            self.silence()
        elif line["status"] in ("stands", "proposed"):
            refused = self.move is Move.AGREE and line["status"] == "proposed"
            line["status"], line["reason"] = "demoted", "The hiring manager does not want it" if refused else "Dropped"
            line["said"] += [self.said(h.words)] if h.words else []
            self.changed = True

    def change(self, h: Heard) -> None:
        line = line_called(self.state, h.about)
        if line is None:
            self.wish(h)
            return
        if self.by != MANAGER:
            self.new(LineKind(line["kind"]), h.words, self._status())
            return
        if line["status"] == "stands":
            line["status"], line["reason"] = "demoted", "Changed in the reading back"
        at = self.state["lines"].index(line)
        made = self.new(LineKind(line["kind"]), h.words, self._status())
        made["kept"] = line["kept"]
        # It takes the place of what it replaces, so that the numbers of the others stay.
        self.state["lines"].insert(at, self.state["lines"].pop())

    def prefer(self, h: Heard) -> None:
        if self.move is Move.KEEP_THREE:
            self.chosen.append(h.about)
            return
        loser = next((x for x in self.pending["about"] if x != h.about), "")
        line, winner = line_called(self.state, loser), line_called(self.state, h.about)
        if line is None or winner is None:
            return
        if line["status"] != "denial":
            why = f"{'Contradicted by' if self.move is Move.CONFLICT else 'Ranked below'} “{words_of(winner)}”"
            line["status"], line["reason"] = "demoted", why
            line["said"] += [self.said(h.words)]
        self.changed = True
        for c in self.state["conflicts"]:
            c["settled"] = c["settled"] or sorted(c["lines"]) == sorted(self.pending["about"])

    def agree(self, h: Heard) -> None:
        if self.move is Move.AGREE and (line := line_called(self.state, self.pending["about"][0])):
            if self.by == MANAGER:
                if line["kind"] == LineKind.DEAL_BREAKER.value:
                    replace_deal_breaker(self.state)
                line["status"] = "stands"
                line["said"].append(self.said(h.words))
            else:
                self.silence()
        elif self.move is Move.READ_BACK:
            if self.by == MANAGER:
                self.state["agreed"] = True
            else:
                self.silence()
        elif self.move is Move.SIGN:
            if self.by == self.pending["to"]:
                self.state["signatures"].append({"side": self.by, "at": self.state["turns"][self.turn]["at"]})
            else:
                self.silence()

    def unknown(self, h: Heard) -> None:
        """Nothing was said, which `finish` counts."""


_OTHERS: Final[dict[str, Callable[[Any, Heard], None]]] = {
    LineKind.TRADE_OFF.value: _Settler.trade,
    LineKind.DEAL_BREAKER.value: _Settler.deal,
}
_TAKERS: Final[dict[HeardKind, Callable[[Any, Heard], None]]] = {
    HeardKind.OUTCOME: _Settler.outcome,
    HeardKind.WISH: _Settler.wish,
    HeardKind.SEEN: _Settler.seen,
    HeardKind.TRADE_OFF: _Settler.trade,
    HeardKind.DEAL_BREAKER: _Settler.deal,
    HeardKind.INCENTIVE: _Settler.incentive,
    HeardKind.DROP: _Settler.drop,
    HeardKind.CHANGE: _Settler.change,
    HeardKind.PREFER: _Settler.prefer,
    HeardKind.AGREE: _Settler.agree,
    HeardKind.UNKNOWN: _Settler.unknown,
}
