"""Counts and times for Prometheus; nothing in them tells whose they are."""

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

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


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
        self.turns_running = Gauge("plumbline_turns_running", "Turns that are under way", registry=self.registry)

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(name, told, labels, registry=self.registry)

    def _histogram(self, name: str, told: str, *labels: str) -> Histogram:
        return Histogram(name, told, labels, buckets=BUCKETS_S, registry=self.registry)

    def told(self) -> bytes:
        """Everything in Prometheus' own text."""
        return generate_latest(self.registry)
