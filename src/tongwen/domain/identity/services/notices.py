"""What identity writes to people. The texts stand in `mails/`, one for each kind and language."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from tongwen.core import mail
from tongwen.domain.identity import models, types
from tongwen.domain.members import queries as members

_TEXTS = Path(__file__).resolve().parents[1] / "mails"
_INSTALLATION = {"zh-hans": "同文联合目录", "zh-hant": "同文聯合目錄", "en": "the Tongwen union catalogue"}


def write(
    kind: str, *, to: str, language: str, now: dt.datetime, institution_id: int | None = None, **facts: str
) -> None:
    """Queue a mail of this kind; `facts` fill the names in its text."""
    mail.queue(
        to=to,
        words=_TEXTS / kind,
        language=language,
        facts={"portal": settings.TONGWEN_LINK_ADDRESS, **facts},
        now=now,
        institution_id=institution_id,
    )


def tell(kind: str, row: models.Person, *, now: dt.datetime, **facts: str) -> None:
    """Write to a person about her own account, where she has an address; without one there is nobody to tell."""
    if not row.email:
        return
    moment = timezone.localtime(now).strftime("%Y-%m-%d %H:%M")
    said: dict[str, Any] = {"name": row.display_name or row.username, "username": row.username, "moment": moment}
    write(kind, to=row.email, language=row.language, now=now, **{**said, **facts})


def place_name(place: types.Place, language: str) -> str:
    """Return how a place is called in a language of the interface."""
    spoken = language if language in _INSTALLATION else settings.LANGUAGE_CODE
    if place.institution_id is not None:
        return members.institution(place.institution_id).name(spoken)
    for domain in members.sharing_domains():
        if domain.id == place.domain_id:
            return domain.name(spoken)
    return _INSTALLATION[spoken]


def day(moment: dt.datetime) -> str:
    """Return the date of a moment where the installation stands, as it is written in a mail."""
    return timezone.localtime(moment).strftime("%Y-%m-%d")
