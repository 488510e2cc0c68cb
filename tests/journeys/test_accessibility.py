"""Every page by axe, on a desk and on a phone, in three languages and both schemes; nothing sticks out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from .conftest import PASSWORD, Served  # type: ignore[import-not-found]

pytestmark = pytest.mark.browser

READER_PAGES = (
    "/",
    "/search?q=",
    "/search?q=gardens&language=eng&year=1990s",
    "/search?q=nothing-of-this-kind",
    "/search?q=gardems",
    "/search?q=%22%21%3F",
    "/bib/1",
    "/bib/1?view=marc",
    "/bib/1/history",
    "/login",
    "/login?q=D",
    "/login/D01",
    "/login/centre",
    "/api/v1/",
    "/nowhere",
)
STAFF_PAGES = (
    "/staff/",
    "/staff/loads",
    "/staff/loads/new",
    "/staff/loads/profiles",
    "/staff/loads/profiles/new",
    "/staff/loads/1",
    "/staff/loads/1/problems",
    "/staff/loads/1/records/new",
    "/staff/reviews",
    "/bib/1?view=marc",
    "/staff/bib/1/merges",
    "/staff/bib/1/merge?with=2",
    "/staff/bib/1/merge?with=x",
)
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def window(browser: Browser, served: Served) -> Callable[..., Page]:
    opened = []

    def make(language: str, size: dict[str, int], scheme: str) -> Page:
        context = browser.new_context(
            base_url=served.address, locale=language, viewport=size, color_scheme=scheme, has_touch=size is PHONE
        )
        opened.append(context)
        page = context.new_page()
        page.goto("/library?code=D01&next=/")
        return page

    yield make
    for context in opened:
        context.close()


def faults(page: Page, addresses: tuple[str, ...]) -> list[str]:
    found = []
    for address in addresses:
        page.goto(address)
        found += [
            f"{address}: {rule['id']} {rule['nodes'][0]['html'][:90]}"
            for rule in Axe().run(page).response["violations"]
        ]
        sticking_out = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if sticking_out > 0:
            found.append(f"{address}: {sticking_out} px stick out")
    return found


CASES = [("zh-CN", DESK, "light"), ("zh-TW", PHONE, "dark"), ("en-GB", PHONE, "light"), ("en-GB", DESK, "dark")]


class TestPages:
    @pytest.mark.parametrize(("language", "size", "scheme"), CASES)
    def test_of_readers_have_no_barriers(self, window, language: str, size: dict[str, int], scheme: str) -> None:
        assert faults(window(language, size, scheme), READER_PAGES) == []

    @pytest.mark.parametrize(("language", "size", "scheme"), CASES)
    def test_of_staff_have_no_barriers(self, window, language: str, size: dict[str, int], scheme: str) -> None:
        page = window(language, size, scheme)
        page.goto("/login/D01")
        page.fill("#username", "cataloguer@d01")
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/staff/")
        assert faults(page, STAFF_PAGES) == []

    def test_can_be_reached_by_keyboard_past_the_head(self, page: Page) -> None:
        page.goto("/search?q=gardens")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"


class TestWeight:
    def test_of_the_first_page_is_small(self, browser: Browser, served: Served) -> None:
        page = browser.new_page(base_url=served.address)
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        received: list[int] = []
        session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
        page.goto("/", wait_until="networkidle")
        assert len(received) >= 5
        assert sum(received) < 200_000
        page.close()
