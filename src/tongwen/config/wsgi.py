"""The portal as a WSGI application (PEP 3333)."""

from __future__ import annotations

from tongwen.config import env

env.prepare_command(log_level="INFO", log_format="json")

from django.core.wsgi import get_wsgi_application  # noqa: E402  The settings module must be named first.

application = get_wsgi_application()

from tongwen.core import tenancy  # noqa: E402  Django must be set up first.
from tongwen.domain.discovery import queries as discovery  # noqa: E402

tenancy.guard_process()
discovery.warm_up()
