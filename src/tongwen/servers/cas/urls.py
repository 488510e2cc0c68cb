"""Addresses of the CAS server (CAS Protocol Specification 3.0, 2)."""

from __future__ import annotations

from django.urls import path

from tongwen.servers.cas import validation, views
from tongwen.standards.cas import Version

urlpatterns = [
    path("cas/login", views.login, name="cas-login"),
    path("cas/logout", views.logout, name="cas-logout"),
    path("cas/validate", validation.validate, {"version": Version.ONE}, name="cas-validate"),
    path("cas/serviceValidate", validation.validate, {"version": Version.TWO}, name="cas-service-validate"),
    path("cas/proxyValidate", validation.validate, {"version": Version.TWO}, name="cas-proxy-validate"),
    path("cas/p3/serviceValidate", validation.validate, {"version": Version.THREE}, name="cas-p3-service-validate"),
    path("cas/p3/proxyValidate", validation.validate, {"version": Version.THREE}, name="cas-p3-proxy-validate"),
    path("cas/proxy", validation.proxy, name="cas-proxy"),
]
