"""The samples are what their sources say, byte for byte, and they are sound."""

from __future__ import annotations

import collections
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pymarc
import pytest
from stdnum import isbn, issn

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
MANIFEST = tomllib.loads((SAMPLES / "files" / "manifest.toml").read_text(encoding="utf-8"))["files"]
LIBRARIES = tomllib.loads((SAMPLES / "libraries.toml").read_text(encoding="utf-8"))
BINARY = [file for file in MANIFEST if file["name"].endswith(".mrc")]


def raw_records(name: str, folder: str = "files") -> list[bytes]:
    """Return the records of a file as bytes, each with its terminator."""
    return [part + b"\x1d" for part in (SAMPLES / folder / name).read_bytes().split(b"\x1d")[:-1]]


def fields_of(raw: bytes) -> list[tuple[str, bytes]]:
    """Take a record apart by its directory, with nothing of the project's own code."""
    base = int(raw[12:17])
    entries = [raw[at : at + 12] for at in range(24, base - 1, 12)]
    return [(e[:3].decode(), raw[base + int(e[7:]) :][: int(e[3:7])]) for e in entries]


def control(raw: bytes, tag: str) -> str:
    return next(data for name, data in fields_of(raw) if name == tag).rstrip(b"\x1e").decode("ascii")


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    subprocess.run([sys.executable, SAMPLES / "build.py", "--to", folder], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def lines() -> list[tuple[str, str]]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((SAMPLES / "records").glob("*.rec")))
    return [(key, value.strip()) for key, _, value in (line.partition(":") for line in text.splitlines()) if value]


class TestBuild:
    @pytest.mark.parametrize("folder", ["files", "broken"])
    def test_gives_the_committed_bytes_again(self, rebuilt: Path, folder: str) -> None:
        committed = {path.name: path.read_bytes() for path in (SAMPLES / folder).iterdir()}

        again = {path.name: path.read_bytes() for path in (rebuilt / folder).iterdir()}

        assert sorted(again) == sorted(committed)
        assert [name for name in again if again[name] != committed[name]] == []

    def test_counts_are_those_of_the_readme(self) -> None:
        command = [sys.executable, SAMPLES / "build.py", "--counts"]

        counts = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout

        assert (SAMPLES / "README.md").read_text(encoding="utf-8").endswith(counts)

    @pytest.mark.parametrize(
        ("paragraph", "complaint"),
        [
            ("Id: a\nTitle: b\nHeld: D13\n", "holding"),
            ("Id: a\nTitle: b\nHeld: D01 shiny\n", "holding"),
            ("Id: a\nTitel: b\nHeld: D01\n", "not a known key"),
            ("Id: a\nHeld: D01\n", "missing"),
            ("Id: a\nTitle: b\nTitle: c\nHeld: D01\n", "twice"),
            ("Id: a\nTitle: b\nSet: c\nHeld: D01\n", "no such sets"),
        ],
    )
    def test_names_the_place_of_a_mistake_in_the_sources(self, tmp_path: Path, paragraph: str, complaint: str) -> None:
        (tmp_path / "wrong.rec").write_text("# One comment.\n\n" + paragraph, encoding="utf-8")
        script = "import sys, pathlib; from builder import facts; facts.read_all(pathlib.Path(sys.argv[1]))"

        answer = subprocess.run(
            [sys.executable, "-c", script, tmp_path], cwd=SAMPLES, capture_output=True, encoding="utf-8", check=False
        )

        last = answer.stderr.splitlines()[-1]
        assert answer.returncode == 1
        assert complaint in last
        assert "wrong.rec:" in last or str(tmp_path) in last


class TestFiles:
    def test_have_volumes_that_name_the_record_of_their_set(self) -> None:
        records = [raw for file in BINARY if file["format"] == "cnmarc" for raw in raw_records(str(file["name"]))]
        titles = {control(raw, "001").encode(): dict(fields_of(raw))["200"] for raw in records}
        links = [data for raw in records for tag, data in fields_of(raw) if tag == "461"]
        assert len(links) > 15
        for link in links:
            number = re.search(rb"\x1f1001([^\x1f\x1e]+)", link)
            assert number is not None
            assert re.match(rb"..\x1f1001[^\x1f]+\x1f12001 ", link)
            assert b"\x1fh" not in titles[number[1]]

    @pytest.mark.parametrize("file", BINARY, ids=lambda file: file["name"])
    def test_have_right_lengths_and_directories(self, file: dict[str, object]) -> None:
        records = raw_records(str(file["name"]))

        assert len(records) == file["records"]
        for raw in records:
            fields = fields_of(raw)
            assert int(raw[:5]) == len(raw)
            assert all(data.endswith(b"\x1e") and data.count(b"\x1e") == 1 for _, data in fields)
            assert int(raw[12:17]) + sum(len(data) for _, data in fields) + 1 == len(raw)

    @pytest.mark.parametrize("file", BINARY, ids=lambda file: file["name"])
    def test_have_coded_fields_of_the_right_length(self, file: dict[str, object]) -> None:
        for raw in raw_records(str(file["name"])):
            fields = dict(fields_of(raw))
            if file["format"] == "marc21":
                assert len(fields["008"]) == 40 + 1
                assert raw[9:10] == (b" " if file["charset"] == "MARC-8" else b"a")
            else:
                assert len(fields["100"].partition(b"\x1fa")[2]) == 36 + 1
                assert raw[9:10] == b" "
                if "105" in fields:
                    assert len(fields["105"].partition(b"\x1fa")[2]) == 13 + 1

    @pytest.mark.parametrize("file", BINARY, ids=lambda file: file["name"])
    def test_are_in_the_character_set_that_they_say(self, file: dict[str, object]) -> None:
        data = (SAMPLES / "files" / str(file["name"])).read_bytes()

        if file["charset"] == "MARC-8":
            assert b"\x1b(N" in data
            with pytest.raises(UnicodeDecodeError):
                data.decode("utf-8")
        else:
            assert re.search(r"[\u4e00-\u9fff]|é", data.decode(str(file["charset"])))
        if file["charset"] == "GB18030":
            with pytest.raises(UnicodeDecodeError):
                data.decode("utf-8")

    def test_say_in_marc8_what_the_sources_say(self) -> None:
        reader = pymarc.MARCReader((SAMPLES / "files" / "D10-marc21-marc8.mrc").read_bytes(), hide_utf8_warnings=True)

        titles = [field.format_field() for record in reader if record for field in record.get_fields("245", "880")]

        assert any("Мастер и Маргарита" in title for title in titles)
        assert any("L'étranger" in title for title in titles)
        assert any("t\ufe20s\ufe21" in title for title in titles)

    def test_give_every_record_a_number_of_its_own(self) -> None:
        numbers = [control(raw, "001") for file in BINARY for raw in raw_records(file["name"])]

        assert len(set(numbers)) == len(numbers)

    def test_give_every_copy_a_barcode_of_its_own(self) -> None:
        barcodes = [
            barcode
            for file in BINARY
            for raw in raw_records(file["name"])
            for tag, data in fields_of(raw)
            for barcode in re.findall(rb"\x1f[bp](D\d{10}\d?)", data)
            if tag in ("852", "905")
        ]

        assert len(barcodes) > len(BINARY)
        assert len(set(barcodes)) == len(barcodes)

    def test_hold_every_record_at_the_library_that_sends_it(self) -> None:
        for file in BINARY:
            tag = "852" if file["format"] == "marc21" else "905"
            for raw in raw_records(file["name"]):
                held = [data for name, data in fields_of(raw) if name == tag]
                assert held
                assert all(b"\x1fa" + file["library"].encode() in data for data in held)

    def test_overlap(self) -> None:
        holders: dict[str, set[str]] = collections.defaultdict(set)
        formats: dict[str, set[str]] = collections.defaultdict(set)
        for file in BINARY:
            tag = "020" if file["format"] == "marc21" else "010"
            for raw in raw_records(file["name"]):
                for name, data in fields_of(raw):
                    number = re.search(rb"\x1fa([0-9Xx-]+)", data) if name == tag else None
                    if number and isbn.is_valid(number[1].decode()):
                        key = isbn.to_isbn13(isbn.compact(number[1].decode()))
                        holders[key].add(file["library"])
                        formats[key].add(file["format"])

        assert sum(len(each) >= 2 for each in holders.values()) >= 100
        assert sum(len(each) == 2 for each in formats.values()) >= 30


class TestSources:
    def test_have_isbns_with_right_check_digits_and_hyphens(self, lines: list[tuple[str, str]]) -> None:
        numbers = [value.split(" |")[0] for key, value in lines if key in ("ISBN", "SetISBN")]

        assert len(numbers) > 100
        assert [number for number in numbers if not isbn.is_valid(number) or isbn.format(number) != number] == []

    def test_have_wrong_isbns_that_are_wrong(self, lines: list[tuple[str, str]]) -> None:
        numbers = [value for key, value in lines if key in ("WrongISBN", "MisprintedISBN")]

        assert numbers
        assert [number for number in numbers if isbn.is_valid(number)] == []

    def test_have_issns_with_right_check_digits(self, lines: list[tuple[str, str]]) -> None:
        numbers = [value for key, value in lines if key == "ISSN"]

        assert numbers
        assert [number for number in numbers if not issn.is_valid(number)] == []


class TestLibraries:
    def test_stand_in_places_that_are_listed(self) -> None:
        cities = {city["code"]: city for city in LIBRARIES["cities"]}

        assert len(LIBRARIES["libraries"]) == 12
        assert {library["city"] for library in LIBRARIES["libraries"]} == set(cities)
        assert {city["province"] for city in cities.values()} == {each["code"] for each in LIBRARIES["provinces"]}
        assert all(code[:2] + "0000" == city["province"] for code, city in cities.items())

    def test_have_names_in_three_languages(self) -> None:
        named = [row for kind in ("libraries", "cities", "provinces", "domains", "people") for row in LIBRARIES[kind]]

        assert [row for row in named if not all(row.get(f"name_{it}") for it in ("zh", "zh_hant", "en"))] == []

    def test_are_recognisable_as_demo(self) -> None:
        assert all("示范" in library["name_zh"] for library in LIBRARIES["libraries"])
        assert all("Demo" in library["name_en"] for library in LIBRARIES["libraries"])
        assert all("示范" in person["name_zh"] for person in LIBRARIES["people"])

    def test_stand_each_in_one_province_domain(self) -> None:
        provinces = [domain["libraries"] for domain in LIBRARIES["domains"] if domain["kind"] == "province"]

        members = sorted(code for libraries in provinces for code in libraries)

        assert members == [library["code"] for library in LIBRARIES["libraries"]]

    def test_keep_no_password(self) -> None:
        assert "password =" not in (SAMPLES / "libraries.toml").read_text(encoding="utf-8").lower()


class TestBrokenFiles:
    def test_stand_in_the_readme(self) -> None:
        readme = (SAMPLES / "README.md").read_text(encoding="utf-8")

        assert [path.name for path in (SAMPLES / "broken").iterdir() if f"`{path.name}`" not in readme] == []

    def test_are_broken_as_the_readme_says(self) -> None:
        directory, lengths, over_long = (
            raw_records(f"{name}.mrc", "broken") for name in ("wrong-directory", "wrong-lengths", "over-long")
        )

        assert (SAMPLES / "broken" / "empty.mrc").read_bytes() == b""
        assert (SAMPLES / "broken" / "jpeg.mrc").read_bytes()[:3] == b"\xff\xd8\xff"
        assert (SAMPLES / "broken" / "zip-named.mrc").read_bytes()[:4] == b"PK\x03\x04"
        assert not (SAMPLES / "broken" / "truncated.mrc").read_bytes().endswith(b"\x1d")
        assert re.search(rb"[^0-9]", directory[1][24 : int(directory[1][12:17]) - 1])
        assert [int(raw[:5]) == len(raw) for raw in lengths] == [True, False, False, True]
        assert [len(raw) > 99_999 for raw in over_long] == [False, True, False]
