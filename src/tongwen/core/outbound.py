"""The only way out: HTTP requests and TCP connections to systems of others, each with a deadline for all of it.

What a system of others does must not hold up or lead astray what asks it. So nothing is asked beyond its deadline,
answers have a greatest size, redirects are not followed, certificates are checked, no proxy is taken from the
environment, and addresses of this machine and its neighbourhood are refused unless the installation allows them.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Self
from urllib.parse import urlsplit

import certifi
import requests
import structlog
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.poolmanager import PoolManager

logger = structlog.get_logger("tongwen.outbound")

LARGEST = 2 << 20
_BLOCK = 1 << 16
_AGENT = "Tongwen"
_METADATA = ipaddress.ip_network("fd00:ec2::/32")
_resolvers = ThreadPoolExecutor(max_workers=16, thread_name_prefix="resolve")


class OutboundFailed(Exception):
    """A system of others could not be asked. `reason` is one of the words of `REASONS`; `detail` is for the log."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


REASONS = ("address", "refused", "name", "connect", "tls", "deadline", "size", "broken")
"""No address of ours, not allowed, name unknown, not reached, certificate, too slow, too long, ended early."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment by which everything must be done, on the clock that never jumps."""

    ends_at: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        """Return the deadline so many seconds from now."""
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            OutboundFailed: none are (`deadline`).
        """
        seconds = self.ends_at - time.monotonic()
        if seconds <= 0:
            raise OutboundFailed("deadline")
        return seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, whole. `headers` by lower-case name."""

    status: int
    content: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose certificates are believed: those of the machine, or only those of an authority of one's own (PEM)."""

    certificates: str = ""

    def context(self) -> ssl.SSLContext:
        """Return a TLS context that checks certificate and name.

        Raises:
            OutboundFailed: the certificates cannot be read (`tls`).
        """
        return _context(self.certificates)


@lru_cache(maxsize=64)
def _context(certificates: str) -> ssl.SSLContext:
    try:
        if certificates:
            return ssl.create_default_context(cadata=certificates)
        return ssl.create_default_context(cafile=certifi.where())
    except (ssl.SSLError, ValueError) as error:
        raise OutboundFailed("tls", "the certificates of the own authority cannot be read") from error


def is_allowed(address: str) -> bool:
    """Tell whether this IP address may be asked.

    Never asked are link-local addresses (where clouds keep their machines' credentials), multicast and unspecified
    ones; this machine itself only where TONGWEN_OUTBOUND_LOOPBACK is 1. Private networks may be: library systems
    stand in them.
    """
    number = ipaddress.ip_address(address.partition("%")[0])
    number = getattr(number, "ipv4_mapped", None) or number
    if number.is_loopback:
        return bool(settings.TONGWEN_OUTBOUND_LOOPBACK)
    if number.version == 6 and number in _METADATA:
        return False
    return not (number.is_link_local or number.is_multicast or number.is_unspecified or number.is_reserved)


def connect(host: str, port: int, deadline: Deadline) -> socket.socket:
    """Open a TCP connection; its timeout is what is left of the deadline.

    Raises:
        OutboundFailed: name, refused, connect or deadline.
    """
    failure = OutboundFailed("refused", f"{host} is an address that is not asked")
    for family, address in _addresses(host, port, deadline):
        if not is_allowed(str(address[0])):
            continue
        found = socket.socket(family, socket.SOCK_STREAM)
        try:
            found.settimeout(deadline.left())
            found.connect(address)
        except OSError as error:
            found.close()
            failure = OutboundFailed("deadline" if isinstance(error, TimeoutError) else "connect", str(error))
        except BaseException:
            found.close()
            raise
        else:
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return found
    raise failure


def check_host(host: str, port: int, deadline: Deadline) -> None:
    """Refuse a host that may not be asked, for clients that connect by themselves (LDAP).

    Raises:
        OutboundFailed: name, refused or deadline.
    """
    if not all(is_allowed(str(address[0])) for _family, address in _addresses(host, port, deadline)):
        raise OutboundFailed("refused", f"{host} is an address that is not asked")


def _addresses(host: str, port: int, deadline: Deadline) -> list[tuple[int, Any]]:
    """Resolve a name without waiting longer than the deadline, which the resolver itself knows nothing of."""
    asked = _resolvers.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        return [(family, address) for family, _type, _protocol, _name, address in asked.result(deadline.left())]
    except NotInTime:
        raise OutboundFailed("deadline", f"the name {host} was not resolved in time") from None
    except (OSError, UnicodeError) as error:
        raise OutboundFailed("name", f"{host}: {error}") from error


@contextmanager
def cut_off(connection: socket.socket, deadline: Deadline) -> Iterator[None]:
    """End the connection at the deadline, however slowly the other side keeps sending."""
    guard = connection.dup()
    timer = threading.Timer(max(0.0, deadline.ends_at - time.monotonic()), _shut, [guard])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        guard.close()


def _shut(guard: socket.socket) -> None:
    try:
        guard.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # It has ended by itself.


def fetch(
    method: str,
    url: str,
    *,
    deadline: Deadline,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    trust: Trust = Trust(),
    largest: int = LARGEST,
) -> Answer:
    """Ask by HTTP and return the answer whole, whatever its status; a redirect is an answer like others.

    Raises:
        OutboundFailed
    """
    check_address(url)
    started = time.monotonic()
    try:
        answer = _fetch(method, url, deadline, headers, body, trust, largest)
    except OutboundFailed as failed:
        _tell(method, url, started, failed=failed.reason)
        raise
    _tell(method, url, started, status=answer.status, size=len(answer.content))
    return answer


def check_address(url: str) -> None:
    """Refuse what is no address of a web server: https://, or http:// to this machine.

    Raises:
        OutboundFailed: address.
    """
    parts = urlsplit(url)
    plain = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if parts.scheme != "https" and not plain:
        raise OutboundFailed("address", "only https:// addresses are asked")
    if not parts.hostname or parts.username or parts.password:
        raise OutboundFailed("address", "the address names no host, or holds a password")


def _tell(method: str, url: str, started: float, **facts: object) -> None:
    """Log host and path: parameters hold tickets and codes."""
    parts = urlsplit(url)
    milliseconds = round((time.monotonic() - started) * 1000, 1)
    logger.info("asked", method=method, host=parts.hostname, path=parts.path, milliseconds=milliseconds, **facts)


def _fetch(
    method: str,
    url: str,
    deadline: Deadline,
    headers: Mapping[str, str] | None,
    body: bytes | None,
    trust: Trust,
    largest: int,
) -> Answer:
    with ExitStack() as guards, requests.Session() as session:
        session.trust_env = False
        session.adapters.clear()
        session.mount("", _Adapter(deadline, trust, guards))
        try:
            with session.request(
                method,
                url,
                data=body,
                headers={"User-Agent": _AGENT, "Accept-Encoding": "identity", **(headers or {})},
                timeout=deadline.left(),
                allow_redirects=False,
                stream=True,
            ) as response:
                content = _content(response, deadline, largest)
                return Answer(response.status_code, content, {n.lower(): v for n, v in response.headers.items()})
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise _failure(error, deadline) from None


def _content(response: requests.Response, deadline: Deadline, largest: int) -> bytes:
    content = bytearray()
    for block in response.raw.stream(_BLOCK, decode_content=False):
        content += block
        if len(content) > largest:
            raise OutboundFailed("size", f"more than {largest} bytes")
        deadline.left()
    deadline.left()
    return bytes(content)


def _failure(error: BaseException, deadline: Deadline) -> OutboundFailed:
    """Say in our words what went wrong; messages of others may hold the address with its parameters."""
    for cause in _causes(error):
        if isinstance(cause, OutboundFailed):
            return cause
    if time.monotonic() >= deadline.ends_at:
        return OutboundFailed("deadline")
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError):
            return OutboundFailed("tls", getattr(cause, "verify_message", "") or (cause.reason or "no TLS"))
        if isinstance(cause, TimeoutError):
            return OutboundFailed("deadline")
    return OutboundFailed("broken", type(error).__name__)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [cause for cause in (one.__cause__, one.__context__) if cause is not None]
        waiting += [part for part in (*one.args, getattr(one, "reason", None)) if isinstance(part, BaseException)]


class _Connected:
    """Connects by `connect` above, and ends the connection at the deadline."""

    deadline: Deadline
    guards: ExitStack

    def _new_conn(self) -> socket.socket:
        found = connect(self.host, self.port, self.deadline)  # type: ignore[attr-defined]
        self.guards.enter_context(cut_off(found, self.deadline))
        return found


class _Adapter(HTTPAdapter):
    """One request's way out."""

    def __init__(self, deadline: Deadline, trust: Trust, guards: ExitStack) -> None:
        self.deadline, self.trust, self.guards = deadline, trust, guards
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Have connections made in our way."""
        del arguments, options
        common = {"deadline": self.deadline, "guards": self.guards}
        plain = type("Plain", (_Connected, HTTPConnection), common)
        secure = type("Secure", (_Connected, HTTPSConnection), common)
        self.poolmanager = PoolManager(num_pools=1, retries=False)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """Use the context of this request's trust, whatever else is said."""
        host, _tls = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, {"ssl_context": self.trust.context(), "cert_reqs": "CERT_REQUIRED"}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Do nothing: the context decides."""
