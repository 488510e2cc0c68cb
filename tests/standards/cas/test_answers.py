from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongwen.standards import cas

THREE = cas.Version.THREE
XML = '<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">{}</cas:serviceResponse>'
YES = XML.format("<cas:authenticationSuccess>{}</cas:authenticationSuccess>")

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"), exclude_characters="\ufffe\uffff"),
    min_size=1,
)
names = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,20}", fullmatch=True)


def read(content: str, version: cas.Version = THREE) -> cas.Success | cas.Failure:
    return cas.parse(content.encode(), version)


class TestAnswer:
    @given(words, st.dictionaries(names, st.lists(words, min_size=1, max_size=3).map(tuple), max_size=4))
    def test_comes_back_as_it_was_written(self, user: str, attributes: dict[str, tuple[str, ...]]) -> None:
        answer = cas.Success(user, attributes)
        assert read(cas.render(answer, THREE)) == answer

    @pytest.mark.parametrize("version", list(cas.Version))
    def test_says_no_in_every_version(self, version: cas.Version) -> None:
        said = read(cas.render(cas.Failure(cas.FailureCode.INVALID_TICKET, "gone"), version), version)
        assert isinstance(said, cas.Failure)
        assert said.code == "INVALID_TICKET"

    @pytest.mark.parametrize("version", [cas.Version.ONE, cas.Version.TWO])
    def test_gives_no_attributes_before_version_3(self, version: cas.Version) -> None:
        assert read(cas.render(cas.Success("r1", {"mail": ("a",)}), version), version) == cas.Success("r1")

    @given(st.binary(max_size=200), st.sampled_from(list(cas.Version)))
    def test_of_any_bytes_is_read_or_refused_in_words(self, content: bytes, version: cas.Version) -> None:
        with contextlib.suppress(cas.Malformed):
            answer = cas.parse(content, version)
            assert version is cas.Version.ONE or isinstance(answer, cas.Failure)

    def test_is_refused_with_proxies(self) -> None:
        with pytest.raises(cas.ProxyRefused):
            read(YES.format("<cas:user>r1</cas:user><cas:proxies><cas:proxy>https://x</cas:proxy></cas:proxies>"))

    @pytest.mark.parametrize(
        "content",
        [
            "",
            "<html>login</html>",
            XML.format(""),
            YES.format(""),
            YES.format("<cas:user> </cas:user>"),
            YES.format("<cas:user>a</cas:user><cas:user>b</cas:user>"),
            YES.format("<cas:user>a<b>c</b></cas:user>"),
            XML.format("<cas:authenticationSuccess><cas:user>a</cas:user></cas:authenticationSuccess>" * 2),
            "<serviceResponse><authenticationSuccess><user>a</user></authenticationSuccess></serviceResponse>",
            '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + YES.format("<cas:user>a&e;</cas:user>"),
        ],
    )
    def test_is_refused_where_it_is_not_clear(self, content: str) -> None:
        with pytest.raises(cas.Malformed):
            read(content)

    def test_is_not_cut_by_a_comment(self) -> None:
        assert read(YES.format("<cas:user>admin<!-- -->istrative</cas:user>")) == cas.Success("administrative")

    def test_is_read_with_attributes_of_the_older_form(self) -> None:
        said = read(
            YES.format('<cas:user>a</cas:user><cas:attributes><cas:attribute name="mail" value="m"/></cas:attributes>')
        )
        assert said == cas.Success("a", {"mail": ("m",)})

    def test_is_written_as_json_too(self) -> None:
        said = json.loads(cas.render_json(cas.Success("读者", {"mail": ("m",)})))
        assert said == {"serviceResponse": {"authenticationSuccess": {"user": "读者", "attributes": {"mail": ["m"]}}}}


class TestTicket:
    @pytest.mark.parametrize("text", ["ST-1-abc", "ST-12-AbC-cas01.example.org", "ST-" + "a" * 200])
    def test_is_known_by_its_form(self, text: str) -> None:
        assert cas.is_ticket(text)

    @pytest.mark.parametrize("text", ["", "ST-", "PT-1", "ST-1 2", "ST-1&x=y", "ST-" + "a" * 400, "ST-1\n"])
    def test_is_not_taken_for_something_else(self, text: str) -> None:
        assert not cas.is_ticket(text)

    def test_is_added_to_the_address_of_the_service(self) -> None:
        address = cas.service_with_ticket("https://lib.example.org/in?a=1&ticket=ST-old", "ST-new")
        assert address == "https://lib.example.org/in?a=1&ticket=ST-new"


class TestAddress:
    def test_carries_the_service_whole(self) -> None:
        service = "https://lib.example.org/login/return/3?state=a&b=c"
        address = cas.validation_address("https://cas.example.org/cas/", service, "ST-1", THREE)
        assert address == (
            "https://cas.example.org/cas/p3/serviceValidate?service="
            "https%3A%2F%2Flib.example.org%2Flogin%2Freturn%2F3%3Fstate%3Da%26b%3Dc&ticket=ST-1"
        )
