from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

from tongwen.domain.catalogue import queries

pytestmark = pytest.mark.django_db  # Which portal answers stands in the register.


class TestProblem:
    def test_answers_an_address_that_is_not_there(self, client: Client) -> None:
        answer = client.get("/api/v1/holdings")
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")

    def test_answers_a_wrong_method_and_names_the_right_one(self, client: Client) -> None:
        answer = client.delete("/api/v1/bibs/1")
        assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
        assert "GET" in answer["Allow"]

    @pytest.mark.parametrize(("error", "status"), [(OperationalError("gone"), 503), (RuntimeError("secret"), 500)])
    def test_says_what_failed_without_telling_secrets(
        self, client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
    ) -> None:
        def fail(_bib_id: int) -> None:
            raise error

        monkeypatch.setattr(queries, "held_bib", fail)
        answer = client.get("/api/v1/bibs/1")
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
        assert str(error) not in answer.text


class TestDescription:
    def test_lists_every_operation_with_what_it_takes_and_gives(self, client: Client) -> None:
        schema = client.get("/api/v1/openapi.json").json()
        assert schema["openapi"].startswith("3.")
        assert set(schema["paths"]) == {
            "/api/v1/bibs/{bib_id}",
            "/api/v1/bibs/{bib_id}/decisions",
            "/api/v1/bibs/{bib_id}/merges",
            "/api/v1/decisions/explain",
            "/api/v1/self",
            "/api/v1/batches",
        }
        for path in schema["paths"].values():
            assert path["get"]["summary"]
            assert {"200", "default"} <= set(path["get"]["responses"])
            assert "application/problem+json" in path["get"]["responses"]["default"]["content"]
