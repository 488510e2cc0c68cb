from __future__ import annotations

import io
import re
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.test import Client
from django.utils import translation

from tongwen.core import tenancy
from tongwen.domain.catalogue import models, queries, services
from tongwen.domain.catalogue.types import BatchState, UnreadableFile
from tongwen.web.loads import failures

pytestmark = pytest.mark.django_db

BROKEN = settings.PROJECT / "samples" / "broken"
SENTENCES = {
    "empty.mrc": ("文件是空的", "檔案是空的"),
    "jpeg.mrc": ("JPEG", "JPEG"),
    "records.zip": ("ZIP", "ZIP"),
    "zip-named.mrc": ("ZIP", "ZIP"),
    "text.txt": ("文本文件", "文本檔案"),
}
ERRORS = [
    (BrokenProcessPool("gone"), "工作进程中止", ""),
    (MemoryError(), "工作进程中止", ""),
    (OSError(28, "No space left on device"), "磁盘是否已满", "No space left on device"),
    (KeyError("tag (245); see"), "程序出错", "KeyError: 'tag (245); see'"),
    (IntegrityError('duplicate key "x"; see y'), "数据库拒绝", 'duplicate key "x"; see y'),
]
_ENGLISH = re.compile(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}")


def said(page: str) -> str:
    """Return the sentence that a page shows as an error, without its mark-up."""
    found = re.search(r'<div class="say bad".*?</div>', page, re.DOTALL)
    assert found is not None
    return re.sub(r"<[^>]+>", " ", found.group())


@pytest.fixture
def chinese_desk(desk: Client) -> Client:
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    return desk


@pytest.fixture
def _simplified() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


class TestFiles:
    @pytest.mark.parametrize("name", sorted(SENTENCES))
    @pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
    def test_that_hold_no_records_are_named_in_the_readers_language(
        self, desk: Client, lending_library: int, blob_folder: Path, name: str, language: str
    ) -> None:
        desk.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        address = "/staff/loads/new"
        with (BROKEN / name).open("rb") as file:
            answer = desk.post(address, {"file": file, "mode": "load", "format": "", "charset": ""})
        if answer.status_code == 302:
            address = answer["Location"]
            with tenancy.scope(lending_library), pytest.raises(UnreadableFile):
                services.run_batch(batch_id=int(address.rsplit("/", 1)[1]))
            answer = desk.get(address)
        sentence = said(answer.text)
        assert SENTENCES[name][language == "zh-hant"] in sentence
        assert _ENGLISH.search(sentence) is None


class TestErrors:
    @pytest.mark.parametrize(("error", "sentence", "technical"), ERRORS)
    def test_say_what_to_do_and_keep_the_technical_part_apart(
        self, chinese_desk: Client, lending_library: int, blob_folder: Path, error: Exception, sentence: str,
        technical: str,
    ) -> None:  # fmt: skip
        with tenancy.scope(lending_library):
            batch_id = services.receive_batch(
                institution_id=lending_library, file=io.BytesIO(b"x"), file_name="a.mrc", actor="x", preview=False
            )
            message = services.explain_failure(error)
            models.Batch.objects.filter(pk=batch_id).update(state=BatchState.FAILED, message=message)
            failure = failures.of_batch(queries.batch(batch_id))
        page = chinese_desk.get(f"/staff/loads/{batch_id}").text
        assert sentence in said(page)
        assert failure.technical == technical
        assert ('<span lang="en" dir="auto">' in page) is bool(technical)

    @pytest.mark.usefixtures("_simplified")
    def test_of_no_known_kind_keep_their_message(self) -> None:
        failure = failures.of_message("the moon fell down")
        assert failure.technical == "the moon fell down"
        assert "管理员" in failure.sentence
