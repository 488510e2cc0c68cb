"""Secrets are kept sealed, and only the key that sealed them opens them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongwen.core import secrets


class TestSecret:
    @given(st.text())
    def test_comes_back_as_it_was(self, secret: str) -> None:
        if secret.isprintable():
            assert secrets.unseal(secrets.seal(secret)) == secret

    def test_is_sealed_differently_each_time_and_does_not_show(self) -> None:
        first, second = secrets.seal("bind-password"), secrets.seal("bind-password")
        assert first != second
        assert "bind-password" not in first

    def test_cannot_be_read_under_another_key(self, settings: Any) -> None:
        sealed = secrets.seal("bind-password")
        settings.SECRET_KEY = "another key of this installation"
        with pytest.raises(secrets.Unreadable, match="enter it anew"):
            secrets.unseal(sealed)

    @pytest.mark.parametrize("damaged", ["", "x", "gAAAAA"])
    def test_that_is_damaged_is_refused(self, damaged: str) -> None:
        with pytest.raises(secrets.Unreadable):
            secrets.unseal(damaged)
