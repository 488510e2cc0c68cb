"""All addresses of the portal."""

from __future__ import annotations

from django.urls import include, path

from tongwen.config import operations

urlpatterns = [
    path("healthz", operations.health, name="health"),
    path("metrics", operations.metrics, name="metrics"),
    path("api/v1/", include("tongwen.api.urls")),
    path("", include("tongwen.servers.urls")),
    path("", include("tongwen.web.urls")),
]

handler400 = "tongwen.web.shared.errors.bad_request"
handler403 = "tongwen.web.shared.errors.forbidden"
handler404 = "tongwen.web.shared.errors.not_found"
handler500 = "tongwen.web.shared.errors.server_error"
