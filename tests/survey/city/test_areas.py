"""The city's tree of areas: changed in one transaction, roles and firms move along, nothing in use goes away."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.city.area_actions import seen
from survey.models import Area, AuditEvent, Organisation
from tests.survey.browsing import Browser

HERE, THERE = "120116", "120103"


@pytest.fixture
def city(make_staff, browse_as) -> Browser:
    return browse_as(make_staff("city_administrator"))


@pytest.fixture
def area(app: Flask) -> Callable[[str], Area]:
    """An area by number or Chinese name, as it is now."""

    def found(name: str) -> Area:
        with app.extensions["database"].read() as session:
            return session.scalars(sa.select(Area).where(sa.or_(Area.code == name, Area.name_zh == name))).one()

    return found


@pytest.fixture
def add(city, area) -> Callable[..., Area]:
    def made(name: str, below: str, kind: str = "street", status: int = 200, **values: str) -> Area | None:
        city.get("/city/areas/new")
        above = area(below).public_id
        city.post(
            "/city/areas/new",
            {"name_zh": name, "name_en": f"{name} (en)", "kind": kind, "parent": above, "code": "", **values},
            status=status,
        )
        return area(name) if status == 200 else None

    return made


def save(city: Browser, area: Area, status: int = 200, **values: str) -> None:
    page = city.get(f"/city/areas/{area.public_id}")
    now = {each.get("name"): each.get("value") for each in page.all("input") if each.get("name")}
    for each in page.all("option"):
        if "selected" in each.attributes:
            now[next(around.get("name") for around in each.around if around.tag == "select")] = each.get("value")
    city.post(f"/city/areas/{area.public_id}", {**now, **values}, status=status)


def test_it_adds_and_renames(app: Flask, city, area, add) -> None:
    street = add("新港街道", HERE)
    assert (street.path, street.kind) == (f"{area(HERE).path}{street.id}/", "street")
    assert city.path == "/city/areas"
    save(city, street, name_zh="新港街", name_en="Xingang")
    assert "Xingang" in city.get("/city/areas").text
    assert area("新港街").path == street.path
    with app.extensions["database"].read() as session:
        details = session.scalars(sa.select(AuditEvent.detail).where(AuditEvent.action == "area.edit")).all()
    assert list(details) == ["add", "change"]


def test_it_renames_the_city_and_leaves_it_where_it_is(city, area) -> None:
    top = area("天津市")
    save(city, top, name_en="Tianjin City", parent="x", kind="street")
    assert (area("天津市").name_en, area("天津市").kind, area("天津市").parent_id) == ("Tianjin City", "city", None)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name_zh": ""}, "Enter the name"),
        ({"name_en": "x" * 101}, "100 characters"),
        ({"kind": "district"}, "This kind of area cannot stand there"),
        ({"kind": "planet"}, "Not a valid choice"),
        ({"parent": "none"}, "Not a valid choice"),
        ({"code": "12"}, "6, 9 or 12 digits"),
        ({"code": THERE}, "Another area has this number"),
    ],
)
def test_it_refuses_what_does_not_fit(add, city, values, words: str) -> None:
    add("街", HERE, status=422, **values)
    assert words in city.page.text


def test_it_refuses_two_of_one_name_in_a_place(add, city) -> None:
    add("街", HERE)
    add("街", HERE, status=422)
    assert "There is an area with this name" in city.page.text
    city.get("/city/areas")


def test_it_moves_a_subtree_with_its_roles_and_firms(app, city, area, add, make_staff, make_person, browse_as) -> None:
    zone = add("试验区", HERE, "zone")
    street = add("试验街", "试验区")
    make_firm(app, make_person, street)
    officer = browse_as(make_staff("officer", THERE))
    assert "No firm is here yet" in officer.get("/desk").text
    save(city, zone, parent=area(THERE).public_id)
    moved = area("试验街")
    assert moved.path == f"{area(THERE).path}{zone.id}/{street.id}/"
    assert (moved.id, moved.parent_id, area("试验区").parent_id) == (street.id, zone.id, area(THERE).id)
    assert "of 1 firms" in officer.get("/desk").text  # what stands below THERE is its officer's now
    former = browse_as(make_staff("officer", HERE))
    assert "No firm is here yet" in former.get("/desk").text


def make_firm(app: Flask, make_person, place: Area) -> None:
    person = make_person()
    with app.extensions["database"].write() as session:
        session.add(
            Organisation(credit_code="91120116DEMA00010X", name="Firm", operating_area_id=place.id, state="listed",
                         industry_code="C34", created_at=datetime.now(UTC), created_by=person.id)
        )  # fmt: skip


def test_it_keeps_the_roles_of_an_area_that_moves(app, city, area, add, make_staff, make_person, browse_as) -> None:
    add("试验区", HERE, "zone", code="120999")
    make_firm(app, make_person, add("试验街", "试验区"))
    officer = browse_as(make_staff("officer", "120999"))
    assert "of 1 firms" in officer.get("/desk").text
    save(city, area("试验区"), parent=area(THERE).public_id)
    assert "of 1 firms" in officer.get("/desk").text


def test_it_refuses_circles(app, city, area, add) -> None:
    """The form does not offer them; sent all the same, they are refused."""
    zone = add("试验区", HERE, "zone")
    add("试验街", "试验区")
    for parent in (zone, area("试验街")):
        save(city, zone, 422, parent=parent.public_id)
    assert area("试验区").path == zone.path
    save(city, zone, 422, kind="street")
    assert "The areas below it cannot stand" in city.page.text


def test_it_orders_them(city, area) -> None:
    def order() -> list[str]:
        page = city.get("/city/areas")
        return [each.text for each in page.all("b") if any("tree-1" in up.get("class") for up in each.around)]

    before = order()
    second = area_by_en(area, before[1])
    city.post(f"/city/areas/{second.public_id}/order", {"to": "up", "seen": seen(second)})
    assert order() == [before[1], before[0], *before[2:]]
    second = area_by_en(area, before[1])
    city.post(f"/city/areas/{second.public_id}/order", {"to": "sideways", "seen": seen(second)}, status=400)
    city.get("/city/areas")
    city.post(f"/city/areas/{second.public_id}/order", {"to": "up", "seen": "stale"}, status=409)


def area_by_en(area, name: str) -> Area:
    names = {"Heping": "和平区", "Hedong": "河东区"}
    return area(next(zh for en, zh in names.items() if en in name))


def test_it_takes_only_free_areas_out_of_use(app, city, area, add, make_staff, make_person) -> None:
    zone = add("试验区", HERE, "zone", code="120999")
    street = add("试验街", "试验区")
    make_firm(app, make_person, street)
    make_staff("officer", "120999")
    city.get("/city/areas")
    city.post(f"/city/areas/{zone.public_id}/use", {"active": "no", "seen": seen(zone)}, status=422)
    for words in ("1 firm works there", "1 role is held there", "1 area below it is in use"):
        assert words in city.page.text
    free = add("空街", HERE)
    city.post(f"/city/areas/{free.public_id}/use", {"active": "no", "seen": seen(free)})
    assert not area("空街").active
    assert "out of use" in city.page.text
    city.post(f"/city/areas/{free.public_id}/use", {"active": "yes", "seen": seen(area("空街"))})
    assert area("空街").active
    top = area("天津市")
    city.post(f"/city/areas/{top.public_id}/use", {"active": "no", "seen": seen(top)}, status=422)


def test_it_saves_nothing_over_what_somebody_else_saved(city, area, add) -> None:
    street = add("街", HERE)
    city.get(f"/city/areas/{street.public_id}")
    stale = {"name_zh": "甲", "name_en": "A", "kind": "street", "parent": area(HERE).public_id, "code": ""}
    save(city, street, name_en="Meanwhile")
    city.get("/city/areas")
    city.post(f"/city/areas/{street.public_id}", {**stale, "seen": seen(street)}, status=409)
    assert area("街").name_en == "Meanwhile"


def test_it_is_the_citys_alone(make_staff, make_person, browse_as, area) -> None:
    path = f"/city/areas/{area(HERE).public_id}"
    users = [make_staff(role, HERE) for role in ("officer", "assessor")]
    for user in (*users, make_staff("security_administrator"), make_staff("auditor"), make_person()):
        browser = browse_as(user)
        for each in ("/city/areas", path, "/city/areas/new", "/city/industries", "/city/industries/new"):
            browser.get(each, status=403)
