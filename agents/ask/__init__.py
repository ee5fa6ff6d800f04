"""Asking a chat model: a prompt in, a typed and checked reply out, or a typed error within the budget."""

from agents.ask.asker import Asked, Asker
from agents.ask.budget import count_tokens, fitting
from agents.ask.chats import open_chat
from agents.ask.ledger import Ledger, Used
from agents.ask.replies import KeptReplies, Reply

__all__ = ["Asked", "Asker", "KeptReplies", "Ledger", "Reply", "Used", "count_tokens", "fitting", "open_chat"]
