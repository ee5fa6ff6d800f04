"""Traces for OpenTelemetry, where the extra is installed and the setting asks for them: requests by their patterns, turns by their agents.

No address as it came, no query and no header goes into a span: they hold names, words and secrets.
"""

from typing import Any

from fastapi import FastAPI
from opentelemetry import trace

from alignment.errors import BadSettings
from alignment.settings import ServeSettings

TRACER = trace.get_tracer("plumbline")
UNSEEN = "healthz,readyz,metrics"
HIDDEN = (
    *("http.target", "http.url", "url.path", "url.query", "url.full"),
    *("net.peer.ip", "client.address", "http.user_agent", "user_agent.original"),
)


def set_up(app: FastAPI, settings: ServeSettings, exporter: Any = None) -> None:
    """Trace the app's requests and send them where OpenTelemetry's own variables say (`OTEL_EXPORTER_OTLP_ENDPOINT` …).

    `exporter` takes the place of that. BadSettings where traces are asked for and the extra is not installed.
    """
    if not settings.traces:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as e:
        raise BadSettings(
            "Traces need a further package", where="PLUMBLINE_SERVE__TRACES", todo="Install the extra: pip install 'plumbline[otel]'."
        ) from e
    provider = TracerProvider(resource=Resource.create({"service.name": "plumbline"}))
    provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    app.state.traces = provider
    FastAPIInstrumentor.instrument_app(app, tracer_provider=provider, excluded_urls=UNSEEN, server_request_hook=_hide)


def _hide(span: Any, _: dict[str, Any]) -> None:
    for name in HIDDEN:
        if span.attributes and name in span.attributes:
            span.set_attribute(name, "")
