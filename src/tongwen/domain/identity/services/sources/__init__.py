"""How a library's people are recognised: the sources themselves, keeping them, asking them, and who comes in."""

from tongwen.domain.identity.services.sources.asking import (
    begin,
    begin_trial,
    complete,
    complete_trial,
    is_by_redirect,
    metadata,
    sign_in,
    try_password,
)
from tongwen.domain.identity.services.sources.conformance import Candidate, Check, Result, Trial, candidate, conform
from tongwen.domain.identity.services.sources.keeping import (
    add_source,
    change_source,
    local_source,
    move_source,
    switch_source_off,
    switch_source_on,
)

__all__ = [
    "Candidate",
    "Check",
    "Result",
    "Trial",
    "add_source",
    "begin",
    "begin_trial",
    "candidate",
    "change_source",
    "complete",
    "complete_trial",
    "conform",
    "is_by_redirect",
    "local_source",
    "metadata",
    "move_source",
    "sign_in",
    "switch_source_off",
    "switch_source_on",
    "try_password",
]
