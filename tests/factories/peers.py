"""Systems of others as a test needs them: real peers where they can be had, and some that misbehave."""

from __future__ import annotations

import contextlib
import importlib.util
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import pysip2
import requests
from anyio.abc import SocketAttribute, TaskStatus
from anyio.from_thread import start_blocking_portal
from lxml import html

ROOT = Path(__file__).resolve().parents[2]
RIGHT = "open sesame"
SECRET = "0123456789abcdef0123456789abcdef"
READERS = {
    "R001": {
        "id": "7",
        "password": "open sesame",
        "name": "示范读者",
        "email": "r001@example.org",
        "category": "本科生",
        "expires_on": "2099-12-31",
    },
    "R002": {"id": "8", "password": "open sesame", "name": "示范旧读者", "expires_on": "2001-12-31"},
}


@contextmanager
def kit_server(secret: str = SECRET) -> Iterator[str]:
    """Run the reference server that vendors copy (docs/kit/server.py); yields its address."""
    spec = importlib.util.spec_from_file_location("kit_reference_server", ROOT / "docs" / "kit" / "server.py")
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    handler = module.handler(module.Kit(secret, module.Readers(READERS)))
    handler.log_message = lambda *_: None
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/kit"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def sip2_server(**options: Any) -> Iterator[int]:
    """Run PyPI's pysip2 server over the readers above, terminal `gate` with key `key`; yields its port."""
    server = pysip2.SIP2Server(encoding="utf-8", **options)

    @server.route(pysip2.LOGIN)
    def login(asked: Any, _context: Any) -> Any:
        is_known = (asked.login_user_id, asked.login_password) == ("gate", "key")
        return pysip2.LoginResponse(ok="1" if is_known else "0")

    @server.route(pysip2.PATRON_INFORMATION)
    def information(asked: Any, context: Any) -> Any:
        facts = READERS.get(asked.patron_identifier)
        return pysip2.PatronInformationResponse(
            patron_status=" " * 14,
            language="019",
            transaction_date=context.now_18(),
            **dict.fromkeys(_COUNTS, "0000"),
            institution_id=asked.institution_id,
            patron_identifier=asked.patron_identifier,
            personal_name=str(facts["name"]) if facts else "",
            valid_patron="Y" if facts and str(facts["expires_on"]) > "2026" else "N",
            valid_patron_password="Y" if facts and asked.patron_password == facts["password"] else "N",
            email_address=str(facts.get("email", "")) if facts else None,
        )

    yield from _in_a_loop(server)


_COUNTS = (
    "hold_items_count",
    "overdue_items_count",
    "charged_items_count",
    "fine_items_count",
    "recall_items_count",
    "unavailable_holds_count",
)


def _in_a_loop(server: Any) -> Iterator[int]:
    """Serve in a thread with a loop of its own. The server's own `start` leaves its listener open."""

    async def serve(*, task_status: TaskStatus[int]) -> None:
        async with await server.listen(port=0) as listener:
            task_status.started(listener.extra(SocketAttribute.local_port))  # noqa: S610
            await listener.serve(server._handle_connection)

    with start_blocking_portal() as portal:
        future, port = portal.start_task(serve)
        try:
            yield port
        finally:
            future.cancel()


@contextmanager
def talking(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """Serve each TCP connection by `talk`, which may do as it likes; yields the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _peer = listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def saying(*answers: bytes) -> Callable[[socket.socket], None]:
    """Answer each message with the next of these bytes, then hang up."""

    def talk(connection: socket.socket) -> None:
        for answer in answers:
            connection.recv(65_536)
            connection.sendall(answer)

    return talk


@contextmanager
def hanging() -> Iterator[int]:
    """Take connections and never say anything."""
    over = threading.Event()
    with talking(lambda _connection: bool(over.wait(10)) and None) as port:
        try:
            yield port
        finally:
            over.set()


@contextmanager
def directory(folder: Path) -> Iterator[int]:
    """Run Debian's slapd over a few entries, on a port of its own; yields it."""
    slapd = shutil.which("slapd", path="/usr/sbin:/usr/bin:/sbin:/bin")
    slapadd = shutil.which("slapadd", path="/usr/sbin:/usr/bin:/sbin:/bin")
    assert slapd is not None
    assert slapadd is not None
    data = folder / "data"
    data.mkdir()
    (folder / "slapd.conf").write_text(_SLAPD.format(folder=folder), encoding="utf-8")
    (folder / "entries.ldif").write_text(_ENTRIES, encoding="utf-8")
    subprocess.run(
        [slapadd, "-f", str(folder / "slapd.conf"), "-l", str(folder / "entries.ldif")], check=True, capture_output=True
    )
    port = free_port()
    command = [slapd, "-f", str(folder / "slapd.conf"), "-h", f"ldap://127.0.0.1:{port}/", "-d", "0"]
    with running(command, port):
        yield port


_SLAPD = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/slapd.pid
allow bind_anon_cred bind_anon_dn
access to attrs=userPassword by anonymous auth by * none
access to * by * read
database mdb
maxsize 10485760
suffix "dc=example,dc=org"
directory {folder}/data
rootdn "cn=admin,dc=example,dc=org"
rootpw "root key"
"""

_ENTRIES = """
dn: dc=example,dc=org
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: ou=people,dc=example,dc=org
objectClass: organizationalUnit
ou: people

dn: cn=search,dc=example,dc=org
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: search
userPassword: search key

dn: uid=r001,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: r001
cn: r001
sn: r001
displayName:: 56S66IyD6K+76ICF
mail: r001@example.org
employeeType: student
userPassword: open sesame

dn: uid=r002,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: r002
cn: r002
sn: r002
title: 20011231235959Z
userPassword: open sesame

dn: uid=twin1,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: twin1
uid: twin
cn: twin1
sn: twin1
userPassword: open sesame

dn: uid=twin2,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: twin2
uid: twin
cn: twin2
sn: twin2
userPassword: open sesame
"""


@contextmanager
def identity_provider() -> Iterator[str]:
    """Run PyPI's nanoidp for OpenID Connect and SAML, user r001; yields its address."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        (folder / "settings.yaml").write_text(_PROVIDER.format(port=port), encoding="utf-8")
        (folder / "users.yaml").write_text(_USERS, encoding="utf-8")
        command = [sys.executable, "-m", "nanoidp", "--config", str(folder), "--port", str(port)]
        with running(command, port, folder):  # It keeps its keys where it runs.
            yield f"http://127.0.0.1:{port}"


_PROVIDER = """
config_version: 1
server:
  host: "127.0.0.1"
  port: {port}
oauth:
  issuer: "http://127.0.0.1:{port}"
  audience: "tongwen"
  token_expiry_minutes: 60
  clients:
    - client_id: "tongwen"
      client_secret: "client-key"
      description: "trial"
saml:
  default_acs_url: "http://127.0.0.1:{port}/nowhere"
"""

_USERS = """
config_version: 1
users:
  r001:
    password: "open sesame"
    email: "r001@example.org"
    attributes:
      displayName: "示范读者"
      mail: "r001@example.org"
      eduPersonPrincipalName: "r001@example.org"
"""


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, folder: Path | None = None) -> Iterator[None]:
    """Run a server until it listens, and end it after the block."""
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _turn in range(400):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                assert process.poll() is None, f"{command[0]} has ended"
                time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait(10)


def through_the_page(url: str, name: str = "r001", password: str = RIGHT) -> dict[str, str]:
    """Log in at an identity provider's page as a browser does; returns what it would bring back to the portal."""
    with requests.Session() as browser:
        browser.trust_env = False
        asked = browser.get(url, timeout=5, allow_redirects=False)
        while asked.is_redirect:
            asked = browser.get(urljoin(asked.url, asked.headers["Location"]), timeout=5, allow_redirects=False)
        form = {**_hidden(asked.text), "username": name, "password": password}
        answer = browser.post(asked.url, data=form, timeout=5, allow_redirects=False)
    if answer.is_redirect:
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
    return _hidden(answer.text)


def _hidden(page: str) -> dict[str, str]:
    return {one.name: one.value or "" for one in html.fromstring(page).forms[-1].inputs if one.type == "hidden"}
