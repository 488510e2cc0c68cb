"""Addresses of OpenID Connect. The two below `.well-known` are where the specifications put them."""

from __future__ import annotations

from django.urls import path

from tongwen.servers.oidc import about, views

urlpatterns = [
    path(".well-known/openid-configuration", about.discovery, name="oidc-discovery"),
    path(".well-known/oauth-authorization-server", about.discovery, name="oauth-discovery"),
    path("oidc/jwks", about.keys, name="oidc-jwks"),
    path("oidc/authorize", views.Authorize.as_view(), name="oidc-authorize"),
    path("oidc/token", views.Token.as_view(), name="oidc-token"),
    path("oidc/userinfo", views.UserInfo.as_view(), name="oidc-userinfo"),
    path("oidc/introspect", views.Introspect.as_view(), name="oidc-introspect"),
    path("oidc/revoke", views.Revoke.as_view(), name="oidc-revoke"),
    path("oidc/logout", views.EndSession.as_view(), name="oidc-logout"),
]
