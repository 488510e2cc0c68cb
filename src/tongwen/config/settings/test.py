"""The tests: like production, with quick password hashes and no manifest of static files."""

from __future__ import annotations

from tongwen.config import env

env.use_scratch_home()

from tongwen.config.settings.base import *  # noqa: E402, F403  The scratch folder must be chosen first.
from tongwen.config.settings.base import STATIC_ROOT, STORAGES  # noqa: E402

TESTING = True
TONGWEN_SECOND_FACTOR = "off"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
TONGWEN_OUTBOUND_LOOPBACK = True
TONGWEN_ALLOWED_HOSTS = ["*"]
