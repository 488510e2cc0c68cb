"""From rows of the database to what leaves the front door."""

from __future__ import annotations

from tongwen.domain.identity import models, types


def person_of(row: models.Person) -> types.Person:
    """Return a person as others may know her."""
    return types.Person(row.pk, row.username, row.display_name, row.email, row.is_active, row.language)


def affiliation_of(row: models.Affiliation) -> types.Affiliation:
    """Return a role in a place."""
    return types.Affiliation(
        id=row.pk,
        person_id=row.person_id,
        role=types.Role(row.role),
        place=types.Place(row.institution_id, row.domain_id),
        begins_on=row.begins_on,
        expires_on=row.expires_on,
        given_by=row.given_by,
        ended_at=row.ended_at,
    )
