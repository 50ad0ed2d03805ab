"""The firm's own page, and changing its details."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.models import Area, ListedTitle, Organisation, User
from tests.survey.browsing import Browser

PAGES = ("", "/edit", "/figures", "/figures/list", "/results", "/results/new", "/results/new/specialised")


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_gets_the_page_of_a_missing_firm(
    firm: Organisation, make_person: Callable[..., User], browse_as: Callable[[User], Browser], page: str
) -> None:
    browser = browse_as(make_person("Wang Fang", "13900139000"))
    theirs = browser.get(f"/organisation/{firm.public_id}{page}", status=404).one("main").text
    missing = browser.get(f"/organisation/{'x' * 22}{page}", status=404).one("main").text
    assert theirs.split("reference")[0] == missing.split("reference")[0]


@pytest.mark.parametrize("state", ["claimed", "disputed", "ended"])
def test_nobody_sees_a_firm_before_being_confirmed(
    firm: Organisation,
    make_person: Callable[..., User],
    join: Callable[..., None],
    browse_as: Callable[[User], Browser],
    state: str,
) -> None:
    person = make_person("Wang Fang", "13900139000")
    join(firm, person, "owner", state)
    browse_as(person).get(f"/organisation/{firm.public_id}", status=404)


@pytest.mark.parametrize("page", ["/edit", "/figures", "/results/new/specialised"])
def test_who_only_reads_may_not_change(
    firm: Organisation,
    make_person: Callable[..., User],
    join: Callable[..., None],
    browse_as: Callable[[User], Browser],
    page: str,
) -> None:
    person = make_person("Wang Fang", "13900139000")
    join(firm, person, "viewer")
    browser = browse_as(person)
    assert f'{firm.public_id}{page}"' not in browser.get(f"/organisation/{firm.public_id}").html
    browser.get(f"/organisation/{firm.public_id}{page}", status=403)
    browser.post(f"/organisation/{firm.public_id}{page}", status=403)


def test_it_says_what_is_known_and_what_is_open(firm: Organisation, browser: Browser) -> None:
    page = browser.get("/organisation")
    assert browser.path == f"/organisation/{firm.public_id}"
    text = page.one("main").text
    for words in (firm.name, firm.credit_code, "Xiqing District", "Manufacture of general-purpose", "Li Wei"):
        assert words in text
    assert "It may be a micro firm, small firm, medium-sized firm or large firm." in text


def test_several_firms_are_listed(
    firm: Organisation, make_firm: Callable[..., Organisation], owner: User, browser: Browser
) -> None:
    other = make_firm(owner, name="第二家有限公司", serial=2)
    page = browser.get("/organisation")
    links = [each.get("href") for each in page.all("a")]
    assert {f"/organisation/{each.public_id}" for each in (firm, other)} <= set(links)


def test_name_area_and_industry_can_be_changed_but_not_the_code(
    app: Flask, firm: Organisation, browser: Browser, area_of: Callable[..., Area]
) -> None:
    path = f"/organisation/{firm.public_id}/edit"
    page = browser.get(path)
    values = {each.get("name"): each.get("value") for each in page.all("input")}
    assert (values["name"], values["industry"]) == (firm.name, "C3484")
    new = {
        "name": "新名称有限公司",
        "area": area_of("武清区").public_id,
        "industry": "C36",
        "credit_code": "91120116MA0000007N",
    }
    browser.post(path, new, status=303, follow=False)
    with app.extensions["database"].read() as session:
        changed = session.scalars(sa.select(Organisation)).one()
    assert (changed.name, changed.industry_code) == ("新名称有限公司", "C36")
    assert changed.operating_area_id == area_of("武清区").id
    assert changed.credit_code == firm.credit_code


def test_a_faulty_change_changes_nothing(app: Flask, firm: Organisation, browser: Browser) -> None:
    path = f"/organisation/{firm.public_id}/edit"
    browser.get(path)
    browser.post(path, {"name": "新名称", "area": "", "industry": "C36"}, status=422)
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(Organisation.name)).one() == firm.name


@pytest.mark.parametrize("odd", ["%00", "a%00b", "%F0%9F%98%80", "x" * 3000, "..", "' OR 1=1"])
def test_odd_addresses_are_just_missing(firm: Organisation, browser: Browser, odd: str) -> None:
    browser.get(f"/organisation/{odd}/figures", status=404)


def test_it_says_what_the_list_says_and_where_the_firm_stands(
    app: Flask, firm: Organisation, owner: User, browse_as: Callable[[User], Browser]
) -> None:
    browser = browse_as(owner)
    page = browser.get(f"/organisation/{firm.public_id}")
    assert "It waits for the office of the area to confirm it" in page.text
    assert "On the city's list" not in page.text
    with app.extensions["database"].write() as session:
        now = datetime(2026, 3, 2, tzinfo=UTC)
        session.add(
            ListedTitle(organisation_id=firm.id, kind="little_giant", valid_until=date(2020, 1, 1), listed_at=now)
        )
        row = session.get_one(Organisation, firm.id)
        row.listed_at, row.declared_above, row.state = now, True, "confirmed"
    page = browser.get(f"/organisation/{firm.public_id}")
    for words in ("2 March 2026", "above the statistical threshold", "little giant", "expired on 1 January 2020",
                  "The office has confirmed the firm"):  # fmt: skip
        assert words in page.text
