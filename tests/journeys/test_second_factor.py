"""Passkeys and authenticator apps in a real browser, with chromium's virtual authenticator."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_otp.oath import TOTP
from playwright.sync_api import Browser, Page, expect

from .conftest import PASSWORD, Served  # type: ignore[import-not-found]

pytestmark = pytest.mark.browser


@pytest.fixture
def windows(browser: Browser, served: Served) -> Iterator[Callable[..., Page]]:
    """Windows with a virtual authenticator each; passkeys need a name, so the portal is localhost here."""
    opened = []

    def open_one() -> Page:
        address = served.address.replace("127.0.0.1", "localhost")
        context = browser.new_context(base_url=address, locale="en-GB", viewport={"width": 390, "height": 844})
        opened.append(context)
        return context.new_page()

    yield open_one
    for context in opened:
        context.close()


def authenticator(page: Page) -> tuple[Any, str]:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return devtools, devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def log_in(page: Page) -> None:
    page.goto("/login/D01?source=local")
    page.fill("#username", "cataloguer@d01")
    page.fill("#password", PASSWORD)
    page.click("main form:not([data-passkey]) button[type=submit]")


def barriers(page: Page) -> list[str]:
    found = [f"{rule['id']} {rule['nodes'][0]['html'][:90]}" for rule in Axe().run(page).response["violations"]]
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, f"{beyond} px stick out"] if beyond > 0 else found


def number(secret: str) -> str:
    clock = TOTP(base64.b32decode(secret))
    clock.time = time.time()
    return f"{clock.token():06d}"


def remove_all(page: Page) -> None:
    page.goto("/me/security")
    while page.get_by_role("button", name="Remove: ").count():
        page.get_by_role("button", name="Remove: ").first.click()
        expect(page.locator(".say").first).to_contain_text("removed")


class TestPasskey:
    def test_is_made_then_opens_the_account_alone(self, windows: Callable[..., Page]) -> None:
        page = windows()
        devtools, device = authenticator(page)
        log_in(page)
        page.wait_for_url("**/staff/**")
        page.goto("/me/security/passkey")
        assert barriers(page) == []
        page.fill("#name", "library notebook")
        page.get_by_role("button", name="Make a passkey").click()
        page.wait_for_url("**/me/security/codes")
        expect(page.locator("#codes")).to_contain_text("-")
        assert barriers(page) == []
        page.get_by_role("link", name="I have kept them").click()
        expect(page.locator("[name=name]").first).to_have_value("library notebook")
        assert barriers(page) == []
        page.request.post("/logout")
        page.context.clear_cookies()
        page.goto("/login")
        page.get_by_role("button", name="Log in with a passkey").click()
        page.wait_for_url("**/staff/**")
        page.goto("/me/security")
        expect(page.locator("#sessions ~ .scroll")).to_contain_text("Passkey")
        assert len(devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1
        remove_all(page)


class TestAuthenticatorApp:
    def test_is_set_up_by_the_secret_and_asked_for_at_the_next_log_in(self, windows: Callable[..., Page]) -> None:
        page = windows()
        log_in(page)
        page.wait_for_url("**/staff/**")
        page.goto("/me/security/app")
        picture = page.locator("main img")
        assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
        page.locator("summary", has_text="Type the secret").click()
        secret = page.locator("#secret").inner_text()
        assert barriers(page) == []
        page.fill("#code", "000000")
        page.get_by_role("button", name="Take the app into use").click()
        expect(page.locator("#errors")).to_contain_text("not the number")
        assert page.locator("#secret").text_content() == secret
        page.fill("#code", number(secret))
        page.get_by_role("button", name="Take the app into use").click()
        code = page.locator("#codes").inner_text().split()[0]
        second = windows()
        log_in(second)
        expect(second.locator("h1")).to_have_text("Second step")
        assert barriers(second) == []
        second.fill("#code", code)
        second.get_by_role("button", name="Go on").click()
        second.wait_for_url("**/staff/**")
        remove_all(second)
