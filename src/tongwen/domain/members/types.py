"""The vocabulary of membership: institutions and the sharing domains they stand in."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class InstitutionType(enum.StrEnum):
    """What kind of library a member runs."""

    UNIVERSITY = "university"
    COLLEGE = "college"
    PUBLIC = "public"
    SPECIAL = "special"


class SharingDomainKind(enum.StrEnum):
    """What holds a sharing domain (共享域) together."""

    PROVINCE = "province"
    CITY = "city"
    PARK = "park"
    ALLIANCE = "alliance"


class UnknownInstitution(LookupError):
    """No institution has this code."""


@dataclass(frozen=True, slots=True)
class Institution:
    """A member library. `id` is small and dense: the search index stores it."""

    id: int
    code: str
    name_zh: str
    name_zh_hant: str
    name_en: str
    type: InstitutionType
    province: str
    """Province by its GB/T 2260 code, six digits (`320000`)."""
    city: str
    """City by its GB/T 2260 code, six digits (`320100`)."""
    isil: str = ""

    def name(self, language: str) -> str:
        """Return the name in an interface language (`zh-hans`, `zh-hant`, `en`)."""
        if language.startswith("en"):
            return self.name_en
        return self.name_zh_hant if language == "zh-hant" else self.name_zh


@dataclass(frozen=True, slots=True)
class Place:
    """A province or city of GB/T 2260 with its names."""

    code: str
    name_zh: str
    name_zh_hant: str
    name_en: str

    def name(self, language: str) -> str:
        """Return the name in an interface language (`zh-hans`, `zh-hant`, `en`)."""
        if language.startswith("en"):
            return self.name_en
        return self.name_zh_hant if language == "zh-hant" else self.name_zh


@dataclass(frozen=True, slots=True)
class SharingDomain:
    id: int
    code: str
    name_zh: str
    name_zh_hant: str
    name_en: str
    kind: SharingDomainKind
    institution_ids: tuple[int, ...] = ()
