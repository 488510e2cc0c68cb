"""Addresses of the sources of log-in."""

from __future__ import annotations

from django.urls import path

from tongwen.web.sources import views

urlpatterns = [
    path("staff/sources", views.sources_list, name="sources"),
    path("staff/sources/new/<str:kind>", views.new, name="source-new"),
    path("staff/sources/<int:source_id>", views.source, name="source"),
    path("staff/sources/<int:source_id>/switch", views.switch, name="source-switch"),
    path("staff/sources/<int:source_id>/move", views.move, name="source-move"),
    path("staff/sources/<int:source_id>/trial", views.trial, name="source-trial"),
    path("staff/sources/<int:source_id>/trial/begin", views.begin_trial, name="source-trial-begin"),
]
