"""What the demo's register knows besides names: services, networks, calendars, colours, and one open application."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

_ACTOR = "demo"
_SUBSCRIBED = ("catalogue", "cataloguing", "discovery", "ill", "training")
_SUBMISSION = uuid.UUID("7d0f4a1e-5c57-4c0e-9d3b-6f1d5f0b2a11")


def enter(tables: dict[str, Any]) -> None:
    """Enter it all; what stands already from an interrupted set-up stays."""
    from tongwen.core import clock
    from tongwen.domain.members import queries

    today = clock.today()
    for one in queries.institutions():
        if not queries.subscriptions(one.id):
            _subscribe(one.id, today)
    for row in tables["facts"]:
        institution_id = queries.institution_by_code(row["library"]).id
        _facts(institution_id, row)
        _calendar(institution_id, row, today)
    _apply(tables["application"])


def _subscribe(institution_id: int, today: dt.date) -> None:
    from tongwen.core import clock
    from tongwen.domain.members import services, types

    for name in _SUBSCRIBED:
        services.subscribe(
            institution_id=institution_id,
            service=types.Service(name),
            begins_on=today,
            ends_on=None,
            actor=_ACTOR,
            now=clock.now(),
        )


def _facts(institution_id: int, row: dict[str, Any]) -> None:
    from tongwen.core import clock
    from tongwen.domain.members import queries, services, types

    one = queries.institution(institution_id)
    entered = types.OwnFacts(
        name_zh_hant=one.name_zh_hant,
        name_en=one.name_en,
        contact_mail=row.get("mail", ""),
        contact_phone=row.get("phone", ""),
        open_weekdays=row.get("weekdays", "12345"),
        colour=row.get("colour", ""),
        accent=row.get("accent", ""),
        welcome=types.Welcome(row.get("welcome_zh", ""), row.get("welcome_zh_hant", ""), row.get("welcome_en", "")),
    )
    services.change_own_facts(institution_id=institution_id, entered=entered, actor=_ACTOR, now=clock.now())
    services.save_addresses(institution_id=institution_id, text=row.get("addresses", ""), actor=_ACTOR, now=clock.now())


def _calendar(institution_id: int, row: dict[str, Any], today: dt.date) -> None:
    from tongwen.core import clock
    from tongwen.domain.members import queries, services

    if queries.calendar(institution_id):
        return
    year = today.year + 1
    given = [("vacation", one) for one in row.get("vacations", ())] + [
        ("open_days", one) for one in row.get("working", ())
    ]
    for kind, (first, last, label) in given:
        services.add_calendar_entry(
            institution_id=institution_id,
            begins_on=dt.date.fromisoformat(f"{year}-{first}"),
            ends_on=dt.date.fromisoformat(f"{year}-{last}"),
            kind=kind,
            label=label,
            actor=_ACTOR,
            now=clock.now(),
        )


def _apply(row: dict[str, Any]) -> None:
    from tongwen.core import clock
    from tongwen.domain.members import services, types

    kinds = {
        "type": types.InstitutionType(row["type"]),
        "services": tuple(types.Service(one) for one in row["services"]),
    }
    candidate = types.Candidate(**{**row, **kinds}, language="zh-hans")
    services.submit(submission=_SUBMISSION, candidate=candidate, now=clock.now())
