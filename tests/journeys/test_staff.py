"""What the staff of a library does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from factories.files import book, marc_file

from .conftest import PASSWORD, Served  # type: ignore[import-not-found]

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

    def test_takes_away_what_the_file_says_is_deleted_and_brings_it_back(self, desk: Page, tmp_path: Path) -> None:
        kept, gone = book("k1", "Harbours of the south"), book("k2", "Harbours of the east")
        deletion = gone._replace(leader=gone.leader[:5] + "d" + gone.leader[6:])
        for name, records in (("month.mrc", (kept, gone)), ("changes.mrc", (deletion,))):
            (tmp_path / name).write_bytes(marc_file(*records).getvalue())
            hand_in(desk, tmp_path / name, mode="load")
            finished(desk, "已导入")
        desk.locator(".tally").get_by_role("link", name=re.compile("已删除")).click()
        expect(desk.locator("tbody tr")).to_have_count(1)
        expect(desk.locator("tbody")).to_contain_text("k2")
        desk.go_back()
        desk.get_by_role("button", name="撤回导入").click()
        finished(desk, "已撤回")
        for _ in range(20):
            desk.goto("/search?q=harbours")
            if desk.locator(".card-row").count() == 2:
                break
            desk.wait_for_timeout(500)
        expect(desk.locator(".card-row")).to_have_count(2)

    def test_says_what_a_picture_is(self, desk: Page, tmp_path: Path) -> None:
        path = tmp_path / "picture.mrc"
        path.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(200))
        hand_in(desk, path, mode="load")
        finished(desk, "失败")
        expect(desk.locator("main [role=alert]")).to_contain_text("JPEG")


class TestWithoutScripts:
    def test_the_page_of_a_load_comes_to_its_end_by_itself(
        self, browser: Browser, served: Served, tmp_path: Path
    ) -> None:
        path = tmp_path / "plain.mrc"
        path.write_bytes(marc_file(*(book(f"s{n}", f"Sundials {n}") for n in range(400))).getvalue())
        page = browser.new_page(base_url=served.address, locale="zh-CN", java_script_enabled=False)
        page.goto("/login/D01")
        page.fill("#username", "cataloguer@d01")
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        hand_in(page, path, mode="load")
        assert page.locator(".far").count() == 1
        finished(page, "已导入")
        expect(page.locator(".tally")).to_contain_text("400")
        page.close()


class TestReviewing:
    def test_has_the_whole_queue_on_a_phone_without_scrolling_sideways(self, desk: Page, tmp_path: Path) -> None:
        path = tmp_path / "queue.mrc"
        path.write_bytes(marc_file(book("p9", "Orlando", extent="305 p.")).getvalue())
        hand_in(desk, path, mode="load")
        finished(desk, "已导入")
        desk.set_viewport_size({"width": 390, "height": 844})
        desk.goto("/staff/reviews")
        assert desk.locator(".scroll").evaluate("box => box.scrollWidth - box.clientWidth") == 0
        places = (
            desk.locator("tbody tr")
            .first.locator("th, td")
            .evaluate_all(
                "cells => cells.map(cell => cell.getBoundingClientRect()).map(box => [box.left, box.top, box.right])"
            )
        )
        assert len({left for left, _top, _right in places}) == 1
        assert [top for _left, top, _right in places] == sorted({top for _left, top, _right in places})
        assert max(right for _left, _top, right in places) <= 390

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
        desk.get_by_role("link", name="合并结果").click()
        expect(desk.locator("table.marc").first).to_contain_text("245")
        desk.keyboard.press("s")
        expect(desk.locator(".say.good")).to_contain_text("已合并")


def number_of(desk: Page, title: str) -> int:
    """The number of the record with this title, by way of the search, once the index has it."""
    for _ in range(20):
        desk.goto(f"/search?q={title}&in=title")
        links = desk.locator(".card-row h2 a", has_text=title)
        if links.count():
            return int(str(links.first.get_attribute("href")).split("?")[0].rsplit("/", 1)[1])
        desk.wait_for_timeout(500)
    raise AssertionError(f"{title} is not found")


class TestMerging:
    @pytest.fixture
    def pair(self, desk: Page, tmp_path: Path) -> tuple[int, int]:
        """Two records of the cataloguer's library that she finds to be one book."""
        path = tmp_path / "pair.mrc"
        full = book("k1", "Jacob and his room", isbn="9780156457422", year="1922", more=("520    $aA young man.",))
        brief = book("k2", "The Flanders family", year="1923", more=("650  0 $aMothers.",))
        path.write_bytes(marc_file(full, brief).getvalue())
        hand_in(desk, path, mode="load")
        finished(desk, "已导入")
        return number_of(desk, "Jacob and his room"), number_of(desk, "The Flanders family")

    def test_shows_what_comes_out_does_it_and_takes_it_back(self, desk: Page, pair: tuple[int, int]) -> None:
        kept, merged = pair
        desk.goto(f"/bib/{kept}")
        desk.get_by_role("link", name="合并与拆分").click()
        desk.get_by_label("另一条记录的记录号").fill("x")
        desk.get_by_role("button", name="查看合并结果").click()
        expect(desk.locator("#errors")).to_contain_text("请只输入数字")
        desk.get_by_label("另一条记录的记录号").fill(str(merged))
        desk.get_by_role("button", name="查看合并结果").click()
        expect(desk.locator("tr.apart", has_text="Mothers.")).to_contain_text(f"记录 {merged}")
        desk.keyboard.press("m")
        expect(desk.locator(".say.good")).to_contain_text("两条记录已合并")
        desk.goto(f"/bib/{merged}")
        expect(desk).to_have_url(re.compile(f"/bib/{kept}$"))
        desk.go_back()
        expect(desk.locator(".panel")).to_contain_text("1 条馆藏归还该记录：示范大学图书馆")
        desk.get_by_role("button", name=f"拆分记录 {merged}").click()
        expect(desk.locator(".say.good")).to_contain_text(f"记录 {merged} 已恢复")
        desk.goto(f"/bib/{merged}")
        expect(desk.locator("h1")).to_contain_text("The Flanders family")

    def test_can_be_undone_at_once_by_a_key(self, desk: Page, pair: tuple[int, int]) -> None:
        desk.goto(f"/staff/bib/{pair[0]}/merge?with={pair[1]}")
        desk.keyboard.press("m")
        expect(desk.locator(".say.good")).to_contain_text("两条记录已合并")
        desk.keyboard.press("u")
        expect(desk.locator(".say.good")).to_contain_text("已拆分")

    def test_keeps_every_version_and_restores_one(self, desk: Page, pair: tuple[int, int]) -> None:
        desk.goto(f"/staff/bib/{pair[0]}/merge?with={pair[1]}")
        desk.keyboard.press("m")
        expect(desk.locator(".say.good")).to_contain_text("两条记录已合并")
        desk.goto(f"/bib/{pair[0]}")
        desk.get_by_role("link", name="修改历史").click()
        expect(desk.locator(".pair mark")).to_contain_text("Mothers.")
        before = desk.locator(".versions tbody tr").count()
        desk.get_by_role("button", name=re.compile("恢复为第")).click()
        expect(desk.locator(".say.good")).to_contain_text("已恢复为")
        expect(desk.locator(".versions tbody tr")).to_have_count(before + 1)
        desk.keyboard.press("u")
        expect(desk.locator(".versions tbody tr")).to_have_count(before + 2)
