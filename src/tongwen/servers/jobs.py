"""Background work of the protocols: telling services that a session has ended."""

from __future__ import annotations

import structlog

from tongwen.core import clock, jobs, outbound
from tongwen.domain.identity import services, types
from tongwen.domain.identity.queries import clients as queries
from tongwen.servers import logging_out

logger = structlog.get_logger("tongwen.servers")

_WAITS = (30, 120, 600, 3_600, 6 * 3_600)
"""Seconds until a service that does not answer is told again."""
_SECONDS = 5.0


@jobs.job(services.TELL)
def tell_service(visit_id: int, attempt: int) -> None:
    """Tell a service that a visit has ended; one that does not answer is told again, later and later."""
    ended = queries.ended_visit(visit_id)
    if ended is None or ended.is_told:
        return
    try:
        _post(ended.visit)
    except outbound.OutboundFailed as failed:
        _later(ended.visit, attempt, failed)
        return
    services.told(visit_id=visit_id, now=clock.now())


def _post(visit: types.Visit) -> None:
    message = logging_out.message(visit, clock.now())
    if message is None:
        return
    answer = outbound.fetch(
        "POST",
        message.address,
        deadline=outbound.Deadline.after(_SECONDS),
        headers={"Content-Type": message.content_type},
        body=message.body,
        largest=1 << 16,
    )
    if not 200 <= answer.status < 400:  # A CAS service may answer its own page's redirect.
        raise outbound.OutboundFailed("broken", f"status {answer.status}")


def _later(visit: types.Visit, attempt: int, failed: outbound.OutboundFailed) -> None:
    facts = {"client_id": visit.client.client_id, "visit": visit.id, "attempt": attempt, "reason": str(failed)}
    if attempt > len(_WAITS):
        logger.error("service not told of a log-out; it is given up", **facts)
        return
    logger.warning("service not told of a log-out; it is tried again", **facts)
    jobs.defer(services.TELL, seconds=_WAITS[attempt - 1], visit_id=visit.id, attempt=attempt + 1)
