"""Captures: a recording becomes an attributed transcript on record, by steps that outlive a crash."""

from agents.captures.ordering import Order, open_for, order_capture, pieces_of
from agents.captures.queue import Jobs, open_jobs

__all__ = ["Jobs", "Order", "open_for", "open_jobs", "order_capture", "pieces_of"]
