"""For which members and applications a centre is responsible: the nation for all, a domain for its own."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from tongwen.domain.members import queries as members
from tongwen.domain.members.types import Institution, SharingDomain, SharingDomainKind, UnknownInstitution
from tongwen.web.shared import access


def domain(request: HttpRequest) -> SharingDomain | None:
    """Return the sharing domain that is acted for, None for the nation."""
    domain_id = access.actor(request).domain_id
    return None if domain_id is None else members.sharing_domain(domain_id)


def within(request: HttpRequest) -> frozenset[int] | None:
    """Return the members that the acting centre looks after, None for all."""
    own = domain(request)
    return None if own is None else frozenset(own.institution_ids)


def provinces(request: HttpRequest) -> frozenset[str] | None:
    """Return the provinces whose applications the acting centre decides, None for all."""
    own = domain(request)
    if own is None:
        return None
    return frozenset({own.place} if own.kind is SharingDomainKind.PROVINCE and own.place else ())


def member(request: HttpRequest, institution_id: int) -> Institution:
    """Return a member that the acting centre looks after; any other is answered as if it were not there (404)."""
    inside = within(request)
    try:
        if inside is None or institution_id in inside:
            return members.institution(institution_id)
    except UnknownInstitution as unknown:
        raise Http404 from unknown
    raise Http404


def may_take_in(request: HttpRequest, one: SharingDomain, library: Institution) -> bool:
    """Tell whether the acting centre may take a library into a domain.

    A domain looks after its members: its administrator takes in those of its own province or city only, the nation all.
    """
    return domain(request) is None or (bool(one.place) and one.place in (library.province, library.city))
