"""The intake agent's judgements without a model: closed classes of English, and how people take turns when they settle something."""

from agents.intake_agent.judgements import Judgements
from agents.intake_agent.rules.hearing import hear
from agents.intake_agent.rules.reading import read

RULES = Judgements(read=read, hear=hear)

__all__ = ["RULES", "hear", "read"]
