"""Mails wait in the queue sealed, are sent once, and are tried again."""

from __future__ import annotations

import datetime as dt
import email
import socketserver
import threading
from collections.abc import Iterator
from email import policy
from pathlib import Path

import pytest
from django.db import connection

from tongwen.core import mail
from tongwen.core.models import Mail

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)
SECRET = "not-for-the-queue"


@pytest.fixture
def words(tmp_path: Path) -> Path:
    for language, subject in (("zh-hans", "邀请 $name"), ("zh-hant", "邀請 $name"), ("en", "For $name")):
        (tmp_path / f"note.{language}.txt").write_text(f"Subject: {subject}\n\n$name: $link\n", encoding="utf-8")
    return tmp_path / "note"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.TONGWEN_MAIL_FOLDER = tmp_path / "mail"
    return tmp_path / "mail"


def queued(words: Path, **changes) -> int:
    facts = {"name": "示范员", "link": SECRET, **changes.pop("facts", {})}
    given = {"to": "a@example.org", "words": words, "language": "en", "facts": facts, "now": NOW, **changes}
    return mail.queue(**given)


class Server(socketserver.StreamRequestHandler):
    """A mail server that says what its class was told to say to RCPT."""

    answer = b"250 ok"
    taken: list[bytes] = []

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        body = False
        for line in self.rfile:
            if body:
                self.taken.append(line)
                if line == b".\r\n":
                    body = False
                    self.wfile.write(b"250 taken\r\n")
            elif line.upper().startswith(b"RCPT"):
                self.wfile.write(self.answer + b"\r\n")
            elif line.upper().startswith(b"DATA"):
                body = True
                self.wfile.write(b"354 go on\r\n")
            elif line.upper().startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def server(settings) -> Iterator[type[Server]]:
    class Own(Server):
        taken: list[bytes] = []

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Own) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        settings.TONGWEN_MAIL_URL = f"smtp://127.0.0.1:{running.server_address[1]}"
        yield Own
        running.shutdown()


class TestQueue:
    def test_holds_the_text_sealed_until_it_is_sent_and_nothing_afterwards(self, words: Path) -> None:
        number = queued(words)
        with connection.cursor() as cursor:
            cursor.execute("SELECT args::text FROM procrastinate_jobs WHERE task_name = %s", [mail.SEND_JOB])
            assert cursor.fetchall() == [(f'{{"mail_id": {number}}}',)]
        row = Mail.objects.get(pk=number)
        assert row.sealed
        assert SECRET not in row.sealed
        assert mail.attempt(mail_id=number, now=NOW) == "sent"
        assert Mail.objects.get(pk=number).sealed == ""

    @pytest.mark.parametrize(
        "to", ["a@example.org\nBcc: b@example.org", "a@example.org,b@example.org", "a", "@", "李@x.cn"]
    )
    def test_refuses_a_recipient_that_is_no_address(self, words: Path, to: str) -> None:
        with pytest.raises(mail.BadMail):
            queued(words, to=to)
        assert mail.letters() == ()

    @pytest.mark.parametrize("name", ["x\nBcc: b@example.org", "x\r\n\r\nbody", "x\x00", "x\u2028y"])
    def test_refuses_facts_that_would_add_headers(self, words: Path, name: str) -> None:
        with pytest.raises(mail.BadMail, match="name"):
            queued(words, facts={"name": name})

    def test_knows_mails_that_a_killed_worker_left(self, words: Path) -> None:
        queued(words)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
        assert mail.requeue_forgotten(NOW) == 0
        assert mail.requeue_forgotten(NOW + dt.timedelta(hours=1)) == 1
        assert mail.requeue_forgotten(NOW + dt.timedelta(hours=1)) == 0


class TestFile:
    def test_is_a_mail_that_programs_read(self, words: Path, folder: Path) -> None:
        mail.attempt(mail_id=queued(words, language="zh-hant"), now=NOW)
        (path,) = folder.glob("*.eml")
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        assert (message["To"], message["Subject"]) == ("a@example.org", "邀請 示范员")
        assert message.get_content().splitlines() == [f"示范员: {SECRET}"]
        assert path.stat().st_mode & 0o077 == 0

    def test_is_written_once(self, words: Path, folder: Path) -> None:
        number = queued(words)
        mail.attempt(mail_id=number, now=NOW)
        (path,) = folder.glob("*.eml")
        path.unlink()
        assert mail.attempt(mail_id=number, now=NOW) == "sent"
        assert not path.exists()


class TestServer:
    def test_is_handed_the_mail(self, words: Path, server: type[Server]) -> None:
        assert mail.attempt(mail_id=queued(words), now=NOW) == "sent"
        assert b"To: a@example.org\r\n" in server.taken

    def test_that_says_not_now_is_asked_again_later_and_later(self, words: Path, server: type[Server]) -> None:
        server.answer = b"451 greylisted"
        number, now, waits = queued(words), NOW, []
        while mail.attempt(mail_id=number, now=now) == "waiting":
            row = Mail.objects.get(pk=number)
            waits.append(int((row.due_at - now).total_seconds()))
            now = row.due_at
        assert tuple(waits) == mail.WAITS
        assert mail.dead() == [number]
        server.answer = b"250 ok"
        mail.revive(mail_id=number, now=now)
        assert mail.attempt(mail_id=number, now=now) == "sent"

    def test_that_refuses_ends_it_at_once_with_its_words(self, words: Path, server: type[Server]) -> None:
        server.answer = b"550 no such mailbox"
        number = queued(words)
        assert mail.attempt(mail_id=number, now=NOW) == "dead"
        assert "550 no such mailbox" in mail.letters()[0].problem

    def test_that_is_not_there_is_tried_again(self, words: Path, settings) -> None:
        settings.TONGWEN_MAIL_URL = "smtp://127.0.0.1:1"
        assert mail.attempt(mail_id=queued(words), now=NOW) == "waiting"
