"""Build `samples/files` and `samples/broken` from `samples/records`; the same sources give the same bytes.

python samples/build.py            writes beside this file
python samples/build.py --to DIR   writes into another folder
python samples/build.py --counts   prints the tables of README.md instead
"""

from __future__ import annotations

import argparse
import collections
import sys
import tomllib
from pathlib import Path

from builder import broken, cnmarc, facts, marc21, parts, scripts, writing
from builder.parts import Copy, File, Record

HERE = Path(__file__).resolve().parent
WRITERS = {"cnmarc": cnmarc.write, "marc21": marc21.write}


def main() -> None:
    """Build everything and say how much it is."""
    parser = argparse.ArgumentParser(description="Build the sample files from the facts in samples/records.")
    parser.add_argument("--to", type=Path, default=HERE, help="folder that gets files/ and broken/")
    parser.add_argument("--counts", action="store_true", help="print how many records of each kind there are")
    arguments = parser.parse_args()
    target = arguments.to
    try:
        sources = facts.read_all(HERE / "records")
    except facts.SourceError as error:
        sys.exit(str(error))
    records = describe(sources)
    if arguments.counts:
        print("\n".join(count(sources, records)))
        return
    written = {name: _bytes(file, records[file]) for name, file in ((file.name, file) for file in records)}
    written["manifest.toml"] = manifest(records).encode("utf-8")
    utf8 = [writing.iso2709(each, writing.encoder("UTF-8")) for each in _records(records, "D01-cnmarc.mrc")[:4]]
    gbk = [writing.iso2709(each, writing.encoder("GB18030")) for each in _records(records, "D04-cnmarc-gbk.mrc")[:2]]
    for folder, contents in (("files", written), ("broken", dict(broken.files(utf8, gbk)))):
        (target / folder).mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (target / folder / name).write_bytes(content)
    for file, made in records.items():
        print(f"{file.name:24} {len(made):4} records {len(written[file.name]):8,} bytes")
    total = sum(len(each) for each in written.values())
    print(f"{len(sources)} publications, {sum(map(len, records.values()))} records, {total:,} bytes")


def count(sources: list[facts.Facts], records: dict[File, list[Record]]) -> list[str]:
    """Return the tables of README.md: records by file, publications by language and by case."""
    lines = ["| file | records | format | character set |", "|---|---|---|---|"]
    for file, made in records.items():
        style = f"CNMARC ({file.style.upper()})" if file.format == "cnmarc" else "MARC 21"
        lines.append(f"| {file.name} | {len(made)} | {style} | {file.charset} |")
    lines.append(f"| all | {sum(map(len, records.values()))} | | |")
    languages = collections.Counter(each.language for each in sources)
    kinds = collections.Counter(each.type for each in sources)
    held = [each for source in sources for each in source.held]
    cases = {
        "held by two or more libraries": sum(len(each.held) > 1 for each in sources),
        "held in both formats": sum(
            len({_format(records, source, each) for each in source.held}) > 1 for source in sources
        ),
        "translations": sum(bool(each.originals) for each in sources),
        "sets (whole)": kinds["set"],
        "volumes and parts": sum(bool(each.get("Part")) for each in sources),
        "volumes that carry the ISBN of the set": sum(each.set_isbn is not None for each in sources),
        "with an edition statement": sum(bool(each.get("Edition")) for each in sources),
        "without any identifier": sum(not (each.isbns or each.get("ISSN") or each.get("BookNo")) for each in sources),
        "with a wrong ISBN ($z, or misprinted in $a)": sum(
            bool(each.get("WrongISBN") or each.get("MisprintedISBN")) for each in sources
        ),
        "copies described briefly": sum("brief" in each.flags for each in held),
        "copies that leave out the ISBN": sum("no-isbn" in each.flags for each in held),
        "copies that mistype the ISBN in $a": sum("typo" in each.flags for each in held),
        "copies that write the old ISBN": sum("isbn10" in each.flags for each in held),
        "also in the Library of Congress file": sum(bool(each.get("LCCN")) for each in sources),
    }
    for title, counted in (("language", languages), ("type", kinds), ("case", cases)):
        lines += ["", f"| {title} | publications |", "|---|---|"]
        lines += [f"| {name} | {number} |" for name, number in counted.items()]
    lines.append(f"| all publications | {len(sources)} |")
    return lines


def manifest(records: dict[File, list[Record]]) -> str:
    """Return the list of the files for programs, in the order in which to load them."""
    lines = ["# Written by samples/build.py: what each file is, in the order in which to load them."]
    for file, made in records.items():
        lines += ["", "[[files]]", f'name = "{file.name}"', f'library = "{file.library}"', f'format = "{file.format}"']
        lines += [f'charset = "{file.charset}"', f"records = {len(made)}"]
    return "\n".join(lines) + "\n"


def _format(records: dict[File, list[Record]], source: facts.Facts, held: facts.Held) -> str:
    return _file_for(list(records), source, held).format


def describe(sources: list[facts.Facts]) -> dict[File, list[Record]]:
    """Let every holding library describe what it holds, file by file in the order of the sources."""
    tables = tomllib.loads((HERE / "records" / "practice.toml").read_text(encoding="utf-8"))["files"]
    files = [File(**table) for table in tables]
    libraries = tomllib.loads((HERE / "libraries.toml").read_text(encoding="utf-8"))["libraries"]
    rooms = {each["code"]: each["locations"] for each in libraries}
    records: dict[File, list[Record]] = {file: [] for file in files}
    serials = _serials(sources)
    shelf: collections.Counter[tuple[str, str]] = collections.Counter()
    for common, source in enumerate(sources, start=1):
        for held in source.held:
            file = _file_for(files, source, held)
            class_number = source.get("Class") or "Z"
            shelf[held.library, class_number] += 1
            copy = Copy(
                facts=source,
                file=file,
                serial=serials[source.id][held.library],
                common_number=common,
                set_number=_set_number(serials.get(source.get("Set"), {}), held.library),
                location=_room(rooms[held.library], source),
                class_number=class_number,
                item_number=shelf[held.library, class_number],
                copies=held.copies,
                flags=held.flags,
            )
            records[file].append(WRITERS[file.format](copy))
    return records


def _serials(sources: list[facts.Facts]) -> dict[str, dict[str, int]]:
    """Number each library's records in the order of the sources, by publication and library."""
    last: collections.Counter[str] = collections.Counter()
    serials: dict[str, dict[str, int]] = {}
    for source in sources:
        for held in source.held:
            last[held.library] += 1
            serials.setdefault(source.id, {})[held.library] = last[held.library]
    return serials


def _set_number(serials: dict[str, int], library: str) -> str:
    """Return the number of the set's record: the library's own, else the one it took over from another library."""
    holder = library if library in serials else next(iter(serials), "")
    return parts.number(holder, serials[holder]) if holder else ""


def _file_for(files: list[File], source: facts.Facts, held: facts.Held) -> File:
    """Choose the file of a library that takes this publication, or the one whose format the source asks for."""
    own = [file for file in files if file.library == held.library]
    for wanted in ("cnmarc", "marc21"):
        if wanted in held.flags:
            asked = [file for file in own if file.format == wanted]
            if not asked:
                raise facts.SourceError(f"{source.id}: {held.library} sends no {wanted}")
            return asked[0]
    kind = "chinese" if source.language == "chi" else "foreign"
    return next(file for file in own if file.takes in (kind, "all"))


def _room(rooms: list[str], source: facts.Facts) -> str:
    """Choose the stack room: rare books go to the last, Chinese books to the second, foreign ones to the first."""
    if source.type == "ancient":
        return rooms[-1]
    return rooms[min(1, len(rooms) - 1)] if scripts.is_han(source.title.proper) else rooms[0]


def _bytes(file: File, records: list[Record]) -> bytes:
    if file.name.endswith(".xml"):
        return writing.marcxml(records)
    encode = writing.encoder(file.charset)
    try:
        return b"".join(writing.iso2709(record, encode) for record in records)
    except (KeyError, UnicodeEncodeError) as error:
        raise facts.SourceError(f"{file.name} cannot say it in {file.charset}: {error}") from error


def _records(records: dict[File, list[Record]], name: str) -> list[Record]:
    return next(made for file, made in records.items() if file.name == name)


if __name__ == "__main__":
    main()
