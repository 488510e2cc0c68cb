from __future__ import annotations

import base64
import gc
import shutil
import warnings
import zlib
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from lxml import etree

from factories import peers
from tongwen.core.outbound import Deadline
from tongwen.domain.identity.rules import source_settings
from tongwen.domain.identity.services.sources.port import Configuration
from tongwen.domain.identity.services.sources.saml import SAMLSource, entities
from tongwen.domain.identity.types import ExtraMissing, SourceKind, Unavailable

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
pytest.importorskip("saml2", reason="pysaml2 is not installed (make extras)")
if shutil.which("xmlsec1") is None:
    pytest.skip("xmlsec1 is not installed (apt install xmlsec1)", allow_module_level=True)

CALLBACK = "https://portal.example.org/login/return/3"
ASSERTION = "{urn:oasis:names:tc:SAML:2.0:assertion}"


def soon() -> Deadline:
    return Deadline.after(10)


@pytest.fixture(autouse=True)
def _files_of_pysaml2() -> Iterator[None]:
    """Collect the temporary files that pysaml2 leaves to the garbage collector, before another test is blamed."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(scope="session")
def metadata(provider: str) -> str:
    return requests.get(f"{provider}/saml/metadata", timeout=5).text


def source(metadata: str, **settings) -> SAMLSource:
    given = {"metadata": metadata, **settings}
    return SAMLSource(Configuration(source_settings.checked(SourceKind.SAML, given, {})))


@pytest.fixture
def begun(metadata: str):
    return source(metadata).begin(CALLBACK, "state-1", soon())


@pytest.fixture
def back(begun) -> dict[str, str]:
    return peers.through_the_page(begun.url)


def complete(metadata: str, back: dict[str, str], kept: dict[str, str], **settings):
    return source(metadata, **settings).complete(CALLBACK, back, kept, soon())


def changed(back: dict[str, str], change) -> dict[str, str]:
    root = etree.fromstring(base64.b64decode(back["SAMLResponse"]))
    change(root)
    return {**back, "SAMLResponse": base64.b64encode(etree.tostring(root)).decode()}


def rename(root) -> None:
    for value in root.iter(f"{ASSERTION}AttributeValue"):
        value.text = "somebody.else@example.org"


def unsign(root) -> None:
    for signature in list(root.iter("{http://www.w3.org/2000/09/xmldsig#}Signature")):
        signature.getparent().remove(signature)


def wrap(root) -> None:
    """Put an assertion of one's own before the signed one."""
    signed = root.find(f"{ASSERTION}Assertion")
    copy = etree.fromstring(etree.tostring(signed))
    unsign(copy)
    rename(copy)
    copy.set("ID", "_forged")
    root.insert(list(root).index(signed), copy)


class TestProvider:
    def test_brings_a_person_back(self, metadata: str, begun, back) -> None:
        assert back["RelayState"] == "state-1"
        said = complete(metadata, back, begun.kept)
        assert (said.subject, said.display_name, said.email) == ("r001@example.org", "示范读者", "r001@example.org")

    def test_is_asked_to_answer_at_our_address_only(self, begun) -> None:
        packed = parse_qs(urlsplit(begun.url).query)["SAMLRequest"][0]
        asked = etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))
        assert asked.get("AssertionConsumerServiceURL") == CALLBACK
        assert asked.get("ID") == begun.kept["request"]


def not_believed(metadata: str, back: dict[str, str], kept: dict[str, str], **settings) -> None:
    with pytest.raises(Unavailable) as failed:
        complete(metadata, back, kept, **settings)
    assert failed.value.reason == "answer"


class TestResponse:
    @pytest.mark.parametrize("change", [rename, unsign, wrap])
    def test_that_was_changed_is_not_believed(self, metadata: str, begun, back, change) -> None:
        not_believed(metadata, changed(back, change), begun.kept)

    def test_to_another_request_is_not_believed(self, metadata: str, back) -> None:
        other = source(metadata).begin(CALLBACK, "state-2", soon())
        not_believed(metadata, back, other.kept)

    def test_of_another_provider_is_not_believed(self, metadata: str, begun, back) -> None:
        other = metadata.replace('/saml"', '/other"', 1)
        assert other != metadata
        not_believed(other, back, begun.kept)

    def test_signed_by_somebody_else_is_not_believed(self, metadata: str, begun, back) -> None:
        with peers.identity_provider() as elsewhere:
            foreign = etree.fromstring(requests.get(f"{elsewhere}/saml/metadata", timeout=5).content)
        key = "{http://www.w3.org/2000/09/xmldsig#}X509Certificate"
        ours = etree.fromstring(metadata.encode())
        ours.find(f".//{key}").text = foreign.find(f".//{key}").text
        not_believed(etree.tostring(ours).decode(), back, begun.kept)

    @pytest.mark.parametrize("content", ["", "x", "bm90aGluZw==", base64.b64encode(b"<a/>").decode()])
    def test_that_is_none_is_not_believed(self, metadata: str, begun, content: str) -> None:
        not_believed(metadata, {"SAMLResponse": content}, begun.kept)

    def test_for_another_address_is_not_believed(self, metadata: str, begun, back) -> None:
        with pytest.raises(Unavailable):
            source(metadata).complete(f"{CALLBACK}4", back, begun.kept, soon())

    @pytest.mark.parametrize("subject", ["pairwise-id", "persistent"])
    def test_without_the_identifier_lets_nobody_in(self, metadata: str, begun, back, subject: str) -> None:
        not_believed(metadata, back, begun.kept, subject=subject)


class TestMetadata:
    def test_of_ours_names_our_address(self, metadata: str) -> None:
        text = source(metadata).metadata(CALLBACK)
        assert f"{CALLBACK}/metadata".encode() in text
        assert b"AssertionConsumerService" in text

    @pytest.mark.parametrize("text", ["", "no xml", "<a/>", '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'])
    def test_that_describes_no_provider_is_refused(self, text: str) -> None:
        with pytest.raises(Unavailable):
            entities(text)

    def test_of_a_federation_needs_the_name_of_ones_own(self, metadata: str) -> None:
        body = metadata.partition("?>")[2]
        second = body.replace('/saml"', '/second"', 1)
        names = 'xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"'
        federation = f"<md:EntitiesDescriptor {names}>{body}{second}</md:EntitiesDescriptor>"
        known = entities(federation)
        assert len(known) == 2
        with pytest.raises(Unavailable):
            source(federation).begin(CALLBACK, "s", soon())
        assert source(federation, entity=known[0]).begin(CALLBACK, "s", soon()).url


class TestExtra:
    def test_is_named_where_it_is_missing(self, metadata: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(__import__("sys").modules, "saml2", None)
        with pytest.raises(ExtraMissing) as missing:
            source(metadata).begin(CALLBACK, "s", soon())
        assert missing.value.detail == "saml"
