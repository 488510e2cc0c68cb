"""All addresses of the pages for people."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from tongwen.web.shared import views as shared

urlpatterns = [
    path("", include("tongwen.web.search.urls")),
    path("bib/", include("tongwen.web.bib.urls")),
    path("", include("tongwen.web.account.urls")),
    path("", include("tongwen.web.sources.urls")),
    path("", include("tongwen.web.desk.urls")),
    path("", include("tongwen.web.people.urls")),
    path("", include("tongwen.web.me.urls")),
    path("", include("tongwen.web.loads.urls")),
    path("", include("tongwen.web.reviews.urls")),
    path("", include("tongwen.web.merges.urls")),
    path("", include("tongwen.web.clients.urls")),
    path("", include("tongwen.web.members.urls")),
    path("", include("tongwen.web.security.urls")),
    path("", include("tongwen.web.audit.urls")),
    path("library", shared.choose_library, name="choose-library"),
    path("robots.txt", shared.robots, name="robots"),
    path("favicon.ico", shared.favicon, name="favicon"),
]

if settings.TONGWEN_STYLEGUIDE:
    urlpatterns.append(path("", include("tongwen.web.styleguide.urls")))
