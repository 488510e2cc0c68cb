"""Structured logs: one JSON object a line, each with the request's id where there is a request."""

from __future__ import annotations

import re
from typing import Any

import structlog

_SECRET_PART = re.compile(r"(?<=/)[A-Za-z0-9_-]{32,}(?=[/\s]|$)")
_SECRET_WORDS = ("password", "secret", "token", "authorization", "cookie", "session")


def _hide_secrets(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    for key in event:
        if any(word in key.lower() for word in _SECRET_WORDS):
            event[key] = "[hidden]"
    if isinstance(event.get("event"), str):
        event["event"] = without_secrets(event["event"])
    return event


def without_secrets(text: str) -> str:
    """Return a path, or a sentence with paths in it, without what lets in whoever knows it: the links of mails."""
    return _SECRET_PART.sub("[hidden]", text)


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    _hide_secrets,
]


def configuration(*, level: str, style: str) -> dict[str, Any]:
    """Return a `logging` configuration and set structlog up to go through it.

    `style` is `json` for machines or `console` for people; logs go to standard error.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: list[Any] = (
        [structlog.dev.ConsoleRenderer(colors=False)]
        if style == "console"
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
                "foreign_pre_chain": _SHARED,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.server": {"level": "WARNING"},
            "django.request": {"level": "ERROR"},
            "procrastinate": {"level": "WARNING"},
            "granian": {"level": "WARNING"},
            # They log whole addresses and messages, with tickets and attributes in them.
            "urllib3": {"level": "WARNING"},
            "saml2": {"level": "CRITICAL"},
            "_granian": {"level": "WARNING"},
        },
    }
