"""docs/mcp.md holds what happens: its program runs, its calls give what it shows, its tables name what there is."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.api.mcp_client import connected
from tests.api.served import Served
from tests.api.test_agui_docs import shows

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "mcp.md").read_text(encoding="utf-8")


def test_the_program_of_the_page_runs_as_it_stands(bakery: Served) -> None:
    (program,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.M | re.S)
    environment = {**os.environ, "PLUMBLINE_SERVER": bakery.url, "PLUMBLINE_KEY": bakery.key()}
    ran = subprocess.run([sys.executable, "-W", "error", "-c", program], env=environment, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("1. night-baker, 1-work, 0:")


async def test_the_calls_of_the_page_give_what_it_shows(bakery: Served) -> None:
    called, thread = 0, ""
    given: Any = {}
    async with connected(bakery) as client:
        for what, tool, body in re.findall(r"^```json (call|gives) ?(\w*)\n(.*?)^```", PAGE, re.M | re.S):
            if what == "gives":
                assert shows(given, json.loads(body)), given
                thread, called = given["thread"], called + 1
            else:
                told = await client.call_tool(tool, json.loads(body.replace("…", thread)))
                given = told.structured_content
    assert called == 2


async def test_the_tables_of_the_page_name_every_tool_and_every_address(bakery: Served) -> None:
    async with connected(bakery) as client:
        tools = {t.name for t in (await client.list_tools()).tools}
        addresses = {t.uri_template for t in (await client.list_resource_templates()).resource_templates}
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.M)) == tools
    assert set(re.findall(r"^\| `(plumbline://[^`]+)` \|", PAGE, re.M)) == addresses
