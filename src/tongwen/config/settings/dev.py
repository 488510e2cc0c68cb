"""A developer's installation: errors with their trace, templates and static files fresh, the style guide served."""

from __future__ import annotations

from tongwen.config.settings.base import *  # noqa: F403  Settings modules are extended in this way.
from tongwen.config.settings.base import STORAGES

DEBUG = True
TONGWEN_STYLEGUIDE = True
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
TONGWEN_OUTBOUND_LOOPBACK = True
