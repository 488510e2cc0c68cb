"""People for tests: somebody with roles in a place, ready to sign in."""

from __future__ import annotations

from tongwen.core import clock
from tongwen.domain.identity import models, services
from tongwen.domain.identity.types import Place, Role

PASSWORD = "correct horse"


def person(
    username: str,
    *roles: Role,
    institution_id: int | None = None,
    domain_id: int | None = None,
    display_name: str = "",
) -> models.Person:
    """Enter somebody with these roles in one place: a library, a sharing domain, or (neither) the installation."""
    number = services.register_person(username=username, display_name=display_name or username, password=PASSWORD)
    place = Place(institution_id, domain_id)
    for role in roles:
        services.affiliate(person_id=number, role=role, place=place, given_by="test", now=clock.now())
    return models.Person.objects.get(pk=number)
