"""Host names of portals: each belongs to one institution or one sharing domain, none of them to the installation."""

from __future__ import annotations

from django.conf import settings

from tongwen.domain.members import models, types
from tongwen.domain.members.rules import facts


def give_to_institution(institution_id: int, written: str) -> None:
    """Give a host name to an institution, or take its own away where none is given; within a change of the register."""
    _give(facts.host_name(written), institution_id=institution_id)


def give_to_domain(domain_id: int, written: str) -> None:
    """Give a host name to a sharing domain, or take its own away where none is given; within a change too."""
    _give(facts.host_name(written), domain_id=domain_id)


def _give(name: str, **owner: int) -> None:
    models.PortalHost.objects.filter(**owner).exclude(host_name=name).delete()
    if not name or models.PortalHost.objects.filter(host_name=name, **owner).exists():
        return
    own = [one.casefold().lstrip(".") for one in settings.TONGWEN_ALLOWED_HOSTS]
    if name in own or models.PortalHost.objects.filter(host_name=name).exists():
        raise types.BadFacts(types.Problem("host_name", "host_taken", name))
    models.PortalHost.objects.create(host_name=name, **owner)
