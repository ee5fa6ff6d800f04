"""What in an answer tells of the person sought, and what only keeps the conversation going."""

import pytest

from agents.intake_agent.judgements import HeardKind, HearIn, Held, LineKind, Move
from agents.intake_agent.rules.bargains import gives_up
from agents.intake_agent.rules.hearing import hear
from agents.intake_agent.rules.telling import without_lead

MANAGER = "hiring_manager"
WISHES = [
    ("Er, hang on, Dan, no. They've closed a ledger on the day.", ["They've closed a ledger on the day."]),
    ("Oh, I made a list, wait. So: has led a crew, has signed off a budget, and speaks Dutch.", None),
    ("They've led a crew of four, they've rebuilt a gearbox, and, um, they've trained an apprentice.", None),
    ("They've spotted a fault before anybody else did, and, you know, stopped the belt.", None),
    (
        "They've brought a cost down. Like, on paper, and nobody noticed.",
        ["They've brought a cost down. Like, on paper, and nobody noticed."],
    ),
    ("How many do I get? Three? Well, should they have fitted one on their own? A dozen at least.", None),
    ("The market's tight and the budget is small.", []),
    ("Our last one left after two months.", []),
    ("That's a big one for me. I've been burnt twice.", []),
    ("You've got all three there, haven't you?", []),
    ("What would you ask for?", []),
    ("Yes, Python and Postgres.", ["Python and Postgres."]),
    ("I need somebody who's kept a night shift together and who's told the owner no.", None),
]
COUNTS = {1: 3, 2: 3, 3: 1, 5: 1, 12: 2}


async def heard(move: Move, message: str, side: str = MANAGER, **more: object) -> list[str]:
    given = HearIn.model_validate({"move": move, "side": side, "message": message, "people": ("Dana Whitlock", "Priya Raman"), **more})
    return [h.words for h in (await hear(given)).heard if h.kind is not HeardKind.UNKNOWN]


@pytest.mark.parametrize(("n", "message", "wishes"), [(n, *row) for n, row in enumerate(WISHES)])
async def test_a_wish_tells_of_the_person_sought(n: int, message: str, wishes: list[str] | None) -> None:
    found = await heard(Move.MUST, message)
    assert len(found) == (COUNTS[n] if wishes is None else len(wishes)), found
    assert wishes is None or found == wishes
    assert all(words in message for words in found)


@pytest.mark.parametrize("message", ["I think she's on mute.", "I'm sure we'll get there.", "It's raining."])
async def test_what_the_recruiter_only_remarks_is_no_proposal(message: str) -> None:
    assert await heard(Move.MUST, message, side="recruiter") == []


@pytest.mark.parametrize(
    "message", ["You can just tell.", "Isn't that your job?", "I'd know.", "You just feel it. When they walk in.", "No idea."]
)
async def test_who_cannot_say_what_one_would_see_says_nothing(message: str) -> None:
    about = Held(label="W1", kind=LineKind.MUST_HAVE, text="hungry")
    assert await heard(Move.SEEN, message, about=("W1",), held=(about,)) == []


@pytest.mark.parametrize(
    "message",
    [
        "The master's diploma I can leave, when the person has baked for ten years.",
        "Do they need gas as well? Not really, so long as they know the electrics.",
        "And driving, if they live near.",
        "Fine dining, that can go. I'd rather have somebody who's fed two hundred.",
    ],
)
async def test_a_trade_is_heard_with_what_comes_for_it(message: str) -> None:
    (words,) = await heard(Move.TRADE, message)
    assert words.split()[-1] == message.split()[-1]


@pytest.mark.parametrize(
    "message", ["What's a trade-off?", "Oh, I'm flexible.", "That's me done, I can't give up any more.", "Can't think of anything.", "Yes."]
)
async def test_who_gives_nothing_up_has_made_no_trade(message: str) -> None:
    assert await heard(Move.TRADE, message) == []


@pytest.mark.parametrize("message", ["Bad attitude.", "Not really.", "Never thought about it.", "Bad vibes.", "It's the usual thing."])
async def test_what_nobody_could_see_ends_nothing(message: str) -> None:
    assert await heard(Move.DEAL, message) == []


@pytest.mark.parametrize(("message", "kept"), [("The first three.", ["W1", "W2", "W3"]), ("One, two and four.", ["W1", "W2", "W4"])])
async def test_three_are_kept_by_their_places(message: str, kept: list[str]) -> None:
    held = tuple(Held(label=f"W{n}", kind=LineKind.MUST_HAVE, text=text) for n, text in enumerate(("ovens", "dough", "rota", "till"), 1))
    given = HearIn(move=Move.KEEP_THREE, about=tuple(h.label for h in held), side="hiring_manager", message=message, held=held)
    assert [h.about for h in (await hear(given)).heard] == kept


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (
            "Take the junior out, and put in that they've run a site with two contractors on it.",
            "they've run a site with two contractors on it.",
        ),
        ("Drop the junior. I'd rather they've run a site with two contractors.", "they've run a site with two contractors."),
        ("Drop the junior. Put this in its place: they've run a site alone.", "they've run a site alone."),
    ],
)
async def test_a_line_changes_in_one_breath_or_two(message: str, words: str) -> None:
    held = (
        Held(label="W1", kind=LineKind.MUST_HAVE, text="They've surveyed a railway"),
        Held(label="W2", kind=LineKind.MUST_HAVE, text="They've taken a junior out and let them do it"),
    )
    given = HearIn(move=Move.READ_BACK, side="hiring_manager", message=message, held=held)
    changed = [h for h in (await hear(given)).heard if h.kind is HeardKind.CHANGE]
    assert [(h.about, h.words) for h in changed] == [("W2", words)]


def test_a_line_begins_where_it_says_something() -> None:
    assert without_lead("Okay so, um, they've led a crew.") == "They've led a crew."
    assert without_lead("Fine dining, that can go.") == "Fine dining, that can go."
    assert without_lead("Third one, right: they've passed an audit.") == "They've passed an audit."


@pytest.mark.parametrize(
    "said",
    [
        "If they've had two files upheld, I shan't ask for the letters.",
        "They needn't show me a diploma if they've called fifty shows.",
        "One fortnight alone is worth the three long tours.",
        "I'd waive the one for the other.",
    ],
)
def test_a_trade_needs_no_set_phrase(said: str) -> None:
    assert gives_up(said)


@pytest.mark.parametrize("said", ["If they've closed a till, they can tell me how.", "They needn't be tall.", "I don't mind dogs."])
def test_what_is_waived_for_nothing_or_wanted_on_a_condition_is_no_trade(said: str) -> None:
    assert not gives_up(said)
