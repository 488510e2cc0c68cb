"""Addresses of the SAML identity provider."""

from __future__ import annotations

from django.urls import path

from tongwen.servers.saml import views

urlpatterns = [
    path("saml/metadata", views.metadata, name="saml-metadata"),
    path("saml/sso", views.receive, name="saml-sso"),
    path("saml/go", views.go, name="saml-go"),
    path("saml/slo", views.log_out, name="saml-slo"),
]
