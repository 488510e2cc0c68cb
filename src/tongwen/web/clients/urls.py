"""Addresses of the pages about services and programs."""

from __future__ import annotations

from django.urls import path

from tongwen.web.clients import views

urlpatterns = [
    path("staff/clients", views.listing, name="clients"),
    path("staff/clients/new", views.new, name="new-client"),
    path("staff/clients/<int:client_number>", views.client, name="client"),
    path("staff/clients/<int:client_number>/secret", views.rotate, name="client-secret"),
    path("staff/clients/<int:client_number>/switch", views.switch, name="client-switch"),
]
