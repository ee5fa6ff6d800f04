"""Counts and times for Prometheus; nothing in them tells whose they are."""

from collections.abc import Callable, Iterator
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
# What a row of the ledger tells: its name, the meter of it, and what that says.
ASKED = (
    ("asked", "plumbline_model_requests", "Requests to chat models, by judgement and model"),
    ("from_cache", "plumbline_model_kept", "Answers of chat models that were had before and asked for no more"),
    ("repaired", "plumbline_model_repairs", "Answers of chat models that did not fit and were asked for once more"),
    ("failed", "plumbline_model_failures", "Judgements that no chat model gave"),
    ("tokens_in", "plumbline_model_tokens_in", "Tokens that chat models were given, as their providers count them"),
    ("tokens_out", "plumbline_model_tokens_out", "Tokens that chat models answered with, as their providers count them"),
)


class Metrics:
    """The meters of one server process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self.requests = self._counter("plumbline_requests", "Requests by method, route and status", "method", "route", "status")
        self.seconds = self._histogram("plumbline_request_seconds", "Seconds from request to end", "route")
        self.running = Gauge("plumbline_requests_running", "Requests that are being answered", registry=self.registry)
        self.turns = self._counter("plumbline_turns", "Turns of the agents, by agent and how they ended", "agent", "ended")
        self.turn_seconds = self._histogram("plumbline_turn_seconds", "Seconds that a turn took", "agent")
        self._models = AskedModels()
        self.registry.register(self._models)
        self.turns_running = Gauge("plumbline_turns_running", "Turns that are under way", registry=self.registry)

    def of_models(self, rows: Callable[[], list[dict[str, Any]]]) -> None:
        """Tell what chat models were asked, too: `rows` are the ledger's, read whenever the meters are."""
        self._models.rows = rows

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(name, told, labels, registry=self.registry)

    def _histogram(self, name: str, told: str, *labels: str) -> Histogram:
        return Histogram(name, told, labels, buckets=BUCKETS_S, registry=self.registry)

    def told(self) -> bytes:
        """Everything in Prometheus' own text."""
        return generate_latest(self.registry)


class AskedModels(Collector):
    """What chat models were asked since the process began, by judgement and model."""

    rows: Callable[[], list[dict[str, Any]]] = list

    def collect(self) -> Iterator[Metric]:
        """One counter a column of the ledger."""
        rows = self.rows()
        for name, meter, told in ASKED:
            counter = CounterMetricFamily(meter, told, labels=["judgement", "model"])
            for row in rows:
                counter.add_metric([row["judgement"], row["model"]], row[name])
            yield counter
