"""The suites by name, and who holds each kind of batch."""

from evals.suite import Hold, Suite
from evals.suites import chat, debrief, intake, retrieval, safety, shaping, signals, speech, verification

_ALL = (retrieval, intake, shaping, debrief, verification, safety, chat, speech, signals)

SUITES: dict[str, Suite] = {module.SUITE.name: module.SUITE for module in _ALL}
HOLDS: dict[str, Hold] = {kind: hold for module in _ALL for kind, hold in module.HOLDS.items()}
