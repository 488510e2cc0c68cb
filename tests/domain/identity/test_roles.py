"""Roles are given by who has them to give, and the table of rights is sound."""

from __future__ import annotations

import datetime as dt
import runpy

import pytest
from django.conf import settings

from factories import people
from tongwen.core import clock
from tongwen.domain.identity import queries, services
from tongwen.domain.identity.rules import permissions
from tongwen.domain.identity.types import (
    NATION,
    Actor,
    Level,
    MayNotGive,
    Permission,
    Place,
    Role,
    WrongPlace,
)
from tongwen.domain.members import services as members
from tongwen.domain.members.types import SharingDomainKind


def actor(username: str, *roles: Role, place: Place = NATION) -> Actor:
    """Enter somebody with roles in one place and return her as she acts there."""
    number = people.person(username, *roles, institution_id=place.institution_id, domain_id=place.domain_id).pk
    return queries.actor(queries.person(number), place, clock.today())


@pytest.fixture
def province(lending_library: int, neighbouring_library: int) -> int:
    """A sharing domain with two libraries."""
    return members.register_sharing_domain(
        code="JS",
        name_zh="江苏",
        name_zh_hant="江蘇",
        name_en="Jiangsu",
        kind=SharingDomainKind.PROVINCE,
        institution_ids=[lending_library, neighbouring_library],
    )


class TestTable:
    def test_has_every_role_and_every_permission(self) -> None:
        assert set(permissions.table()) == set(Role)
        assert permissions.permissions_of(Role) == set(Permission)

    def test_lets_an_administrator_of_an_institution_give_nothing_she_has_not(self) -> None:
        rights = permissions.table()[Role.INSTITUTION_ADMINISTRATOR]
        for role in rights.gives:
            assert permissions.table()[role].permissions <= rights.permissions
            assert permissions.table()[role].level is Level.INSTITUTION

    def test_lets_roles_be_given_only_by_who_may_give_roles(self) -> None:
        givers = {role for role, rights in permissions.table().items() if rights.gives}
        assert givers == {
            role for role, rights in permissions.table().items() if Permission.ROLES_GIVE in rights.permissions
        }

    def test_stands_in_the_reference(self) -> None:
        written = runpy.run_path(str(settings.PROJECT / "tools" / "permissions.py"))
        page = (settings.PROJECT / "docs" / "reference" / "permissions.md").read_text(encoding="utf-8")
        assert page == written["page"](), "run python tools/permissions.py"

    def test_lets_no_domain_make_national_administrators(self) -> None:
        given = permissions.gives([Role.DOMAIN_ADMINISTRATOR, Role.INSTITUTION_ADMINISTRATOR])
        assert not {Role.NATIONAL_ADMINISTRATOR, Role.AUDITOR} & given


@pytest.mark.django_db
class TestRole:
    def test_given_in_the_own_library_is_held_there_only(self, lending_library: int, distant_library: int) -> None:
        administrator = actor("a", Role.INSTITUTION_ADMINISTRATOR, place=Place(lending_library))
        somebody = people.person("s").pk
        services.give_role(
            actor=administrator,
            person_id=somebody,
            role=Role.CATALOGUER,
            place=Place(lending_library),
            now=clock.now(),
        )
        assert queries.places(somebody, clock.today()) == (Place(lending_library),)

    @pytest.mark.parametrize("role", [Role.DOMAIN_ADMINISTRATOR, Role.NATIONAL_ADMINISTRATOR, Role.AUDITOR])
    def test_above_the_own_is_not_hers_to_give(self, lending_library: int, province: int, role: Role) -> None:
        administrator = actor("a", Role.INSTITUTION_ADMINISTRATOR, place=Place(lending_library))
        place = Place(domain_id=province) if role is Role.DOMAIN_ADMINISTRATOR else NATION
        with pytest.raises(MayNotGive):
            services.give_role(
                actor=administrator, person_id=administrator.person_id or 0, role=role, place=place, now=clock.now()
            )

    def test_in_another_library_is_not_hers_to_give(self, lending_library: int, distant_library: int) -> None:
        administrator = actor("a", Role.INSTITUTION_ADMINISTRATOR, place=Place(lending_library))
        with pytest.raises(MayNotGive, match="not a place"):
            services.check_may_give(administrator, Role.CATALOGUER, Place(distant_library))

    def test_of_an_administrator_is_given_by_the_centre_of_her_province(
        self, neighbouring_library: int, distant_library: int, province: int
    ) -> None:
        centre = actor("d", Role.DOMAIN_ADMINISTRATOR, place=Place(domain_id=province))
        services.check_may_give(centre, Role.INSTITUTION_ADMINISTRATOR, Place(neighbouring_library))
        with pytest.raises(MayNotGive):
            services.check_may_give(centre, Role.INSTITUTION_ADMINISTRATOR, Place(distant_library))
        with pytest.raises(MayNotGive):
            services.check_may_give(centre, Role.CATALOGUER, Place(neighbouring_library))

    def test_stands_only_where_it_belongs(self, lending_library: int, province: int) -> None:
        national = actor("n", Role.NATIONAL_ADMINISTRATOR)
        for role, place in (
            (Role.CATALOGUER, NATION),
            (Role.DOMAIN_ADMINISTRATOR, Place(lending_library)),
            (Role.NATIONAL_ADMINISTRATOR, Place(domain_id=province)),
        ):
            with pytest.raises(WrongPlace):
                services.check_may_give(national, role, place)

    def test_given_twice_holds_once_with_the_later_expiry(self, lending_library: int) -> None:
        somebody = people.person("s").pk
        for days in (10, 20):
            services.affiliate(
                person_id=somebody,
                role=Role.CATALOGUER,
                place=Place(lending_library),
                given_by="a",
                now=clock.now(),
                expires_on=clock.today() + dt.timedelta(days=days),
            )
        (held,) = queries.affiliations(somebody, clock.today())
        assert held.expires_on == clock.today() + dt.timedelta(days=20)

    def test_holds_until_the_day_before_it_expires(self, lending_library: int) -> None:
        somebody = people.person("s").pk
        expiry = clock.today() + dt.timedelta(days=10)
        services.affiliate(
            person_id=somebody,
            role=Role.CATALOGUER,
            place=Place(lending_library),
            given_by="a",
            now=clock.now(),
            expires_on=expiry,
        )
        assert queries.affiliations(somebody, expiry - dt.timedelta(days=1))
        assert not queries.affiliations(somebody, expiry)

    def test_that_is_ended_gives_no_rights_any_more_and_can_be_given_again(self, lending_library: int) -> None:
        administrator = actor("a", Role.INSTITUTION_ADMINISTRATOR, place=Place(lending_library))
        person = people.person("s", Role.CATALOGUER, institution_id=lending_library)
        (held,) = queries.affiliations(person.pk, clock.today())
        services.end_role(actor=administrator, affiliation_id=held.id, now=clock.now())
        assert queries.actor(queries.person(person.pk), held.place, clock.today()).permissions == frozenset()
        people.person("s", Role.CATALOGUER, institution_id=lending_library)
        assert queries.affiliations(person.pk, clock.today())

    def test_of_others_is_not_ended_by_a_cataloguer(self, lending_library: int) -> None:
        cataloguer = actor("c", Role.CATALOGUER, place=Place(lending_library))
        (held,) = queries.affiliations(cataloguer.person_id or 0, clock.today())
        with pytest.raises(MayNotGive):
            services.end_role(actor=cataloguer, affiliation_id=held.id, now=clock.now())


@pytest.mark.django_db
class TestActor:
    def test_has_the_rights_of_the_chosen_place_only(self, lending_library: int, distant_library: int) -> None:
        number = people.person("c", Role.CATALOGUER, institution_id=lending_library).pk
        people.person("c", Role.READER, institution_id=distant_library)
        known = queries.person(number)
        assert queries.actor(known, Place(lending_library), clock.today()).may(Permission.LOADS_MANAGE)
        assert not queries.actor(known, Place(distant_library), clock.today()).may(Permission.LOADS_MANAGE)
        assert not queries.actor(known, Place(distant_library), clock.today()).is_staff

    def test_acts_first_where_she_works(self, lending_library: int, distant_library: int) -> None:
        number = people.person("c", Role.READER, institution_id=distant_library).pk
        people.person("c", Role.CATALOGUER, institution_id=lending_library)
        assert queries.actor(queries.person(number), None, clock.today()).institution_id == lending_library

    def test_who_belongs_nowhere_has_no_rights(self) -> None:
        lost = queries.person(people.person("x").pk)
        acting = queries.actor(lost, None, clock.today())
        assert (acting.roles, acting.permissions, acting.institution_id) == (frozenset(), frozenset(), None)


class TestPlace:
    @pytest.mark.parametrize("place", [NATION, Place(12), Place(domain_id=3)])
    def test_is_read_from_its_key(self, place: Place) -> None:
        assert Place.of_key(place.key()) == place

    @pytest.mark.parametrize("key", ["", "institution", "institution:x", "planet:1", "domain:"])
    def test_of_an_ill_formed_key_is_an_error(self, key: str) -> None:
        with pytest.raises(ValueError):
            Place.of_key(key)
