"""How the toolkit's library is handed a request."""

from __future__ import annotations

from django.http import HttpRequest
from oauth2_provider.oauth2_backends import OAuthLibCore
from oauthlib.common import Request


class Backend(OAuthLibCore):  # type: ignore[misc]
    """The toolkit's way, opened where introspection needs the client and not only that there is one.

    A zero character, which no database takes and nothing of ours holds, becomes one that matches nothing.
    """

    def _get_escaped_full_path(self, request: HttpRequest) -> str:
        return str(super()._get_escaped_full_path(request)).replace("%00", "%EF%BF%BD").replace("\0", "%EF%BF%BD")

    def extract_body(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Return the fields of the form."""
        return [(name, value.replace("\0", "\ufffd")) for name, value in super().extract_body(request)]

    def oauthlib_request(self, request: HttpRequest) -> Request:
        """Return the request as the library sees it."""
        return Request(*self._extract_params(request))
