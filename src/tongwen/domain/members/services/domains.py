"""Sharing domains: who is in them, what they switch off, who is responsible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from tongwen.core import audit
from tongwen.domain.members import models, types
from tongwen.domain.members.rules import colours, divisions, facts
from tongwen.domain.members.services import hosts, places
from tongwen.domain.members.services.changing import register_changes


def register_sharing_domain(
    *,
    code: str,
    name_zh: str,
    name_zh_hant: str,
    name_en: str,
    kind: types.SharingDomainKind,
    institution_ids: Sequence[int],
    place: str = "",
) -> int:
    """Enter a sharing domain with its members, or change it, and return its number: for set-ups and the operator."""
    with register_changes():
        places.enter_places([place])
        given = {
            "name_zh": name_zh,
            "name_zh_hant": name_zh_hant,
            "name_en": name_en,
            "kind": kind.value,
            "place_id": place or None,
        }
        row, _ = models.SharingDomain.objects.update_or_create(code=code, defaults=given)
        row.institutions.set(institution_ids)
        return row.pk


def enter_sharing_domain(*, entered: types.DomainFacts, actor: str, now: dt.datetime) -> int:
    """Enter a new sharing domain without members and return its number.

    Raises:
        BadFacts
    """
    with register_changes():
        row = models.SharingDomain()
        _save(row, entered)
        _record(row, "domain.enter", actor, now)
        return row.pk


def change_sharing_domain(*, domain_id: int, entered: types.DomainFacts, actor: str, now: dt.datetime) -> None:
    """Change a sharing domain; its code stays.

    Raises:
        BadFacts, UnknownSharingDomain
    """
    with register_changes():
        row = _row(domain_id)
        _save(row, entered._replace(code=row.code))
        _record(row, "domain.change", actor, now, switched_off=sorted(entered.switched_off))


def join_domain(*, domain_id: int, institution_id: int, actor: str, now: dt.datetime) -> None:
    """Take a member into a sharing domain; one that is in it already stays."""
    with register_changes():
        row = _row(domain_id)
        if not row.institutions.filter(pk=institution_id).exists():
            if not models.Institution.objects.filter(pk=institution_id).exists():
                raise types.UnknownInstitution(f"no institution has the number {institution_id}")
            row.institutions.add(institution_id)
            _record(row, "domain.join", actor, now, institution=institution_id)


def leave_domain(*, domain_id: int, institution_id: int, actor: str, now: dt.datetime) -> None:
    """Take a member out of a sharing domain; one that is not in it any more is as it should be."""
    with register_changes():
        row = _row(domain_id)
        if row.institutions.filter(pk=institution_id).exists():
            row.institutions.remove(institution_id)
            _record(row, "domain.leave", actor, now, institution=institution_id)


def _save(row: models.SharingDomain, entered: types.DomainFacts) -> None:
    given = _checked(row, entered)
    off = {facts.service(one) for one in entered.switched_off}
    places.enter_places([given["place_id"] or ""])
    for name, value in given.items():
        setattr(row, name, value)
    row.save()
    hosts.give_to_domain(row.pk, entered.host_name)
    row.services.all().delete()
    models.DomainService.objects.bulk_create(
        models.DomainService(domain=row, service=one.value, is_on=False) for one in sorted(off)
    )


def _checked(row: models.SharingDomain, entered: types.DomainFacts) -> dict[str, Any]:
    gathered = facts.Gathered()
    name_zh = gathered.of(lambda text: facts.name("name_zh", text), entered.name_zh)
    given: dict[str, Any] = {
        "code": gathered.of(facts.code, entered.code),
        "name_zh": name_zh,
        "name_zh_hant": gathered.of(lambda text: facts.hant_name(text, name_zh), entered.name_zh_hant),
        "name_en": gathered.of(lambda text: facts.name("name_en", text, otherwise=name_zh), entered.name_en),
        "kind": gathered.of(facts.domain_kind, entered.kind),
        "colour": gathered.of(lambda text: colours.read("colour", text), entered.colour),
        "accent": gathered.of(lambda text: colours.read("accent", text), entered.accent),
        "place_id": entered.place or None,
    }
    with gathered.gathering():
        given |= {f"welcome_{part}": text for part, text in facts.welcome(entered.welcome)._asdict().items()}
    with gathered.gathering():
        given["centre_id"] = _centre(entered.centre)
    gathered.problems += _faults(row, given)
    gathered.raise_any()
    return given


def _centre(code: str) -> int | None:
    if not code.strip():
        return None
    found = models.Institution.objects.filter(code__iexact=code.strip()).first()
    if found is None:
        raise types.BadFacts(types.Problem("centre", "unknown_institution", code[:40]))
    return found.pk


def _faults(row: models.SharingDomain, given: dict[str, Any]) -> list[types.Problem]:
    others = models.SharingDomain.objects.exclude(pk=row.pk)
    problems = []
    if other := others.filter(code__iexact=given["code"]).first():
        problems.append(types.Problem("code", "code_taken", other.name_zh))
    place, kind = given["place_id"], given["kind"]
    if place and divisions.place(place) is None and not models.Place.objects.filter(pk=place).exists():
        problems.append(types.Problem("place", "unknown_city", place[:40]))
    elif kind == types.SharingDomainKind.PROVINCE:
        if place not in divisions.provinces():
            problems.append(types.Problem("place", "no_province"))
        elif other := others.filter(kind=kind, place_id=place).first():
            problems.append(types.Problem("place", "province_taken", other.name_zh))
    return problems


def _row(domain_id: int) -> models.SharingDomain:
    row = models.SharingDomain.objects.filter(pk=domain_id).first()
    if row is None:
        raise types.UnknownSharingDomain(f"no sharing domain has the number {domain_id}")
    return row


def _record(row: models.SharingDomain, action: str, actor: str, now: dt.datetime, **detail: Any) -> None:
    audit.record(at=now, actor=actor, action=action, subject=f"domain {row.code}", **detail)
