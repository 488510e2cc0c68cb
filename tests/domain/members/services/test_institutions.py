from __future__ import annotations

import pytest

from tongwen.domain.members import queries, services, types

pytestmark = pytest.mark.django_db


class TestRegister:
    def test_finds_a_library_by_its_code(self, lending_library: int) -> None:
        found = queries.institution_by_code("L1")
        assert (found.id, found.city, found.province) == (lending_library, "320100", "320000")

    def test_names_the_known_codes_when_there_is_no_such_library(self, lending_library: int) -> None:
        with pytest.raises(types.UnknownInstitution, match="L1"):
            queries.institution_by_code("L9")

    def test_groups_libraries_by_city_and_province(
        self, lending_library: int, neighbouring_library: int, distant_library: int
    ) -> None:
        assert queries.institution_ids_in_city("320100") == (lending_library,)
        assert queries.institution_ids_in_province("320000") == (lending_library, neighbouring_library)

    def test_updates_when_the_same_code_is_entered_again(self, lending_library: int) -> None:
        again = services.register_institution(
            code="L1",
            name_zh="新名",
            name_zh_hant="新名",
            name_en="New",
            type=types.InstitutionType.PUBLIC,
            province="320000",
            city="320100",
        )
        queries.forget()
        assert again == lending_library
        assert queries.institution(lending_library).name("en") == "New"


class TestSharingDomain:
    def test_may_share_libraries_with_another(self, lending_library: int, distant_library: int) -> None:
        for code in ("A", "B"):
            services.register_sharing_domain(
                code=code,
                name_zh=code,
                name_zh_hant=code,
                name_en=code,
                kind=types.SharingDomainKind.ALLIANCE,
                institution_ids=[lending_library, distant_library],
            )
        assert [domain.institution_ids for domain in queries.sharing_domains()] == [
            (lending_library, distant_library)
        ] * 2
