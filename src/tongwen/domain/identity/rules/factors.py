"""When a second factor is asked for."""

from __future__ import annotations

import datetime as dt

from tongwen.domain.identity.types import FactorPolicy, Step

_ORDER = (FactorPolicy.OFF, FactorPolicy.ASKED, FactorPolicy.REQUIRED)


def strictest(*policies: FactorPolicy) -> FactorPolicy:
    """Return the policy that asks most: an institution may ask more than the installation, never less."""
    return max(policies, key=_ORDER.index, default=FactorPolicy.OFF)


def step(
    *,
    policy: FactorPolicy,
    is_staff: bool,
    has_factor: bool,
    first_asked_at: dt.datetime | None,
    put_off_at: dt.datetime | None,
    now: dt.datetime,
    grace: dt.timedelta,
) -> Step:
    """Say what a session lacks after the password.

    Whoever has a factor is asked for it, whatever the policy. Staff without one are offered to enrol, again when the
    grace has passed since they put it off; where it is a duty they must when it has passed since they were first asked.
    """
    if has_factor:
        return Step.SECOND_FACTOR
    if not is_staff or policy is FactorPolicy.OFF:
        return Step.NOTHING
    if policy is FactorPolicy.REQUIRED and first_asked_at is not None and now >= first_asked_at + grace:
        return Step.ENROLMENT_REQUIRED
    if put_off_at is not None and now < put_off_at + grace and policy is FactorPolicy.ASKED:
        return Step.NOTHING
    if policy is FactorPolicy.REQUIRED and not grace:
        return Step.ENROLMENT_REQUIRED
    return Step.ENROLMENT_OFFERED
