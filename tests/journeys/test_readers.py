"""What readers do."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Served  # type: ignore[import-not-found]

pytestmark = pytest.mark.browser


def choose_library(page: Page, name: str) -> None:
    page.locator("details.menu").first.locator("summary").click()
    page.get_by_role("link", name=name).click()


class TestFindingABookInMyLibraryByPinyin:
    def test_leads_from_the_box_to_the_call_number(self, page: Page) -> None:
        page.goto("/")
        choose_library(page, "示范大学图书馆")
        page.get_by_role("searchbox").fill("hongloumeng")
        page.keyboard.press("Enter")
        page.get_by_role("link", name=re.compile("^本馆")).click()
        hit = page.locator(".card-row").first
        expect(hit).to_contain_text("红楼梦")
        expect(hit).to_contain_text("本馆有藏")
        hit.get_by_role("link").click()
        expect(page.locator(".held .mine")).to_contain_text("I242.4")
        expect(page.locator("h1")).to_have_text("红楼梦")


class TestMistyping:
    def test_is_put_right_by_one_click(self, page: Page) -> None:
        page.goto("/")
        page.get_by_role("searchbox").fill("红楼孟")
        page.keyboard.press("Enter")
        expect(page.locator(".empty")).to_contain_text("没有找到")
        offer = page.locator(".correction")
        expect(offer).to_contain_text("您要找的是不是")
        offer.get_by_role("link", name="红楼梦").click()
        expect(page.get_by_role("searchbox")).to_have_value("红楼梦")
        expect(page.locator(".card-row").first).to_contain_text("红楼梦")
        expect(page.locator(".correction")).to_have_count(0)


class TestWideningToTheProvince:
    def test_finds_what_the_own_library_lacks(self, page: Page) -> None:
        page.goto("/library?code=D01&next=/")
        page.get_by_role("searchbox").fill("waves")
        page.keyboard.press("Enter")
        page.get_by_role("link", name=re.compile("^本馆")).click()
        expect(page.locator(".empty")).to_contain_text("没有找到")
        page.locator(".empty").get_by_role("link", name=re.compile("本省")).click()
        expect(page.locator(".card-row")).to_have_count(1)
        expect(page.locator(".standing")).to_contain_text("本省 1 馆有藏")
        expect(page).to_have_url(re.compile("tier=province"))

    def test_goes_back_to_where_one_was(self, page: Page) -> None:
        page.goto("/library?code=D01&next=/search?q=gardens")
        page.get_by_role("link", name=re.compile("^全国")).click()
        page.get_by_role("link", name="下一页").click()
        expect(page.locator(".pager [aria-current]")).to_have_text("2")
        page.go_back()
        expect(page.locator(".pager [aria-current]")).to_have_text("1")
        expect(page.locator(".card-row")).to_have_count(20)


class TestNarrowing:
    def test_is_a_link_that_another_browser_opens(self, page: Page, browser: Browser, served: Served) -> None:
        page.goto("/search?q=")
        page.locator(".facets").get_by_role("link", name=re.compile("中文")).click()
        expect(page.locator(".chip").first).to_contain_text("中文")
        count = page.locator(".bar [role=status]").inner_text().split(" 条")[0]
        address = page.url
        other = browser.new_page(base_url=served.address, locale="zh-CN", java_script_enabled=False)
        other.goto(address)
        assert other.locator(".bar [role=status]").inner_text().split(" 条")[0] == count
        other.close()

    def test_works_in_the_drawer_of_a_phone(self, page: Page) -> None:
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto("/search?q=")
        expect(page.locator("#facets")).not_to_be_visible()
        page.locator("[data-drawer]").click()
        expect(page.locator("#facets")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#facets")).not_to_be_visible()

    def test_shows_a_refusal_as_a_page(self, page: Page) -> None:
        page.goto("/search?q=gardens")
        page.locator(".bar input[name=q]").evaluate("""box => { box.value = '"!?'; }""")
        page.select_option("#sort", "title")
        expect(page.locator(".empty")).to_contain_text("无法检索")

    def test_sorts_at_once(self, page: Page) -> None:
        page.goto("/search?q=")
        page.select_option("#sort", "title")
        expect(page).to_have_url(re.compile("sort=title"))


class TestWithoutScripts:
    def test_searching_sorting_and_paging_work(self, browser: Browser, served: Served) -> None:
        page = browser.new_page(base_url=served.address, locale="en-GB", java_script_enabled=False)
        page.goto("/")
        page.fill("#q", "gardens")
        page.get_by_role("button", name="Search").click()
        page.select_option("#sort", "title")
        page.get_by_role("button", name="Sort").click()
        page.get_by_role("link", name="Next").click()
        assert "sort=title" in page.url
        assert "page=2" in page.url
        expect(page.locator(".card-row")).to_have_count(20)
        page.close()


class TestLanguages:
    def test_switch_in_place_and_stay(self, page: Page) -> None:
        page.goto("/search?q=gardens&page=2")
        page.locator("details.menu").nth(1).locator("summary").click()
        page.get_by_role("link", name="繁體中文").click()
        expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
        expect(page).to_have_url(re.compile("page=2"))
        page.goto("/")
        expect(page.get_by_role("button", name="檢索")).to_be_visible()


class TestCiting:
    def test_copies_the_citation(self, page: Page) -> None:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto("/search?q=红楼梦")
        page.locator(".card-row a").first.click()
        page.get_by_role("button", name="复制").first.click()
        expect(page.get_by_role("button", name="已复制")).to_be_visible()
        assert "红楼梦[M]" in page.evaluate("navigator.clipboard.readText()")
