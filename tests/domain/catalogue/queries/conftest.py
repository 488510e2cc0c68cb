from __future__ import annotations

from domain.catalogue.services.conftest import load

__all__ = ["load"]
