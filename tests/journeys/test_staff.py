"""What the staff of a library does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from factories.files import book, marc_file

pytestmark = pytest.mark.browser


def hand_in(desk: Page, path: Path, *, mode: str) -> None:
    desk.goto("/staff/loads/new")
    desk.set_input_files("#file", path)
    desk.check(f"#mode-{mode}")
    desk.click("main button[type=submit]")


def finished(desk: Page, word: str) -> None:
    expect(desk.locator("main .state").first).to_have_text(word, timeout=60_000)


class TestLoadingAFile:
    def test_previews_loads_and_makes_it_findable(self, desk: Page, tmp_path: Path) -> None:
        path = tmp_path / "neu.mrc"
        path.write_bytes(marc_file(*(book(f"z{n}", f"Lighthouse keeping {n}") for n in range(3))).getvalue())
        hand_in(desk, path, mode="preview")
        finished(desk, "预览完成")
        expect(desk.locator(".tally")).to_contain_text("3")
        desk.get_by_role("button", name="导入 3 条记录").click()
        finished(desk, "已导入")
        desk.get_by_role("link", name=re.compile("^新增")).first.click()
        expect(desk.locator("tbody tr")).to_have_count(3)
        for _ in range(20):
            desk.goto("/search?q=lighthouse")
            if desk.locator(".card-row").count() == 3:
                break
            desk.wait_for_timeout(500)
        expect(desk.locator(".card-row")).to_have_count(3)

    def test_takes_it_back(self, desk: Page, tmp_path: Path) -> None:
        path = tmp_path / "back.mrc"
        path.write_bytes(marc_file(book("q1", "Windmills of the north")).getvalue())
        hand_in(desk, path, mode="load")
        finished(desk, "已导入")
        desk.get_by_role("button", name="撤回导入").click()
        finished(desk, "已撤回")
        for _ in range(20):
            desk.goto("/search?q=windmills")
            if desk.locator(".empty").count():
                break
            desk.wait_for_timeout(500)
        expect(desk.locator(".empty")).to_contain_text("没有找到")

    def test_says_what_a_picture_is(self, desk: Page, tmp_path: Path) -> None:
        path = tmp_path / "picture.mrc"
        path.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(200))
        hand_in(desk, path, mode="load")
        finished(desk, "失败")
        expect(desk.locator("main [role=alert]")).to_contain_text("JPEG")


class TestReviewing:
    def test_decides_with_the_keys_and_undoes(self, desk: Page, tmp_path: Path) -> None:
        path = tmp_path / "pairs.mrc"
        pairs = (book("p1", "Orlando", extent="301 p."), book("p2", "The waves", extent="330 p."))
        path.write_bytes(marc_file(*pairs).getvalue())
        hand_in(desk, path, mode="load")
        finished(desk, "已导入")
        desk.goto("/staff/reviews")
        waiting = int(desk.locator(".count").inner_text())
        assert waiting >= 2
        desk.locator("tbody a").first.click()
        expect(desk.locator(".pair mark").first).to_be_visible()
        desk.keyboard.press("?")
        expect(desk.locator("dialog")).to_be_visible()
        desk.keyboard.press("Escape")
        desk.keyboard.press("d")
        expect(desk.locator(".say.good")).to_contain_text("不是同一文献")
        expect(desk.locator(".count")).to_have_text(str(waiting - 1))
        desk.keyboard.press("u")
        expect(desk.locator(".count")).to_have_text(str(waiting))
        desk.keyboard.press("s")
        expect(desk.locator(".say.good")).to_contain_text("已合并")
