from __future__ import annotations

import datetime as dt
import io

import pytest

from tongwen.core import clock, tenancy
from tongwen.domain.identity import models, types
from tongwen.domain.identity.queries import readers as reading
from tongwen.domain.identity.services import activation, readers
from tongwen.domain.identity.types import ImportState, LineFault, Missing, Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_folder")]
NOW = clock.now()


@pytest.fixture(autouse=True)
def _guarded() -> None:
    """Work as workers do, whom row-level security does not bind; the pages are tried in tests/web."""


TODAY = clock.today()
HEAD = "读者证号,姓名,类型,院系,邮箱,有效期\n"
FILE = HEAD + "1,张伟,本科生,文学院,a@example.org,2099-06-30\n2,王芳,教师,,,\n3,单田芳,教师,,,\n"


@pytest.fixture(autouse=True)
def _scope(in_scope: int) -> None:
    """Work in the scope of the lending library."""


def check(institution_id: int, content: str | bytes) -> types.ReaderImport:
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    number = readers.receive_readers(
        institution_id=institution_id, file=file, file_name="readers.csv", actor="admin", now=NOW
    )
    readers.run_import(import_id=number, now=NOW)
    return reading.reader_import(number)


def take(found: types.ReaderImport, missing: Missing = Missing.LEAVE, now: dt.datetime = NOW) -> types.ReaderImport:
    readers.take_over_readers(import_id=found.id, missing=missing, actor="admin", now=now)
    readers.run_import(import_id=found.id, now=now)
    return reading.reader_import(found.id)


def names(text: str) -> list[str]:
    return [one.display_name for one in reading.find_readers(text, today=TODAY)[0]]


class TestCheck:
    def test_changes_nothing_and_counts_what_would_happen(self, in_scope: int) -> None:
        found = check(in_scope, FILE)
        assert found.state is ImportState.CHECKED
        assert found.counts == {
            "lines": 3, "problems": 0, "identical": 0, "new": 3, "changed": 0, "unchanged": 0, "missing": 0
        }  # fmt: skip
        assert not models.Reader.objects.exists()

    def test_shows_the_difference_to_what_stands(self, in_scope: int) -> None:
        take(check(in_scope, FILE))
        found = check(in_scope, HEAD + "1,张伟,研究生,文学院,a@example.org,2099-06-30\n2,王芳,教师,,,\n4,李娜,,,,\n")
        assert {name: found.counts[name] for name in ("new", "changed", "unchanged", "missing")} == {
            "new": 1, "changed": 1, "unchanged": 1, "missing": 1
        }  # fmt: skip
        (changed,) = reading.differences(found.id, "changed", today=TODAY)
        assert (changed.number, changed.values["category"], changed.before) == ("1", "研究生", {"category": "本科生"})
        assert [one.number for one in reading.differences(found.id, "new", today=TODAY)] == ["4"]
        assert [one.number for one in reading.differences(found.id, "missing", today=TODAY)] == ["3"]

    def test_names_each_fault_with_line_and_column_and_takes_nothing(self, in_scope: int) -> None:
        found = check(in_scope, HEAD + "1,张伟,,,,\n2,,,,x,30/6\n")
        assert found.state is ImportState.FAULTY
        assert [(one.line, one.column, one.fault) for one in reading.problems(found.id)] == [
            (3, "display_name", LineFault.EMPTY),
            (3, "email", LineFault.BAD_EMAIL),
            (3, "expires_on", LineFault.BAD_DATE),
        ]
        with pytest.raises(types.NotImportable):
            take(found)
        assert not models.Reader.objects.exists()

    def test_takes_the_same_line_twice_as_one(self, in_scope: int) -> None:
        found = check(in_scope, HEAD + "1,张伟,,,,\n1,张伟,,,,\n")
        assert (found.state, found.counts["identical"], found.counts["new"]) == (ImportState.CHECKED, 1, 1)

    def test_refuses_one_number_for_two_readers(self, in_scope: int) -> None:
        found = check(in_scope, HEAD + "a1,张伟,,,,\n2,王芳,,,,\nA1,李娜,,,,\n")
        assert found.state is ImportState.FAULTY
        (problem,) = reading.problems(found.id)
        assert (problem.line, problem.fault, problem.value) == (4, LineFault.NUMBER_TWICE, "A1 (2)")

    @pytest.mark.parametrize(
        ("content", "fault"),
        [
            (b"\xff\xff\x00", "undecodable"),
            ("名称,x\n1,2\n".encode(), "column_missing"),
            (b"\n\n", "empty_file"),
            (b'number,name\n1,"x\n', "broken_quotes"),
        ],
    )
    def test_of_what_is_no_file_of_readers_says_why(self, in_scope: int, content: bytes, fault: str) -> None:
        found = check(in_scope, content)
        assert (found.state, found.findings["fault"]) == (ImportState.UNREADABLE, fault)

    def test_reads_a_file_of_gb18030(self, in_scope: int) -> None:
        take(check(in_scope, FILE.encode("gb18030")))
        assert names("单田芳") == ["单田芳"]

    def test_of_an_empty_file_is_refused_at_once(self, in_scope: int) -> None:
        with pytest.raises(types.UnreadableReaders):
            check(in_scope, "")

    def test_that_was_killed_begins_anew(self, in_scope: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(readers, "_BATCH", 1)
        with monkeypatch.context() as broken:
            calls = []

            def stop(_bytes: int, lines: int) -> None:
                calls.append(lines)
                if lines == 2:
                    raise KeyboardInterrupt

            number = readers.receive_readers(
                institution_id=in_scope, file=io.BytesIO(FILE.encode()), file_name="r.csv", actor="admin", now=NOW
            )
            with pytest.raises(KeyboardInterrupt):
                readers.run_import(import_id=number, now=NOW, advance=stop)
            broken.undo()
        readers.run_import(import_id=number, now=NOW)
        assert reading.reader_import(number).counts["new"] == 3


class TestTakingOver:
    def test_makes_readers_that_are_found_by_name_pinyin_initials_and_number(self, in_scope: int) -> None:
        done = take(check(in_scope, FILE))
        assert done.state is ImportState.DONE
        for text in ("单田", "田芳", "shantian", "shan tian", "stf", "3", "單田芳"):
            assert names(text) == ["单田芳"], text
        assert names("nobody") == []
        assert names("!'&|") == []

    def test_is_of_the_own_library_only(self, in_scope: int, distant_library: int) -> None:
        take(check(in_scope, FILE))
        with tenancy.scope(distant_library):
            assert names("张伟") == []
            take(check(distant_library, HEAD + "1,另一人,,,,\n"), Missing.EXPIRE)
            assert names("") == ["另一人"]
        assert reading.reader_by_number(in_scope, "1").display_name == "张伟"

    def test_lets_expire_who_is_missing_where_that_is_chosen(self, in_scope: int) -> None:
        take(check(in_scope, FILE))
        take(check(in_scope, HEAD + "1,张伟,本科生,文学院,a@example.org,2099-06-30\n"), Missing.LEAVE)
        assert reading.reader_by_number(in_scope, "2").holds_on(TODAY)
        take(check(in_scope, HEAD + "1,张伟,本科生,文学院,a@example.org,2099-06-30\n"), Missing.EXPIRE)
        assert not reading.reader_by_number(in_scope, "2").holds_on(TODAY)
        assert reading.find_readers("", state="expired", today=TODAY)[1] == 2

    def test_of_the_same_file_again_changes_nothing(self, in_scope: int) -> None:
        take(check(in_scope, FILE))
        before = list(models.Reader.objects.order_by("pk").values())
        found = check(in_scope, FILE)
        assert found.counts["unchanged"] == 3
        take(found, Missing.EXPIRE, NOW + dt.timedelta(hours=1))
        assert list(models.Reader.objects.order_by("pk").values()) == before

    def test_shows_anew_what_would_happen_when_the_readers_changed_since(self, in_scope: int) -> None:
        first, second = check(in_scope, FILE), check(in_scope, HEAD + "1,别名,,,,\n")
        take(first)
        again = take(second)
        assert (again.state, again.findings["changed_since"]) == (ImportState.CHECKED, True)
        assert (again.counts["changed"], again.counts["missing"]) == (1, 2)
        assert reading.reader_by_number(in_scope, "1").display_name == "张伟"
        assert take(again).state is ImportState.DONE

    def test_leaves_nothing_of_the_file_behind(
        self, in_scope: int, django_capture_on_commit_callbacks, blob_folder
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            take(check(in_scope, FILE))
        assert not models.StagedReader.objects.exists()
        assert [path for path in blob_folder.rglob("*") if path.is_file()] == []

    def test_of_another_library_is_unknown(self, in_scope: int, distant_library: int) -> None:
        found = check(in_scope, FILE)
        with tenancy.scope(distant_library):
            for act in (
                lambda: take(found),
                lambda: reading.problems(found.id),
                lambda: reading.reader_import(found.id),
            ):
                with pytest.raises(types.UnknownImport):
                    act()

    def test_can_be_left_undone(self, in_scope: int) -> None:
        found = check(in_scope, FILE)
        readers.cancel_readers(import_id=found.id, actor="admin", now=NOW)
        assert reading.reader_import(found.id).state is ImportState.CANCELLED
        with pytest.raises(types.NotImportable):
            take(found)


class TestReport:
    def test_is_safe_to_open(self, in_scope: int) -> None:
        found = check(in_scope, HEAD + '1,张伟,,,=cmd(),\n2,王芳,,,"a""b",\n')
        lines = "".join(readers.report(found.id, lambda one: (one.column, one.fault.value))).splitlines()
        assert lines == ['\ufeff"2","email","bad_email","\'=cmd()"', '"3","email","bad_email","a""b"']


class TestFirstLogIn:
    def test_makes_a_person_with_the_role_and_its_expiry(self, in_scope: int, monkeypatch) -> None:
        take(check(in_scope, FILE))
        reader = reading.reader_by_number(in_scope, "1")
        activation.join_reader(institution_id=in_scope, number="1", person_id=_person(), now=NOW)
        joined = reading.reader_by_number(in_scope, "1")
        assert joined.person_id is not None
        (held,) = models.Affiliation.objects.filter(person_id=joined.person_id)
        assert (held.role, held.institution_id, held.expires_on) == (Role.READER, in_scope, reader.expires_on)

    def test_follows_the_next_file(self, in_scope: int) -> None:
        take(check(in_scope, FILE))
        activation.join_reader(institution_id=in_scope, number="2", person_id=_person(), now=NOW)
        take(check(in_scope, HEAD + "1,张伟,,,,\n"), Missing.EXPIRE)
        (held,) = models.Affiliation.objects.all()
        assert held.expires_on == TODAY

    def test_of_somebody_elses_number_is_refused(self, in_scope: int) -> None:
        take(check(in_scope, FILE))
        activation.join_reader(institution_id=in_scope, number="1", person_id=_person(), now=NOW)
        with pytest.raises(types.UnknownReader):
            activation.join_reader(institution_id=in_scope, number="1", person_id=_person("other"), now=NOW)

    def test_is_offered_only_to_whom_a_mail_can_be_sent(self, in_scope: int) -> None:
        take(check(in_scope, FILE))
        sent = [activation.ask_activation(institution_id=in_scope, number=one, now=NOW) for one in ("1", "2", "9")]
        assert sent == [True, False, False]


def _person(username: str = "someone") -> int:
    from factories import people

    return people.person(username).pk
