"""The workbench shows what one's roles include, and nothing else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from factories import people
from tongwen.domain.identity.types import Permission, Role
from tongwen.web.desk import tasks

pytestmark = pytest.mark.django_db


class TestWorkbench:
    def test_shows_a_cataloguer_her_tasks_and_her_library(self, desk: Client) -> None:
        page = desk.get("/staff/")
        assert page.status_code == 200
        assert 'href="/staff/loads"' in page.text
        assert "Demo L1" in page.text

    def test_shows_no_task_whose_right_is_missing(self, reader: Client) -> None:
        reader.force_login(people.person("n", Role.NATIONAL_ADMINISTRATOR))
        assert 'href="/staff/loads"' not in reader.get("/staff/").text

    def test_sends_a_reader_to_the_catalogue(self, reader: Client, lending_library: int) -> None:
        reader.force_login(people.person("r", Role.READER, institution_id=lending_library))
        assert reader.get("/staff/")["Location"] == "/"

    def test_leads_only_to_pages_that_are_there(self) -> None:
        for group in tasks.GROUPS:
            for task in group.tasks:
                assert reverse(task.url_name)

    def test_lists_nothing_for_nobody(self) -> None:
        assert tasks.allowed(frozenset()) == []
        assert len(tasks.allowed(frozenset(Permission))) == len(tasks.GROUPS)
