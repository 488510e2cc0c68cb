"""Addresses of logging in and out."""

from __future__ import annotations

from django.urls import path

from tongwen.web.account import views

urlpatterns = [
    path("login", views.login, name="login"),
    path("logout", views.logout, name="logout"),
]
