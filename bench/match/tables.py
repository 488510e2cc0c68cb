"""The figures as Markdown tables, and single pairs in a line for each side."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bench.match.labelled import DEVELOPMENT, HELD_OUT, Pair
from tongwen.standards.marc import views

_HEAD = (
    "| part | decided by | precision, automatic | recall, automatic | recall with review | different pairs left alone"
    " | same: auto / review / lost | different: auto / review / new |"
)
_BEGIN, _END = "<!-- figures: python -m bench.match report -->", "<!-- end of figures -->"


def report(facts: dict[str, Any]) -> str:
    """Return all tables."""
    return "\n".join([_summary(facts), *_kinds(facts), _causes(facts), loads(facts)])


def _share(share: dict[str, Any]) -> str:
    if share["value"] is None:
        return "–"
    low, high = share["interval"]
    return f"{share['value']:.4f} ({low:.4f}–{high:.4f})"


def _summary(facts: dict[str, Any]) -> str:
    lines = [f"Rules {facts['rules']}.", ""]
    for title, key in (
        ("All pairs", "all"),
        ("Pairs of two MARC 21 records (Gold Rush reads no CNMARC)", "marc21"),
        ("Pairs without a shared identifier", "without_identifier"),
    ):
        lines += [f"**{title}**", "", _HEAD, "|---|---|---|---|---|---|---|---|"]
        for part in (DEVELOPMENT, HELD_OUT):
            for way, found in facts["parts"][part][key].items():
                same, other = found["same"], found["different"]
                lines.append(
                    f"| {part} | {way} | {_share(found['precision'])} | {_share(found['automatic_recall'])}"
                    f" | {_share(found['recall'])} | {_share(found['kept_apart'])}"
                    f" | {same['automatic']} / {same['review']} / {same['new']}"
                    f" | {other['automatic']} / {other['review']} / {other['new']} |"
                )
        lines.append("")
    for part in (DEVELOPMENT, HELD_OUT):
        found = facts["parts"][part]
        lines.append(
            f"Pairs that share a blocking key, of those that are the same, {part}: {_share(found['proposed'])}."
        )
    return "\n".join([*lines, ""])


def _kinds(facts: dict[str, Any]) -> list[str]:
    found = []
    for same, title in ((True, "The same publication"), (False, "Another publication")):
        lines = [f"**{title}, by kind** (development + kept apart)", "",
                 "| kind | pairs | automatic | review | new | proposed by a key | ISBN alone | Gold Rush |",
                 "|---|---|---|---|---|---|---|---|"]  # fmt: skip
        for row in facts["kinds"]:
            if row["same"] is same:
                cells = [
                    f"{row[DEVELOPMENT][name]} + {row[HELD_OUT][name]}"
                    for name in ("pairs", "automatic", "review", "new", "proposed", "isbn", "gold_rush")
                ]
                lines.append(f"| {row['kind']} | {' | '.join(cells)} |")
        found.append("\n".join([*lines, ""]))
    return found


def _causes(facts: dict[str, Any]) -> str:
    lines = ["**Why pairs of the development part did not go where they belong**", "",
             "| the pair is | band | cause | pairs |", "|---|---|---|---|"]  # fmt: skip
    for row in facts["causes"][:25]:
        said = "same" if row["same"] else "different"
        lines += [f"| {said} | {row['band']} | {row['reason']} | {row['pairs']} |"]
    return "\n".join([*lines, ""])


def loads(facts: dict[str, Any]) -> str:
    """Return the table of whole loads, "" where none was measured."""
    if "loads" not in facts:
        return ""
    lines = ["**Whole loads**", "", "| load | records | automatic | review | new | review share | commonest causes |",
             "|---|---|---|---|---|---|---|"]  # fmt: skip
    for name, found in facts["loads"].items():
        causes = ", ".join(f"{cause} {number}" for cause, number in list(found["causes"].items())[:4])
        lines.append(
            f"| {name} | {found['records']:,} | {found['automatic']:,} | {found['review']:,} | {found['new']:,}"
            f" | {found['review_share']:.2%} | {causes} |"
        )
    return "\n".join([*lines, ""])


def renew(page: Path, facts: dict[str, Any]) -> None:
    """Put the tables between the marks of a page, where it stands."""
    if not page.exists() or "parts" not in facts:
        return
    text = page.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(_BEGIN) + ".*?" + re.escape(_END), re.DOTALL)
    page.write_text(pattern.sub(lambda _: f"{_BEGIN}\n\n{report(facts)}\n{_END}", text), encoding="utf-8")


def sides(pair: Pair) -> list[str]:
    """Return what is compared of both sides, a line each."""
    lines = []
    for side in (pair.left, pair.right):
        view = views.match_view(side.record, side.format)
        parts = (
            view.title, view.subtitle, " ".join(view.parts), view.responsibility[:30], "; ".join(view.authors[:2]),
            view.edition, "; ".join(view.publishers[:2]), "; ".join(view.places[:1]), " ".join(map(str, view.years)),
            view.extent, "; ".join(view.series[:1]), " ".join(view.isbns[:2]), "; ".join(view.other_titles[:2]),
        )  # fmt: skip
        lines.append(f"{view.format.value} {view.carrier.value} | " + " | ".join(part[:50] for part in parts))
    return lines
