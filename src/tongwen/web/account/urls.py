"""Addresses of logging in and out."""

from __future__ import annotations

from django.urls import path

from tongwen.web.account import places, returning, views

urlpatterns = [
    path("login", views.login, name="login"),
    path("login/centre", views.centre, name="login-centre"),
    path("login/<str:code>", views.library, name="login-library"),
    path("login/<str:code>/<int:source_id>", returning.begin, name="login-begin"),
    path("login/<str:code>/<int:source_id>/return", returning.back, name="login-return"),
    path("login/<str:code>/<int:source_id>/return/metadata", returning.metadata, name="login-metadata"),
    path("logout", views.logout, name="logout"),
    path("staff/place", places.choose, name="place"),
]
