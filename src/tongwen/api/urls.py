"""Addresses of the interface for programs, and its description."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from tongwen.api import bibs, decisions, merges, problems, programs, reference
from tongwen.domain.identity.types import MACHINE_SCOPES

PREFIX = "/api/v1/"

api = NinjaAPI(
    title="Tongwen Union Catalogue",
    version="1",
    description="Public reads of the union catalogue, and what programs of libraries do with a token. Errors are "
    "problem details (RFC 9457).",
    docs_url=None,
    openapi_url=None,
)
for router in (bibs.router, decisions.router, merges.router, programs.router):
    api.add_router("", router)
problems.register(api)


def _schema() -> dict[str, Any]:
    schema = api.get_openapi_schema(path_prefix=PREFIX)
    for address in schema["paths"].values():
        for operation in address.values():
            operation["responses"]["default"] = problems.DESCRIPTION
    flow = {"tokenUrl": reverse("oidc-token"), "scopes": {scope.value: scope.value for scope in MACHINE_SCOPES}}
    schemes = {"token": {"type": "oauth2", "flows": {"clientCredentials": flow}}}
    schema["components"]["securitySchemes"] = schemes
    return dict(schema)


@require_safe
def description(_request: HttpRequest) -> HttpResponse:
    """Describe the interface (OpenAPI 3.1)."""
    return HttpResponse(orjson.dumps(_schema(), option=orjson.OPT_NON_STR_KEYS), content_type="application/json")


@require_safe
def readable(request: HttpRequest) -> HttpResponse:
    """Describe the interface to people, who can try it there."""
    return reference.page(request, _schema())


def _operations() -> list[URLPattern]:
    """Return ninja's own patterns outside a namespace, each with its problem details for a wrong method."""
    patterns = [one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
    for pattern in patterns:
        pattern.callback = problems.wrong_methods_in_words(pattern.callback)
    return patterns


urlpatterns = [
    path("", readable, name="api-reference"),
    path("openapi.json", description, name="api-description"),
    *_operations(),
    path("<path:rest>", problems.unknown_address, name="api-unknown"),
]
