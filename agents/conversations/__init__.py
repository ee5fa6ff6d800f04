"""Talking to the three agents, the same through every door: a message comes in, one turn goes out."""

from agents.conversations.converse import converse
from agents.conversations.message import Answer, Message, called

__all__ = ["Answer", "Message", "called", "converse"]
