"""What two match views have in common and where they differ: one feature per question, in stable words.

A `Prepared` holds the normal forms of one view; the caller keeps it for as long as the view is compared.
Nothing here is weighed; `policy` says what an outcome is worth and `scoring` decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Self

from tongwen.domain.catalogue.rules import forms, old_books, statements, titles
from tongwen.domain.catalogue.rules.numerals import NATIVE
from tongwen.domain.catalogue.rules.policy import RULES, Rules
from tongwen.domain.catalogue.types import Feature
from tongwen.standards.marc import types as marc

if TYPE_CHECKING:
    from collections.abc import Iterator

Observation = tuple[str, str, str, str]
"""Name, outcome, mine, theirs."""

_SETS: Final = frozenset({marc.Level.SET, marc.Level.SERIAL, marc.Level.INTEGRATING, marc.Level.COLLECTION})
_NOTHING: Final = (0.0, False)
_LEAFLET: Final = 10
_ON_PAPER: Final = frozenset({marc.Material.TEXT, marc.Material.NOTATED_MUSIC})
_ONE_BOOK: Final = frozenset({marc.Level.MONOGRAPH, marc.Level.SET})
_CONTINUING: Final = frozenset({marc.Level.SERIAL, marc.Level.INTEGRATING})


class Prepared(NamedTuple):
    """A match view with the normal forms that comparing needs, made once (about 30 µs) and reused."""

    view: marc.MatchView
    titles: titles.Titles
    people: tuple[str, ...]
    native_people: bool
    edition: forms.Edition
    publishers: frozenset[str]
    extent: forms.Extent
    statement: str
    """The statement of responsibility without spaces."""
    place: str
    series: str
    is_old: bool
    """From before 1912, or a rare book."""

    @classmethod
    def of(cls, view: marc.MatchView) -> Self:
        """Work out the normal forms of a view."""
        return cls(
            view,
            titles.of(view),
            tuple(dict.fromkeys(map(forms.person, view.authors))),
            any(not name.isascii() and NATIVE.search(name) is not None for name in view.authors),
            forms.edition(view.edition),
            frozenset(map(forms.publisher, view.publishers)),
            forms.extent(view.extent),
            forms.compact(view.responsibility) if view.responsibility else "",
            forms.compact(view.places[0]) if view.places else "",
            forms.series(view.series[0]) if view.series else "",
            view.is_ancient or (bool(view.years) and view.years[0] < old_books.FIRST_MODERN_YEAR),
        )


def prepared(view: marc.MatchView | Prepared) -> Prepared:
    """Return the view prepared; one that is prepared already comes back as it is."""
    return view if isinstance(view, Prepared) else Prepared.of(view)


def compare(
    mine: marc.MatchView | Prepared, theirs: marc.MatchView | Prepared, *, rules: Rules = RULES
) -> tuple[Feature, ...]:
    """Return the features of a pair, each with its weight under the rules, in the order of the questions."""
    worth = rules.worth
    features = []
    for name, outcome, ours, other in _observe(prepared(mine), prepared(theirs), rules):
        weight, veto = worth.get((name, outcome), _NOTHING)
        # Past the generated __new__, which takes twice as long; some twenty of these are made for each pair.
        features.append(tuple.__new__(Feature, (name, outcome, weight, veto, ours, other)))
    return tuple(features)


def _observe(mine: Prepared, theirs: Prepared, rules: Rules) -> list[Observation]:
    a, b = mine.view, theirs.view
    found = list(_identifiers(a, b))
    identified = False
    for name, outcome, _, _ in found:
        if (name, outcome) in rules.strong:
            identified = True
    found += titles.observe(mine.titles, theirs.titles, a, b)
    found += _kind(a, b)
    volume = _set_or_volume(mine, theirs)
    if volume:
        found.append(volume)
    found.append(_year(a, b, identified=identified))
    found.append(_authors(mine, theirs))
    found.append(_publisher(mine, theirs))
    found.append(_edition(mine, theirs))
    found.append(_extent(mine, theirs))
    found += _language(a, b)
    found += _surroundings(mine, theirs)
    return found


def _identifiers(a: marc.MatchView, b: marc.MatchView) -> Iterator[Observation]:
    if a.control_number and a.control_agency and a.control_agency == b.control_agency and b.control_number:
        outcome = "equal" if a.control_number == b.control_number else "different"
        yield "same-source", outcome, a.control_number, b.control_number
    if a.isbns or b.isbns:
        yield _isbn(a.isbns, b.isbns)
    wrong = set(a.wrong_isbns) & set(b.wrong_isbns) if a.wrong_isbns and b.wrong_isbns else ()
    if wrong:
        yield "wrong-isbn", "shared", *2 * (min(wrong),)
    if a.issns or b.issns:
        yield _numbers("issn", a.issns, b.issns)
    if a.lccns or b.lccns:
        yield _numbers("lccn", a.lccns, b.lccns)
    if a.oclc_numbers or b.oclc_numbers:
        yield _numbers("oclc", a.oclc_numbers, b.oclc_numbers)
    if a.book_numbers or b.book_numbers:
        yield _numbers("book-number", a.book_numbers, b.book_numbers)
    if a.national_numbers and b.national_numbers:
        yield _national(a.national_numbers, b.national_numbers)
    # The site of a serial stays when its title changes, so there an address says nothing.
    if a.addresses and a.level in _ONE_BOOK and b.level in _ONE_BOOK and (shared := set(a.addresses) & {*b.addresses}):
        yield "address", "equal", min(shared), min(shared)


def _numbers(name: str, mine: tuple[str, ...], theirs: tuple[str, ...]) -> Observation:
    if not mine or not theirs:
        return name, "one-missing", " ".join(mine), " ".join(theirs)
    for number in mine:
        if number in theirs:
            return name, "equal", number, number
    return name, "disjoint", " ".join(mine), " ".join(theirs)


def _isbn(mine: tuple[str, ...], theirs: tuple[str, ...]) -> Observation:
    """Compare ISBNs: each one that only one side has makes the shared ones worth less (Melinda: times 0.8)."""
    if not mine or not theirs:
        return "isbn", "one-missing", " ".join(mine), " ".join(theirs)
    shared = [number for number in mine if number in theirs]
    if not shared:
        return "isbn", "disjoint", " ".join(mine), " ".join(theirs)
    alone = len(set(mine)) + len(set(theirs)) - 2 * len(set(shared))
    return "isbn", ("equal", "shared", "loosely-shared")[min(alone, 2)], shared[0], shared[0]


def _national(mine: tuple[str, ...], theirs: tuple[str, ...]) -> Observation:
    """Compare national bibliography numbers: they contradict each other only within one source."""
    for number in mine:
        if number in theirs:
            return "national", "equal", number, number
    sources = {number.partition(":")[0] for number in mine} & {number.partition(":")[0] for number in theirs}
    return "national", "disjoint" if sources else "other-source", " ".join(mine), " ".join(theirs)


def _kind(a: marc.MatchView, b: marc.MatchView) -> Iterator[Observation]:
    unknown = marc.Material.UNKNOWN
    if a.material is b.material:
        yield "material", "both-missing" if a.material is unknown else "equal", a.material, b.material
    else:
        yield "material", "one-missing" if unknown in {a.material, b.material} else "different", a.material, b.material
    if a.carrier is b.carrier:
        yield "carrier", "equal", a.carrier, b.carrier
    else:
        yield "carrier", _unlike_carriers(a, b), a.carrier, b.carrier
    if a.level is b.level:
        yield "level", "equal", a.level, b.level
    elif marc.Level.UNKNOWN in {a.level, b.level}:
        yield "level", "one-missing", a.level, b.level
    elif a.level not in _ONE_BOOK or b.level not in _ONE_BOOK:
        yield "level", "different", a.level, b.level


def _unlike_carriers(a: marc.MatchView, b: marc.MatchView) -> str:
    """Judge carriers that are not the same: of a text the carrier is unknown only where it is electronic somehow."""
    carriers = {a.carrier, b.carrier}
    if marc.Carrier.UNKNOWN not in carriers:
        return "different"
    is_text = a.material is b.material and a.material in _ON_PAPER
    return "unclear" if is_text and marc.Carrier.PRINT in carriers else "one-missing"


def _set_or_volume(mine: Prepared, theirs: Prepared) -> Observation | None:
    """Tell a record for a whole set from one for a single volume: by level, by count of volumes, by designation."""
    a, b = mine.view, theirs.view
    if {a.level, b.level} != _ONE_BOOK:
        return None
    whole, single = (mine, theirs) if a.level is marc.Level.SET else (theirs, mine)
    if single.titles.main.volume and not whole.titles.main.volume:
        return "level", "set-versus-volume", a.extent or a.level, b.extent or b.level
    if single.extent.pages and not single.extent.volumes and (whole.extent.volumes > 1 or whole.extent.open_set):
        return "level", "set-versus-volume", a.extent, b.extent
    return "level", "unclear", a.level, b.level


def _year(a: marc.MatchView, b: marc.MatchView, *, identified: bool) -> Observation:
    """Compare years of publication; a year off by one is tolerated where an identifier is shared.

    A reissue names the year of the first issue too (`1859, c1855`): it agrees with either, and is told apart from a
    record whose own year is the same.
    """
    if not a.years or not b.years:
        outcome = "one-missing" if a.years or b.years else "both-missing"
        return "year", outcome, _text(a.years[:1]), _text(b.years[:1])
    mine, theirs = a.years[0], b.years[0]
    if mine == theirs:
        return "year", "equal", str(mine), str(theirs)
    if mine in b.years or theirs in a.years:
        return "year", "one-of-several", str(mine), str(theirs)
    gap = min(abs(one - other) for one in a.years for other in b.years)
    if identified or (a.level in _SETS and b.level in _SETS):
        return "year", "near" if gap <= 1 else "far", str(mine), str(theirs)
    return "year", "different", str(mine), str(theirs)


def _text(years: tuple[int, ...]) -> str:
    return " ".join(map(str, years))


def _authors(mine: Prepared, theirs: Prepared) -> Observation:
    a, b = mine.view, theirs.view
    ours, other = "; ".join(a.authors[:3]) or a.responsibility, "; ".join(b.authors[:3]) or b.responsibility
    if not mine.people or not theirs.people:
        return "authors", _stated(mine, theirs), ours, other
    shared = [person for person in mine.people if person in theirs.people]
    if shared:
        few = min(len(mine.people), len(theirs.people))
        first = mine.people[0] in theirs.people and theirs.people[0] in mine.people
        # Names of foreigners are entered in Han, in Latin or in both; the title page settles it.
        stated = bool(mine.statement) and mine.statement == theirs.statement
        if first or stated:
            return "authors", "equal", ours, other
        return "authors", "included" if len(shared) == few else "shared", ours, other
    if mine.native_people is not theirs.native_people:
        return "authors", "other-script", ours, other
    return "authors", "in-statement" if _stated(mine, theirs) == "in-statement" else "disjoint", ours, other


def _stated(mine: Prepared, theirs: Prepared) -> str:
    """Look for one side's first author in the other's statement of responsibility."""
    if not mine.people and not theirs.people:
        if not mine.statement or not theirs.statement:
            return "one-missing" if mine.statement or theirs.statement else "both-missing"
        return "in-statement" if mine.statement == theirs.statement else "unclear"
    for one, other in ((mine, theirs), (theirs, mine)):
        if one.people and other.statement:
            name = forms.surname(one.people[0])
            if len(name) > 1 and name in other.statement:
                return "in-statement"
    return "one-missing" if not mine.people or not theirs.people else "disjoint"


def _publisher(mine: Prepared, theirs: Prepared) -> Observation:
    ours, other = "; ".join(mine.view.publishers[:2]), "; ".join(theirs.view.publishers[:2])
    if not ours or not other:
        return "publisher", "one-missing" if ours or other else "both-missing", ours, other
    if not mine.publishers.isdisjoint(theirs.publishers):
        return "publisher", "equal", ours, other
    mixed = False
    for one in mine.publishers:
        for two in theirs.publishers:
            short, long = (one, two) if len(one) <= len(two) else (two, one)
            if len(short) > 3 and short in long:
                return "publisher", "equal", ours, other
            mixed = mixed or one.isascii() is not two.isascii()
    if mixed:
        return "publisher", "other-script", ours, other
    if statements.same_house(mine.view.publishers, theirs.view.publishers):
        return "publisher", "equal", ours, other
    return "publisher", "disjoint", ours, other


def _edition(mine: Prepared, theirs: Prepared) -> Observation:  # noqa: PLR0911 - one way out per outcome
    """Compare editions. No statement and a first edition say the same; words alone may be worded differently."""
    ours, other = mine.view.edition, theirs.view.edition
    one, two = mine.edition, theirs.edition
    if not ours or not other:
        if not ours and not other:
            return "edition", "both-missing", "", ""
        return "edition", _half_stated(one, theirs) if ours else _half_stated(two, mine), ours, other
    if one.number and two.number:
        if one.number != two.number:
            return "edition", "different", ours, other
        nested = one.words <= two.words or two.words <= one.words
        return "edition", "equal" if one.words == two.words else "similar" if nested else "unclear", ours, other
    if one == two:
        return "edition", "equal", ours, other
    if one.number or two.number:
        return "edition", "unclear", ours, other
    one_script = (NATIVE.search(ours) is None) is (NATIVE.search(other) is None)
    return "edition", "different" if one_script and one.words.isdisjoint(two.words) else "unclear", ours, other


def _half_stated(edition: forms.Edition, silent: Prepared) -> str:
    """Judge an edition that only one side states: a full description that is silent about it says something."""
    if edition.number in {"", "1"} and not edition.words:
        return "both-missing"
    full = silent.people and silent.extent.pages and silent.publishers
    return "unstated" if full else "one-missing"


def _extent(mine: Prepared, theirs: Prepared) -> Observation:  # noqa: PLR0911 - one way out per outcome
    ours, other = mine.view.extent, theirs.view.extent
    one, two = mine.extent, theirs.extent
    if one.volumes > 1 and two.volumes > 1:
        return "extent", "equal" if one.volumes == two.volumes else "different", ours, other
    if one.open_set or two.open_set:
        return "extent", statements.uncounted(ours, other), ours, other
    if one.pages and two.pages and not (one.volumes > 1 or two.volumes > 1):
        gap = abs(one.pages - two.pages)
        longest = max(one.pages, two.pages)
        if not gap:
            # Leaflets have as many pages as the next one, and "1 online resource" has none: the number says little.
            a = mine.view
            telling = longest >= _LEAFLET or a.material is not marc.Material.TEXT or a.level in _SETS
            return "extent", "equal" if telling else "equal-short", ours, other
        if gap <= max(10, longest // 20):
            return "extent", "near", ours, other
        return "extent", "far" if gap > max(30, longest // 4) else "different", ours, other
    if max(one.volumes, two.volumes) > 1 and (one.pages or two.pages) and min(one.volumes, two.volumes) == 0:
        single = two if one.volumes > 1 else one
        if single.pages:
            return "extent", "set-versus-volume", ours, other
    if one.pages or two.pages or max(one.volumes, two.volumes) > 1:
        return "extent", "one-missing", ours, other
    return "extent", statements.uncounted(ours, other) if ours or other else "both-missing", ours, other


def _language(a: marc.MatchView, b: marc.MatchView) -> Iterator[Observation]:
    ours, other = " ".join(a.languages), " ".join(b.languages)
    if not ours or not other:
        yield "language", "one-missing" if ours or other else "both-missing", ours, other
        return
    shared = any(language in b.languages for language in a.languages)
    yield "language", "equal" if shared else "disjoint", ours, other
    if not shared and a.is_translation is not b.is_translation:
        yield "translation", "different", ours, other


def _surroundings(mine: Prepared, theirs: Prepared) -> list[Observation]:
    """Compare place, series and host, and note what makes a pair a case for caution."""
    a, b = mine.view, theirs.view
    found = []
    if mine.place and theirs.place:
        found.append(("place", statements.place(mine.place, theirs.place), a.places[0], b.places[0]))
    if mine.series and theirs.series:
        outcome = "equal" if mine.series == theirs.series else statements.series(a.series, b.series)
        found.append(("series", outcome, a.series[0], b.series[0]))
    if a.level is marc.Level.COMPONENT and b.level is marc.Level.COMPONENT:
        found.append(_host(a.host, b.host))
    if mine.is_old or theirs.is_old:
        found += _of_old_books(mine, theirs)
    return found


def _of_old_books(mine: Prepared, theirs: Prepared) -> Iterator[Observation]:
    """Say how an old book was made, whose it is, and whether one description is a copy of the other."""
    sides = (mine, theirs)
    shown = _text(mine.view.years[:1]), _text(theirs.view.years[:1])
    yield "ancient", "yes", *shown
    press = old_books.press(
        [side.view.years[0] for side in sides if side.view.years],
        is_native=any(
            side.titles.native or not forms.NATIVE_LANGUAGES.isdisjoint(side.view.languages) for side in sides
        ),
        is_continuing=all(side.view.level in _CONTINUING for side in sides),
    )
    yield "press", press, *shown
    yield "creator", old_books.creator([side.people[0] for side in sides if side.people]), *shown
    yield "wording", "equal" if _word_for_word(mine, theirs) else "different", "", ""
    if bool(mine.series) is not bool(theirs.series):
        yield "series", "one-missing", "; ".join(mine.view.series[:1]), "; ".join(theirs.view.series[:1])


def _word_for_word(mine: Prepared, theirs: Prepared) -> bool:
    """Tell whether every statement is worded the same, less punctuation, case and script variants.

    What differs oftenest and costs least is asked first.
    """
    a, b, one, two = mine.view, theirs.view, mine.titles, theirs.titles
    return (
        a.years == b.years
        and mine.statement == theirs.statement
        and mine.series == theirs.series
        and one.whole == two.whole
        and (frozenset(one.native) or one.others) == (frozenset(two.native) or two.others)
        and forms.extent_words(a.extent) == forms.extent_words(b.extent)
        and forms.compact(a.edition) == forms.compact(b.edition)
        and _as_printed(a.publishers) == _as_printed(b.publishers)
        and _as_printed(a.places) == _as_printed(b.places)
    )


def _as_printed(names: tuple[str, ...]) -> frozenset[str]:
    """Return names without spaces, less the romanised ones where the original script stands beside them."""
    folded = frozenset(map(forms.compact, names))
    native = frozenset(name for name in folded if NATIVE.search(name))
    return native or folded


def _host(mine: tuple[str, ...], theirs: tuple[str, ...]) -> Observation:
    ours, other = "; ".join(mine), "; ".join(theirs)
    if not mine or not theirs:
        return "host", "one-missing" if mine or theirs else "both-missing", ours, other
    shared = set(map(forms.compact, mine)) & set(map(forms.compact, theirs))
    return "host", "equal" if shared else "disjoint", ours, other
