"""Which question comes next, and its words: one a turn, a slot at a time, never ahead of what was said."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from agents.intake_agent.judgements import LineKind, Move
from agents.intake_agent.rules.wishes import is_vague
from agents.intake_agent.state import IntakeState, LineState, PendingState, of_kind, shows_nothing, text_of, words_of
from agents.language.injections import addressed
from agents.language.proxies import proxy_in
from alignment.contract import SIGNING_SIDES

MANAGER, RECRUITER = "hiring_manager", "recruiter"
ENOUGH_SILENCE = 2
"""After so many answers that say nothing, a gap is recorded and the interview goes on."""

MOST_ASKED = 4
LONGEST = 24
"""After so many questions nothing new is asked for: the draft is read back with its gaps."""

SELF_EVIDENT_WORDS = 11
MUSTS, TRADES = 3, 2

OUTCOME = "Imagine it is a year from now and hiring this person was right: what have they achieved?"
MUST_FIRST = "For that to happen, what must the person have done before? The three things without which you would not hire."
MUST_MORE = "That makes {n} of three must-haves. What else must they have done?"
MUST_CHOICE = "Is it rather something they have built or put right themselves, or something they have brought other people to do? Name one."
SEEN = "{quote} What would one see or hear in an interview that shows it?"
SEEN_VAGUE = "{quote} Everybody says that of themselves. What would you see a person do who really is that?"
SEEN_UNTESTABLE = "{quote} No interview can show that. What has such a person done that a panellist could ask about?"
SEEN_CHOICE = (
    "For {quote} Is it rather that they tell one time they did it, with what came of it, or that they show you something they made? "
    "Or say it in your own words."
)
TRADE_FIRST = "Of everything that you would like, what would you give up, and for what?"
TRADE_MORE = "One trade-off is clear. What else would you give up, and for what?"
TRADE_CHOICE = "For example: would you rather give up years in your field, or a certificate? And what would you want for it?"
IN_RETURN = "{quote} What would you want in return?"
DEAL = "Suppose somebody has all of that. What would still end it at once?"
DEAL_CHOICE = "Is it rather something they did to people, or something they hid? Name one that you would not overlook."
INCENTIVE = "{name}, what are you yourself measured on in this search?"
CONFLICT = "These two contradict each other: {quote} and {other} Which one holds?"
KEEP_THREE = "You have named {n} must-haves, and there is room for three: {list}. Which three would you keep?"
PREFER = "If you could have only one of these two, which: {quote} or {other}"
AGREE = "{name} proposes {quote} {manager}, is that a {kind} for you?"
WHAT_CHANGES = "What is not right in it? Name the line (M1, T2, D1 …) and say what it should be, or say that the draft may stay as it is."
SIGN = "{name}, do you sign this?"
SIGN_CHOICE = "{name}, say “I sign”, or what has to change first."

SET_ASIDE = "That answer speaks to a machine reader, so nothing in it was used. "

PROPOSED: Final = {
    LineKind.MUST_HAVE.value: "must-have",
    LineKind.TRADE_OFF.value: "trade-off",
    LineKind.DEAL_BREAKER.value: "deal-breaker",
}
Pending = PendingState
_Step = Callable[[IntakeState], Pending | None]


def next_move(state: IntakeState) -> Pending | None:
    """The next question; None where the session is at its end."""
    late = sum(state["asked"].values()) >= LONGEST
    steps = _CLOSING if late else (*_ASKING, *_CLOSING)
    pending = next((p for step in steps if (p := step(state))), None)
    told = _declined_just_now(state) if pending and pending["move"] != Move.INSTEAD else ""
    return Pending(**{**pending, "text": told + pending["text"]}) if pending else None


def _declined_just_now(state: IntakeState) -> str:
    """A word on what the last answer was not used for, where no question of its own says so."""
    last = len(state["turns"]) - 1
    if last >= 0 and addressed(state["turns"][last]["text"]):
        return SET_ASIDE
    for x in (x for x in state["lines"] if x["status"] == "declined" and x["kept"] and x["said"][0]["turn"] == last):
        if proxy := proxy_in(words_of(x)):
            return f"{_quoted(x)} That rests on {proxy.name} and cannot be used. "
    return ""


def key_of(move: str, about: list[str], to: str = "") -> str:
    """What silence and repetitions are counted under."""
    which = "" if move == Move.KEEP_THREE else " ".join(about)
    return f"{move}:{which}{to if move in (Move.INCENTIVE, Move.SIGN) else ''}"


def _ask(
    state: IntakeState, move: Move, text: str, *, about: list[str] | None = None, to: str = MANAGER, choice: str = ""
) -> Pending | None:
    about = about or []
    key = key_of(move, about, to)
    silent = state["silent"].get(key, 0)
    if silent >= ENOUGH_SILENCE or state["asked"].get(key, 0) >= MOST_ASKED:
        return None
    return Pending(n=len(state["turns"]), move=move.value, about=about, to=to, text=choice if silent and choice else text)


def _quoted(line: LineState) -> str:
    return f"“{words_of(line).rstrip('.')}”."


def _conflict(state: IntakeState) -> Pending | None:
    for c in state["conflicts"]:
        a, b = (next(x for x in state["lines"] if x["label"] == label) for label in c["lines"])
        if not c["settled"]:
            who = [state["people"].get(x["by"], x["by"]) for x in (a, b)]
            text = CONFLICT.format(quote=f"{who[0]}: {_quoted(a)}", other=f"{who[1]}: {_quoted(b)}")
            if p := _ask(state, Move.CONFLICT, text, about=list(c["lines"])):
                return p
    return None


def _instead(state: IntakeState) -> Pending | None:
    for x in (x for x in state["lines"] if x["status"] == "declined" and not x["kept"]):
        if proxy := proxy_in(words_of(x)):
            text = f"{_quoted(x)} That rests on {proxy.name} and cannot be a criterion. {proxy.ask}"
            if p := _ask(state, Move.INSTEAD, text, about=[x["label"]]):
                return p
    return None


def needs_seeing(line: LineState) -> bool:
    """Whether nobody knows yet what would show it: a deed told at some length shows itself."""
    return not line["seen"] and (shows_nothing(line) or len(words_of(line).split()) < SELF_EVIDENT_WORDS)


def _push_back(state: IntakeState) -> Pending | None:
    unseen = [x for x in of_kind(state, LineKind.MUST_HAVE) if shows_nothing(x)]
    for x in unseen:
        vague = is_vague(words_of(x))
        group = [y for y in unseen if is_vague(words_of(y)) and _in_one_breath(state, x, y)] if vague else [x]
        quoted = " ".join(_quoted(y) for y in group)
        choice = SEEN_CHOICE.format(quote=quoted)
        text = (SEEN_VAGUE if vague else SEEN_UNTESTABLE).format(quote=quoted)
        if p := _ask(state, Move.SEEN, text, about=[y["label"] for y in group], choice=choice):
            return p
    return None


def _in_one_breath(state: IntakeState, a: LineState, b: LineState) -> bool:
    """Whether two lines come from one sentence, where a heap of words that everybody says of themselves is one wish."""
    one, other = a["said"][0], b["said"][0]
    if one["turn"] != other["turn"]:
        return False
    text = state["turns"][one["turn"]]["text"]
    first, second = sorted((text.find(w["words"]), len(w["words"])) for w in (one, other))
    return first == second or not re.search(r"[.!?]", text[first[0] + first[1] : second[0]])


def _outcome(state: IntakeState) -> Pending | None:
    held = any(x["kind"] == Move.OUTCOME for x in state["lines"])
    choice = "Is it rather that something runs that does not run today, or that something stops which happens today? What?"
    return None if held else _ask(state, Move.OUTCOME, OUTCOME, choice=choice)


def _must(state: IntakeState) -> Pending | None:
    standing = len(of_kind(state, LineKind.MUST_HAVE))
    if standing >= MUSTS:
        return None
    return _ask(state, Move.MUST, MUST_MORE.format(n=standing) if standing else MUST_FIRST, choice=MUST_CHOICE)


def _agree(state: IntakeState) -> Pending | None:
    for x in (x for x in state["lines"] if x["status"] == "proposed" and x["kind"] in PROPOSED):
        manager = state["people"].get(MANAGER, "hiring manager")
        kind = PROPOSED[x["kind"]]
        text = AGREE.format(name=state["people"].get(RECRUITER, "The recruiter"), quote=_quoted(x), manager=manager, kind=kind)
        if p := _ask(state, Move.AGREE, text, about=[x["label"]]):
            return p
    return None


def _rank(state: IntakeState) -> Pending | None:
    standing = of_kind(state, LineKind.MUST_HAVE)
    if len(standing) <= MUSTS:
        return None
    if not state["asked"].get(key_of(Move.KEEP_THREE, [])):
        texts = "; ".join(f"“{words_of(x).rstrip('.')}”" for x in standing)
        p = _ask(state, Move.KEEP_THREE, KEEP_THREE.format(n=len(standing), list=texts))
        return Pending(**{**p, "about": [x["label"] for x in standing]}) if p else None
    free = [x for x in standing if not x["kept"]] or standing
    pair = (free if len(free) > 1 else standing)[-2:]
    text = PREFER.format(quote=_quoted(pair[0]).rstrip("."), other=_quoted(pair[1]).rstrip(".") + "?")
    return _ask(state, Move.PREFER, text, about=[x["label"] for x in pair])


def _seen(state: IntakeState) -> Pending | None:
    for x in of_kind(state, LineKind.MUST_HAVE):
        if needs_seeing(x):
            quoted = _quoted(x)
            if p := _ask(state, Move.SEEN, SEEN.format(quote=quoted), about=[x["label"]], choice=SEEN_CHOICE.format(quote=quoted)):
                return p
    return None


def _trade(state: IntakeState) -> Pending | None:
    standing = of_kind(state, LineKind.TRADE_OFF)
    for x in (x for x in standing if not x["kept"]):
        if p := _ask(state, Move.IN_RETURN, IN_RETURN.format(quote=_quoted(x)), about=[x["label"]]):
            return p
    if len(standing) >= TRADES:
        return None
    return _ask(state, Move.TRADE, TRADE_MORE if standing else TRADE_FIRST, choice=TRADE_CHOICE)


def _deal(state: IntakeState) -> Pending | None:
    return None if of_kind(state, LineKind.DEAL_BREAKER) else _ask(state, Move.DEAL, DEAL, choice=DEAL_CHOICE)


def _incentive(state: IntakeState) -> Pending | None:
    told = {x["by"] for x in of_kind(state, LineKind.INCENTIVE)}
    for side in (s for s in (MANAGER, RECRUITER) if s in state["people"] and s not in told):
        if p := _ask(state, Move.INCENTIVE, INCENTIVE.format(name=state["people"][side]), to=side):
            return p
    return None


def _read_back(state: IntakeState) -> Pending | None:
    if state["agreed"]:
        return None
    return _ask(state, Move.READ_BACK, f"This is the draft.\n{drafted(state)}\nIs it right? Say what to change.", choice=WHAT_CHANGES)


def _sign(state: IntakeState) -> Pending | None:
    if gaps(state) or not state["agreed"]:
        return None
    signed = {s["side"] for s in state["signatures"]}
    for side in (s for s in SIGNING_SIDES if s in state["people"] and s not in signed):
        name = state["people"][side]
        if p := _ask(state, Move.SIGN, SIGN.format(name=name), to=side, choice=SIGN_CHOICE.format(name=name)):
            return p
    return None


def gaps(state: IntakeState) -> list[str]:
    """The slots that nothing stands in, by the ids that the contract will have."""
    missing: list[str] = []
    for kind, letter, most in _SLOTS:
        missing += [f"{letter}{n}" for n in range(len(standing(state, kind)) + 1, most + 1)]
    return missing


def standing(state: IntakeState, kind: LineKind) -> list[LineState]:
    """The lines that are on the draft: of must-haves those that somebody said how to see, where they name nothing by themselves."""
    held = of_kind(state, kind)
    if kind is LineKind.MUST_HAVE:
        held = [x for x in held if not shows_nothing(x)]
    return held[: next(most for k, _, most in _SLOTS if k is kind)]


def drafted(state: IntakeState) -> str:
    """The draft as it is read back: each line by its id, in the words that go on the contract."""
    return "\n".join(_drafted(state))


def _drafted(state: IntakeState) -> Iterator[str]:
    for kind, letter, _ in _SLOTS:
        for n, x in enumerate(standing(state, kind), 1):
            text = text_of(x)
            shown = f" Shown by: “{x['seen']['words'].rstrip('.')}”." if x["seen"] and x["seen"]["words"] != text else ""
            yield f"{letter}{n}  “{text.rstrip('.')}”.{shown}"
    if missing := gaps(state):
        yield f"Still open: {', '.join(missing)}."


_SLOTS: Final = ((LineKind.MUST_HAVE, "M", MUSTS), (LineKind.TRADE_OFF, "T", TRADES), (LineKind.DEAL_BREAKER, "D", 1))
_ASKING: Final[tuple[_Step, ...]] = (_conflict, _instead, _push_back, _outcome, _must, _agree, _rank, _seen, _trade, _deal, _incentive)
_CLOSING: Final[tuple[_Step, ...]] = (_read_back, _sign)
