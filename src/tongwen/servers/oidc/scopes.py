"""Which scopes a client may ask for: those it was registered with."""

from __future__ import annotations

from typing import Any

from oauth2_provider.scopes import BaseScopes

from tongwen.domain.identity.types import Scope


class ClientScopes(BaseScopes):  # type: ignore[misc]
    """The toolkit's question about scopes, answered from the client."""

    def get_all_scopes(self) -> dict[str, str]:
        """Return all scopes there are; the pages have their own words for them."""
        return {scope.value: scope.value for scope in Scope}

    def get_available_scopes(self, application: Any = None, request: Any = None, *_: Any, **__: Any) -> list[str]:
        """Return what this client may ask for."""
        del request
        return application.scopes.split() if application is not None else list(self.get_all_scopes())

    def get_default_scopes(self, application: Any = None, request: Any = None, *_: Any, **__: Any) -> list[str]:
        """Return what a client gets that names none: all that is its own."""
        return self.get_available_scopes(application, request)
