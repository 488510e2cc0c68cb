from __future__ import annotations

from collections.abc import Iterator

import pytest

from factories import peers


@pytest.fixture(scope="session")
def provider() -> Iterator[str]:
    """An identity provider for OpenID Connect and SAML (PyPI's nanoidp)."""
    with peers.identity_provider() as address:
        yield address
