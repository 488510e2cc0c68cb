"""Entering members and changing what stands of them."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from tongwen.core import audit
from tongwen.domain.members import models, types
from tongwen.domain.members.rules import calendars, colours, divisions, facts, finding, pictures
from tongwen.domain.members.services import domains, hosts, places
from tongwen.domain.members.services.changing import register_changes


def register_institution(
    *,
    code: str,
    name_zh: str,
    name_zh_hant: str,
    name_en: str,
    type: types.InstitutionType,  # noqa: A002  The field's word.
    province: str,
    city: str,
    isil: str = "",
) -> int:
    """Enter a member library, or change what is entered of it, and return its number: for set-ups and the operator."""
    given = {
        "name_zh": name_zh,
        "name_zh_hant": name_zh_hant,
        "name_en": name_en,
        "type": type.value,
        "province_id": province,
        "city_id": city,
        "isil": isil,
    }
    with register_changes():
        row = models.Institution.objects.filter(code__iexact=code).first() or models.Institution(code=code)
        _write(row, given)
        return row.pk


def enter_institution(
    *, entered: types.InstitutionFacts, actor: str, now: dt.datetime, domain_id: int | None = None
) -> int:
    """Enter a new member, in a sharing domain where one is named, and return its number.

    Raises:
        BadFacts, UnknownSharingDomain
    """
    with register_changes():
        row = models.Institution()
        _write(row, _checked(entered, row))
        hosts.give_to_institution(row.pk, entered.host_name)
        audit.record(
            at=now, actor=actor, action="institution.enter", subject=f"institution {row.code}", institution_id=row.pk
        )
        if domain_id is not None:
            domains.join_domain(domain_id=domain_id, institution_id=row.pk, actor=actor, now=now)
        return row.pk


def change_institution(*, institution_id: int, entered: types.InstitutionFacts, actor: str, now: dt.datetime) -> None:
    """Change what a centre enters of a member. Its code stays: addresses, files and links speak of it.

    Raises:
        BadFacts, UnknownInstitution
    """
    with register_changes():
        row = _row(institution_id)
        before = {name: getattr(row, name) for name in _FIELDS}
        _write(row, _checked(entered._replace(code=row.code), row))
        hosts.give_to_institution(row.pk, entered.host_name)
        changed = {name: [old, getattr(row, name)] for name, old in before.items() if getattr(row, name) != old}
        _record(row, "institution.change", actor, now, changed=changed, host_name=entered.host_name)


def change_own_facts(*, institution_id: int, entered: types.OwnFacts, actor: str, now: dt.datetime) -> None:
    """Change what a member's own administrator enters.

    Raises:
        BadFacts, UnknownInstitution
    """
    gathered = facts.Gathered()
    with register_changes():
        row = _row(institution_id)
        given: dict[str, Any] = {
            "name_zh_hant": gathered.of(lambda text: facts.name("name_zh_hant", text), entered.name_zh_hant),
            "name_en": gathered.of(lambda text: facts.name("name_en", text), entered.name_en),
            "homepage": gathered.of(facts.homepage, entered.homepage),
            "contact_mail": gathered.of(facts.mail, entered.contact_mail),
            "contact_phone": gathered.of(facts.phone, entered.contact_phone),
            "open_weekdays": gathered.of(calendars.weekdays, entered.open_weekdays),
            "colour": gathered.of(lambda text: colours.read("colour", text), entered.colour),
            "accent": gathered.of(lambda text: colours.read("accent", text), entered.accent),
        }
        with gathered.gathering():
            given |= {f"welcome_{part}": text for part, text in facts.welcome(entered.welcome)._asdict().items()}
        gathered.raise_any()
        changed = sorted(name for name, value in given.items() if getattr(row, name) != value)
        _write(row, given)
        _record(row, "institution.change_own", actor, now, changed=changed)


def change_status(
    *, institution_id: int, status: types.InstitutionStatus, reason: str, actor: str, now: dt.datetime
) -> None:
    """Suspend a member, close it, or take it in again. Its data stays.

    Raises:
        BadFacts, UnknownInstitution
    """
    needed = status is not types.InstitutionStatus.ACTIVE
    said = facts.text("reason", reason, 500, required=needed)
    with register_changes():
        row = _row(institution_id)
        before, row.status = row.status, status.value
        row.save(update_fields=["status"])
        _record(row, "institution.status", actor, now, before=before, after=status.value, reason=said)


def save_logo(*, institution_id: int, content: bytes, actor: str, now: dt.datetime) -> None:
    """Keep a logo: PNG, JPEG or WebP, told by its bytes.

    Raises:
        BadFacts, UnknownInstitution
    """
    picture = pictures.check(content)
    digest = hashlib.sha256(content).hexdigest()[:16]
    with register_changes():
        row = _row(institution_id)
        kept = {"content": content, "media_type": picture.media_type, "digest": digest}
        models.InstitutionLogo.objects.update_or_create(institution=row, defaults=kept)
        _record(row, "institution.logo", actor, now, bytes=len(content), media_type=picture.media_type)


def remove_logo(*, institution_id: int, actor: str, now: dt.datetime) -> None:
    """Take a logo away; without one nothing changes and nothing is recorded."""
    with register_changes():
        if models.InstitutionLogo.objects.filter(pk=institution_id).delete()[0]:
            _record(_row(institution_id), "institution.logo_removed", actor, now)


_FIELDS = ("name_zh", "name_zh_hant", "name_en", "type", "tier", "city_id", "isil", "homepage", "contact_mail")


def _checked(entered: types.InstitutionFacts, row: models.Institution) -> dict[str, Any]:
    gathered = facts.Gathered()
    name_zh = gathered.of(lambda text: facts.name("name_zh", text), entered.name_zh)
    given: dict[str, Any] = {
        "code": gathered.of(facts.code, entered.code),
        "name_zh": name_zh,
        "name_zh_hant": gathered.of(lambda text: facts.hant_name(text, name_zh), entered.name_zh_hant),
        "name_en": gathered.of(lambda text: facts.name("name_en", text, otherwise=name_zh), entered.name_en),
        "type": gathered.of(facts.institution_type, entered.type),
        "tier": gathered.of(facts.tier, entered.tier),
        "isil": gathered.of(facts.isil, entered.isil),
        "homepage": gathered.of(facts.homepage, entered.homepage),
        "contact_mail": gathered.of(facts.mail, entered.contact_mail),
        "contact_phone": gathered.of(facts.phone, entered.contact_phone),
        "city_id": gathered.of(facts.city, entered.city),
    }
    given["province_id"] = divisions.province_of(given["city_id"])
    gathered.problems += taken(row.pk, given["code"], given["isil"])
    gathered.raise_any()
    return given


def taken(own: int | None, code: str, isil: str) -> list[types.Problem]:
    """Return a problem for a code or ISIL that another member has."""
    others = models.Institution.objects.all() if own is None else models.Institution.objects.exclude(pk=own)
    problems = []
    if code and (other := others.filter(code__iexact=code).first()):
        problems.append(types.Problem("code", "code_taken", other.name_zh))
    if isil and (other := others.filter(isil__iexact=isil).first()):
        problems.append(types.Problem("isil", "isil_taken", other.name_zh))
    return problems


def forms_of(row: models.Institution) -> str:
    """Return under what a member is found, one form a line, as the column `forms` keeps it."""
    return "\n".join(
        finding.forms(
            code=row.code, isil=row.isil, name_zh=row.name_zh, name_zh_hant=row.name_zh_hant, name_en=row.name_en
        )
    )


def _write(row: models.Institution, given: dict[str, Any]) -> None:
    for name, value in given.items():
        setattr(row, name, value)
    row.forms = forms_of(row)
    places.enter_places([row.province_id, row.city_id])
    row.save()


def _row(institution_id: int) -> models.Institution:
    row = models.Institution.objects.filter(pk=institution_id).first()
    if row is None:
        raise types.UnknownInstitution(f"no institution has the number {institution_id}")
    return row


def _record(row: models.Institution, action: str, actor: str, now: dt.datetime, **detail: Any) -> None:
    audit.record(at=now, actor=actor, action=action, subject=f"institution {row.code}", institution_id=row.pk, **detail)
