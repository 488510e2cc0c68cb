"""A library becomes a member: it applies, is asked back, answers, is approved, and its portal answers at once."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import PASSWORD, Served  # type: ignore[import-not-found]

pytestmark = pytest.mark.browser


def fits(page: Page) -> None:
    """The page has no sideways scroll."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, page.url


def log_in(page: Page, username: str) -> None:
    """Log in at the page of the centres."""
    page.goto("/login/centre?next=/staff/applications")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/staff/applications")


@pytest.fixture
def phone(browser: Browser, served: Served) -> Page:
    """An applicant's telephone."""
    context = browser.new_context(base_url=served.address, locale="zh-CN", viewport={"width": 390, "height": 844})
    return context.new_page()


class TestApplication:
    def test_leads_from_the_form_to_a_working_portal(self, phone: Page, page: Page, served: Served) -> None:
        phone.goto("/apply")
        fits(phone)
        phone.fill("#name_zh", "示范旅程学院图书馆")
        phone.select_option("#city", "320100")
        phone.fill("#contact_name", "示范甲")
        phone.click("main button[type=submit]")
        expect(phone.locator("#errors a").first).to_have_attribute("href", "#contact_mail")
        fits(phone)
        phone.fill("#contact_mail", "library@journey.example")
        phone.click("main button[type=submit]")
        expect(phone.locator("main")).to_contain_text("您的申请已收到")
        fits(phone)
        secret_page = phone.url

        log_in(page, "nation")
        page.get_by_role("link", name="M-").first.click()
        page.fill("#question", "贵馆用什么系统？")
        page.get_by_role("button", name="发送询问").click()
        expect(page.locator(".state").first).to_have_text("待答复")

        phone.goto(secret_page)
        expect(phone.locator("main")).to_contain_text("贵馆用什么系统？")
        phone.fill("#text", "自己的系统。")
        phone.get_by_role("button", name="发送答复").click()
        expect(phone.locator("main")).to_contain_text("申请馆答复")

        page.reload()
        expect(page.locator("main")).to_contain_text("自己的系统。")
        page.fill("#code", "J01")
        page.fill("#host_name", "journey.localhost.example")
        started = time.monotonic()
        page.get_by_role("button", name="批准并邀请").click()
        expect(page.locator("main")).to_contain_text("已成为成员馆")
        found = page.request.get(served.address, headers={"Host": "journey.localhost.example"})
        assert found.status == 200
        assert "示范旅程学院图书馆" in found.text()
        assert time.monotonic() - started < 60
        refused = page.request.get(served.address, headers={"Host": "somebody.else.example"})
        assert refused.status == 400
        phone.goto(secret_page)
        expect(phone.locator("main")).to_contain_text("欢迎")


class TestPagesOfAdministrators:
    @pytest.mark.parametrize(
        "path", ["members", "members/new", "members/import", "domains", "domains/new", "applications"]
    )
    def test_fit_a_telephone_in_three_languages(self, browser: Browser, served: Served, path: str) -> None:
        context = browser.new_context(base_url=served.address, viewport={"width": 390, "height": 844})
        page = context.new_page()
        log_in(page, "nation")
        for language in ("zh-hans", "zh-hant", "en"):
            page.goto(f"/staff/{path}?lang={language}")
            expect(page.locator("h1").first).to_be_visible()
            fits(page)
        context.close()
