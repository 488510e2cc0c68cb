# ruff: noqa: INP001  A script beside the documents, no package.
"""Take the screenshots of `docs/screenshots/` from the demonstration: each page at desk and phone width, in three
languages.

Starts `tongwen demo` on a free port, or uses a demonstration that runs already (`--address`). Needs Debian's chromium.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

DOCS = Path(__file__).resolve().parent
PROJECT = DOCS.parent
CHROMIUM = "/usr/bin/chromium"
LANGUAGES = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "en": "en-GB"}
"""The language of the interface, and what the browser says it prefers."""
QUESTION = "红楼梦"


class Width(NamedTuple):
    """A kind of screen."""

    name: str
    width: int
    height: int
    phone: bool


WIDTHS = (Width("desk", 1280, 900, phone=False), Width("phone", 390, 844, phone=True))


class Shown(NamedTuple):
    """What the pictures show, found out once: the same records, load and pair in every language."""

    address: str
    library: str
    login: str
    password: str
    pages: dict[str, str]
    """Paths by the picture's name; the staff's begin with /staff/."""


def main() -> None:
    """Take all pictures, or say in one line why that cannot be."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--address", help="a demonstration that runs, such as http://localhost:8080")
    options.add_argument("--home", type=Path, help="its folder; default: TONGWEN_HOME, else ./var")
    options.add_argument("--out", type=Path, default=DOCS / "screenshots")
    chosen = options.parse_args()
    home = chosen.home or Path(os.environ.get("TONGWEN_HOME") or PROJECT / "var")
    if not Path(CHROMIUM).exists():
        sys.exit(f"{CHROMIUM} is missing: apt install chromium fonts-noto-cjk")
    chosen.out.mkdir(parents=True, exist_ok=True)
    with _demonstration(chosen.address, home) as address, sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        password = json.loads((home / "demo.json").read_text(encoding="utf-8"))["password"]
        shown = _find(browser, address, password)
        for width in WIDTHS:
            for language in LANGUAGES:
                _take(browser, shown, width, language, chosen.out)
        browser.close()


@contextmanager
def _demonstration(address: str | None, home: Path) -> Iterator[str]:
    """Use the demonstration at the address, or run one for the block."""
    if address:
        yield address.rstrip("/")
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).parent / "tongwen"), "demo", "--port", str(port)]
    running = subprocess.Popen(command, env={**os.environ, "TONGWEN_HOME": str(home)}, cwd=PROJECT)
    try:
        _wait(f"http://127.0.0.1:{port}/healthz", running)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(60)


def _wait(address: str, running: subprocess.Popen[bytes], seconds: float = 900) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if running.poll() is not None:
            sys.exit("the demonstration did not start; its own message stands above")
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310  Our own address.
                return
        except OSError:
            time.sleep(0.5)
    sys.exit(f"{address} does not answer")


def _find(browser: Browser, address: str, password: str) -> Shown:
    """Find a library that has loads and reviews, a record that many hold, a load with something to report."""
    staff = tomllib.loads((PROJECT / "samples" / "libraries.toml").read_text(encoding="utf-8"))["people"]
    for person in (one for one in staff if "library" in one):
        shown = Shown(address, person["library"], person["login"], password, {})
        context = _context(browser, shown, WIDTHS[0], "en", signed_in=True)
        page = context.new_page()
        review = _first(page, f"{address}/staff/reviews", "/staff/reviews/")
        load = _first(page, f"{address}/staff/loads", "/staff/loads/", but="/staff/loads/new")
        record = _first(page, f"{address}/search?q={QUESTION}", "/bib/")
        context.close()
        if review and load and record:
            pages = {
                "home": "/",
                "results": f"/search?q={QUESTION}",
                "record": record,
                "loads": "/staff/loads",
                "report": load,
                "review": review,
            }
            return shown._replace(pages=pages)
    sys.exit("no demo library has a load, a review and a record to show: has the demonstration been set up whole?")


def _first(page: Page, address: str, beginning: str, but: str = "") -> str:
    """Return the path of the first link of a page that begins so, "" where there is none."""
    page.goto(address)
    paths = page.eval_on_selector_all("main a[href]", "links => links.map(link => new URL(link.href).pathname)")
    return next((path for path in paths if path.startswith(beginning) and path != but), "")


def _context(browser: Browser, shown: Shown, width: Width, language: str, *, signed_in: bool) -> BrowserContext:
    """Open a browser of this width and language, with the own library chosen."""
    context = browser.new_context(
        viewport={"width": width.width, "height": width.height},
        device_scale_factor=2 if width.phone else 1,
        is_mobile=width.phone,
        has_touch=width.phone,
        locale=LANGUAGES[language],
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{shown.address}/?lang={language.lower()}")
    page.goto(f"{shown.address}/?library={shown.library}")
    if signed_in:
        page.goto(f"{shown.address}/login/{shown.library}")
        page.fill("input[name=username]", shown.login)
        page.fill("input[name=password]", shown.password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/staff/**")
    page.close()
    return context


def _take(browser: Browser, shown: Shown, width: Width, language: str, out: Path) -> None:
    for signed_in in (False, True):
        context = _context(browser, shown, width, language, signed_in=signed_in)
        page = context.new_page()
        for name, path in shown.pages.items():
            if path.startswith("/staff/") is signed_in:
                page.goto(shown.address + path)
                page.wait_for_load_state("networkidle")
                target = out / f"{name}-{width.name}-{language}.png"
                page.screenshot(path=target, animations="disabled")
                sys.stdout.write(f"  {target.name}\n")
        context.close()


if __name__ == "__main__":
    main()
