"""Waits that grow with every failure, and token buckets."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest
from django.db import DatabaseError, connection

from tongwen.core import limits
from tongwen.core.models import FailedAttempts

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
HOME = limits.Address("203.0.113.7")
CAMPUS = limits.Address("198.51.100.1", is_campus=True)
SEARCH = limits.Rate("trial", burst=3, hourly=60)


def begin(account: str = "wang", *, at: dt.datetime = NOW, address: limits.Address = HOME, institution: int = 1):
    return limits.begin(kind=limits.PASSWORD, account=account, institution_id=institution, address=address, now=at)


def fail(times: int, *, at: dt.datetime = NOW, **more) -> None:
    for _ in range(times):
        begin(at=at, **more)


def minutes(number: float) -> dt.timedelta:
    return dt.timedelta(minutes=number)


@pytest.mark.django_db
class TestFailures:
    def test_cost_nothing_while_they_are_few(self) -> None:
        fail(4)
        begin()

    def test_make_the_account_wait_longer_each_time(self) -> None:
        at, waits = NOW, []
        fail(5)
        for _ in range(8):
            with pytest.raises(limits.Locked) as locked:
                begin(at=at)
            waits.append((locked.value.until - at) / minutes(1))
            at = locked.value.until
            begin(at=at)
        assert waits == [1, 2, 5, 15, 30, 60, 60, 60]

    def test_are_not_counted_while_it_waits(self) -> None:
        fail(5)
        for _ in range(20):
            with pytest.raises(limits.Locked):
                begin()
        begin(at=NOW + minutes(1))

    def test_are_forgotten_after_a_success(self) -> None:
        fail(4)
        limits.succeeded(begin())
        fail(4)
        assert not limits.locks(institution_ids=None, now=NOW)

    def test_are_forgotten_after_a_day(self) -> None:
        fail(4)
        fail(4, at=NOW + dt.timedelta(hours=25))
        assert not limits.locks(institution_ids=None, now=NOW + dt.timedelta(hours=25))

    def test_do_not_count_where_nobody_could_judge(self) -> None:
        for _ in range(30):
            limits.give_back(begin())
        begin()

    def test_count_for_accounts_that_do_not_exist_just_the_same(self) -> None:
        fail(5, account="nobody-of-this-name")
        with pytest.raises(limits.Locked):
            begin("nobody-of-this-name")

    @pytest.mark.parametrize("spelling", ["WANG", " wang ", "ｗａｎｇ"])
    def test_count_together_however_the_name_is_spelt(self, spelling: str) -> None:
        fail(5)
        with pytest.raises(limits.Locked):
            begin(spelling)

    def test_of_one_library_do_not_lock_the_same_name_in_another(self) -> None:
        fail(5, institution=1)
        begin(institution=2)

    def test_keep_no_more_of_a_name_than_its_beginning(self) -> None:
        fail(1, account="MyPassw0rd-typed-in-the-wrong-field")
        (row,) = FailedAttempts.objects.values()
        assert "Passw0rd" not in str(row)
        assert row["shown"] == "MyP"


@pytest.mark.django_db
class TestAddress:
    def test_of_a_single_host_is_stopped_after_a_hundred_failures(self) -> None:
        for number in range(100):
            begin(f"reader{number}")
        with pytest.raises(limits.TooMany) as stopped:
            begin("reader100")
        assert NOW < stopped.value.until <= NOW + minutes(1)
        begin("reader100", address=limits.Address("203.0.113.8"))

    def test_that_is_stopped_costs_the_account_nothing(self) -> None:
        for number in range(100):
            begin(f"reader{number}")
        for _ in range(20):
            with pytest.raises(limits.TooMany):
                begin("wang")
        begin("wang", address=CAMPUS)
        assert not limits.locks(institution_ids=None, now=NOW)

    def test_of_a_campus_serves_twenty_thousand_people(self) -> None:
        for number in range(1_000):
            begin(f"reader{number}", address=CAMPUS)
        for number in range(1_000):
            limits.succeeded(begin(f"other{number}", address=CAMPUS))

    def test_that_only_succeeds_is_never_stopped(self) -> None:
        for number in range(300):
            limits.succeeded(begin(f"reader{number}"))

    @pytest.mark.parametrize(
        ("text", "group"),
        [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("no address", "unknown"),
        ],
    )
    def test_is_counted_as_what_one_subscriber_has(self, text: str, group: str) -> None:
        assert limits.Address(text).group() == group


@pytest.mark.django_db
class TestLocks:
    def test_are_seen_by_the_institution_they_belong_to(self) -> None:
        fail(5, account="wang", institution=1)
        fail(5, account="li", institution=2)
        assert [one.shown for one in limits.locks(institution_ids=frozenset({1}), now=NOW)] == ["wan"]
        assert len(limits.locks(institution_ids=None, now=NOW)) == 2
        assert not limits.locks(institution_ids=None, now=NOW + minutes(2))

    def test_are_lifted_by_the_institution_they_belong_to(self) -> None:
        fail(5)
        (lock,) = limits.locks(institution_ids=None, now=NOW)
        assert limits.lift(lock.id, institution_ids=frozenset({2})) is None
        assert limits.lift(lock.id, institution_ids=frozenset({1})) == lock
        fail(4)

    def test_are_lifted_by_the_name_of_the_account(self) -> None:
        fail(5)
        assert limits.lift_account(kind=limits.PASSWORD, account="Wang", institution_id=1)
        assert not limits.lift_account(kind=limits.PASSWORD, account="Wang", institution_id=1)
        begin()


@pytest.mark.django_db
class TestRate:
    def test_allows_a_burst_and_then_as_much_as_grows_back(self) -> None:
        for _ in range(3):
            limits.take(SEARCH, HOME, now=NOW)
        with pytest.raises(limits.TooMany) as stopped:
            limits.take(SEARCH, HOME, now=NOW + minutes(0.5))
        assert stopped.value.until == NOW + minutes(1)
        limits.take(SEARCH, HOME, now=stopped.value.until)
        with pytest.raises(limits.TooMany):
            limits.take(SEARCH, HOME, now=stopped.value.until)

    def test_never_saves_up_more_than_a_burst(self) -> None:
        limits.take(SEARCH, HOME, now=NOW)
        for _ in range(3):
            limits.take(SEARCH, HOME, now=NOW + dt.timedelta(days=3))
        with pytest.raises(limits.TooMany):
            limits.take(SEARCH, HOME, now=NOW + dt.timedelta(days=3))

    def test_is_wider_for_a_campus_but_not_for_an_account(self) -> None:
        for _ in range(150):
            limits.take(SEARCH, CAMPUS, now=NOW)
        for _ in range(3):
            limits.take(SEARCH, CAMPUS, account="wang", now=NOW)
        with pytest.raises(limits.TooMany):
            limits.take(SEARCH, CAMPUS, account="wang", now=NOW)

    def test_survives_a_clock_that_goes_back(self) -> None:
        limits.take(SEARCH, HOME, now=NOW)
        limits.take(SEARCH, HOME, now=NOW - minutes(5))
        limits.take(SEARCH, HOME, now=NOW)

    def test_refuses_nobody_when_the_database_cannot_write(self) -> None:
        with mock.patch.object(limits, "connection") as broken:
            broken.cursor.side_effect = DatabaseError("read-only")
            for _ in range(10):
                limits.take(SEARCH, HOME, now=NOW)

    def test_is_kept_without_a_write_ahead_log(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'limit_bucket'")
            assert cursor.fetchone() == ("u",)


@pytest.mark.django_db
class TestForgetting:
    def test_removes_what_counts_no_more(self) -> None:
        fail(5)
        limits.forget(NOW + dt.timedelta(hours=23))
        assert FailedAttempts.objects.count() == 1
        limits.forget(NOW + dt.timedelta(hours=25))
        assert FailedAttempts.objects.count() == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM limit_bucket")
            assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_get_no_more_tries_than_one_after_the_other(self) -> None:
        def guess(_number: int) -> bool:
            try:
                begin()
            except limits.Locked:
                return False
            else:
                return True
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(guess, range(24))) == 5
