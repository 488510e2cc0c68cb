"""What higher apps want computed from a value while a lower app has it in hand.

Loading reads each record once, in worker processes. Discovery needs its index fields from the same reading;
the catalogue must not know discovery. So discovery registers a pure function here, the catalogue applies all
registered functions, and the results travel with the event that tells of the change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Derivation = Callable[[Any], bytes]
Registration = tuple[str, str, Derivation]
_derivations: dict[str, dict[str, Derivation]] = {}


def register(topic: str, name: str, function: Derivation) -> None:
    """Apply the function to every value of the topic; its result is found under the name."""
    _derivations.setdefault(topic, {})[name] = function


def registered() -> tuple[Registration, ...]:
    """Return all registrations, to be repeated in a worker process (the functions travel by their names)."""
    return tuple((topic, name, function) for topic, known in _derivations.items() for name, function in known.items())


def derive(topic: str, value: Any) -> dict[str, bytes]:
    """Return what every registered function makes of the value."""
    return {name: function(value) for name, function in _derivations.get(topic, {}).items()}
