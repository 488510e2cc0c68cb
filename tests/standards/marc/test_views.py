from __future__ import annotations

import functools
import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marc_lines import record
from shared_data import shared
from tongwen.standards.marc import fields_cnmarc as fc
from tongwen.standards.marc import fields_marc21 as fm
from tongwen.standards.marc import formats, holdings, iso2709, validation, views
from tongwen.standards.marc.describe_cnmarc import READERS as CNMARC_READERS
from tongwen.standards.marc.describe_marc21 import READERS as MARC21_READERS
from tongwen.standards.marc.types import Field, Format, Record

TAGS = sorted({*MARC21_READERS, *CNMARC_READERS, "880", "852", "905", "952", "876", "999", "008"})
TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "245-01/$1",
            "880-01",
            "2001 ",
            "001123",
            "民國88 [1999]",
            "v. <1-3>",
            "eng",
            "trl",
            "主编",
            "9787506425957",
            ".",
        ]
    ),
    st.text(alphabet="0123456789[]-年.vp ;:/=", max_size=45),
)
SUBFIELDS = st.tuples(st.sampled_from(string.ascii_letters + string.digits), TEXTS)
FIELDS = st.one_of(
    st.builds(lambda tag, data: Field(tag, data=data), st.sampled_from(TAGS), TEXTS),
    st.builds(
        lambda tag, indicators, subfields: Field(tag, indicators, tuple(subfields)),
        st.sampled_from(TAGS),
        st.text(alphabet=" 0123456789x", max_size=3),
        st.lists(SUBFIELDS, max_size=6),
    ),
)
RECORDS = st.builds(
    lambda leader, fields: Record(leader, tuple(fields)), st.text(max_size=26), st.lists(FIELDS, max_size=12)
)


@functools.cache
def library_of_congress() -> list[Record]:
    raws = shared("marc21/loc_D.mrc").read_bytes().split(b"\x1d")[:-1:3]
    return [iso2709.decode(raw + b"\x1d").record for raw in raws]


class TestAnyRecord:
    @settings(max_examples=400, deadline=None)
    @given(RECORDS, st.sampled_from(Format))
    def test_gives_views_without_an_exception(self, any_record: Record, any_format: Format):
        matched, shown = views.both(any_record, any_format)
        assert matched == views.match_view(any_record, any_format)
        assert shown == views.display_view(any_record, any_format)
        assert hash(matched) == hash(views.match_view(any_record, any_format))

    @settings(max_examples=400, deadline=None)
    @given(RECORDS, st.sampled_from(Format))
    def test_is_checked_and_cleared_of_local_fields(self, any_record: Record, any_format: Format):
        assert formats.detect(any_record)[0] in Format
        assert all(problem.code for problem in validation.check(any_record, any_format))
        assert all(item.copies >= 1 for item in holdings.items(any_record, any_format))
        union = holdings.without_local(any_record, any_format)
        local = holdings.local_fields(any_record, any_format)
        assert len(union.fields) + len(local) == len(any_record.fields)
        assert holdings.local_fields(union, any_format) == ()


class TestFieldMaps:
    def test_send_each_tag_to_one_reader(self):
        for maps in (
            (fm.NAMES, fm.VARIANT_TITLES, fm.UNIFORM_TITLES, fm.SERIES, fm.TRACED_SERIES, fm.SUBJECTS,
             fm.KEYWORDS, fm.NOTES,
             fm.RELATED, fm.CLASSIFICATIONS, fm.CHINESE_CLASSIFICATIONS, fm.NUMBERS),
            (fc.NAMES, fc.UNIFORM_TITLES, fc.PARALLEL_TITLES, fc.VARIANT_TITLES, fc.OTHER_TITLES_NOT_OF_THIS_BOOK,
             fc.SUBJECTS,
             fc.KEYWORDS, fc.NOTES, fc.RELATED, fc.CLASSIFICATIONS, fc.NUMBERS),
        ):  # fmt: skip
            tags = [tag for one in maps for tag in one]
            assert len(tags) == len(set(tags))


class TestRealRecords:
    def test_fill_every_attribute_that_the_file_can_fill(self):
        matched, shown = zip(*(views.both(one, Format.MARC21) for one in library_of_congress()), strict=True)
        empty = {
            name
            for records in (matched, shown)
            for name in records[0]._fields
            if all(not getattr(one, name) or getattr(one, name) == ("", "") for one in records)
        }
        assert empty <= {"book_numbers", "pinyin", "host", "issns", "addresses"}

    def test_have_titles_without_isbd_punctuation(self):
        titles = [views.match_view(one, Format.MARC21).title for one in library_of_congress()]
        assert all(titles)
        assert not [title for title in titles if title[-1] in "/:;=, \u200f"]

    def test_have_a_year_close_to_the_fixed_field(self):
        for one in library_of_congress():
            coded = one.control("008")[7:11]
            if coded.isdigit() and one.control("008")[6] in "sm":
                assert views.match_view(one, Format.MARC21).years[0] == int(coded)

    @pytest.mark.slow
    def test_take_less_than_a_fifth_of_a_millisecond(self):
        records = library_of_congress()
        started = time.process_time()
        for one in records:
            views.both(one, Format.MARC21)
        assert (time.process_time() - started) / len(records) < 200e-6


class TestFrontDoor:
    def test_gives_the_same_by_one_or_two_calls(self):
        one = record("245 10 $aHearings.", "008    " + "0" * 40)
        assert views.both(one, Format.MARC21) == (
            views.match_view(one, Format.MARC21),
            views.display_view(one, Format.MARC21),
        )
