"""Captures: a recording becomes an attributed transcript on record, by steps that outlive a crash."""

from agents.captures.ordering import Order, order_capture, pieces_of
from agents.captures.queue import Jobs, open_jobs

__all__ = ["Jobs", "Order", "open_jobs", "order_capture", "pieces_of"]
