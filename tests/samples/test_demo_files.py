"""The demo's files: fetched once and whole, dealt out the same way everywhere, every copy a sound record."""

from __future__ import annotations

import collections
import gzip
import hashlib
import io
import re
import tarfile
from pathlib import Path

import pymarc
import pytest

from tongwen.cli import demo_files

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
LIBRARIES = demo_files.read_libraries(SAMPLES / "libraries.toml")

# Metadata is all that pip asks of a source archive when it downloads one.
BACKEND = """
def prepare_metadata_for_build_wheel(folder, config_settings=None):
    import pathlib
    info = pathlib.Path(folder, "pymarc-5.4.0.dist-info")
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\\nName: pymarc\\nVersion: 5.4.0\\n")
    (info / "WHEEL").write_text("Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    return info.name
"""
PROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'


def record(number: int, *, title: str = "Title", notes: int = 0) -> bytes:
    """Return a MARC 21 record like those of the Library of Congress, with an 880 after the place of 852."""
    made = pymarc.Record(leader="00000cam a2200000 a 4500", force_utf8=True)
    made.add_field(pymarc.Field("001", data=f"   {number:08d} "), pymarc.Field("003", data="DLC"))
    made.add_field(pymarc.Field("008", data="950921s1899    mau           000 0 eng  "))

    def add(tag: str, *pairs: tuple[str, str]) -> None:
        subfields = [pymarc.Subfield(code, value) for code, value in pairs]
        made.add_field(pymarc.Field(tag, pymarc.Indicators(" ", " "), subfields))

    add("020", ("a", "0252026020 (cloth)"))
    add("050", ("a", "PS1234"), ("b", f".B{number} 1899"))
    add("245", ("6", "880-01"), ("a", title))
    for _ in range(notes):
        add("500", ("a", "x" * 9_000))
    add("650", ("a", "Whales"))
    add("880", ("6", "245-01/$1"), ("a", "書名"))
    return made.as_marc()


def archive_of(folder: Path, records: list[bytes], member: str = demo_files.MEMBER) -> Path:
    """Write a source archive whose file of records holds these."""
    path = folder / demo_files.ARCHIVE_NAME
    contents = {"pymarc-5.4.0/pyproject.toml": PROJECT.encode(), "pymarc-5.4.0/backend.py": BACKEND.encode()}
    contents[member] = b"".join(records)
    with tarfile.open(path, "w:gz") as tar:
        for name, data in contents.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return path


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archive_of(tmp_path_factory.mktemp("archive"), [record(number) for number in range(6_000)])


class TestLocRecords:
    def test_are_every_twelfth(self, archive: Path) -> None:
        picked = list(demo_files.loc_records(archive, 40))

        assert picked == [record(number) for number in range(0, 480, 12)]

    def test_end_with_the_file(self, archive: Path) -> None:
        assert len(list(demo_files.loc_records(archive, 10_000))) == 500

    @pytest.mark.parametrize("kept", [0, 30, 2_000])
    def test_say_that_an_archive_is_damaged(self, archive: Path, tmp_path: Path, kept: int) -> None:
        damaged = tmp_path / "damaged.tar.gz"
        damaged.write_bytes(archive.read_bytes()[:kept])

        with pytest.raises(demo_files.ArchiveUnusable, match=r"damaged\.tar\.gz cannot be read"):
            list(demo_files.loc_records(damaged, 10_000))

    def test_say_that_an_archive_is_another_one(self, tmp_path: Path) -> None:
        other = archive_of(tmp_path, [record(1)], member="pymarc-5.4.0/README.md")

        with pytest.raises(demo_files.ArchiveUnusable, match="holds no"):
            list(demo_files.loc_records(other, 1))


class TestWriteLibraryFiles:
    @pytest.fixture
    def files(self, archive: Path, tmp_path: Path) -> list[demo_files.DemoFile]:
        return demo_files.write_library_files(archive, tmp_path, LIBRARIES, 500)

    def test_gives_one_file_per_library(self, files: list[demo_files.DemoFile]) -> None:
        assert [file.library_code for file in files] == [library.code for library in LIBRARIES]
        assert {file.format for file in files} == {"marc21"}
        assert [file.records for file in files] == [file.path.read_bytes().count(b"\x1d") for file in files]

    def test_lets_libraries_overlap(self, files: list[demo_files.DemoFile]) -> None:
        holders = collections.Counter(
            number for file in files for number in re.findall(rb"\x1e   (\d{8}) \x1eDLC", file.path.read_bytes())
        )
        spread = collections.Counter(holders.values())

        assert len(holders) == 500
        assert set(spread) == {1, 2, 3, 4, 5}
        assert 1.5 < sum(holders.values()) / 500 < 1.9

    def test_gives_large_libraries_more(self, files: list[demo_files.DemoFile]) -> None:
        records = {file.library_code: file.records for file in files}

        assert records["D01"] > 2 * records["D08"]

    def test_writes_the_same_bytes_again(self, files: list[demo_files.DemoFile], archive: Path, tmp_path: Path) -> None:
        again = demo_files.write_library_files(archive, tmp_path / "again", LIBRARIES, 500)

        assert [file.path.read_bytes() for file in again] == [file.path.read_bytes() for file in files]

    def test_adds_a_holding_to_every_copy(self, files: list[demo_files.DemoFile]) -> None:
        barcodes = []
        for file, library in zip(files, LIBRARIES, strict=True):
            for copy in pymarc.MARCReader(file.path.read_bytes()):
                assert copy is not None
                held = copy.get_fields("852")
                assert held
                assert {(field["a"], field["b"]) for field in held} == {(library.code, library.location)}
                assert all(field["h"].startswith("PS1234 .B") for field in held)
                assert [field.tag for field in copy] == sorted(field.tag for field in copy)
                barcodes += [field["p"] for field in held]

        assert len(set(barcodes)) == len(barcodes)

    def test_leaves_the_rest_of_a_full_copy_as_it_was(self, files: list[demo_files.DemoFile]) -> None:
        for copy in pymarc.MARCReader(files[0].path.read_bytes()):
            copy.remove_fields("852")
            assert copy.as_marc() == record(int(copy["001"].data))

    def test_shortens_some_copies_of_a_library_that_catalogues_briefly(self, files: list[demo_files.DemoFile]) -> None:
        copies = list(pymarc.MARCReader(files[1].path.read_bytes()))

        brief = [copy for copy in copies if not copy.get_fields("650")]

        assert 0 < len(brief) < len(copies)
        assert all(copy.leader[17] == "7" and copy["245"] and copy["880"]["a"] == "書名" for copy in brief)

    def test_hyphenates_the_isbns_of_a_library_that_writes_them_so(self, files: list[demo_files.DemoFile]) -> None:
        numbers = {copy["020"]["a"] for copy in pymarc.MARCReader(files[3].path.read_bytes())}

        assert numbers == {"0-252-02602-0 (cloth)"}

    def test_makes_a_brief_copy_of_a_record_that_has_no_room_for_a_holding(self, tmp_path: Path) -> None:
        long = record(7, notes=10)
        padding = 99_990 - len(long)
        longest = record(7, title="Title" + "y" * padding, notes=10)
        archive = archive_of(tmp_path, [longest])

        files = demo_files.write_library_files(archive, tmp_path / "out", LIBRARIES[:1], 1)

        (copy,) = pymarc.MARCReader(files[0].path.read_bytes())
        assert copy["852"]["a"] == "D01"
        assert not copy.get_fields("500")

    def test_tells_how_far_it_is(self, archive: Path, tmp_path: Path) -> None:
        told: list[int] = []

        demo_files.write_library_files(archive, tmp_path, LIBRARIES, 333, told.append)

        assert sum(told) == 333
        assert len(told) > 1

    def test_leaves_no_file_where_the_archive_is_damaged(self, archive: Path, tmp_path: Path) -> None:
        damaged = tmp_path / "damaged.tar.gz"
        damaged.write_bytes(archive.read_bytes()[:-500])

        with pytest.raises(demo_files.ArchiveUnusable):
            demo_files.write_library_files(damaged, tmp_path / "out", LIBRARIES)

        assert list((tmp_path / "out").glob("*.mrc")) == []

    def test_writes_empty_files_where_nothing_is_asked_for(self, archive: Path, tmp_path: Path) -> None:
        files = demo_files.write_library_files(archive, tmp_path, LIBRARIES, 0)

        assert {file.records for file in files} == {0}


class TestFetchArchive:
    @pytest.fixture
    def shop(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """Let pip find a small archive of the same name in a folder, and nothing else anywhere."""
        folder = tmp_path / "shop"
        folder.mkdir()
        path = archive_of(folder, [record(1)])
        monkeypatch.setattr(demo_files, "ARCHIVE_SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
        monkeypatch.setenv("PIP_NO_INDEX", "1")
        monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
        return path

    def test_fetches_with_pip_and_tells_what_it_does(self, shop: Path, tmp_path: Path) -> None:
        told: list[demo_files.Fetching] = []

        got = demo_files.fetch_archive(tmp_path / "cache", told.append)

        assert got is not None
        assert got.read_bytes() == shop.read_bytes()
        assert [path.name for path in (tmp_path / "cache").iterdir()] == [demo_files.ARCHIVE_NAME]
        assert told[-1].words.endswith("are fetched.")

    def test_asks_nobody_when_the_cache_has_it(self, shop: Path, tmp_path: Path) -> None:
        first = demo_files.fetch_archive(tmp_path / "cache", lambda _: None)
        shop.unlink()

        second = demo_files.fetch_archive(tmp_path / "cache", lambda _: None)

        assert first == second is not None

    def test_fetches_again_what_is_damaged_in_the_cache(self, shop: Path, tmp_path: Path) -> None:
        cached = tmp_path / "cache" / demo_files.ARCHIVE_NAME
        cached.parent.mkdir()
        cached.write_bytes(gzip.compress(b"half"))

        demo_files.fetch_archive(cached.parent, lambda _: None)

        assert cached.read_bytes() == shop.read_bytes()

    @pytest.mark.parametrize("trouble", ["absent", "another"])
    def test_says_why_it_cannot_be_fetched(
        self, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
    ) -> None:
        told: list[demo_files.Fetching] = []
        if trouble == "absent":
            shop.unlink()
        else:
            monkeypatch.setattr(demo_files, "ARCHIVE_SHA256", "0" * 64)

        got = demo_files.fetch_archive(tmp_path / "cache", told.append)

        assert got is None
        assert re.search(r"cannot be fetched: \S.{10,}", told[-1].words)
        assert list((tmp_path / "cache").iterdir()) == []

    def test_leaves_nothing_half_there_when_interrupted(self, shop: Path, tmp_path: Path) -> None:
        def interrupt(_: demo_files.Fetching) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            demo_files.fetch_archive(tmp_path / "cache", interrupt)

        assert list((tmp_path / "cache").iterdir()) == []
