"""What the results page shows of an answer: tabs, facets, chips, cards."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tongwen.domain.catalogue.types import Item
from tongwen.domain.discovery import queries as discovery
from tongwen.domain.discovery.types import FacetValue, Hit, Results, Search, SearchField, Sort, Tier
from tongwen.domain.members import queries as members
from tongwen.domain.members.types import Institution
from tongwen.standards.identifiers import isxn
from tongwen.standards.marc import codes
from tongwen.standards.marc.types import Text
from tongwen.web.search import parameters
from tongwen.web.shared import description, terms
from tongwen.web.shared.components import Chip, Empty, FacetGroup, FacetLink, Linked, Option, ResultCard, Standing, Tab
from tongwen.web.shared.paging import Pager, pager
from tongwen.web.shared.templatetags import tongwen as filters

_OPEN_FACETS = ("library", "type", "language", "year")
_CALL_NUMBERS_SHOWN = 2
_LONGEST_TITLE = 200
_ISBN_LIKE = re.compile(r"(97[89][- ]?)?([0-9][- ]?){9}[0-9Xx]")
_CALL_NUMBER = re.compile(r"[A-Za-z]{1,3}[0-9][0-9A-Za-z./=()-]*")


@dataclass(frozen=True, slots=True)
class Asked:
    """The search box as it is filled in."""

    text: str
    fields: tuple[Option, ...]
    kept: tuple[tuple[str, str], ...] = ()
    """Parameters that a new question keeps: the tier and the library."""


def asked(search: Search) -> Asked:
    """Return the search box of a question. A new question keeps the tier, not the filters."""
    options = tuple(
        Option(field, terms.word(terms.SEARCH_FIELDS, field), field is search.field) for field in SearchField
    )
    kept = tuple(pair for pair in parameters.pairs(search) if pair[0] in ("tier", "at", "sort"))
    return Asked(search.text, options, kept)


def tabs(results: Results, own: Institution | None) -> list[Tab]:
    """Return the four tiers with their exact counts; without an own library only the nation, and a hint."""
    search = results.search
    if own is None:
        nation = Tab(
            terms.word(terms.TIERS, Tier.NATION), parameters.link(search), results.tiers[Tier.NATION], current=True
        )
        return [nation]
    places = members.places()
    language = get_language() or "en"
    hints = {
        Tier.CITY: places[own.city].name(language),
        Tier.PROVINCE: places[own.province].name(language),
    }
    return [
        Tab(
            label=terms.word(terms.TIERS, tier),
            url=parameters.link(search, tier=tier),
            count=results.tiers.get(tier, 0),
            current=tier is search.tier,
            hint=hints.get(tier, ""),
        )
        for tier in Tier
    ]


def facets(results: Results) -> list[FacetGroup]:
    """Return the facets that have something to choose, each value a link that adds or removes it."""
    groups = []
    for name, values in results.facets.items():
        links = tuple(_facet_link(results.search, name, value) for value in _in_order(name, values))
        if links:
            label = terms.word(terms.FACETS, name)
            is_open = name in _OPEN_FACETS or any(link.chosen for link in links)
            groups.append(FacetGroup(name, label, links, open=is_open))
    return groups


def _in_order(name: str, values: tuple[FacetValue, ...]) -> list[FacetValue]:
    """Years stand newest first; other values as counted."""
    if name == "year":
        return sorted(values, key=lambda value: value.value, reverse=True)
    return list(values)


def _facet_link(search: Search, facet: str, value: FacetValue) -> FacetLink:
    chosen = value.chosen or (facet, value.value) in search.filters
    change = parameters.without_filter if chosen else parameters.with_filter
    return FacetLink(facet_label(facet, value.value), value.hits, change(search, facet, value.value), chosen)


def facet_label(facet: str, value: str) -> str:
    """Return what a facet value is called in the reader's language."""
    language = get_language() or "en"
    if facet == "library":
        return _library_name(value, language)
    if facet == "type":
        return terms.word(terms.TYPES, value)
    if facet == "language":
        return codes.language_name(value, language)
    if facet == "class":
        return terms.class_name(value)
    if facet == "year" and value.endswith("s") and value[:-1].isdigit():
        return f"{value[:-1]}–{int(value[:-1]) + 9}"
    return value


def _library_name(value: str, language: str) -> str:
    found = {str(one.id): one for one in members.institutions()}.get(value)
    return found.name(language) if found else _("unknown library")


def chips(search: Search) -> list[Chip]:
    """Return what is chosen, each with the link that takes it away."""
    found = [
        Chip(
            terms.word(terms.FACETS, facet), facet_label(facet, value), parameters.without_filter(search, facet, value)
        )
        for facet, value in search.filters
    ]
    if search.year_from is not None or search.year_to is not None:
        label = f"{search.year_from or ''}–{search.year_to or ''}"
        url = parameters.link(search, year_from=None, year_to=None)
        found.append(Chip(terms.word(terms.FACETS, "year"), label, url))
    return found


def sorts(search: Search) -> list[Option]:
    """Return the orders one may choose."""
    return [Option(sort, terms.word(terms.SORTS, sort), sort is search.sort) for sort in Sort]


def pages(results: Results) -> Pager:
    """Return the pager of an answer."""
    search = results.search
    return pager(
        total=results.total,
        page=search.page,
        size=search.page_size,
        url=lambda number: parameters.link(search, page=number),
    )


def cards(results: Results, own: Institution | None, own_items: dict[int, tuple[Item, ...]]) -> list[ResultCard]:
    """Return the hits as the list shows them. `own_items` holds the own library's copies by bib."""
    first = (results.search.page - 1) * results.search.page_size + 1
    return [
        card(hit, number, own, own_items.get(hit.bib.id, ())) for number, hit in enumerate(results.hits, start=first)
    ]


def card(hit: Hit, number: int, own: Institution | None, items: tuple[Item, ...]) -> ResultCard:
    """Return one hit: what it is, and at once what it means for this reader."""
    view = hit.bib.view
    kind = discovery.record_type(view)
    return ResultCard(
        number=number,
        url=reverse("record", args=[hit.bib.id]),
        title=_shortened(description.full_title(view)),
        romanized=view.romanized_title,
        responsibility=view.responsibility,
        imprint=description.imprint(view),
        type=kind,
        type_label=terms.word(terms.TYPES, kind),
        standing=standing(hit, own, items),
        also=_also(hit, own),
        online=description.online(view),
    )


def _shortened(text: Text) -> Text:
    """Cut a title of many lines at a word; the record page has it whole."""
    return Text(Truncator(text.value).chars(_LONGEST_TITLE), text.lang)


def standing(hit: Hit, own: Institution | None, items: tuple[Item, ...]) -> Standing:
    """Say where a reader of this library gets it: here, in the city, in the province, or further away."""
    if own is None:
        words = ngettext("At %(n)s library", "At %(n)s libraries", hit.in_nation) % {"n": hit.in_nation}
        return Standing("far" if hit.in_nation else "none", words)
    if hit.held_here:
        lines = [
            " · ".join(filter(None, (item.location, item.call_number))) for item in description.shelved(items, own)
        ]
        shown = tuple(dict.fromkeys(line for line in lines if line))
        return Standing("here", _("Held by my library"), shown[:_CALL_NUMBERS_SHOWN])
    if hit.in_city:
        words = ngettext("At %(n)s library in my city", "At %(n)s libraries in my city", hit.in_city)
        return Standing("near", words % {"n": hit.in_city})
    if hit.in_province:
        words = ngettext("At %(n)s library in my province", "At %(n)s libraries in my province", hit.in_province)
        return Standing("near", words % {"n": hit.in_province})
    words = ngettext("At %(n)s library elsewhere", "At %(n)s libraries elsewhere", hit.in_nation)
    return Standing("far" if hit.in_nation else "none", words % {"n": hit.in_nation})


def _also(hit: Hit, own: Institution | None) -> str:
    """Say how many libraries hold it in all, where the standing does not say so already."""
    if own is None or not (hit.held_here or hit.in_province) or hit.in_nation <= 1:
        return ""
    return ngettext("%(n)s library nationwide", "%(n)s libraries nationwide", hit.in_nation) % {"n": hit.in_nation}


def nothing_found(results: Results, own: Institution | None) -> Empty:
    """Say what to try when nothing was found, most promising first."""
    search = results.search
    links = [
        (
            ngettext("Search %(tier)s: %(n)s hit", "Search %(tier)s: %(n)s hits", count)
            % {"tier": terms.word(terms.TIERS, tier), "n": count},
            parameters.link(search, tier=tier),
        )
        for tier, count in results.tiers.items()
        if own and count and tier is not search.tier
    ]
    if search.filters or search.year_from or search.year_to:
        links.append((_("Remove all filters"), parameters.link(search, filters=(), year_from=None, year_to=None)))
    if search.field is not SearchField.ANY:
        links.append((_("Search in everything instead"), parameters.link(search, field=SearchField.ANY)))
    if _CALL_NUMBER.fullmatch(search.text) and search.field is SearchField.ANY:
        links.append((_("Search in call numbers instead"), parameters.link(search, field=SearchField.CALL_NUMBER)))
    if _like_isbn(search.text):
        return Empty(_("Nothing was found"), _isbn_hint(search.text), tuple(links))
    links += [
        (_("Use fewer or other words; one wrong character is enough to find nothing."), ""),
        (_("Chinese titles and names can also be typed in pinyin, together or apart: hongloumeng, hong lou meng."), ""),
        (_("Simplified, traditional and variant characters find the same records."), ""),
    ]
    return Empty(_("Nothing was found"), "", tuple(links))


def _like_isbn(text: str) -> bool:
    return _ISBN_LIKE.fullmatch(text) is not None


def _isbn_hint(text: str) -> str:
    if isxn.isbn13(text) is None:
        return _("This is no valid ISBN: its digits do not fit together. Check them one by one.")
    return _("No library has reported this ISBN. Search for the title: another edition may be there.")


def correction(results: Results) -> tuple[Linked, str] | None:
    """Return the link to the search that may have been meant, and how much it finds; None where there is none."""
    meant = results.correction
    if meant is None:
        return None
    hits = ngettext("%(n)s result", "%(n)s results", meant.hits) % {"n": filters.number(meant.hits)}
    return Linked(meant.text, url=parameters.link(results.search, text=meant.text, tier=meant.tier)), hits


def past_the_end(results: Results) -> Empty:
    """Say that a page lies behind the last one, and lead back."""
    search = results.search
    last = pages(results).pages
    links = (
        (_("To the last page: %(n)s") % {"n": last}, parameters.link(search, page=last)),
        (_("To the first page"), parameters.link(search, page=1)),
    )
    return Empty(_("There are no more results"), "", links)


def notes(results: Results) -> list[str]:
    """Say how the question was understood where that is not as it was typed."""
    sentences = {
        "quotes-unbalanced": _("A quotation mark had no partner and was ignored."),
        "characters-dropped": _("Signs that cannot be searched were ignored."),
    }
    return [sentences[note] for note in results.notes if note in sentences]


def problem(code: str, search: Search) -> Empty:
    """Say in words why a search cannot be answered, and what to do."""
    sentences = {
        "too-long": _("The search is too long. Use the most telling words, up to a few hundred characters."),
        "nothing-to-search": _(
            "There is nothing to search for in what was typed: no words and no numbers. "
            "AND, OR and NOT in capitals only join words."
        ),
        "too-deep": _("Only the first 10,000 results can be paged through. Narrow the search with the filters."),
    }
    text = sentences.get(code, _("The search could not be understood. Simplify it and try again."))
    back = ((_("To the first page"), parameters.link(search, page=1)),) if code == "too-deep" else ()
    return Empty(_("This cannot be searched"), text, (*back, (_("Start again"), reverse("home"))))
