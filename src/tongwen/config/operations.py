"""Health and metrics, for load balancers and Prometheus."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from tongwen.domain.discovery import services as discovery

_LOW_DISK = 256 << 20


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return f"unreachable: {type(error).__name__}"
    return "ok"


def _index() -> str:
    return "ok" if discovery.index_is_usable() else "cannot be read: run `tongwen reindex`"


def _disk() -> str:
    free = shutil.disk_usage(settings.TONGWEN_HOME).free
    return "ok" if free > _LOW_DISK else f"only {free >> 20} MB free"


CHECKS: dict[str, Callable[[], str]] = {"database": _database, "index": _index, "disk": _disk}


@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when the portal can serve people, 503 with the reason when it cannot."""
    report = {name: check() for name, check in CHECKS.items()}
    healthy = all(state == "ok" for state in report.values())
    return JsonResponse({"status": "ok" if healthy else "failing", **report}, status=200 if healthy else 503)


@require_safe
def metrics(_request: HttpRequest) -> HttpResponse:
    """Answer the metrics of all processes of the portal in Prometheus' text format."""
    registry = REGISTRY
    if settings.TONGWEN_METRICS_FOLDER:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
