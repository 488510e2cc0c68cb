"""All addresses of the protocol endpoints."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("tongwen.servers.oidc.urls")),
    path("", include("tongwen.servers.cas.urls")),
    path("", include("tongwen.servers.saml.urls")),
]
