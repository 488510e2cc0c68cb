"""Addresses of the audit trail."""

from __future__ import annotations

from django.urls import path

from tongwen.web.audit import views

urlpatterns = [
    path("staff/audit", views.trail, name="audit"),
    path("staff/audit/export/<slug:layout>", views.export, name="audit-export"),
]
