"""HTML for people: one area per term of the field, and shared components.

An area keeps its templates, its static files and its views together; the settings learn from here where they lie.
"""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
_AREAS = (
    "shared",
    "search",
    "bib",
    "loads",
    "reviews",
    "merges",
    "account",
    "members",
    "sources",
    "security",
    "audit",
    "desk",
    "clients",
    "people",
    "me",
    "styleguide",
)

TEMPLATE_FOLDERS = [_HERE / area / "templates" for area in _AREAS]
STATIC_FOLDERS = [_HERE / "shared" / "static"]
CONTEXT_PROCESSORS = ["tongwen.web.shared.context.page"]
TEMPLATE_BUILTINS = [
    "django.templatetags.i18n",
    "django.templatetags.static",
    "tongwen.web.shared.templatetags.tongwen",
]
