"""Components with contents that try them: long and short, in many scripts, empty and full, right and wrong."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from tongwen.domain.discovery.types import SearchField
from tongwen.standards.marc.types import Field, Record, Text
from tongwen.web.bib import differences
from tongwen.web.search.presentation import Asked
from tongwen.web.shared import terms
from tongwen.web.shared.components import (
    Alert,
    Chip,
    Column,
    Compared,
    Empty,
    FacetGroup,
    FacetLink,
    FormField,
    HeldAt,
    HoldingsTier,
    Linked,
    Option,
    Progress,
    ResultCard,
    Row,
    Standing,
    Tab,
)
from tongwen.web.shared.paging import pager

HERE = "#"


def everything() -> dict[str, Any]:
    """Return the context of the page: one entry for each component and state."""
    return {
        "asked": asked(),
        "tabs": tabs(),
        "cards": cards(),
        "facets": facets(),
        "chips": chips(),
        "alerts": alerts(),
        "pager": pager(total=4_321, page=7, size=20, url=lambda number: f"?page={number}"),
        "progress_running": Progress(
            61_000_000,
            242_000_000,
            terms.word(terms.STATES, "loading"),
            ((_("Records read"), "63,412"), (_("Records per second"), "2,731"), (_("Time left"), "68 s")),
        ),
        "progress_unknown": Progress(0, -1, terms.word(terms.STATES, "reverting")),
        "columns": [Column(_("File"), HERE, "ascending"), Column(_("State")), Column(_("Read"), HERE, numeric=True)],
        "states": list(terms.STATES),
        "compared": compared(),
        "empty": Empty(
            _("Nothing was found"), "", ((_("Remove all filters"), HERE), (_("Search in everything instead"), HERE))
        ),
        "fields": fields(),
        "errors": [("file", _("Choose the file to load."))],
        "record": record(),
        "tiers": tiers(),
        "rows": rows(),
    }


def asked() -> Asked:
    """Return a filled-in search box."""
    return Asked("红楼梦", tuple(Option(one, terms.word(terms.SEARCH_FIELDS, one)) for one in SearchField))


def tabs() -> list[Tab]:
    """Return the four tiers, the second one current."""
    numbers = dict(zip(terms.TIERS, (3, 17, 208, 12_345), strict=True))
    return [Tab(terms.word(terms.TIERS, tier), HERE, number, tier == "city") for tier, number in numbers.items()]


def cards() -> list[ResultCard]:
    """Return results in several scripts, held here, near and far."""
    return [
        ResultCard(
            1, HERE, Text("红楼梦", "zh-Hans"), Text("Hong lou meng", "zh-Latn"),
            Text("(清) 曹雪芹著 ; (清) 无名氏续", "zh-Hans"), Text("北京 : 人民文学出版社, 2008", "zh-Hans"),
            "book", terms.word(terms.TYPES, "book"),
            Standing("here", _("Held by my library"), ("I242.4/8",)), "9",
        ),
        ResultCard(
            2, HERE, Text("吾輩は猫である", "ja"), Text("Wagahai wa neko de aru", "ja-Latn"), Text("夏目漱石著", "ja"),
            Text("東京 : 岩波書店, 1990", "ja"), "book", terms.word(terms.TYPES, "book"), Standing("near", "3"),
        ),
        ResultCard(
            3, HERE, Text("ألف ليلة وليلة", "ar"), Text("Alf laylah wa-laylah", "ar-Latn"), Text(""),
            Text("بيروت : دار صادر, 1999", "ar"), "rare-book", terms.word(terms.TYPES, "rare-book"),
            Standing("far", "1"),
        ),
        ResultCard(
            4, HERE,
            Text("Handbuch der Nachschlagewerke und Normdateien für wissenschaftliche Bibliotheken", "de"),
            Text(""), Text("herausgegeben von der Arbeitsgemeinschaft", "de"), Text("Frankfurt am Main, 1984", "de"),
            "ejournal", terms.word(terms.TYPES, "ejournal"), Standing("none", "0"),
        ),
    ]  # fmt: skip


def facets() -> list[FacetGroup]:
    """Return a long facet with a chosen value, and a closed short one."""
    names = ["chi", "eng", "jpn", "rus", "ger", "fre", "ara", "kor", "spa"]
    links = tuple(FacetLink(name, 900 - 90 * n, HERE, chosen=n == 1) for n, name in enumerate(names))
    return [
        FacetGroup("language", terms.word(terms.FACETS, "language"), links),
        FacetGroup(
            "class", terms.word(terms.FACETS, "class"), (FacetLink(terms.class_name("clc:I"), 41, HERE),), open=False
        ),
    ]


def chips() -> list[Chip]:
    """Return two chosen filters."""
    language, author = terms.word(terms.FACETS, "language"), terms.word(terms.FACETS, "author")
    return [Chip(language, "chi", HERE), Chip(author, "夏目, 漱石, 1867-1916", HERE, "ja")]


def alerts() -> list[Alert]:
    """Return an alert of each tone, one with an undo."""
    return [
        Alert("good", _("Decided: the same. The records are now one."), "/styleguide", _("Undo")),
        Alert("note", _("You may leave this page; the work goes on and the report stays.")),
        Alert("warn", _("Nothing has been changed yet.")),
        Alert("bad", _("The file is empty.")),
    ]


def compared() -> list[Compared]:
    """Return rows of a comparison: equal, differing within the line, and missing on one side."""
    pairs = [
        (_("Title"), "数据库系统概论. 第4版", "数据库系统概论. 第5版"),
        (_("Statement of responsibility"), "王珊, 萨师煊著", "王珊, 萨师煊著"),
        (_("Edition"), "Second edition, revised", "Second edition"),
        ("ISBN", "", "978-7-04-040664-1"),
    ]
    return [Compared(label, *differences.segments(one, other), one == other) for label, one, other in pairs]


def fields() -> list[FormField]:
    """Return form fields of each kind, right and wrong."""
    options = [Option("a", _("Tell from the file"), chosen=True), Option("b", "CNMARC")]
    return [
        FormField(
            "file",
            _("File of records"),
            hint=_("Needed only where the file cannot tell."),
            error=_("Choose the file to load."),
            kind="file",
        ),
        FormField("username", _("Log-in name"), value="cataloguer@d01"),
        FormField("password", _("Password"), kind="password", error=_("Enter your password.")),
        FormField("format", _("Record format"), kind="select", options=options),
        FormField("mode", _("What to do"), kind="radio", options=options),
    ]


def record() -> Record:
    """Return a small record with a fixed field and Arabic text."""
    return Record(
        "01142cam a2200301 a 4500",
        (
            Field("001", data="92005291 "),
            Field("008", data="920219s1993    le a   j      000 0 ara  "),
            Field("245", "10", (("6", "880-01"), ("a", "Muqaddimah /"), ("c", "Ibn Khaldūn."))),
            Field("880", "10", (("6", "245-01"), ("a", "مقدمة ابن خلدون."))),
        ),
    )


def tiers() -> list[HoldingsTier]:
    """Return holdings of three tiers."""
    own = HeldAt("同文示范大学图书馆", "", "I242.4/8", "文学阅览室", 3)
    far = HeldAt("示范省图书馆", "", "I242.4/C12", "中文外借", 12)
    return [
        HoldingsTier("library", terms.word(terms.TIERS, "library"), 1, (("", (own,)),)),
        HoldingsTier(
            "city", terms.word(terms.TIERS, "city"), 1, (("", (far, far._replace(library="", location="保存本"))),)
        ),
        HoldingsTier("nation", terms.word(terms.TIERS, "nation"), 48, (("西安市", (far,)),), open=False),
    ]


def rows() -> list[Row]:
    """Return labelled rows with links, roles and a second script."""
    author = Linked("夏目, 漱石", "ja", HERE, "1867-1916 (aut)", Text("Natsume, Sōseki", "ja-Latn"))
    return [
        Row(_("Authors and contributors"), (author,)),
        Row(_("Subjects"), (Linked("长篇小说 — 日本", "zh-Hans", HERE), Linked("Fiction", "en", HERE))),
        Row("ISBN", (Linked("978-7-02-000220-7"), Linked("7020002201", after=_("(wrong or cancelled)")))),
    ]
