"""Structured logs: one JSON object a line on standard error, with request and case ids bound by the middleware.

Request bodies, query strings and form values are never logged; that is what keeps personal values out. An exception is
told by its types and frames: its words may quote what somebody typed.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback

import structlog

_ROW = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)


def without_rows(logger: object, name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """The record without the lines in which PostgreSQL quotes a row: they may hold what somebody typed."""
    if isinstance(event.get("event"), str):
        event["event"] = _ROW.sub(r"\1: (left out)", event["event"])
    return event


def frames(problem: BaseException | None, most: int = 12) -> str:
    """Where an exception came from, and those behind it: the last frames of each and its type, without its words."""
    lines: list[str] = []
    seen: set[int] = set()
    while problem is not None and id(problem) not in seen:
        seen.add(id(problem))
        lines += [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(problem.__traceback__)[-most:]]
        lines.append(_named(problem))
        problem = problem.__cause__ or problem.__context__
    return "\n".join(lines)


def _named(problem: BaseException) -> str:
    """The type; for an error of PostgreSQL also its code and what of the schema it concerns."""
    diagnosis = getattr(problem, "diag", None)
    known = [getattr(diagnosis, name, None) for name in ("sqlstate", "table_name", "column_name", "constraint_name")]
    return " ".join([type(problem).__qualname__, *(str(one) for one in known if one)])


def configure(level: str) -> None:
    """Send both structlog's and the standard library's records through one JSON renderer."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(lambda exc_info: frames(exc_info[1])),
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
    # What these tell below warnings is long, and quotes values.
    for name in (
        "procrastinate",
        "django.security.DisallowedHost",
        "django.template",
        "django.db.backends",
        "PIL",
        "pyogrio",
    ):
        logging.getLogger(name).setLevel("WARNING")
    # interfaces.web.failures records what broke, by its frames; Django would print words that somebody typed.
    logging.getLogger("django.request").setLevel("CRITICAL")
