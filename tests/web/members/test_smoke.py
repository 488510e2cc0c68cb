from __future__ import annotations

import pytest
from django.test import Client

from factories import people
from tongwen.core import clock
from tongwen.domain.identity.types import Role
from tongwen.domain.members import queries, services, types

pytestmark = pytest.mark.django_db


@pytest.fixture
def province(lending_library, neighbouring_library):
    return services.register_sharing_domain(
        code="JS",
        name_zh="江苏",
        name_zh_hant="江蘇",
        name_en="Jiangsu",
        kind=types.SharingDomainKind.PROVINCE,
        institution_ids=[lending_library, neighbouring_library],
        place="320000",
    )


def test_all(client: Client, lending_library, distant_library, province):
    people.person("nat", Role.NATIONAL_ADMINISTRATOR)
    people.person("dom", Role.DOMAIN_ADMINISTRATOR, domain_id=province)
    people.person("adm", Role.INSTITUTION_ADMINISTRATOR, institution_id=lending_library)
    for who, pages in {
        "nat": [
            "/staff/members",
            "/staff/members/new",
            "/staff/members/import",
            "/staff/members/export",
            f"/staff/members/{lending_library}",
            "/staff/domains",
            "/staff/domains/new",
            f"/staff/domains/{province}",
            "/staff/applications",
        ],
        "dom": ["/staff/members", f"/staff/members/{lending_library}", "/staff/domains", f"/staff/domains/{province}"],
        "adm": ["/staff/library", "/staff/library/calendar", "/staff/library/addresses"],
    }.items():
        c = Client()
        assert c.login(username=who, password=people.PASSWORD)
        for p in pages:
            r = c.get(p)
            print(who, p, r.status_code, len(r.content))
            assert r.status_code == 200
    c = Client()
    r = c.get("/apply")
    print(len(r.content))
    assert r.status_code == 200
    import re

    sub = re.search(r'name="submission" value="([^"]+)"', r.text)[1]
    data = dict(
        submission=sub,
        name_zh="示范新馆",
        type="college",
        city="320100",
        contact_name="甲",
        contact_mail="a@example.edu.cn",
        services=["catalogue", "ill"],
    )
    assert c.post("/apply", {**data, "contact_mail": "x"}).status_code == 422
    r = c.post("/apply", data)
    assert r.status_code == 302, r.text
    url = r.headers["Location"]
    assert c.post("/apply", data).headers["Location"] == url
    assert c.get(url).status_code == 200
    d = Client()
    d.login(username="dom", password=people.PASSWORD)
    app = queries.applications()[0][0].id
    r = d.get(f"/staff/applications/{app}")
    assert r.status_code == 200
    assert d.post(f"/staff/applications/{app}/ask", {"question": "?? x"}).status_code == 302
    assert c.post(url.split("?")[0] + "/answer", {"text": "yes"}).status_code == 302
    r = d.post(
        f"/staff/applications/{app}/approve",
        dict(
            code="N1",
            name_zh="示范新馆",
            type="college",
            tier="member",
            city="320100",
            host_name="new.example.org",
            services=["catalogue"],
            administrator_name="甲",
            administrator_mail="a@example.edu.cn",
        ),
    )
    assert r.status_code == 200, r.text
    assert "new.example.org" in r.text
    r = Client().get("/", HTTP_HOST="new.example.org")
    assert "示范新馆" in r.text
    n = queries.institution_by_code("N1").id
    assert queries.is_service_open(n, types.Service.CATALOGUE, clock.today())
    assert not queries.is_service_open(n, types.Service.ILL, clock.today())
