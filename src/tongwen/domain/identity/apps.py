"""Identity (统一认证): persons and the institution they act for."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "tongwen.domain.identity"
    label = "identity"

    def ready(self) -> None:
        """Let one log-out end all, whichever page it comes from: Django tells of it before the session is gone."""
        from django.contrib.auth.signals import user_logged_out

        user_logged_out.connect(_end_visits, dispatch_uid="tongwen.identity.end_visits")


def _end_visits(*, request: Any, **_facts: Any) -> None:
    from tongwen.core import clock
    from tongwen.domain.identity import services, types

    if record := request.session.get(types.SESSION_RECORD, ""):
        services.end_session(session_id=record, now=clock.now())
    sid = request.session.get(types.SINGLE_SIGN_ON, "")
    if sid:
        services.end_visits(sid=sid, now=clock.now())
