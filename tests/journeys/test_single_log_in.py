"""The whole way: a library applies and is approved, its administrator connects its system, a reader uses it all."""

from __future__ import annotations

import email
import email.policy
import re
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from factories import peers
from faults import trial

from .conftest import PASSWORD, Served  # type: ignore[import-not-found]

pytestmark = pytest.mark.browser

ADMINISTRATOR = "head@single.example"


class Service(ThreadingHTTPServer):
    """A service that lets people log in by CAS: it keeps their tickets, and the log-outs it hears of."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.tickets: list[str] = []
        self.log_outs: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/app"


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        self.server.tickets += parse_qs(urlsplit(self.path).query).get("ticket", [])
        self._say(b"<!doctype html><title>service</title><h1>Welcome</h1>")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.log_outs += parse_qs(body).get("logoutRequest", [])
        self._say(b"")

    def _say(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def running_service() -> Iterator[Service]:
    service = Service()
    thread = threading.Thread(target=service.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.shutdown()
        service.server_close()


def window(browser: Browser, served: Served) -> Page:
    """Somebody's own browser, in simplified Chinese."""
    context = browser.new_context(base_url=served.address, locale="zh-CN", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    return context.new_page()


def log_in(page: Page, address: str, username: str, password: str) -> None:
    page.goto(address)
    page.fill("#username", username)
    page.fill("#password", password)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/login" not in url)


def invitation(served: Served) -> str:
    """Return the path of the link in the mail to the administrator."""

    def found() -> str:
        for file in served.mails.glob("*.eml"):
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            body = mail.get_body(("plain",))
            link = re.search(r"https?://[^/\s]+(/invitation/\S+)", body.get_content() if body else "")
            if ADMINISTRATOR in mail["To"] and link:
                return link[1]
        return ""

    trial.wait_for(lambda: bool(found()), 30, every=0.2)
    return found()


def become_a_member(applicant: Page, nation: Page) -> None:
    applicant.goto("/apply")
    applicant.fill("#name_zh", "示范单点学院图书馆")
    applicant.select_option("#city", "320100")
    applicant.fill("#contact_name", "示范乙")
    applicant.fill("#contact_mail", ADMINISTRATOR)
    applicant.click("main button[type=submit]")
    expect(applicant.locator("main")).to_contain_text("您的申请已收到")
    log_in(nation, "/login/centre?next=/staff/applications", "nation", PASSWORD)
    nation.get_by_role("row").filter(has_text="示范单点学院图书馆").get_by_role("link").first.click()
    nation.fill("#code", "S01")
    nation.get_by_role("button", name="批准并邀请").click()
    expect(nation.locator("main")).to_contain_text("已成为成员馆")


def accept(administrator: Page, path: str) -> None:
    administrator.goto(path)
    administrator.fill("#username", "head@s01")
    for field in administrator.locator("main input[type=password]").all():
        field.fill(PASSWORD)
    administrator.get_by_role("button", name="接受邀请").click()
    administrator.wait_for_url(lambda url: "/invitation/" not in url)


def connect(administrator: Page, kit: str) -> None:
    """Connect the library's system, and a service of the library."""
    administrator.goto("/staff/sources/new/kit")
    for field, value in (("name_zh", "图书馆系统"), ("name_zh_hant", "圖書館系統"), ("name_en", "Library system")):
        administrator.fill(f"#{field}", value)
    administrator.fill("#url", kit)
    administrator.fill("#secret", peers.SECRET)
    administrator.get_by_role("button", name="保存身份源").click()
    administrator.wait_for_url(lambda url: "/new/" not in url)
    administrator.goto("/staff/sources")
    administrator.get_by_role("row").filter(has_text="图书馆系统").get_by_role("button", name="开启").click()
    expect(administrator.get_by_role("row").filter(has_text="图书馆系统")).to_contain_text("关闭")


def register(administrator: Page, service: Service) -> None:
    administrator.goto("/staff/clients/new?kind=cas")
    for field, value in (("name_zh", "示范服务"), ("name_zh_hant", "示範服務"), ("name_en", "Demo service")):
        administrator.fill(f"#{field}", value)
    administrator.fill("#services", service.address)
    administrator.check("#is_trusted-1")
    administrator.get_by_role("button", name="注册").click()
    expect(administrator.locator("main")).to_contain_text("示范服务")


class TestSingleLogIn:
    def test_leads_from_the_application_to_one_log_out_for_all(self, browser: Browser, served: Served) -> None:
        administrator, reader = window(browser, served), window(browser, served)
        become_a_member(window(browser, served), window(browser, served))
        accept(administrator, invitation(served))
        log_in(administrator, "/login/S01", "head@s01", PASSWORD)
        with peers.kit_server() as kit, running_service() as service:
            connect(administrator, kit)
            register(administrator, service)

            log_in(reader, "/login/S01", "R001", peers.RIGHT)
            to_service = f"/cas/login?service={quote(service.address, safe='')}"
            reader.goto(to_service)
            expect(reader.locator("h1")).to_have_text("Welcome")
            asked = f"service={quote(service.address, safe='')}&ticket={service.tickets[0]}"
            with urllib.request.urlopen(f"{served.address}/cas/p3/serviceValidate?{asked}") as answer:  # noqa: S310
                told = answer.read().decode()
            assert "authenticationSuccess" in told
            assert "R001" not in told

            reader.goto("/")
            reader.locator("summary").filter(has_text="示范读者").click()
            reader.get_by_role("button", name="退出").click()
            trial.wait_for(lambda: bool(service.log_outs), 30, every=0.2)
            assert service.tickets[0] in service.log_outs[0]
            reader.goto(to_service)
            expect(reader.locator("h1")).not_to_have_text("Welcome")
            assert "/login" in reader.url
