from __future__ import annotations

from pathlib import Path

import pytest

from factories.files import book, marc_file
from tongwen.core import tenancy
from tongwen.domain.catalogue import queries, services, types
from tongwen.domain.catalogue.models import MatchDecision
from tongwen.domain.catalogue.rules import policy
from tongwen.domain.catalogue.types import Band

pytestmark = pytest.mark.django_db

FULL = {"year": "1990", "publisher": "Smith, Elder", "extent": "312 p."}


@pytest.fixture
def strict_rules(tmp_path: Path) -> Path:
    """Rules that trust no description without identifier."""
    current = Path(policy.__file__).parent / "weights" / f"{policy.RULES.version}.toml"
    text = current.read_text(encoding="utf-8").replace(policy.RULES.version, "strict")
    path = tmp_path / "strict.toml"
    path.write_text(text.replace('title = ["equal"]\n', 'title = ["missing"]\n'), encoding="utf-8")
    return path


@pytest.fixture
def merged_by_description(lending_library: int, distant_library: int, load) -> types.Batch:
    load(lending_library, marc_file(book("1", "A village tragedy", author="Woods, Margaret L.", **FULL)))
    return load(distant_library, marc_file(book("x1", "A village tragedy", author="Woods, Margaret L.", **FULL)))


class TestReplay:
    def test_changes_nothing_with_the_rules_that_decided(self, merged_by_description: types.Batch) -> None:
        found = queries.replay()

        assert (found.decisions, found.moves, found.before) == (1, (), found.after)

    def test_shows_what_stricter_rules_would_send_to_a_person(
        self, merged_by_description: types.Batch, strict_rules: Path
    ) -> None:
        found = queries.replay(rules=str(strict_rules))
        (move,) = found.moves

        assert (move.before, move.after, move.decisions) == (Band.AUTOMATIC, Band.REVIEW, 1)
        assert move.after_reason == "limit-no-identifier"
        assert move.examples[0].words

    def test_shows_what_todays_rules_make_of_a_decision_in_the_words_of_older_ones(
        self, lending_library: int, distant_library: int, load
    ) -> None:
        old = {**FULL, "year": "1890"}
        load(lending_library, marc_file(book("1", "A village tragedy", author="Woods, Margaret L.", **old)))
        load(distant_library, marc_file(book("x1", "A village tragedy", author="Woods, Margaret L.", **old)))
        (row,) = MatchDecision.objects.all()
        row.features = [feature for feature in row.features if feature[0] not in {"press", "creator", "wording"}]
        row.band, row.reason, row.rules_version = Band.REVIEW, "limit-ancient", "2026-11-2"
        row.save()

        (move,) = queries.replay().moves

        assert (move.before_reason, move.after, move.after_reason) == (
            "limit-ancient",
            Band.AUTOMATIC,
            "full-description",
        )

    def test_shows_which_merges_older_rules_would_not_make(
        self, lending_library: int, distant_library: int, load
    ) -> None:
        old = {**FULL, "year": "1890"}
        load(lending_library, marc_file(book("1", "A village tragedy", author="Woods, Margaret L.", **old)))
        load(distant_library, marc_file(book("x1", "A village tragedy", author="Woods, Margaret L.", **old)))

        (move,) = queries.replay(rules="2026-11-2").moves

        assert (move.before, move.after, move.after_reason) == (Band.AUTOMATIC, Band.REVIEW, "limit-ancient")

    def test_takes_an_older_version(self, merged_by_description: types.Batch) -> None:
        assert queries.replay(rules="2026-11-1").rules_version == "2026-11-1"

    def test_looks_at_one_batch_where_asked(self, merged_by_description: types.Batch) -> None:
        assert queries.replay(batch_id=merged_by_description.id).decisions == 1
        assert queries.replay(batch_id=merged_by_description.id + 1).decisions == 0

    def test_counts_pairs_that_a_person_has_kept_apart(
        self, lending_library: int, distant_library: int, load, tmp_path: Path
    ) -> None:
        old = {**FULL, "year": "1790"}
        other_words = {**old, "extent": "xii, 312 p."}
        load(lending_library, marc_file(book("1", "A village tragedy", author="Woods, Margaret L.", **old)))
        load(distant_library, marc_file(book("x1", "A village tragedy", author="Woods, Margaret L.", **other_words)))
        with tenancy.scope(distant_library):
            (line,) = queries.reviews(distant_library)
            services.decide_review(review_id=line.review.id, verdict=types.Verdict.DIFFERENT, actor="cataloguer")
        current = Path(policy.__file__).parent / "weights" / f"{policy.RULES.version}.toml"
        bold = tmp_path / "bold.toml"
        bold.write_text(current.read_text(encoding="utf-8").replace('ancient = ["yes"]', ""), encoding="utf-8")

        assert queries.replay(rules=str(bold)).against_a_person == 1

    def test_refuses_rules_that_are_not_there(self, db: None) -> None:
        with pytest.raises(types.UnreadableRules):
            queries.replay(rules="nowhere.toml")

    def test_refuses_rules_with_words_that_mean_nothing(self, db: None, strict_rules: Path) -> None:
        text = strict_rules.read_text(encoding="utf-8").replace('title = ["missing"]', 'title = ["equal"]')
        strict_rules.write_text(text.replace("[vetoes]\n", '[vetoes]\nvolum = ["different"]\n'), encoding="utf-8")

        with pytest.raises(types.UnreadableRules, match=r"strict\.toml: no comparison finds volum different"):
            queries.replay(rules=str(strict_rules))
