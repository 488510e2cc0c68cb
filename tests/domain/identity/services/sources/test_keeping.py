from __future__ import annotations

import pytest

from factories import peers
from tongwen.core import clock, tenancy
from tongwen.core.models import AuditEntry
from tongwen.domain.identity import models, queries
from tongwen.domain.identity.services import sources
from tongwen.domain.identity.types import Actor, BadSource, SourceKind, UnknownSource

pytestmark = pytest.mark.django_db

NAMES = ("图书馆", "圖書館", "Library")
ADMINISTRATOR = Actor(username="administrator")


def add(kind: SourceKind = SourceKind.KIT, settings: dict[str, object] | None = None, **secrets: str) -> int:
    return sources.add_source(
        kind=kind,
        names=NAMES,
        settings=settings or {"url": "https://library.example.org/kit"},
        given_secrets=secrets or {"secret": peers.SECRET},
        actor=ADMINISTRATOR,
        now=clock.now(),
    )


def change(source_id: int, url: str = "https://library.example.org/new", **secrets: str) -> None:
    sources.change_source(
        source_id=source_id,
        names=NAMES,
        settings={"url": url},
        given_secrets=secrets,
        actor=ADMINISTRATOR,
        now=clock.now(),
    )


class TestAddSource:
    def test_keeps_it_off_until_somebody_switches_it_on(self, in_scope: int) -> None:
        number = add()
        assert queries.open_sources() == ()
        sources.switch_source_on(source_id=number, actor=ADMINISTRATOR, now=clock.now())
        assert [one.id for one in queries.open_sources()] == [number]
        sources.switch_source_off(source_id=number, actor=ADMINISTRATOR, now=clock.now())
        assert queries.open_sources() == ()

    def test_seals_secrets(self, in_scope: int) -> None:
        row = models.Source.objects.get(pk=add())
        assert peers.SECRET not in str(row.secrets) + str(row.settings)
        assert queries.secrets_kept(row.pk) == {"secret"}

    def test_writes_down_who_did_it_and_no_secret(self, in_scope: int) -> None:
        add()
        entry = AuditEntry.objects.get(action="source.add")
        assert (entry.actor, entry.institution_id) == ("administrator", in_scope)
        assert peers.SECRET not in str(entry.detail)

    @pytest.mark.parametrize(
        ("kind", "settings", "problem"),
        [
            (SourceKind.SIP2, {"host": "", "port": "70000"}, ("port", "number")),
            (SourceKind.SIP2, {"host": "h", "language": "xx"}, ("language", "language")),
            (SourceKind.SAML, {"metadata": "<a/>"}, ("metadata", "metadata")),
            (SourceKind.OIDC, {"issuer": "http://example.org", "client": "c"}, ("issuer", "address")),
            (SourceKind.CAS, {"url": "https://user:word@example.org"}, ("url", "address")),
            (SourceKind.CAS, {"url": "https://example.org", "version": "4"}, ("version", "choice")),
            (SourceKind.CAS, {"url": "https://example.org", "certificates": "x"}, ("certificates", "certificates")),
        ],
    )
    def test_refuses_settings_that_cannot_be_used(
        self, in_scope: int, kind: SourceKind, settings: dict[str, object], problem: tuple[str, str]
    ) -> None:
        with pytest.raises(BadSource) as bad:
            add(kind, settings)
        assert problem in bad.value.problems
        assert queries.sources() == ()


class TestChangeSource:
    def test_keeps_a_secret_that_is_not_given_again(self, in_scope: int) -> None:
        number = add()
        before = models.Source.objects.get(pk=number).secrets
        change(number)
        row = models.Source.objects.get(pk=number)
        assert (row.secrets, row.settings["url"]) == (before, "https://library.example.org/new")

    def test_changes_nothing_where_something_is_wrong(self, in_scope: int) -> None:
        number = add()
        with pytest.raises(BadSource):
            change(number, "ftp://library.example.org", secret="f" * 40)
        assert models.Source.objects.get(pk=number).settings["url"] == "https://library.example.org/kit"

    def test_does_not_reach_another_library(self, in_scope: int, distant_library: int) -> None:
        number = add()
        with tenancy.scope(distant_library), pytest.raises(UnknownSource):
            change(number)


class TestMoveSource:
    def test_changes_the_order_that_people_see(self, in_scope: int) -> None:
        first, second, third = add(), add(), add()
        sources.move_source(source_id=third, up=True, actor=ADMINISTRATOR, now=clock.now())
        assert [one.id for one in queries.sources()] == [first, third, second]
        sources.move_source(source_id=first, up=True, actor=ADMINISTRATOR, now=clock.now())
        assert [one.id for one in queries.sources()] == [first, third, second]


class TestLocalSource:
    def test_is_made_once(self, in_scope: int) -> None:
        assert sources.local_source(now=clock.now()) == sources.local_source(now=clock.now())
        assert [one.kind for one in queries.open_sources()] == [SourceKind.LOCAL]
