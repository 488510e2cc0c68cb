"""Filters and tags that all templates know."""

from __future__ import annotations

import datetime as dt

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tongwen.domain.members.types import Institution, Place
from tongwen.standards.marc.types import Text
from tongwen.web.shared import terms

register = template.Library()

_UNITS = ("B", "kB", "MB", "GB")
_STEP = 1000


@register.filter
def number(value: float | None) -> str:
    """Write a whole number with its thousands apart."""
    return "" if value is None else f"{value:,.0f}"


@register.filter
def size(value: int) -> str:
    """Write a number of bytes in the unit that reads best."""
    amount = float(value)
    for unit in _UNITS:
        if amount < _STEP or unit == _UNITS[-1]:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= _STEP
    return ""


@register.filter
def duration(seconds: float) -> str:
    """Write a duration in words: seconds under a minute and a half, then minutes, then hours."""
    whole = max(0, round(seconds))
    if whole < 90:
        return ngettext("%(n)s second", "%(n)s seconds", whole) % {"n": whole}
    minutes = round(whole / 60)
    if minutes < 90:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}


@register.filter
def moment(value: dt.datetime | None) -> SafeString | str:
    """Write a moment in the installation's time zone, machine-readable beside it."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), local.strftime("%Y-%m-%d %H:%M"))


@register.filter
def named(thing: Institution | Place) -> str:
    """Return the name of a library or place in the reader's language."""
    return thing.name(get_language() or "en")


@register.filter
def text(value: Text) -> SafeString:
    """Write a piece of a record with its own language and direction."""
    if not value.value:
        return SafeString("")
    if value.lang:
        return format_html('<span lang="{}" dir="auto">{}</span>', value.lang, value.value)
    return format_html('<span dir="auto">{}</span>', value.value)


@register.filter
def state_word(state: str) -> str:
    """Return the word for the state of a load."""
    return terms.word(terms.STATES, state)


@register.filter
def state_tone(state: str) -> str:
    """Return the tone (a class of the style sheet) of the state of a load."""
    return terms.STATE_TONES.get(state, "quiet")


@register.filter
def severity_word(severity: str) -> str:
    """Return the word for how grave a problem is."""
    return terms.word(terms.SEVERITIES, severity)


@register.filter
def format_word(value: str | None) -> str:
    """Return the name of a record format."""
    return terms.FORMATS[value] if value else _("told from the records")


@register.simple_tag
def html_lang() -> str:
    """Return the BCP 47 tag of the interface language."""
    return {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}.get(get_language() or "", "en")


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw one picture of the shared sheet; it says nothing to screen readers."""
    sheet = static("shared/icons.svg")
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', sheet, name)


@register.filter
def indicators(value: str) -> str:
    """Write two indicators so that a blank one is seen."""
    return value.replace(" ", "#")
