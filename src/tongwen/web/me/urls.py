"""Addresses of one's own account."""

from __future__ import annotations

from django.urls import path

from tongwen.web.me import privacy, views

urlpatterns = [
    path("me", views.me, name="me"),
    path("me/language", views.language, name="me-language"),
    path("me/name", views.name, name="me-name"),
    path("me/email", views.email, name="me-email"),
    path("me/email/<str:token>", views.confirm_email, name="me-email-confirm"),
    path("me/export", privacy.export, name="me-export"),
    path("me/consents/withdraw", privacy.withdraw, name="me-consent-withdraw"),
    path("me/erasure", privacy.erasure, name="me-erasure"),
    path("me/erasure/withdraw", privacy.stay, name="me-erasure-withdraw"),
]
