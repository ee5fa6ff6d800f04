"""Conversations are the same whether they live in SQLite or in Postgres, and outlive the process that began them."""

from pathlib import Path

import pytest

from agents.turns import answer, shape
from agents.workbench import open_workbench
from alignment.errors import StoreDown
from alignment.settings import Settings, load_settings
from tests.agents.cast import every, play


def settings_for(url: str, home: Path) -> Settings:
    """A home whose store and conversations are in that database."""
    conversations = str(home / "conversations.db") if url.startswith("sqlite") else url
    return load_settings(home=home, store_url=url, checkpoints_url=conversations)


async def test_a_conversation_goes_on_where_it_stood_after_the_workbench_was_closed(empty_url: str, tmp_path: Path) -> None:
    settings = settings_for(empty_url, tmp_path / "home")
    async with open_workbench(settings) as bench:
        feedback, turn = await (await play(bench)).shaped("He rolled the release back within four minutes.")
        assert turn.waiting
    async with open_workbench(settings) as again:
        standing = await shape(again, feedback.organisation, feedback.id)
        assert standing.waiting == turn.waiting
        done = await answer(again, feedback.organisation, feedback.id, every(standing, "accept"))
        assert done.shaping is not None
        assert len(done.shaping.statements) == 1


async def test_a_database_of_conversations_that_nobody_answers_at_is_told_in_a_sentence(tmp_path: Path) -> None:
    pytest.importorskip("langgraph.checkpoint.postgres.aio", reason="the postgres extra is not installed")
    away = load_settings(home=tmp_path, checkpoints_url="postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(StoreDown, match="cannot be reached"):
        async with open_workbench(away):
            pass
