"""Questions to the search service: hits with their bibs, all facets, and the counts of the four tiers."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from bench import figures, questions, records, saying, scratch

NUMBER = 200
_WARM_UP = 20
_SAMPLE = 20_000
_QUESTIONS_SEED, _WARM_UP_SEED = 1, 2


def measure(folder: Path, file: Path) -> dict[str, Any]:
    """Ask in a process of the installation, so that its memory is that of a searching process."""
    with scratch.installation(folder / "installation") as made:
        saying.say(f"{NUMBER} questions to the search service")
        result: dict[str, Any] = made.inside("search", str(file))
    saying.say(f"  p50 {result['first']['p50']} ms, p95 {result['first']['p95']} ms")
    return result


def ask(file: Path) -> dict[str, Any]:
    """Ask every question twice: the second time counts and facets are remembered, as for the next page of results."""
    from tongwen.domain.discovery import queries
    from tongwen.domain.members import queries as members

    library = members.institution_by_code(scratch.LIBRARY).id
    sample = records.sample(file, _SAMPLE)
    for question in questions.make(sample, _WARM_UP, _WARM_UP_SEED):
        _milliseconds(question, library)
    asked = questions.make(sample, NUMBER, _QUESTIONS_SEED)
    del sample
    first = [_milliseconds(question, library) for question in asked]
    again = [_milliseconds(question, library)[0] for question in asked]
    kinds = {
        kind: figures.spread([took for one, (took, _) in zip(asked, first, strict=True) if one.kind == kind])
        for kind in questions.SHARES
        if any(one.kind == kind for one in asked)
    }
    return {
        "documents": queries.engine().document_count(),
        "first": figures.spread([took for took, _ in first]),
        "again": figures.spread(again),
        "kinds": kinds,
        "found_something": sum(1 for _, total in first if total),
        "found_nothing": [one.text for one, (_, total) in zip(asked, first, strict=True) if not total],
        "median_hits": figures.median([total for _, total in first]),
    }


def _milliseconds(question: questions.Question, library: int) -> tuple[float, int]:
    from tongwen.domain.discovery import queries, types

    asked = types.Search(text=question.text, field=types.SearchField(question.field), library=library)
    began = time.perf_counter()
    found = queries.search(asked)
    return (time.perf_counter() - began) * 1000, found.total
