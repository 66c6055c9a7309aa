"""Structured logs: one JSON object a line on standard error, with request and case ids bound by the middleware.

Request bodies, query strings and form values are never logged; that is what keeps personal values out.
"""

from __future__ import annotations

import logging
import re
import sys

import structlog

_ROW = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)


def without_rows(logger: object, name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """The record without the lines in which PostgreSQL quotes a row: they may hold what somebody typed."""
    for key in ("exception", "event"):
        if isinstance(event.get(key), str):
            event[key] = _ROW.sub(r"\1: (left out)", event[key])
    return event


def configure(level: str) -> None:
    """Send both structlog's and the standard library's records through one JSON renderer."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_rows,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("procrastinate", "django.security.DisallowedHost", "PIL"):
        logging.getLogger(name).setLevel("WARNING")
    # interfaces.web.failures records what broke, by its frames; Django would print words that somebody typed.
    logging.getLogger("django.request").setLevel("CRITICAL")
