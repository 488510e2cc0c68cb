"""An installation with something to look at, and how each address of the portal is asked for.

A new address stands in `permissions.toml`; where it names a thing (`<int:batch_id>`), `make` makes one of the owning
library and `parameters` gives its number; what it must be posted or asked with stands in `POSTED` and `ASKED`.
"""

from __future__ import annotations

import io
import tomllib
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from factories import people
from factories.files import book, marc_file
from factories.services import register
from tongwen.core import clock, tenancy
from tongwen.domain.catalogue import queries, services, types
from tongwen.domain.discovery import services as discovery
from tongwen.domain.identity import queries as identity
from tongwen.domain.identity.rules import permissions as permission_table
from tongwen.domain.identity.services import invitations, readers, sources
from tongwen.domain.identity.types import Actor, Permission, Place, Role, SourceKind
from tongwen.domain.members import queries as members
from tongwen.domain.members import services as registry
from tongwen.domain.members import types as registered
from tongwen.standards.marc import types as marc

TABLE: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("permissions.toml").read_text(encoding="utf-8")
)
KINDS = {"everybody", "somebody", "staff", "owner", "holder", "developers"}


class Portal(NamedTuple):
    """Whose the things are, whose they are not, and the numbers of the things."""

    owning: int
    other_library: int
    batch: int
    review: int
    bib: int
    profile: int
    other: int
    merge: int
    client: int
    source: int
    invitation: int
    person: int
    affiliation: int
    reader_import: int
    application: int
    subscription: int
    entry: int
    domain: int

    @property
    def marks(self) -> tuple[str, ...]:
        """Return words that stand in private things of the owning library, and nowhere else."""
        return (f"books-{self.owning}.mrc", PROFILE, CLIENT, INVITED, READERS, COLLEAGUE)


PROFILE = "monthly-of-the-owner"
CLIENT = "service-of-the-owner"
INVITED = "invited-by-the-owner@example.org"
READERS = "readers-of-the-owner.csv"
COLLEAGUE = "colleague-of-the-owner"

POSTED: dict[str, dict[str, Any]] = {
    "review-decide": {"verdict": "different"},
    "record-restore": {"version": 1, "seen": 1},
    "load-priority": {"priority": 1},
    "person-give": {"role": "curator"},
    "me-name": {"name": "somebody"},
    "me-email": {"email": "somebody@example.org"},
    "application-ask": {"question": "How many books?"},
    "application-refuse": {"reason": "A branch of a member"},
    "application-approve": {
        "code": "NEW",
        "name_zh": "示范新馆",
        "type": "college",
        "tier": "member",
        "city": "440100",
        "administrator_name": "示范甲",
        "administrator_mail": "library@new.example",
    },
    "member-status": {"status": "suspended", "reason": "fees"},
    "member-addresses": {"addresses": "192.0.2.0/24"},
    "member-subscribe": {"service": "drive", "begins_on": "2026-01-01"},
    "library-logo": {"remove": "1"},
    "domain-join": {"institution": "OWN"},
    "client-switch": {"is_enabled": "0"},
}
"""What a form sends, by the name of the address."""

ASKED: dict[str, Callable[[Portal], dict[str, Any]]] = {
    "results": lambda _portal: {"q": "orlando"},
    "merge-preview": lambda portal: {"with": portal.other},
    "api-explain": lambda portal: {"first": portal.bib, "second": portal.other},
}
"""What an address is asked with, by its name."""


def parameters(portal: Portal) -> dict[str, Any]:
    """Return what stands in the place of each parameter of an address."""
    return {
        "batch_id": portal.batch,
        "review_id": portal.review,
        "bib_id": portal.bib,
        "other_id": portal.other,
        "merge_id": portal.merge,
        "rest": "nothing",
        "profile_id": portal.profile,
        "client_number": portal.client,
        "source_id": portal.source,
        "invitation_id": portal.invitation,
        "person_id": portal.person,
        "affiliation_id": portal.affiliation,
        "import_id": portal.reader_import,
        "token": "nothing",
        "code": members.institution(portal.owning).code,
        "kind": "kit",
        "whose": "library",
        "secret": "nobody-knows",
        "application_id": portal.application,
        "institution_id": portal.owning,
        "subscription_id": portal.subscription,
        "entry_id": portal.entry,
        "domain_id": portal.domain,
        "outcome": "new",
        "form": "mrc",
        "layout": "csv",
        "factor_id": 0,
        "session_id": "00000000-0000-0000-0000-000000000000",
        "lock_id": 0,
    }


def make(owning: int, other: int) -> Portal:
    """Fill the installation; needs an index folder and a blob folder of its own."""
    discovery.make_index()
    _load(other, book("9", "Orlando", isbn="9780156701600", author="Ariosto, Ludovico"))
    batch_id = _load(owning, book("1", "Orlando", isbn="9780156701600"), book("2", "The waves"))
    merge_id, other_id = _merged(owning)
    with tenancy.scope(owning):
        review_id = queries.next_review(owning)
        assert review_id is not None
        bib_id = queries.review_pair(review_id).incoming.bib.id
        profile_id = services.save_profile(institution_id=owning, profile=types.Profile(PROFILE), actor="cataloguer")
    discovery.catch_up()
    return Portal(
        owning=owning,
        other_library=other,
        batch=batch_id,
        review=review_id,
        bib=bib_id,
        profile=profile_id,
        other=other_id,
        merge=merge_id,
        source=_source(owning),
        invitation=_invitation(owning),
        reader_import=_reader_import(owning),
        **_colleague(owning),
        **_membership(owning),
        client=register(owning, name_zh=CLIENT, name_zh_hant=CLIENT, name_en=CLIENT).number,
    )


def _invitation(institution_id: int) -> int:
    rights = permission_table.permissions_of([Role.INSTITUTION_ADMINISTRATOR])
    return invitations.invite(
        institution_id=institution_id,
        email=INVITED,
        display_name="Invited",
        roles=[Role.CATALOGUER],
        actor=Actor(
            username="inviter",
            place=Place(institution_id),
            roles=frozenset([Role.INSTITUTION_ADMINISTRATOR]),
            permissions=rights,
        ),
        now=clock.now(),
    )


def _colleague(institution_id: int) -> dict[str, int]:
    row = people.person(COLLEAGUE, Role.CATALOGUER, institution_id=institution_id)
    (held,) = identity.affiliations(row.pk, clock.today())
    return {"person": row.pk, "affiliation": held.id}


def _reader_import(institution_id: int) -> int:
    with tenancy.scope(institution_id):
        number = readers.receive_readers(
            institution_id=institution_id,
            file=io.BytesIO("读者证号,姓名\n1,张伟\n".encode()),
            file_name=READERS,
            actor="administrator",
            now=clock.now(),
        )
        readers.run_import(import_id=number, now=clock.now())
    return number


def _membership(institution_id: int) -> dict[str, int]:
    """Make what the register knows of the owning library, and an application for membership."""
    by: dict[str, Any] = {"institution_id": institution_id, "actor": "centre", "now": clock.now()}
    today = clock.today()
    candidate = registered.Candidate(
        *("示范新馆", "", "", registered.InstitutionType.COLLEGE, "440100", "示范甲", "library@new.example")
    )
    registry.submit(submission=uuid.uuid4(), candidate=candidate, now=clock.now())
    return {
        "application": members.applications()[0][0].id,
        "subscription": registry.subscribe(service=registered.Service.ILL, begins_on=today, ends_on=None, **by),
        "entry": registry.add_calendar_entry(begins_on=today, ends_on=today, kind="vacation", label="", **by),
        "domain": registry.register_sharing_domain(
            code="MADE",
            name_zh="MADE",
            name_zh_hant="MADE",
            name_en="MADE",
            kind=registered.SharingDomainKind.ALLIANCE,
            institution_ids=[institution_id],
        ),
    }


def _source(institution_id: int) -> int:
    with tenancy.scope(institution_id):
        return sources.add_source(
            kind=SourceKind.KIT,
            names=("图书馆", "圖書館", "Library"),
            settings={"url": "https://library.example.org/kit"},
            given_secrets={"secret": "0123456789abcdef0123456789abcdef"},
            actor=Actor(),
            now=clock.now(),
        )


def _merged(institution_id: int) -> tuple[int, int]:
    """Merge two books of the institution; returns the merge's number and that of the bib that stands."""
    batch_id = _load(institution_id, book("3", "Flush", year="1933"), book("4", "The years", year="1937"))
    with tenancy.scope(institution_id):
        kept, merged = (one.bib_id for one in queries.batch_bibs(batch_id, types.Outcome.NEW)[0])
    return services.merge_bibs_as_operator(kept_id=kept, merged_id=merged, actor="operator"), kept


def _load(institution_id: int, *records: marc.Record) -> int:
    with tenancy.scope(institution_id):
        batch_id = services.receive_batch(
            institution_id=institution_id,
            file=marc_file(*records),
            file_name=f"books-{institution_id}.mrc",
            actor="cataloguer",
            preview=False,
        )
        services.run_batch(batch_id=batch_id)
    return batch_id


def named_patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Yield every pattern of the URL configuration, nested ones too."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from named_patterns(entry)
        else:
            yield entry


def pattern(name: str) -> URLPattern:
    """Return the pattern of an address by its name."""
    return next(one for one in named_patterns() if one.name == name)


def address(name: str, portal: Portal) -> str:
    """Return the address of this name, for the things of the owning library."""
    known = parameters(portal)
    return reverse(name, kwargs={word: known[word] for word in pattern(name).pattern.converters})


def permissions(name: str) -> frozenset[Permission]:
    """Return the rights of which the page of this address asks for one (web.shared.access.requires)."""
    return frozenset(getattr(pattern(name).callback, "permissions", ()))
