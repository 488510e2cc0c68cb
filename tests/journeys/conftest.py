"""A real installation that serves, and a real browser that walks through it.

The installation has three libraries, books of theirs, and a cataloguer; it is made once for the run.
"""

from __future__ import annotations

import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from factories.files import book, chinese_book, marc_file
from faults import trial

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PASSWORD = "the-journey-0815"
LIBRARIES = (
    ("D01", "示范大学图书馆", "Demo University Library", "320000=江苏省", "320100=南京市"),
    ("D02", "示范学院图书馆", "Demo College Library", "320000=江苏省", "320500=苏州市"),
    ("D03", "示范公共图书馆", "Demo Public Library", "610000=陕西省", "610100=西安市"),
)
SHARED = "9787020002207"


class Served(NamedTuple):
    """Where the installation answers."""

    address: str
    folder: Path
    mails: Path


def _files() -> dict[str, list[tuple[str, bytes]]]:
    novel = chinese_book("c1", "红楼梦", isbn=SHARED)
    return {
        "D01": [
            ("d01-chinese.mrc", marc_file(novel, chinese_book("c2", "史记", author="司马迁")).getvalue()),
            ("d01-western.mrc", marc_file(*(book(f"w{n}", f"Essays {n} on gardens") for n in range(45))).getvalue()),
        ],
        "D02": [("d02.mrc", marc_file(book("x1", "The waves", extent="324 p.")).getvalue())],
        "D03": [
            ("d03-chinese.mrc", marc_file(chinese_book("y1", "红楼梦", isbn=SHARED)).getvalue()),
            ("d03.mrc", marc_file(book("y2", "Orlando", extent="299 p."), book("y3", "Flush")).getvalue()),
        ],
    }


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Set an installation up, load it and serve it."""
    folder = trial.scratch("journeys")
    settings = {"TONGWEN_SECOND_FACTOR": "off", "TONGWEN_OUTBOUND_LOOPBACK": "1"}
    installation = trial.Trial(folder / "home", TONGWEN_WEB_PROCESSES="1", **settings)
    installation.succeed("setup")
    for code, name, english, province, city in LIBRARIES:
        names = ("--name", name, "--name-en", english)
        installation.succeed("libraries", "add", code, *names, "--province", province, "--city", city)
    person = ("cataloguer@d01", "--name", "示范编目员", "--library", "D01", "--password", PASSWORD)
    installation.succeed("people", "add", *person)
    installation.succeed("people", "add", "nation", "--name", "示范全国管理员", "--password", PASSWORD)
    files = tmp_path_factory.mktemp("files")
    for code, contents in _files().items():
        for name, content in contents:
            (files / name).write_bytes(content)
            installation.succeed("load", str(files / name), "--library", code)
    port = trial.free_port()
    installation.start("serve", "--port", str(port))
    address = f"http://127.0.0.1:{port}"
    trial.wait_for(lambda: _answers(address), 90, every=0.2)
    yield Served(address, files, folder / "home" / "mail")
    installation.started[-1].terminate()
    installation.started[-1].wait(30)
    installation.remove()
    shutil.rmtree(folder, ignore_errors=True)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:  # noqa: S310  Our own server.
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not on this machine")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """A fresh browser window of a reader who prefers simplified Chinese; a broken script fails the test."""
    context = browser.new_context(base_url=served.address, locale="zh-CN", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    window = context.new_page()
    complaints: list[str] = []
    window.on("pageerror", lambda error: complaints.append(str(error)))
    window.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    yield window
    context.close()
    assert complaints == []


@pytest.fixture
def desk(page: Page) -> Page:
    """The same window with the cataloguer logged in."""
    page.goto("/login/D01")
    page.fill("#username", "cataloguer@d01")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/staff/")
    return page
