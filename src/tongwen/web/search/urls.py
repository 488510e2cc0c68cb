"""Addresses of the search."""

from __future__ import annotations

from django.urls import path

from tongwen.web.search import views

urlpatterns = [
    path("", views.home, name="home"),
    path("search", views.results, name="results"),
]
