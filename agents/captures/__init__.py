"""Captures: a recording becomes an attributed transcript on record, by steps that outlive a crash."""

from agents.captures.ordering import Of, Order, Taken, order_capture, pieces_of, take_in
from agents.captures.queue import Jobs, open_jobs

__all__ = ["Jobs", "Of", "Order", "Taken", "open_jobs", "order_capture", "pieces_of", "take_in"]
