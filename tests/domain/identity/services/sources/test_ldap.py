from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from factories import peers
from tongwen.core.outbound import Deadline
from tongwen.domain.identity.rules import source_settings
from tongwen.domain.identity.services.sources import ldap as own
from tongwen.domain.identity.services.sources.ldap import LDAPSource
from tongwen.domain.identity.services.sources.port import Configuration
from tongwen.domain.identity.types import BadSource, Denial, Denied, ExtraMissing, SourceKind, Unavailable

python_ldap = pytest.importorskip("ldap", reason="python-ldap is not installed (make extras)")

RIGHT = "open sesame"
PEOPLE = "ou=people,dc=example,dc=org"


def source(port: int, key: str = "", **settings) -> LDAPSource:
    given = {
        "url": f"ldap://127.0.0.1:{port}",
        "starttls": False,
        "base": PEOPLE,
        "category_attribute": "employeeType",
        "expiry_attribute": "title",
        **settings,
    }
    secrets = {"account_password": key} if key else {}
    return LDAPSource(Configuration(source_settings.checked(SourceKind.LDAP, given, secrets), secrets))


def ask(port: int, name: str = "r001", password: str = RIGHT, seconds: float = 3, **settings):
    return source(port, **settings).authenticate(name, password, Deadline.after(seconds))


def denial(port: int, name: str = "r001", password: str = RIGHT, **settings) -> Denial:
    with pytest.raises(Denied) as denied:
        ask(port, name, password, **settings)
    return denied.value.reason


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    if not shutil.which("slapd", path="/usr/sbin:/usr/bin"):
        pytest.skip("slapd is not installed (apt install slapd)")
    with peers.directory(tmp_path_factory.mktemp("slapd")) as port:
        yield port


DIRECT = {"bind": "direct", "name_template": f"uid={{name}},{PEOPLE}"}


class TestDirectory:
    @pytest.mark.parametrize("how", [{}, DIRECT, {"account": "cn=search,dc=example,dc=org", "key": "search key"}])
    def test_lets_a_reader_in_by_her_password(self, peer: int, how: dict[str, str]) -> None:
        said = ask(peer, **how)
        assert (said.display_name, said.email, said.category) == ("示范读者", "r001@example.org", "student")
        assert len(said.subject) == 36  # entryUUID.

    @pytest.mark.parametrize("how", [{}, DIRECT])
    def test_knows_her_again(self, peer: int, how: dict[str, str]) -> None:
        assert ask(peer, **how).subject == ask(peer, "R001", **how).subject

    @pytest.mark.parametrize("how", [{}, DIRECT])
    @pytest.mark.parametrize(("name", "password"), [("r001", "wrong"), ("nobody", RIGHT)])
    def test_refuses_others(self, peer: int, how: dict[str, str], name: str, password: str) -> None:
        assert denial(peer, name, password, **how) is Denial.WRONG

    @pytest.mark.parametrize("how", [{}, DIRECT])
    def test_is_not_asked_without_a_password(self, peer: int, how: dict[str, str]) -> None:
        # This directory calls a bind without a password a success, as many do.
        server = python_ldap.initialize(f"ldap://127.0.0.1:{peer}")
        assert server.simple_bind_s(f"uid=r001,{PEOPLE}", "")[0] == python_ldap.RES_BIND
        server.unbind_ext()
        assert denial(peer, "r001", "", **how) is Denial.BLANK

    @pytest.mark.parametrize("name", ["*", "r00*", "r001)(uid=*", "r001\x00", f"r001,{PEOPLE}", "twin"])
    @pytest.mark.parametrize("how", [{}, DIRECT])
    def test_is_asked_for_this_one_name_only(self, peer: int, how: dict[str, str], name: str) -> None:
        assert denial(peer, name, **how) is Denial.WRONG

    def test_says_that_a_reader_has_expired(self, peer: int) -> None:
        assert denial(peer, "r002") is Denial.EXPIRED

    def test_with_a_wrong_account_is_no_matter_of_the_reader(self, peer: int) -> None:
        with pytest.raises(Unavailable) as failed:
            ask(peer, account="cn=search,dc=example,dc=org", key="wrong")
        assert failed.value.reason == "account"

    def test_without_the_identifier_lets_nobody_in(self, peer: int) -> None:
        with pytest.raises(Unavailable) as failed:
            ask(peer, subject_attribute="objectGUID")
        assert failed.value.reason == "answer"

    def test_that_does_not_speak_tls_is_not_told_a_password(self, peer: int) -> None:
        with pytest.raises(Unavailable):
            ask(peer, starttls=True)


class TestDeadline:
    def test_ends_a_directory_that_hangs(self) -> None:
        with peers.hanging() as port, pytest.raises(Unavailable) as failed:
            ask(port, seconds=0.2)
        assert failed.value.reason == "deadline"

    def test_says_that_nobody_is_there(self) -> None:
        with pytest.raises(Unavailable) as failed:
            ask(peers.free_port())
        assert failed.value.reason == "connect"

    def test_ends_with_what_is_no_directory(self) -> None:
        with peers.talking(peers.saying(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port, pytest.raises(Unavailable):
            ask(port, seconds=1)


class TestObjectGUID:
    def test_is_written_as_active_directory_writes_it(self) -> None:
        octets = bytes.fromhex("33221100554477668899aabbccddeeff")
        assert own._value("objectGUID", {"objectguid": [octets]}) == "00112233-4455-6677-8899-aabbccddeeff"


class TestSettings:
    @pytest.mark.parametrize(
        ("given", "problem"),
        [
            ({"url": "https://example.org"}, ("url", "address")),
            ({"url": "ldap://example.org", "starttls": False}, ("starttls", "plain")),
            ({"filter": "(uid=x)"}, ("filter", "template")),
            ({"filter": "(uid={name.__class__})"}, ("filter", "template")),
            ({"account": "cn=x"}, ("account_password", "missing")),
        ],
    )
    def test_are_refused_where_they_would_not_be_safe(self, given: dict[str, object], problem: tuple[str, str]) -> None:
        with pytest.raises(BadSource) as bad:
            source(1, **given)
        assert problem in bad.value.problems


class TestExtra:
    def test_is_named_where_it_is_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(__import__("sys").modules, "ldap", None)
        with pytest.raises(ExtraMissing) as missing:
            ask(1)
        assert missing.value.detail == "ldap"
