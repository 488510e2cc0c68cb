from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from domain.discovery.services.conftest import Load, found
from tongwen.core import search
from tongwen.core.search import port
from tongwen.domain.discovery import services
from tongwen.domain.discovery.rules.schema import SCHEMA
from tongwen.domain.discovery.services import follower, reindexing


class TestReindex:
    def test_builds_all_anew_and_tells_how_far_it_is(self, lending_library: int, load: Load) -> None:
        load(lending_library, "Orlando", "Flush")
        steps: list[int] = []
        assert services.reindex(advance=steps.append) == 2
        assert (steps, found("orlando"), follower.behind()) == ([2], 1, 0)

    def test_goes_on_serving_the_old_index_until_the_new_one_is_whole(self, lending_library: int, load: Load) -> None:
        load(lending_library, "Orlando")
        services.catch_up()
        seen: list[int] = []
        services.reindex(advance=lambda _done: seen.append(found("orlando")))
        assert seen == [1]

    def test_takes_in_what_was_loaded_while_it_read(self, lending_library: int, load: Load) -> None:
        load(lending_library, "Orlando")
        assert services.reindex(advance=lambda done: load(lending_library, "Flush") if done == 1 else None) == 2
        assert found("flush") == 1

    def test_with_a_pool_makes_the_same_documents(
        self, lending_library: int, load: Load, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        load(lending_library, "Orlando", "Flush", "The waves")
        monkeypatch.setattr(reindexing, "_POOL_PAYS_FROM", 1)
        assert services.reindex() == 3
        assert (found("waves"), found("woolf")) == (1, 3)

    def test_that_fails_leaves_the_old_index_and_can_be_run_again(self, lending_library: int, load: Load) -> None:
        load(lending_library, "Orlando")
        services.catch_up()
        before = search.engine(SCHEMA).generation()

        def fail(_done: int) -> None:
            raise LookupError

        with pytest.raises(LookupError):
            services.reindex(advance=fail)
        assert (search.engine(SCHEMA).generation(), found("orlando")) == (before, 1)
        assert services.reindex() == 1

    def test_is_refused_while_another_is_at_work(self, lending_library: int, load: Load) -> None:
        load(lending_library, "Orlando")

        def begin_another(_done: int) -> None:
            services.reindex()

        with pytest.raises(port.WriterBusy, match="already"):
            services.reindex(advance=begin_another)


class TestIndexIsUsable:
    def test_where_there_is_one(self, index: Path) -> None:
        assert services.index_is_usable()
        assert not services.make_index()

    def test_is_denied_without_one_and_make_index_makes_it(self, index: Path) -> None:
        shutil.rmtree(index)
        search.engine(SCHEMA).close()
        assert not services.index_is_usable()
        assert services.make_index()
        assert services.index_is_usable()
