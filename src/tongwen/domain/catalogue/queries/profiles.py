"""Reading the profiles by which a library's files are loaded."""

from __future__ import annotations

from typing import Any

from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import LoadProfile
from tongwen.standards.marc import holdings
from tongwen.standards.marc import types as marc


def profiles() -> tuple[types.Profile, ...]:
    """Return the profiles of the institution in scope by name."""
    return tuple(profile_of_row(row) for row in LoadProfile.objects.order_by("name"))


def profile(name: str) -> types.Profile:
    """Return a profile of the institution in scope. Raises UnknownProfile."""
    row = LoadProfile.objects.filter(name=name).first()
    if row is None:
        raise types.UnknownProfile(f"no profile {name!r} of this institution")
    return profile_of_row(row)


def profile_by_number(profile_id: int) -> types.Profile:
    """Return a profile of the institution in scope. Raises UnknownProfile."""
    row = LoadProfile.objects.filter(pk=profile_id).first()
    if row is None:
        raise types.UnknownProfile(f"no profile {profile_id} of this institution")
    return profile_of_row(row)


def profile_of_row(row: LoadProfile) -> types.Profile:
    """Return the profile that a row of the table holds."""
    return types.Profile(
        name=row.name,
        format=marc.Format(row.format) if row.format else None,
        charset=marc.Charset(row.charset) if row.charset else None,
        layouts=_layouts(row.layouts),
        overlay=types.Overlay(row.overlay),
        without_items=types.WithoutItems(row.without_items),
        deletions=types.Deletions(row.deletions),
        is_picked_up=row.is_picked_up,
        id=row.pk,
        institution_id=row.institution_id,
    )


def profile_of_facts(facts: dict[str, Any]) -> types.Profile:
    """Return the profile that a batch has kept."""
    return types.Profile(
        name=facts["name"],
        format=marc.Format(facts["format"]) if facts["format"] else None,
        charset=marc.Charset(facts["charset"]) if facts["charset"] else None,
        layouts=_layouts(facts["layouts"]),
        overlay=types.Overlay(facts["overlay"]),
        without_items=types.WithoutItems(facts["without_items"]),
        deletions=types.Deletions(facts.get("deletions", types.Deletions.OBEY)),  # Older batches knew no choice.
    )


def _layouts(kept: list[list[Any]]) -> dict[str, holdings.Layout]:
    return {tag: holdings.Layout(*parts) for tag, parts in kept}
