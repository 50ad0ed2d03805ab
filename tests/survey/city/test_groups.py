"""Chains and clusters: the city keeps them, the list of firms names them."""

import pytest
from flask import Flask

from survey.city.group_actions import seen
from survey.city.groups import groups
from survey.models import FirmGroup
from tests.survey.browsing import Browser


@pytest.fixture
def city(make_staff, browse_as) -> Browser:
    return browse_as(make_staff("city_administrator"))


def add(city: Browser, kind: str, code: str, status: int = 200, **values: str) -> None:
    city.get(f"/city/groups/{kind}/new")
    given = {"code": code, "name_zh": f"链{code}", "name_en": f"Group {code}", **values}
    city.post(f"/city/groups/{kind}/new", given, status=status)


def rows(app: Flask, kind: str = "chain") -> dict[str, FirmGroup]:
    with app.extensions["database"].read() as session:
        return {row.code: row for row in groups(session, also_inactive=True) if row.kind == kind}


def test_it_keeps_chains_and_clusters_apart(app: Flask, city) -> None:
    add(city, "chain", "01")
    add(city, "cluster", "01")
    add(city, "chain", "01", status=422, name_zh="别的", name_en="Other")
    assert "Another one has this code" in city.page.text
    add(city, "chain", "02", status=422, name_en="Group 01")
    assert "could not tell them apart" in city.page.text
    assert (list(rows(app)), list(rows(app, "cluster"))) == (["01"], ["01"])
    city.get("/city/groups/club/new", status=404)
    assert "2 in use" in city.get("/city").text


def test_it_changes_orders_and_takes_out_of_use(app: Flask, city) -> None:
    add(city, "chain", "01")
    add(city, "chain", "02")
    add(city, "cluster", "05")
    one, two = rows(app).values()
    city.get(f"/city/groups/{one.public_id}")
    changed = {"code": "07", "name_zh": "新", "name_en": "New", "seen": seen(one)}
    city.post(f"/city/groups/{one.public_id}", changed)
    city.post(f"/city/groups/{one.public_id}", changed, status=409)  # as it was before
    city.get("/city/groups")
    city.post(f"/city/groups/{two.public_id}/order", {"to": "up", "seen": seen(two)})
    assert list(rows(app)) == ["02", "07"]
    two = rows(app)["02"]
    city.post(f"/city/groups/{two.public_id}/use", {"active": "no", "seen": seen(two)})
    assert not rows(app)["02"].active
    assert "out of use" in city.page.text
