"""Importing members from a CSV file: all rows or none, in a fixed number of statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import transaction

from tongwen.core import audit
from tongwen.domain.members import models, types
from tongwen.domain.members.rules import addresses, member_files
from tongwen.domain.members.services import places
from tongwen.domain.members.services.changing import register_changes
from tongwen.domain.members.services.institutions import forms_of
from tongwen.standards import hanzi

_COLUMNS = {"province": "province_id", "city": "city_id"}
_MOST_PROBLEMS = 500


class _Standing(NamedTuple):
    """What the register holds before an import."""

    institutions: dict[str, models.Institution]
    networks: dict[int, tuple[types.Network, ...]]
    domains: dict[str, models.SharingDomain]
    joined: dict[int, set[str]]


class _Plan(NamedTuple):
    """A row with the institution that it makes or changes."""

    row: member_files.MemberRow
    institution: models.Institution
    change: types.RowChange


def preview_import(*, content: bytes, domain: str = "") -> types.ImportReport:
    """Tell what an import of members would do, row by row, and what is wrong with the file; nothing is changed.

    `domain` is the code of the sharing domain that imports, "" for the nation.
    """
    with transaction.atomic():
        return _planned(member_files.read(content), domain)[1]


def import_members(*, content: bytes, actor: str, now: dt.datetime, domain: str = "") -> types.ImportReport:
    """Enter and change the members of a CSV file; with any problem nothing at all is changed.

    A column that the file does not have is left as it stands; an empty cell empties the fact. A sharing domain that
    imports (`domain`, its code) changes its own members only, and new ones join it.
    """
    with register_changes():
        plans, report = _planned(member_files.read(content), domain)
        if not report.problems:
            _write(plans)
            _record(report, actor, now)
        return report


def _planned(file: member_files.MemberFile, domain: str) -> tuple[list[_Plan], types.ImportReport]:
    standing = _standing()
    rows = [_joining(row, domain, standing) for row in file.rows]
    plans = [_plan(row, standing) for row in rows]
    problems = [*file.problems, *_faults(plans, standing), *_not_theirs(rows, domain, standing)]
    problems.sort(key=lambda one: one.row)
    changes = tuple(one.change for one in plans)
    return plans, types.ImportReport(changes, tuple(problems[:_MOST_PROBLEMS]), file.charset)


def _joining(row: member_files.MemberRow, domain: str, standing: _Standing) -> member_files.MemberRow:
    """Let a new member join the domain that imports it."""
    is_new = row.code.casefold() not in standing.institutions
    return row._replace(domains=(domain,)) if domain and is_new and not row.domains else row


def _not_theirs(rows: Sequence[member_files.MemberRow], domain: str, standing: _Standing) -> list[types.Problem]:
    """Return what a sharing domain may not change: members of others, and who is in another domain."""
    problems = []
    for row in rows if domain else ():
        known = standing.institutions.get(row.code.casefold())
        joined = standing.joined.get(known.pk, set()) if known else {domain}
        if domain not in joined:
            problems.append(types.Problem("code", "not_yours", row.code, row.row))
        elif row.domains is not None and set(row.domains) != joined:
            problems.append(types.Problem("domains", "not_yours", " ".join(row.domains), row.row))
    return problems


def _standing() -> _Standing:
    networks: dict[int, list[types.Network]] = {}
    for number, network in models.AddressRange.objects.order_by("network").values_list("institution_id", "network"):
        networks.setdefault(number, []).append(network)
    domains = {one.code: one for one in models.SharingDomain.objects.all()}
    codes = {one.pk: code for code, one in domains.items()}
    joined: dict[int, set[str]] = {}
    through = models.SharingDomain.institutions.through.objects.values_list("institution_id", "sharingdomain_id")
    for institution, domain in through:
        joined.setdefault(institution, set()).add(codes[domain])
    return _Standing(
        {one.code.casefold(): one for one in models.Institution.objects.all()},
        {number: addresses.collapsed(every) for number, every in networks.items()},
        domains,
        joined,
    )


def _plan(row: member_files.MemberRow, standing: _Standing) -> _Plan:
    known = standing.institutions.get(row.code.casefold())
    institution = known or models.Institution(code=row.code)
    given = row.facts if known else {**_names_of(row.facts["name_zh"]), **row.facts}
    fields = []
    for name, value in given.items():
        column = _COLUMNS.get(name, name)
        before = getattr(institution, column) or ""
        if before != value:
            fields.append((name, str(before), value))
            setattr(institution, column, value)
    fields += _difference("addresses", row.networks, standing.networks.get(institution.pk, ()))
    fields += _difference("domains", row.domains, sorted(standing.joined.get(institution.pk, ())))
    outcome = "new" if known is None else "changed" if fields else "unchanged"
    shown = () if known is None else tuple(fields)
    return _Plan(row, institution, types.RowChange(row.row, row.code, institution.name_zh, outcome, shown))


def _names_of(name_zh: str) -> dict[str, str]:
    return {"name_zh_hant": hanzi.traditional(name_zh), "name_en": name_zh}


def _difference(name: str, given: Sequence[Any] | None, before: Sequence[Any]) -> list[tuple[str, str, str]]:
    if given is None or list(given) == list(before):
        return []
    return [(name, " ".join(str(one) for one in before), " ".join(str(one) for one in given))]


def _faults(plans: Sequence[_Plan], standing: _Standing) -> list[types.Problem]:
    """Return what only the register knows: unknown domains, ISILs and networks of members that are not in the file."""
    problems = []
    inside = {one.row.code.casefold() for one in plans}
    isils = {one.isil.casefold(): one for code, one in standing.institutions.items() if one.isil and code not in inside}
    replaced = _replaced(plans)
    owners = {
        network: number for number, every in standing.networks.items() for network in every if number not in replaced
    }
    names = {one.pk: one for one in standing.institutions.values()}
    for plan in plans:
        row = plan.row
        problems += [
            types.Problem("domains", "unknown_domain", code, row.row)
            for code in row.domains or ()
            if code not in standing.domains
        ]
        if other := isils.get(row.facts.get("isil", "").casefold() or "-"):
            problems.append(types.Problem("isil", "isil_taken", other.name_zh, row.row))
        for network in row.networks or ():
            owner = owners.get(network)
            if owner is not None and owner != plan.institution.pk:
                detail = f"{network} · {names[owner].name_zh} ({names[owner].code})"
                problems.append(types.Problem("addresses", "range_taken", detail, row.row))
    return problems


def _replaced(plans: Sequence[_Plan]) -> frozenset[int]:
    return frozenset(one.institution.pk for one in plans if one.row.networks is not None and one.institution.pk)


def _write(plans: Sequence[_Plan]) -> None:
    changed = [one for one in plans if one.change.outcome != "unchanged"]
    places.enter_places(str(one.row.facts[name]) for one in changed for name in ("province", "city"))
    for one in changed:
        one.institution.forms = forms_of(one.institution)
    new = [one.institution for one in changed if one.change.outcome == "new"]
    models.Institution.objects.bulk_create(new, batch_size=1000)
    old = [one.institution for one in changed if one.change.outcome == "changed"]
    # ISILs may change hands within a file: they are taken off first.
    models.Institution.objects.filter(pk__in=[one.pk for one in old]).update(isil="")
    fields = [_COLUMNS.get(name, name) for name in member_files.COLUMNS if name not in ("code", "addresses", "domains")]
    models.Institution.objects.bulk_update(old, [*fields, "forms"], batch_size=200)
    _write_networks(changed)
    _write_domains(changed)


def _write_networks(plans: Sequence[_Plan]) -> None:
    given = {one.institution.pk: one.row.networks for one in plans if one.row.networks is not None}
    models.AddressRange.objects.filter(institution_id__in=given).delete()
    models.AddressRange.objects.bulk_create(
        (models.AddressRange(institution_id=number, network=one) for number, every in given.items() for one in every),
        batch_size=2000,
    )


def _write_domains(plans: Sequence[_Plan]) -> None:
    given = {one.institution.pk: one.row.domains for one in plans if one.row.domains is not None}
    numbers: Mapping[str, int] = dict(models.SharingDomain.objects.values_list("code", "pk"))
    through = models.SharingDomain.institutions.through
    through.objects.filter(institution_id__in=given).delete()
    through.objects.bulk_create(
        (
            through(institution_id=number, sharingdomain_id=numbers[code])
            for number, every in given.items()
            for code in every
        ),
        batch_size=2000,
    )


def _record(report: types.ImportReport, actor: str, now: dt.datetime) -> None:
    new, changed = report.count("new"), report.count("changed")
    if new or changed:
        codes = [one.code for one in report.rows if one.outcome != "unchanged"]
        audit.record(
            at=now,
            actor=actor,
            action="members.import",
            subject=f"{new} + {changed}",
            new=new,
            changed=changed,
            codes=codes,
        )
