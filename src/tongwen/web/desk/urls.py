"""Addresses of the workbench."""

from __future__ import annotations

from django.urls import path

from tongwen.web.desk import views

urlpatterns = [
    path("staff/", views.desk, name="desk"),
]
