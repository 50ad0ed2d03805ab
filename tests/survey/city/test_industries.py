"""The city's own industries: which firms fall in them, and that no firm falls in two."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.city.industry_actions import counts, seen
from survey.city.own_industries import own_industries, sub_industry_of
from survey.credit_code import make_credit_code
from survey.models import Area, AuditEvent, Organisation, SubIndustry
from tests.survey.browsing import Browser


@pytest.fixture
def city(make_staff, browse_as) -> Browser:
    return browse_as(make_staff("city_administrator"))


def add(city: Browser, code: str, prefixes: str, status: int = 200, **values: str) -> None:
    city.get("/city/industries/new")
    given = {"code": code, "name_zh": f"行业{code}", "name_en": f"Industry {code}", "prefixes": prefixes, **values}
    city.post("/city/industries/new", given, status=status)


def rows(app: Flask) -> dict[str, SubIndustry]:
    with app.extensions["database"].read() as session:
        return {row.code: row for row in own_industries(session, also_inactive=True)}


def test_it_adds_one_with_codes_as_people_write_them(app: Flask, city) -> None:
    add(city, "01", "34、 c351；3484, 352\n352")
    assert rows(app)["01"].prefixes == ["C34", "C351", "C352"]
    assert "Industry 01" in city.page.text
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "sub_industry.edit")).one()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"prefixes": "C99, 34"}, "No codes of GB/T 4754: C99"),
        ({"prefixes": ""}, "Enter a code"),
        ({"prefixes": "C"}, "No codes of GB/T 4754: C"),
        ({"prefixes": "34 " * 101}, "more than 100 codes"),
        ({"code": "a b"}, "Use at most 20 letters"),
        ({"code": "01"}, "Another of the city's own industries has this code"),
        ({"name_en": ""}, "Enter the name"),
        ({"prefixes": "3484"}, "C3484 with C34 of “Industry 01”"),
        ({"prefixes": "C34"}, "C34 with C34 of “Industry 01”"),
    ],
)
def test_it_refuses_what_does_not_fit(app: Flask, city, values, words: str) -> None:
    add(city, "01", "34")
    add(city, **{"code": "02", "prefixes": "13", **values}, status=422)
    assert words in city.page.text
    assert list(rows(app)) == ["01"]


def test_it_counts_the_firms_that_fall_in_each(app: Flask, city, make_person) -> None:
    add(city, "01", "34")
    add(city, "02", "13")
    own, person = rows(app), make_person()
    with app.extensions["database"].write() as session:
        place = session.scalars(sa.select(Area.id).limit(1)).one()
        for serial, (industry, named) in enumerate([("C3484", None), ("C34", "02"), ("C13", None), ("C20", None)]):
            session.add(
                Organisation(
                    credit_code=make_credit_code("120116", serial),
                    name=f"F{serial}",
                    operating_area_id=place,
                    industry_code=industry,
                    sub_industry_id=own[named].id if named else None,
                    created_at=datetime.now(UTC),
                    created_by=person.id,
                )
            )
    with app.extensions["database"].read() as session:
        firms = session.scalars(sa.select(Organisation).order_by(Organisation.name))
        found = [sub_industry_of(session, firm) for firm in firms]
        assert [each.code if each else None for each in found] == ["01", "02", "02", None]
        assert counts(session, list(own.values())) == {own["01"].id: 1, own["02"].id: 2}
        assert counts(session, []) == {}
    assert "2 firms" in city.get("/city/industries").text


def test_it_changes_orders_and_takes_out_of_use(app: Flask, city) -> None:
    add(city, "01", "34")
    add(city, "02", "13")
    one, two = rows(app)["01"], rows(app)["02"]
    city.get(f"/city/industries/{one.public_id}")
    changed = {"code": "01", "name_zh": "新", "name_en": "New", "prefixes": "35", "seen": seen(one)}
    city.post(f"/city/industries/{one.public_id}", changed)
    assert rows(app)["01"].prefixes == ["C35"]
    city.post(f"/city/industries/{one.public_id}", changed, status=409)  # as it was before
    city.get("/city/industries")
    city.post(f"/city/industries/{two.public_id}/order", {"to": "up", "seen": seen(two)})
    assert list(rows(app)) == ["02", "01"]
    two = rows(app)["02"]
    city.post(f"/city/industries/{two.public_id}/use", {"active": "no", "seen": seen(two)})
    assert not rows(app)["02"].active
    add(city, "03", "131")  # what is out of use overlaps with nothing
    city.get("/city/industries")
    city.post(f"/city/industries/{two.public_id}/use", {"active": "yes", "seen": seen(rows(app)["02"])}, status=422)
    assert "C13 with C131 of “Industry 03”" in city.page.text
    city.get("/city/industries/none", status=404)
