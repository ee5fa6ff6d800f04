"""Logs as one JSON object a line, on standard error."""

import logging
import sys
from typing import Any

from pythonjsonlogger.json import JsonFormatter

LOGGERS = ("plumbline", "uvicorn.error")
QUIET = ("uvicorn.access", "mcp", "httpx", "sse_starlette")
"""Our own lines tell of requests, without what their addresses hold."""


class _Lines(JsonFormatter):
    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        super().add_fields(log_data, record, message_dict)
        log_data["level"] = record.levelname.lower()
        log_data["logger"] = record.name


def set_up(level: int = logging.INFO) -> None:
    """Have our loggers and the server's write JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _Lines("{asctime}{message}", style="{", rename_fields={"asctime": "at", "message": "what"}, json_ensure_ascii=False)
    )
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
