"""Entering members, places and sharing domains; the same facts given again update what stands."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from tongwen.domain.members import models, queries, types


@transaction.atomic
def register_place(*, code: str, name_zh: str, name_zh_hant: str, name_en: str) -> None:
    """Enter a province or city by its GB/T 2260 code."""
    names = {"name_zh": name_zh, "name_zh_hant": name_zh_hant, "name_en": name_en}
    models.Place.objects.update_or_create(code=code, defaults=names)
    transaction.on_commit(queries.forget)


@transaction.atomic
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
    """Enter a member library and return its number."""
    facts = {
        "name_zh": name_zh,
        "name_zh_hant": name_zh_hant,
        "name_en": name_en,
        "type": type.value,
        "province_id": province,
        "city_id": city,
        "isil": isil,
    }
    row, _ = models.Institution.objects.update_or_create(code=code, defaults=facts)
    transaction.on_commit(queries.forget)
    return row.pk


@transaction.atomic
def register_sharing_domain(
    *,
    code: str,
    name_zh: str,
    name_zh_hant: str,
    name_en: str,
    kind: types.SharingDomainKind,
    institution_ids: Sequence[int],
) -> int:
    """Enter a sharing domain with its members and return its number."""
    names = {"name_zh": name_zh, "name_zh_hant": name_zh_hant, "name_en": name_en, "kind": kind.value}
    row, _ = models.SharingDomain.objects.update_or_create(code=code, defaults=names)
    row.institutions.set(institution_ids)
    return row.pk
