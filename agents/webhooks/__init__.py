"""Webhooks: other tools are told what happened, signed as Standard Webhooks has it, and again until they have heard it."""

from agents.webhooks.addresses import must_be_reachable
from agents.webhooks.dispatch import deliver_due, keep_delivering
from agents.webhooks.making import make_webhook
from agents.webhooks.readiness import tell_what_is_ready
from agents.webhooks.sending import open_client

__all__ = ["deliver_due", "keep_delivering", "make_webhook", "must_be_reachable", "open_client", "tell_what_is_ready"]
