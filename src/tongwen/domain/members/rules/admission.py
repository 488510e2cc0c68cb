"""Which steps an application for membership may take, who takes them, and where it then stands."""

from __future__ import annotations

from tongwen.domain.members.types import ApplicationState, ApplicationStep, NotPossibleNow

_OPEN = (ApplicationState.SUBMITTED, ApplicationState.ASKED_BACK, ApplicationState.ANSWERED)
_STEPS: dict[ApplicationStep, tuple[tuple[ApplicationState, ...], ApplicationState]] = {
    ApplicationStep.ASK_BACK: ((ApplicationState.SUBMITTED, ApplicationState.ANSWERED), ApplicationState.ASKED_BACK),
    ApplicationStep.ANSWER: ((ApplicationState.ASKED_BACK,), ApplicationState.ANSWERED),
    ApplicationStep.APPROVE: (_OPEN, ApplicationState.APPROVED),
    ApplicationStep.REFUSE: (_OPEN, ApplicationState.REFUSED),
    ApplicationStep.WITHDRAW: (_OPEN, ApplicationState.WITHDRAWN),
}
NEEDS_TEXT = frozenset({ApplicationStep.ASK_BACK, ApplicationStep.ANSWER, ApplicationStep.REFUSE})
"""The steps that say something to the other side."""


def after(state: ApplicationState, step: ApplicationStep) -> ApplicationState:
    """Return where an application stands after a step.

    Raises:
        NotPossibleNow
    """
    allowed, target = _STEPS.get(step, ((), state))
    if state not in allowed:
        raise NotPossibleNow(state, step)
    return target


def possible(state: ApplicationState) -> frozenset[ApplicationStep]:
    """Return the steps that an application may take in a state."""
    return frozenset(step for step, (allowed, _target) in _STEPS.items() if state in allowed)
