"""What surrounds every request: an id, a log line, and metrics."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

from tongwen.config import logs

logger = structlog.get_logger("tongwen.requests")

REQUESTS = Counter("tongwen_requests", "Requests answered.", ["route", "method", "status"])
SECONDS = Histogram(
    "tongwen_request_seconds", "Time to answer.", ["route"], buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
)
_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{1,64}$")
_QUIET = ("/healthz", "/metrics", "/static/")

Handler = Callable[[HttpRequest], HttpResponse]


class RequestLogMiddleware:
    """Give each request an id (or keep the proxy's `X-Request-ID`), count it, and log one line about it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _REQUEST_ID.match(given) else uuid.uuid4().hex[:16]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        self._record(request, response, time.perf_counter() - started)
        response["X-Request-ID"] = request_id
        return response

    @staticmethod
    def _record(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        route = getattr(request.resolver_match, "route", "unmatched")
        REQUESTS.labels(route, request.method, response.status_code).inc()
        SECONDS.labels(route).observe(seconds)
        if not request.path.startswith(_QUIET):
            # The path without its query: what people search for is nobody's business.
            logger.info(
                "request",
                method=request.method,
                path=logs.without_secrets(request.path),
                status=response.status_code,
                milliseconds=round(seconds * 1000, 1),
            )
