"""Addresses of one record."""

from __future__ import annotations

from django.urls import path

from tongwen.web.bib import views

urlpatterns = [
    path("<int:bib_id>", views.record, name="record"),
    path("<int:bib_id>/history", views.versions, name="record-history"),
    path("<int:bib_id>/export/<slug:form>", views.export, name="export"),
]
