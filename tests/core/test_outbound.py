from __future__ import annotations

import io
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from factories.certificates import certificate
from tongwen.core import outbound

Talk = Callable[[socket.socket], None]


@contextmanager
def serving(talk: Talk, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Serve one connection after another by `talk`, and yield the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                found, _peer = listener.accept()
                with context.wrap_socket(found, server_side=True) if context else found as connection:
                    talk(connection)
            except OSError:
                continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def saying(content: bytes) -> Talk:
    def talk(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(content)

    return talk


def soon() -> outbound.Deadline:
    return outbound.Deadline.after(5)


def refusal(url: str, **options) -> str:
    with pytest.raises(outbound.OutboundFailed) as failed:
        outbound.fetch("GET", url, **{"deadline": soon(), **options})
    assert failed.value.reason in outbound.REASONS
    return failed.value.reason


class TestRequest:
    def test_brings_the_answer_whole(self) -> None:
        with serving(saying(b"HTTP/1.1 201 Made\r\nX-Kind: a\r\nContent-Length: 4\r\n\r\nbody")) as port:
            answer = outbound.fetch("POST", f"http://127.0.0.1:{port}/a?b=c", body=b"{}", deadline=soon())
        assert (answer.status, answer.content, answer.headers["x-kind"]) == (201, b"body", "a")

    def test_does_not_follow_a_redirect(self) -> None:
        with serving(
            saying(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
        ) as port:
            assert outbound.fetch("GET", f"http://127.0.0.1:{port}/", deadline=soon()).status == 302

    def test_ends_at_its_deadline_though_something_keeps_coming(self) -> None:
        def drip(connection: socket.socket) -> None:
            connection.recv(65_536)
            for _turn in range(200):
                connection.sendall(b"H")
                time.sleep(0.02)

        started = time.monotonic()
        with serving(drip) as port:
            assert refusal(f"http://127.0.0.1:{port}/", deadline=outbound.Deadline.after(0.2)) == "deadline"
            assert time.monotonic() - started < 1.5

    def test_ends_at_its_deadline_where_nothing_comes(self) -> None:
        over = threading.Event()
        with serving(lambda _connection: bool(over.wait(5)) and None) as port:
            assert refusal(f"http://127.0.0.1:{port}/", deadline=outbound.Deadline.after(0.1)) == "deadline"
            over.set()

    def test_does_not_take_more_than_it_was_told(self) -> None:
        with serving(saying(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5_000)) as port:
            assert refusal(f"http://127.0.0.1:{port}/", largest=1_000) == "size"

    @pytest.mark.parametrize("content", [b"", b"SIP2\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"])
    def test_says_that_an_answer_is_broken(self, content: bytes) -> None:
        with serving(saying(content)) as port:
            assert refusal(f"http://127.0.0.1:{port}/") == "broken"

    def test_says_that_nothing_is_there(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        assert refusal(f"http://127.0.0.1:{port}/") == "connect"

    @pytest.mark.parametrize(
        "url",
        ["file:///etc/hostname", "ftp://example.org/", "http://example.org/", "https:///x", "https://a:b@example.org/"],
    )
    def test_asks_only_addresses_of_web_servers(self, url: str) -> None:
        assert refusal(url) == "address"

    def test_takes_no_proxy_from_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        with serving(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) as port:
            assert outbound.fetch("GET", f"http://127.0.0.1:{port}/", deadline=soon()).status == 200

    def test_leaves_parameters_out_of_the_log(self, caplog: pytest.LogCaptureFixture) -> None:
        with serving(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) as port, caplog.at_level(logging.DEBUG):
            outbound.fetch("GET", f"http://127.0.0.1:{port}/validate?ticket=ST-planted", deadline=soon())
        assert "ST-planted" not in caplog.text


class TestCertificate:
    def test_is_checked(self, tmp_path: Path) -> None:
        context, _pem = certificate(tmp_path, "127.0.0.1")
        with serving(saying(b""), context) as port:
            assert refusal(f"https://127.0.0.1:{port}/") == "tls"

    def test_of_an_authority_of_ones_own_is_believed(self, tmp_path: Path) -> None:
        context, pem = certificate(tmp_path, "127.0.0.1")
        with serving(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), context) as port:
            answer = outbound.fetch("GET", f"https://127.0.0.1:{port}/", deadline=soon(), trust=outbound.Trust(pem))
        assert answer.content == b"ok"

    def test_must_be_for_the_host(self, tmp_path: Path) -> None:
        context, pem = certificate(tmp_path, "127.0.0.2")
        with serving(saying(b""), context) as port:
            assert refusal(f"https://127.0.0.1:{port}/", trust=outbound.Trust(pem)) == "tls"

    def test_that_is_none_is_said_to_be_none(self) -> None:
        assert refusal("https://127.0.0.1:1/", trust=outbound.Trust("no certificate")) == "tls"


class TestAddress:
    @pytest.mark.parametrize(
        "address",
        ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "::", "240.0.0.1", "224.0.0.1", "fd00:ec2::254"],
    )
    def test_of_the_neighbourhood_is_not_asked(self, address: str) -> None:
        assert not outbound.is_allowed(address)

    @pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
    def test_of_this_machine_is_asked_where_that_is_allowed(self, address: str, settings) -> None:
        assert outbound.is_allowed(address)
        settings.TONGWEN_OUTBOUND_LOOPBACK = False
        assert not outbound.is_allowed(address)

    def test_of_a_library_system_in_a_private_network_is_asked(self) -> None:
        assert outbound.is_allowed("10.1.2.3")

    def test_that_is_not_asked_is_refused_before_a_byte_is_sent(self, settings) -> None:
        settings.TONGWEN_OUTBOUND_LOOPBACK = False
        heard = io.BytesIO()
        with serving(lambda connection: bool(heard.write(connection.recv(9))) and None) as port:
            assert refusal(f"http://localhost:{port}/") == "refused"
        assert heard.getvalue() == b""

    def test_without_a_host_is_said_to_be_unknown(self) -> None:
        with pytest.raises(outbound.OutboundFailed) as failed:
            outbound.connect("no such host.invalid", 80, soon())
        assert failed.value.reason == "name"


class TestDeadline:
    def test_is_over_when_nothing_is_left(self) -> None:
        with pytest.raises(outbound.OutboundFailed):
            outbound.Deadline.after(-1).left()
