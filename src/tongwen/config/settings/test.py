"""The tests: like production, with quick password hashes and no manifest of static files."""

from __future__ import annotations

from tongwen.config.settings.base import *  # noqa: F403  Settings modules are extended in this way.
from tongwen.config.settings.base import STORAGES

TESTING = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
ALLOWED_HOSTS = ["*"]
