"""The walk-through in CONTRIBUTING.md works as it is printed: types, a rule, a model's function and a prompt make a judgement."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from agents.seam import By, judged_by
from alignment.errors import Misbehaved
from alignment.settings import RULES, AskSettings
from tests.agents.scripted import NAME, asker

GUIDE = Path(__file__).parents[2] / "CONTRIBUTING.md"
BLOCK = re.compile(r"^```\w+ (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
IMPORTS = """
from pathlib import Path
from pydantic import BaseModel
from agents.ask import Asker
from agents.prompts import as_data, prompt
from agents.seam import By, Judgement
from alignment.record import Record

def _prompt(asker, name):
    return prompt(Path(__file__).parent, name, frozenset({"claim"}), asker.prompts)
"""
GIVEN = "Her old boss told me that she counts twice"


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModuleType]:
    """The blocks of the guide as modules, the prompt in its place."""
    blocks = dict(BLOCK.findall(GUIDE.read_text(encoding="utf-8")))
    folder = tmp_path_factory.mktemp("agent")
    (folder / "prompts").mkdir()
    (folder / "prompts" / "hearsay.md").write_text(blocks["prompt"], encoding="utf-8")
    made: dict[str, ModuleType] = {}
    for name in ("judgements", "rules", "model"):
        types = "" if name == "judgements" else blocks["judgements"]
        (folder / f"{name}.py").write_text(IMPORTS + types + blocks[name], encoding="utf-8")
        spec = importlib.util.spec_from_file_location(f"walked_{name}", folder / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        made[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(made[name])
    return made


def judgement(walked: dict[str, ModuleType], text: str | None, **limits: Any) -> Any:
    """The judgement with a model that says that text, or with none."""
    one = asker(lambda *_: text or "", AskSettings(attempts=1, **limits)) if text is not None else None
    return judged_by(one, walked["model"].spot_hearsay, walked["rules"].spot_hearsay)


def given(walked: dict[str, ModuleType], span: str = GIVEN) -> Any:
    return walked["model"].HearsayIn(span=span)


async def test_without_a_model_the_rule_judges(walked: dict[str, ModuleType]) -> None:
    out = await judgement(walked, None)(given(walked))
    assert (out.hearsay, out.by) == (True, By(who=RULES))


async def test_a_model_judges_and_is_on_record_with_its_prompt(walked: dict[str, ModuleType]) -> None:
    out = await judgement(walked, '{"hearsay": false}')(given(walked))
    assert (out.hearsay, out.by.who, len(out.by.prompt)) == (False, NAME, 16)


async def test_a_model_that_misbehaves_leaves_the_rule_and_the_reason(walked: dict[str, ModuleType]) -> None:
    out = await judgement(walked, "maybe")(given(walked))
    assert (out.hearsay, out.by.who) == (True, RULES)
    assert "asked twice: it holds no JSON" in out.by.why


async def test_it_can_be_told_to_fail_and_to_ask_several_times(walked: dict[str, ModuleType]) -> None:
    with pytest.raises(Misbehaved):
        await judgement(walked, "maybe", fallback="none")(given(walked))
    out = await judgement(walked, '{"hearsay": true}', times=3)(given(walked))
    assert out.by.flips == 0.0
