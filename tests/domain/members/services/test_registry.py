"""What stands of a member: facts, networks, calendar, services, domains, logo."""

from __future__ import annotations

import datetime as dt

import pytest

from factories.pictures import picture
from tongwen.core import tenancy
from tongwen.core.models import AuditEntry
from tongwen.domain.members import queries, services, types

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 22)
FACTS = types.InstitutionFacts(
    code="L9", name_zh="示范九馆", name_zh_hant="", name_en="", type="university", city="320500", isil="CN-DEMO-9"
)
BY = {"actor": "centre", "now": NOW}


def domain(*institution_ids: int, code: str = "JS", **changes: object) -> int:
    facts = {"name_zh": code, "name_zh_hant": "", "name_en": "", "kind": "province", "place": "320000"}
    number = services.enter_sharing_domain(entered=types.DomainFacts(code=code, **facts | changes), **BY)
    for one in institution_ids:
        services.join_domain(domain_id=number, institution_id=one, **BY)
    return number


def problems(caught: pytest.ExceptionInfo[types.BadFacts]) -> list[tuple[str, str]]:
    return [(one.field, one.code) for one in caught.value.problems]


class TestEntering:
    def test_makes_the_other_names_and_enters_its_places(self) -> None:
        number = services.enter_institution(entered=FACTS, **BY)
        one = queries.institution(number)
        assert (one.name_zh_hant, one.name_en, one.province) == ("示範九館", "示范九馆", "320000")
        assert queries.places()["320500"].name_en == "Suzhou"
        assert one.region is types.Region.EAST

    def test_refuses_a_code_or_isil_of_another_in_any_case(self, lending_library: int) -> None:
        services.enter_institution(entered=FACTS, **BY)
        with pytest.raises(types.BadFacts) as caught:
            services.enter_institution(entered=FACTS._replace(code="l1", isil="cn-demo-9"), **BY)
        assert problems(caught) == [("code", "code_taken"), ("isil", "isil_taken")]

    def test_says_in_the_audit_what_was_before(self, lending_library: int) -> None:
        facts = FACTS._replace(code="", name_zh="示范改名馆", city="320100", isil="")
        services.change_institution(institution_id=lending_library, entered=facts, **BY)
        with tenancy.reaching_all("the acts of all"):
            changed = AuditEntry.objects.get(action="institution.change").detail["changed"]
        assert changed["name_zh"] == ["示范一馆", "示范改名馆"]
        assert queries.institution(lending_library).code == "L1"

    def test_gives_a_host_name_to_one_portal_only(self, lending_library: int, distant_library: int) -> None:
        facts = FACTS._replace(host_name="Lib.Example.ORG.", city="320100", isil="")
        services.change_institution(institution_id=lending_library, entered=facts, **BY)
        found = queries.portal_by_host("lib.example.org")
        assert found is not None
        assert found.owner.id == lending_library
        with pytest.raises(types.BadFacts) as caught:
            services.change_institution(institution_id=distant_library, entered=facts, **BY)
        assert problems(caught) == [("host_name", "host_taken")]
        services.change_institution(institution_id=lending_library, entered=facts._replace(host_name=""), **BY)
        assert queries.portal_by_host("lib.example.org") is None

    def test_never_gives_away_a_host_name_of_the_installation(self, lending_library: int, settings: object) -> None:
        settings.TONGWEN_ALLOWED_HOSTS = ["union.example.org"]  # type: ignore[attr-defined]
        facts = FACTS._replace(host_name="union.example.org", isil="")
        with pytest.raises(types.BadFacts):
            services.change_institution(institution_id=lending_library, entered=facts, **BY)


class TestOwnFacts:
    OWN = types.OwnFacts("示範一館", "Demo One", colour="#14566B", accent="a63522", open_weekdays="71")

    def test_are_kept_in_their_form(self, lending_library: int) -> None:
        services.change_own_facts(institution_id=lending_library, entered=self.OWN, **BY)
        one = queries.institution(lending_library)
        assert (one.look.colour, one.look.accent, one.open_weekdays) == ("#14566b", "#a63522", "17")

    def test_refuse_a_colour_on_which_white_cannot_be_read(self, lending_library: int) -> None:
        entered = self.OWN._replace(colour="#ffcc00", open_weekdays="")
        with pytest.raises(types.BadFacts) as caught:
            services.change_own_facts(institution_id=lending_library, entered=entered, **BY)
        assert problems(caught) == [("open_weekdays", "no_weekday"), ("colour", "low_contrast")]

    def test_keep_a_logo_by_its_bytes(self, lending_library: int) -> None:
        services.save_logo(institution_id=lending_library, content=picture(), **BY)
        assert queries.logo(lending_library) == (picture(), "image/png")
        assert queries.institution(lending_library).look.logo
        services.remove_logo(institution_id=lending_library, **BY)
        assert queries.logo(lending_library) == (b"", "")

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "bad_picture"),
            (b"GIF89a" + b"\0" * 40, "bad_picture"),
            (picture()[:30], "bad_picture"),
            (b"\xff\xd8\xff\xe0\xff\xff", "bad_picture"),
            (b"", "bad_picture"),
            (picture(4, 4), "picture_size"),
            (picture(3000, 16), "picture_size"),
            (b"\x89PNG" + b"\0" * 300_000, "picture_too_large"),
        ],
    )
    def test_refuse_what_is_no_safe_picture(self, lending_library: int, content: bytes, code: str) -> None:
        with pytest.raises(types.BadFacts) as caught:
            services.save_logo(institution_id=lending_library, content=content, **BY)
        assert problems(caught) == [("logo", code)]


class TestAddresses:
    def test_belong_to_their_library_at_once(self, lending_library: int) -> None:
        services.save_addresses(institution_id=lending_library, text="192.0.2.0-255\n2001:db8::/40", **BY)
        assert queries.institution_of_address("192.0.2.9") == lending_library
        assert queries.institution_of_address("2001:db8::9") == lending_library
        services.save_addresses(institution_id=lending_library, text="", **BY)
        assert queries.institution_of_address("192.0.2.9") is None

    def test_of_another_library_are_refused_with_its_name(self, lending_library: int, distant_library: int) -> None:
        services.save_addresses(institution_id=lending_library, text="192.0.2.0/24", **BY)
        for text, code in (("192.0.2.0/24", "range_taken"), ("192.0.2.128/26", "range_overlap")):
            with pytest.raises(types.BadFacts, match="示范一馆") as caught:
                services.save_addresses(institution_id=distant_library, text=text, **BY)
            assert problems(caught) == [("addresses", code)]

    def test_may_lie_within_others_where_the_centre_says_so(self, lending_library: int, distant_library: int) -> None:
        services.save_addresses(institution_id=lending_library, text="192.0.2.0/24", **BY)
        services.save_addresses_within_others(institution_id=distant_library, text="192.0.2.128/26", **BY)
        assert queries.institution_of_address("192.0.2.130") == distant_library
        assert queries.institution_of_address("192.0.2.1") == lending_library
        with pytest.raises(types.BadFacts, match="range taken"):
            services.save_addresses_within_others(institution_id=distant_library, text="192.0.2.0/24", **BY)

    def test_of_a_suspended_library_are_nobodys(self, lending_library: int) -> None:
        services.save_addresses(institution_id=lending_library, text="192.0.2.0/24", **BY)
        services.change_status(
            institution_id=lending_library, status=types.InstitutionStatus.SUSPENDED, reason="fees", **BY
        )
        assert queries.institution_of_address("192.0.2.1") is None


class TestCalendar:
    def test_moves_terms_behind_vacations(self, lending_library: int) -> None:
        def days(first: str, last: str, kind: str) -> None:
            services.add_calendar_entry(
                institution_id=lending_library,
                begins_on=dt.date.fromisoformat(first),
                ends_on=dt.date.fromisoformat(last),
                kind=kind,
                label="",
                **BY,
            )

        days("2027-02-01", "2027-02-28", "vacation")
        days("2027-02-14", "2027-02-14", "open_days")
        assert not queries.is_open(lending_library, dt.date(2027, 2, 10))
        assert queries.is_open(lending_library, dt.date(2027, 2, 14))  # A Sunday that is worked.
        assert queries.next_working_day(lending_library, dt.date(2027, 2, 1)) == dt.date(2027, 2, 14)
        assert queries.next_working_day(lending_library, dt.date(2027, 2, 15)) == dt.date(2027, 3, 1)
        assert queries.add_working_days(lending_library, dt.date(2027, 1, 28), 3) == dt.date(2027, 3, 1)

    def test_refuses_days_that_end_before_they_begin_and_the_same_days_twice(self, lending_library: int) -> None:
        given = {"institution_id": lending_library, "kind": "vacation", "label": ""}
        with pytest.raises(types.BadFacts, match="date order"):
            services.add_calendar_entry(begins_on=TODAY, ends_on=TODAY - dt.timedelta(1), **given, **BY)
        services.add_calendar_entry(begins_on=TODAY, ends_on=TODAY, **given, **BY)
        with pytest.raises(types.BadFacts, match="same days"):
            services.add_calendar_entry(begins_on=TODAY, ends_on=TODAY, **given, **BY)

    def test_says_where_no_day_is_open(self, lending_library: int) -> None:
        first = TODAY
        for _ in range(3):
            services.add_calendar_entry(
                institution_id=lending_library,
                begins_on=first,
                ends_on=first + dt.timedelta(365),
                kind="closed_days",
                label="",
                **BY,
            )
            first += dt.timedelta(300)
        with pytest.raises(types.NeverOpen):
            queries.next_working_day(lending_library, TODAY)

    def test_leaves_the_entries_of_others_alone(self, lending_library: int, distant_library: int) -> None:
        number = services.add_calendar_entry(
            institution_id=lending_library, begins_on=TODAY, ends_on=TODAY, kind="vacation", label="", **BY
        )
        services.remove_calendar_entry(institution_id=distant_library, entry_id=number, **BY)
        assert len(queries.calendar(lending_library)) == 1


class TestServices:
    def subscribe(self, institution_id: int, begins: dt.date, ends: dt.date | None = None) -> int:
        return services.subscribe(
            institution_id=institution_id, service=types.Service.ILL, begins_on=begins, ends_on=ends, **BY
        )

    def test_are_open_in_their_time(self, lending_library: int) -> None:
        reasons = types.ServiceReason

        def reason(on: dt.date) -> types.ServiceReason:
            return queries.service_outcome(lending_library, types.Service.ILL, on).reason

        assert reason(TODAY) is reasons.NOT_SUBSCRIBED
        self.subscribe(lending_library, TODAY, TODAY + dt.timedelta(30))
        day = dt.timedelta(1)
        assert [reason(TODAY - day), reason(TODAY), reason(TODAY + 30 * day), reason(TODAY + 31 * day)] == [
            reasons.NOT_BEGUN,
            reasons.OPEN,
            reasons.OPEN,
            reasons.ENDED,
        ]

    def test_are_off_where_a_domain_switches_them_off_and_name_it(self, lending_library: int) -> None:
        self.subscribe(lending_library, TODAY)
        number = domain(lending_library, switched_off=("ill",))
        outcome = queries.service_outcome(lending_library, types.Service.ILL, TODAY)
        assert (outcome.reason, [one.id for one in outcome.switched_off_by]) == (
            types.ServiceReason.SWITCHED_OFF,
            [number],
        )
        facts = types.DomainFacts("", "JS", "", "", "province", place="320000")
        services.change_sharing_domain(domain_id=number, entered=facts, **BY)
        assert queries.is_service_open(lending_library, types.Service.ILL, TODAY)

    def test_are_off_for_a_suspended_member(self, lending_library: int) -> None:
        self.subscribe(lending_library, TODAY)
        services.change_status(
            institution_id=lending_library, status=types.InstitutionStatus.SUSPENDED, reason="fees", **BY
        )
        assert not queries.is_service_open(lending_library, types.Service.ILL, TODAY)

    def test_do_not_run_twice_at_a_time(self, lending_library: int) -> None:
        self.subscribe(lending_library, TODAY)
        with pytest.raises(types.BadFacts, match="subscribed already"):
            self.subscribe(lending_library, TODAY + dt.timedelta(5), TODAY + dt.timedelta(9))

    def test_end_on_a_day_or_are_taken_away_before_they_begin(self, lending_library: int) -> None:
        number = self.subscribe(lending_library, TODAY)
        services.end_subscription(institution_id=lending_library, subscription_id=number, ends_on=TODAY, **BY)
        assert not queries.is_service_open(lending_library, types.Service.ILL, TODAY + dt.timedelta(1))
        coming = self.subscribe(lending_library, TODAY + dt.timedelta(9))
        services.end_subscription(institution_id=lending_library, subscription_id=coming, ends_on=TODAY, **BY)
        assert [one.id for one in queries.subscriptions(lending_library)] == [number]


class TestDomain:
    def test_is_one_for_a_province(self) -> None:
        domain()
        with pytest.raises(types.BadFacts) as caught:
            domain(code="JS2")
        assert problems(caught) == [("place", "province_taken")]

    @pytest.mark.parametrize("place", ["", "320100", "000000"])
    def test_of_a_province_names_it(self, place: str) -> None:
        with pytest.raises(types.BadFacts) as caught:
            domain(place=place)
        assert [one.field for one in caught.value.problems] == ["place"]

    def test_may_have_members_that_others_have_too(self, lending_library: int) -> None:
        numbers = [domain(lending_library), domain(lending_library, code="AL", kind="alliance", place="")]
        assert [one.id for one in queries.domains_of(lending_library)] == numbers
        services.leave_domain(domain_id=numbers[0], institution_id=lending_library, **BY)
        assert [one.id for one in queries.domains_of(lending_library)] == numbers[1:]


class TestFinding:
    @pytest.mark.parametrize(
        "text",
        ["示范九", "示範九館", "shifanjiu", "shi fan jiu", "sfjg", "SFJ", "l9", "cn-demo-9", "范馆", "示 范九馆"],
    )
    def test_finds_by_what_people_type(self, text: str, distant_library: int) -> None:
        number = services.enter_institution(entered=FACTS, **BY)
        assert number in [one.id for one in queries.find_institutions(text)]

    @pytest.mark.parametrize("text", ["", " ", "馆九", "zzz", "9" * 500, "%", "\\"])
    def test_finds_nothing_by_what_stands_in_no_name(self, text: str, lending_library: int) -> None:
        services.enter_institution(entered=FACTS, **BY)
        assert queries.find_institutions(text) == ()

    def test_leaves_closed_libraries_out(self, lending_library: int) -> None:
        closed = types.InstitutionStatus.CLOSED
        services.change_status(institution_id=lending_library, status=closed, reason="merged", **BY)
        assert queries.find_institutions("示范一馆") == ()
        assert [one.id for one in queries.find_members(text="示范一馆")] == [lending_library]
