"""When a second factor is asked for."""

from __future__ import annotations

import datetime as dt

import pytest

from tongwen.domain.identity.rules.factors import step, strictest
from tongwen.domain.identity.types import FactorPolicy, Step

NOW = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
GRACE = dt.timedelta(days=14)
OFF, ASKED, REQUIRED = FactorPolicy


def asked(policy: FactorPolicy, *, staff: bool = True, has: bool = False, first: int | None = None, off=None) -> Step:
    def ago(days: int | None) -> dt.datetime | None:
        return None if days is None else NOW - dt.timedelta(days=days)

    return step(
        policy=policy,
        is_staff=staff,
        has_factor=has,
        first_asked_at=ago(first),
        put_off_at=ago(off),
        now=NOW,
        grace=GRACE,
    )


class TestStep:
    @pytest.mark.parametrize("policy", FactorPolicy)
    @pytest.mark.parametrize("staff", [True, False])
    def test_is_the_factor_for_whoever_has_one(self, policy: FactorPolicy, staff: bool) -> None:
        assert asked(policy, staff=staff, has=True, off=1) is Step.SECOND_FACTOR

    @pytest.mark.parametrize("policy", FactorPolicy)
    def test_is_nothing_for_readers_without_one(self, policy: FactorPolicy) -> None:
        assert asked(policy, staff=False, first=99) is Step.NOTHING

    def test_is_an_offer_that_can_be_put_off_for_a_while(self) -> None:
        assert asked(ASKED) is Step.ENROLMENT_OFFERED
        assert asked(ASKED, first=13, off=13) is Step.NOTHING
        assert asked(ASKED, first=14, off=14) is Step.ENROLMENT_OFFERED

    def test_is_an_offer_each_time_until_the_grace_ends_where_it_is_a_duty(self) -> None:
        assert asked(REQUIRED) is Step.ENROLMENT_OFFERED
        assert asked(REQUIRED, first=13, off=1) is Step.ENROLMENT_OFFERED
        assert asked(REQUIRED, first=14, off=1) is Step.ENROLMENT_REQUIRED

    def test_is_nothing_where_none_is_wanted(self) -> None:
        assert asked(OFF, first=99) is Step.NOTHING


class TestPolicy:
    def test_of_an_institution_asks_more_but_never_less(self) -> None:
        assert strictest(ASKED, REQUIRED) is REQUIRED
        assert strictest(REQUIRED, OFF) is REQUIRED
        assert strictest(OFF) is OFF
