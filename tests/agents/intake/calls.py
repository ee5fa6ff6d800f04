"""Intake calls of our own, marked by hand: who says what, and what the contract drawn from it must rest on.

Marks: M1 to M3, T1, T2 and D1 where the manager's words carry that criterion, in the order in which the call settles them; `-` and a
wish's name where it goes; `I` where a side says what it is measured on. They were written before the rules that read them.
"""

from dataclasses import dataclass, field

R, M = "recruiter", "hiring_manager"
NAMES = {R: "Odile Brandt", M: "Kofi Anan-Reyes"}
Turn = tuple[str, str, str]


@dataclass(frozen=True)
class Call:
    """One call: its turns with their marks, and the ids that nobody settled in it."""

    name: str
    turns: tuple[Turn, ...]
    gaps: tuple[str, ...] = field(default=())


TALLIED = Call(
    "the recruiter counts aloud",
    (
        (R, "Thanks for making time. Head chef for the new site. What's on your list?", ""),
        (M, "Michelin experience, French classical, ten years. Speaks some Spanish. Own car. A passion for food.", ""),
        (R, "Everybody has a passion for food. What went wrong with the last one?", ""),
        (M, "He walked out in the middle of August with nobody trained to take his section. I had to close for two nights.", "M1"),
        (R, "So they have brought somebody on who could take over.", ""),
        (M, "They've trained a second who then ran the pass for a week without them. I want the name of that second.", "M1"),
        (R, "Great, that's our first. What else would hurt?", ""),
        (M, "Food cost. If nobody weighs the waste, thirty percent turns into thirty-eight before I see it on paper.", "M2"),
        (M, "I need someone who has brought a food cost down and can show which dishes they took off to do it.", "M2"),
        (R, "That's the second. A third?", ""),
        (
            M,
            "Inspectors. They must have had a bad hygiene report of their own and got the score back up. Not read about it, had it.",
            "M3",
        ),
        (R, "Number three. And Michelin, is that a must?", ""),
        (M, "I'd trade Michelin for somebody who has opened a place from an empty room. Openings are another sport.", "T1"),
        (R, "First trade-off. French classical?", ""),
        (M, "Honestly I'd rather have someone who buys from the farms himself than French classical. So swap that.", "T2"),
        (R, "Second trade. Spanish?", ""),
        (M, "Nice, no more than nice. Forget it.", "- Spanish"),
        (R, "And the car?", ""),
        (M, "There's a bus. Scrap the car.", "- car"),
        (R, "What would make you stop the interview on the spot?", ""),
        (M, "If he ever hit anybody in a kitchen, or threw a pan and tells it as a joke. Then we're done talking.", "D1"),
        (R, "That's the deal-breaker. What do they measure you on?", ""),
        (M, "Covers per hour and staff turnover. My bonus is the turnover.", "I"),
        (R, "And me, I'm judged on time to fill, so I would rather close this by March.", "I"),
    ),
)

UNCOUNTED = Call(
    "nobody counts",
    (
        (
            R,
            "So we're hiring a finance business partner for the depots. Walk me through what they need to have done by next Christmas.",
            "",
        ),
        (M, "By Christmas the depot managers should be ringing her before they sign a lease, instead of after.", "M1"),
        (
            M,
            "So she must have changed a decision that an operations manager had already made, with numbers, and kept the friendship.",
            "M1",
        ),
        (R, "How would we hear that in an interview?", ""),
        (M, "She can tell me what the manager wanted, what she showed him and what he signed in the end.", "M1"),
        (R, "Okay. What about the month end?", ""),
        (
            M,
            "It's a must that they have closed the books somewhere with bad data. Ours is filthy. I want to hear how they found the hole.",
            "M2",
        ),
        (R, "And the forecasting?", ""),
        (
            M,
            "Forecasting they absolutely have to have built from nothing. Not inherited a model, built one that somebody else then used.",
            "M3",
        ),
        (R, "You had the big four in the advert last time.", ""),
        (
            M,
            "I did. I'd happily give up the big four for two years inside a business with lorries or shelves or something that moves.",
            "T1",
        ),
        (R, "What about the MBA?", ""),
        (M, "No MBA. It's off the list.", "- MBA"),
        (R, "SAP?", ""),
        (M, "If she knows another system really well she doesn't need SAP. I'd take depth in any one of them over SAP.", "T2"),
        (R, "Is there anything that rules a person out, whatever else they have?", ""),
        (
            M,
            "Moving a number to please somebody. If they have ever shifted a cost into the next year because the boss asked. I"
            " won't have it.",
            "D1",
        ),
        (R, "Understood. I'll write that up.", ""),
    ),
)

CHANGED = Call(
    "she changes her mind in the last minute",
    (
        (R, "Site manager, the bridge. You told me the must-haves by mail: Dutch, a degree, and concrete.", ""),
        (M, "Well. Concrete yes. They need to have poured something that could not be poured twice, and stood there.", "M1"),
        (R, "One. The degree?", ""),
        (M, "The degree I need. It's a must, the client asks for it.", ""),
        (R, "Two then. And the third?", ""),
        (M, "That they have stopped a job themselves, for safety, with the client standing beside them.", "M2"),
        (R, "Three. What would you trade?", ""),
        (M, "The bridges. I'd give up bridges for tunnels or locks, anything where the water comes in if you're wrong.", "T1"),
        (R, "That's one trade. Dutch?", ""),
        (M, "I would swap the Dutch for somebody who's run a crew in a language that they did not speak. That's harder.", "T2"),
        (R, "Two. And the deal-breaker?", ""),
        (M, "Late paperwork. No, wait, that's me being petty. If a person blames a dead man for an accident I'm out.", "D1"),
        (R, "That's the no, then. Shall I read it back?", ""),
        (M, "Before you do. The degree. I've just thought of Anselm, who has none. Take the degree off.", "- degree"),
        (R, "Then we're one short.", ""),
        (M, "Put in that they've handed a site over to the people who live with it and gone back after a year to look. I want that.", "M3"),
        (R, "Good, that replaces it.", ""),
    ),
)

PROPOSED = Call(
    "only the recruiter wants it",
    (
        (R, "For the lab manager I would say ISO experience is a must-have, don't you think?", ""),
        (M, "Hm. I don't know. We've a consultant for that.", ""),
        (R, "And leadership presence, somebody with gravitas.", ""),
        (M, "If you say so. What I need is that the freezers don't die at the weekend.", ""),
        (M, "They need to have been the one who got the call, at night, and saved what was in there. That's a must.", "M1"),
        (R, "Okay, one. Anything on purchasing?", ""),
        (M, "Yes. They have to have said no to a professor over money, and the professor still talks to them.", "M2"),
        (R, "Two. I'd put stakeholder management as number three.", ""),
        (M, "What's that? No.", ""),
        (R, "Would you give anything up?", ""),
        (M, "The doctorate. I'd give that up for ten years at the bench, easily.", "T1"),
        (R, "One trade. What would be a no for you?", ""),
        (M, "Somebody who lets the apprentice sign for the controlled drugs. That's a no, however good they are.", "D1"),
        (R, "Good. I'm measured on offers accepted by the way.", "I"),
    ),
    gaps=("M3", "T2"),
)

SHORT = Call(
    "there is hardly anything in it",
    (
        (R, "Hi, can you hear me?", ""),
        (M, "Yes. I've only got three minutes.", ""),
        (R, "What do you need in the new receptionist?", ""),
        (M, "Somebody good. You know, the usual. Friendly.", ""),
        (R, "What would I see?", ""),
        (M, "I don't know. I'll think about it. Sorry, I have to run.", ""),
    ),
    gaps=("M1", "M2", "M3", "T1", "T2", "D1"),
)

LISTED = Call(
    "the manager reads from a sheet",
    (
        (R, "Go ahead, I'm writing.", ""),
        (
            M,
            "Right, my must-haves. First, they've run a dispatch room on a bank holiday, alone, with the phones down. "
            "Second, they've fired somebody and can tell me how the person took it. "
            "Third, they have written the rota for at least forty people and been shouted at for it.",
            "M1 M2 M3",
        ),
        (R, "That is clear. And what can move?", ""),
        (
            M,
            "I don't need the ambulance background if they come from fire or police. I'd also let the diploma go for five years on nights.",
            "T1 T2",
        ),
        (R, "Deal-breaker?", ""),
        (M, "Anyone who's hung up on a caller. One time is enough.", "D1"),
        (R, "What are you on the hook for yourself?", ""),
        (M, "Seconds to answer. Ninety-five percent within ten seconds, they print it every Monday with my name on it.", "I"),
    ),
)

CALLS = (TALLIED, UNCOUNTED, CHANGED, PROPOSED, SHORT, LISTED)
