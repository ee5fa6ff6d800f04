"""Whatever a model replies in the shapes it is asked for, only what the record holds comes out of the graph, ten thousand times."""

import json
import os
from dataclasses import replace
from typing import Any, cast

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from agents.feedback_shaper import graph
from agents.feedback_shaper.context import ShapingContext
from agents.feedback_shaper.outcome import shaping_of
from agents.feedback_shaper.state import ShaperState
from agents.turns import shaping_context
from agents.workbench import Workbench
from alignment.feedback import Feedback, Shaping, Verdict
from alignment.settings import AskSettings
from retrieval.verify import check_citation
from retrieval.wording import unsupported_words
from tests.agents.cast import CONVERSATION, CRITERIA, TOMAS, Scene, play
from tests.agents.scripted import in_turn, judged_by_model

pytestmark = pytest.mark.asyncio(loop_scope="session")
TIMES = 10_000 if os.environ.get("THOROUGH") else 300
"""Ten thousand where continuous integration says THOROUGH=1, some minutes; enough to find a blunder elsewhere."""
RAW = "He rolled the release back in minutes. A bit old for us. Never once sat with another team."
WORDS = RAW.split()
LIES = ("thief", "Oracle", "forty", "arrogant", "never rolled", "Berlin", "59", "gelogen", "admitted", "hire")
SAID = [text for speaker, text in CONVERSATION if speaker == TOMAS]
ASKED = [text for speaker, text in CONVERSATION if speaker != TOMAS]

SAVED = InMemorySaver()
GRAPH = graph.build(SAVED)

runs = st.tuples(st.integers(0, len(WORDS) - 1), st.integers(1, 9)).map(lambda at: " ".join(WORDS[at[0] : at[0] + at[1]]))
lean = st.sampled_from(["positive", "negative", "mixed"])
splits = st.lists(st.fixed_dictionaries({"words": runs, "lean": lean}), max_size=4).map(
    # In their order most of the time, as a reply has to have them; else the reply is refused and the rules split.
    lambda claims: {"claims": sorted(claims, key=lambda c: RAW.find(c["words"]))}
)
screens = st.fixed_dictionaries({"reads_as": st.sampled_from(["can_be_shaped"] * 4 + ["not_job_related", "too_vague"])})
ties = st.fixed_dictionaries({"criterion": st.sampled_from(["M1", "M2", "M3", "T1", "T2", "D1", "none", "M9"])})
labels = st.sampled_from(["u3", "u5", "u7", "u9", "u11", "u13", "u2", "u99"])
weighs = st.fixed_dictionaries(
    {"verdict": st.sampled_from(["supported", "contradicted", "no_evidence"]), "moments": st.lists(labels, max_size=3)}
)
pieces = st.one_of(
    st.sampled_from([*SAID, *ASKED]).map(lambda t: f"“{t}”"),
    st.sampled_from([*SAID, *ASKED]).flatmap(lambda t: st.integers(1, len(t.split())).map(lambda n: f"“{' '.join(t.split()[-n:])}”")),
    st.sampled_from(
        ["The candidate said:", "On the question", "At minute 20,", "You wrote", "Inés Duarte said:", "they", "I", "did not", "?"]
    ),
    st.sampled_from(["That bears on must-have #1.", "That is outside the contract.", "What did you see or hear, and when?", RAW]),
    st.sampled_from([f"The candidate is a {lie}." for lie in LIES]),
    st.text(max_size=12),
)
texts = st.lists(pieces, min_size=1, max_size=6).map(lambda p: {"text": " ".join(p)})


def several(one: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[list[str]]:
    return st.lists(one.map(json.dumps), min_size=1, max_size=3)


replies = st.fixed_dictionaries(
    {
        "split": several(splits),
        "screen": several(screens),
        "tie": several(ties),
        "weigh": several(weighs),
        "draft": several(texts),
        "question": several(texts),
    }
)
answers = st.lists(
    st.fixed_dictionaries(
        {
            "reply": st.sampled_from(["accept", "choose", "withdraw", "edit"]),
            "chosen": st.integers(0, 4),
            "text": texts.map(lambda t: t["text"]),
        }
    ),
    min_size=1,
    max_size=4,
)


class Held:
    """One interview and one feedback on record; with a short repr, since hypothesis prints it with a failing example."""

    def __init__(self, scene: Scene, feedback: Feedback, context: ShapingContext) -> None:
        self.scene, self.feedback, self.context = scene, feedback, context

    def __repr__(self) -> str:
        return "the record"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def held(bench: Workbench) -> Held:
    scene = await play(bench)
    feedback = await scene.wrote(RAW)
    return Held(scene, feedback, await shaping_context(bench, feedback))


@settings(
    max_examples=TIMES,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(told=replies, answered=answers)
async def test_ten_thousand_random_replies_bring_out_nothing_that_the_record_does_not_hold(
    held: Held, told: dict[str, list[str]], answered: list[dict[str, Any]]
) -> None:
    bench = judged_by_model(held.scene.bench, in_turn(told), AskSettings(attempts=1, at_once=1))
    shaping = await through_the_graph(replace(held.context, judgements=bench.judgements), held.feedback, answered)
    assert_only_the_record(held.scene, shaping)


async def through_the_graph(context: ShapingContext, feedback: Feedback, answered: list[dict[str, Any]]) -> Shaping:
    """The whole graph up to the interviewer, their answers, and what is accepted in the end."""
    SAVED.delete_thread("t")
    config: Any = {"configurable": {"thread_id": "t"}}
    state = await GRAPH.ainvoke({"feedback": feedback.id, "raw": feedback.raw}, config, context=context)
    for accepting in (False, True):
        waiting = [c["id"] for c in state["claims"] if not c["reply"] and c["verdict"] != Verdict.NOT_JOB_RELATED]
        if waiting:
            given = [{"claim": id, **({"reply": "accept"} if accepting else answered[n % len(answered)])} for n, id in enumerate(waiting)]
            state = await GRAPH.ainvoke(Command(resume=json.dumps(given)), config, context=context)
    return shaping_of(cast(ShaperState, state), feedback, context, "t")


def assert_only_the_record(scene: Scene, shaping: Shaping) -> None:
    """Every span, citation and sentence against the record and against the words that no honest sentence of this record has."""
    criteria = {str(c.id): c for c in CRITERIA}
    spans = {c.id: c.span for c in shaping.claims}
    for claim in shaping.claims:
        assert RAW[claim.start : claim.end] == claim.span
    for statement in shaping.statements:
        for citation in statement.citations:
            check_citation(citation, scene.transcript)
        assert statement.citations[0].name == TOMAS
        assert unsupported_words(statement.text, statement.citations, criteria.get(statement.criterion or "")) == []
        # An edit is the interviewer's own word; what a model words has none.
        assert statement.edited or not any(lie in statement.text for lie in LIES)
    for question in shaping.questions:
        assert all(m.name == TOMAS for m in question.moments)
        assert not any(lie in question.text.replace(spans[question.claim], "") for lie in LIES)
    # What is told of the work is never silenced, wherever a reply cuts the text.
    assert not any(told in spans[s.claim] for s in shaping.set_aside for told in ("rolled the release", "Never once sat"))
