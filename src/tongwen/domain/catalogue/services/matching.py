"""Finding the bib that a record describes: candidates by key, then the rules' decision."""

from __future__ import annotations

import pickle
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection

from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.rules import comparison, keys, preparation, scoring
from tongwen.domain.catalogue.services.rows import SQL
from tongwen.standards.marc import types as marc
from tongwen.standards.marc import views

_VIEWS_KEPT = 5_000


class ViewCache:
    """Prepared match views of bibs met lately, each with the version it was made from."""

    def __init__(self) -> None:
        self._views: OrderedDict[int, tuple[int, comparison.Prepared]] = OrderedDict()

    def read(self, bib_ids: Iterable[int]) -> dict[int, comparison.Prepared]:
        """Return the views of these bibs in their current versions; what is not cached comes in one query."""
        wanted = list(set(bib_ids))
        if not wanted:
            return {}
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, version FROM bib WHERE id = ANY(%s)", [wanted])
            current = dict(cursor.fetchall())
        found = {
            bib_id: self._views[bib_id][1]
            for bib_id, version in current.items()
            if bib_id in self._views and self._views[bib_id][0] == version
        }
        found.update(self._fetch([bib_id for bib_id in current if bib_id not in found]))
        return found

    def _fetch(self, bib_ids: list[int]) -> dict[int, comparison.Prepared]:
        if not bib_ids:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(SQL["current_records"], {"bibs": bib_ids})
            rows = cursor.fetchall()
        found = {}
        for bib_id, version, format_, charset, record in rows:
            view = views.match_view(preparation.stored_record(record, charset, format_), marc.Format(format_))
            found[bib_id] = comparison.prepared(view)
            self.remember(bib_id, version, found[bib_id])
        return found

    def remember(self, bib_id: int, version: int, view: comparison.Prepared) -> None:
        """Keep a view; the oldest go when there are too many."""
        self._views[bib_id] = (version, view)
        if len(self._views) > _VIEWS_KEPT:
            self._views.popitem(last=False)


def arriving_view(record: preparation.Prepared) -> comparison.Prepared:
    """Return the match view that a worker made of the record, prepared for comparing."""
    return comparison.prepared(pickle.loads(record.view))  # noqa: S301  Our own worker process pickled it.


class Matcher:
    """Decides the records of one chunk in their order; a record may match one that stands before it in the chunk."""

    def __init__(self, cache: ViewCache, records: Sequence[preparation.Prepared]) -> None:
        self._by_key: dict[int, list[int]] = defaultdict(list)
        self._local: dict[int, comparison.Prepared] = {}
        self._records: dict[int, preparation.Prepared] = {}
        self._look_up(records)
        plausible = [bib_id for record in records for bib_id in self._candidates(record)]
        self._views = cache.read(plausible)

    def _look_up(self, records: Sequence[preparation.Prepared]) -> None:
        wanted = list({key for record in records for key in record.keys})
        if not wanted:
            return
        with connection.cursor() as cursor:
            cursor.execute(SQL["candidates"], {"keys": wanted})
            for key, _kind, bib_id in cursor.fetchall():
                self._by_key[key].append(bib_id)

    def _candidates(self, record: preparation.Prepared) -> list[int]:
        """Return the bibs that share keys with the record, those that share most first, at most MAX_CANDIDATES."""
        shared: Counter[int] = Counter()
        for key in record.keys:
            shared.update(set(self._by_key.get(key, ())))
        return [bib_id for bib_id, _ in shared.most_common(keys.MAX_CANDIDATES)]

    def too_many(self, record: preparation.Prepared) -> int:
        """Return how many bibs share a key with the record where they are more than are compared, else 0."""
        number = len({bib_id for key in record.keys for bib_id in self._by_key.get(key, ())})
        return number if number > keys.MAX_CANDIDATES else 0

    def decide(self, record: preparation.Prepared) -> tuple[int, types.Decision] | tuple[None, None]:
        """Return the bib that decides and the decision, or (None, None) where there is nothing to compare with."""
        compared = []
        for bib_id in self._candidates(record):
            view = self._views.get(bib_id) or self._local_view(bib_id)
            if view is not None:
                compared.append((bib_id, view))
        if not compared:
            return None, None
        choice = scoring.decide_among(arriving_view(record), compared)
        if choice.best is None:
            place = max(range(len(compared)), key=lambda each: choice.decisions[each].score)
        else:
            place = next(each for each, (bib_id, _) in enumerate(compared) if bib_id == choice.best)
        return compared[place][0], choice.decisions[place]

    def _local_view(self, bib_id: int) -> comparison.Prepared | None:
        if bib_id not in self._local and bib_id in self._records:
            self._local[bib_id] = arriving_view(self._records[bib_id])
        return self._local.get(bib_id)

    def learn(self, record: preparation.Prepared, bib_id: int) -> None:
        """Make a bib that this chunk has made a candidate for the records after it."""
        self._records[bib_id] = record
        for key in record.keys:
            self._by_key[key].append(bib_id)


def current_keys(bib_ids: Iterable[int]) -> dict[int, tuple[list[int], list[int]]]:
    """Return the keys of the bibs' current records as ([hash], [kind]), computed from the records."""
    wanted = list(bib_ids)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(SQL["current_records"], {"bibs": wanted})
        rows = cursor.fetchall()
    result = {}
    for bib_id, _version, format_, charset, record in rows:
        view = views.match_view(preparation.stored_record(record, charset, format_), marc.Format(format_))
        found = keys.keys(view)
        result[bib_id] = ([keys.hashed(key) for key in found], [int(key.kind) for key in found])
    return result
