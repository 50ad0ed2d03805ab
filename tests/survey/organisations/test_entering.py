"""Entering a firm."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.credit_code import make_credit_code
from survey.models import Area, AuditEvent, Membership, Organisation, User
from tests.survey.browsing import Browser

CODE = "91120116MA0000007N"
INNER_WRONG = "91120116MA0000008R"


@pytest.fixture
def filled(area_of: Callable[..., Area]) -> dict[str, Any]:
    """A form that is right."""
    return {"credit_code": CODE, "name": "津禾（天津）有限公司", "area": area_of().public_id, "industry": "C3484"}


def firms(app: Flask) -> list[Organisation]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(sa.select(Organisation)))


def test_a_stranger_is_asked_to_sign_in(browse: Browser) -> None:
    browse.get("/organisation/new")
    assert browse.path == "/sign-in"


def test_who_has_no_firm_lands_on_the_form(browser: Browser) -> None:
    page = browser.get("/organisation")
    assert browser.path == "/organisation/new"
    assert "State secrets must not be entered" in page.one("main").text


def test_entering_makes_the_person_its_owner(
    app: Flask, browser: Browser, owner: User, filled: dict[str, Any], area_of: Callable[..., Area]
) -> None:
    browser.get("/organisation/new")
    browser.post("/organisation/new", filled, status=303, follow=False)
    (firm,) = firms(app)
    assert (firm.credit_code, firm.name, firm.industry_code) == (CODE, "津禾（天津）有限公司", "C3484")
    assert firm.operating_area_id == area_of().id
    assert firm.registered_area_id == area_of("滨海新区").id
    assert not firm.credit_code_override
    with app.extensions["database"].read() as session:
        member = session.scalars(sa.select(Membership)).one()
        events = list(session.scalars(sa.select(AuditEvent.action)))
    assert (member.user_id, member.role, member.state) == (owner.id, "owner", "confirmed")
    assert events == ["organisation.create"]


def test_only_what_the_form_asks_for_is_taken(app: Flask, browser: Browser, filled: dict[str, Any]) -> None:
    browser.get("/organisation/new")
    more = {
        "created_by": "99",
        "credit_code_override": "1",
        "public_id": "mine",
        "registered_area_id": "1",
        "role": "x",
    }
    browser.post("/organisation/new", {**filled, **more}, status=303, follow=False)
    (firm,) = firms(app)
    assert not firm.credit_code_override
    assert firm.public_id != "mine"


def test_full_width_and_spaces_in_the_code_are_understood(app: Flask, browser: Browser, filled: dict[str, Any]) -> None:
    browser.get("/organisation/new")
    browser.post(
        "/organisation/new", {**filled, "credit_code": "９１１２０１１６ ma00 0000 7n"}, status=303, follow=False
    )
    assert firms(app)[0].credit_code == CODE


def test_every_fault_is_named_and_nothing_typed_is_lost(app: Flask, browser: Browser) -> None:
    browser.get("/organisation/new")
    page = browser.post(
        "/organisation/new", {"credit_code": "91120116MA000O007N", "name": " ", "area": "x"}, status=422
    )
    summary = [
        each.text for each in page.all("a") if each.get("href") in ("#credit_code", "#name", "#area", "#industry")
    ]
    assert len(summary) == 4
    assert "Character 14, 'O'" in summary[0]
    assert (
        next(each for each in page.all("input") if each.get("id") == "credit_code").get("value") == "91120116MA000O007N"
    )
    assert firms(app) == []


def test_a_wrong_inner_digit_asks_for_one_more_look(app: Flask, browser: Browser, filled: dict[str, Any]) -> None:
    odd = {**filled, "credit_code": INNER_WRONG}
    browser.get("/organisation/new")
    assert "credit_code_exact" not in browser.page.html
    page = browser.post("/organisation/new", odd, status=422)
    assert "Characters 9 to 17 do not fit together" in page.one("main").text
    browser.post("/organisation/new", {**odd, "credit_code_exact": "y"}, status=303, follow=False)
    assert firms(app)[0].credit_code_override


def test_the_tick_does_not_excuse_a_wrong_outer_digit(app: Flask, browser: Browser, filled: dict[str, Any]) -> None:
    browser.get("/organisation/new")
    wrong = {**filled, "credit_code": CODE[:-1] + "P", "credit_code_exact": "y"}
    assert "The check digit does not fit" in browser.post("/organisation/new", wrong, status=422).text
    assert firms(app) == []


def test_sending_twice_enters_once(app: Flask, browser: Browser, filled: dict[str, Any]) -> None:
    browser.get("/organisation/new")
    browser.post("/organisation/new", filled, status=303, follow=False)
    browser.post("/organisation/new", filled)
    assert len(firms(app)) == 1
    assert browser.path == f"/organisation/{firms(app)[0].public_id}"


@pytest.mark.parametrize("state", ["listed", "claimed", "confirmed"])
def test_a_known_code_leads_to_the_claim_and_reveals_nothing(
    app: Flask,
    filled: dict[str, Any],
    make_firm: Callable[..., Organisation],
    make_person: Callable[..., User],
    owner: User,
    browse_as: Callable[[User], Browser],
    state: str,
) -> None:
    firm = make_firm(owner, name="先到有限公司")
    with app.extensions["database"].write() as session:
        session.get_one(Organisation, firm.id).state = state
        if state == "listed":
            session.execute(sa.delete(Membership))
    browser = browse_as(make_person("Wang Fang", "13900139000"))
    browser.get("/organisation/new")
    page = browser.post("/organisation/new", {**filled, "credit_code": firm.credit_code})
    assert browser.path == "/claim/needed"
    assert "This firm needs a claim: with a code or a letter." in page.text
    assert all(word not in page.html for word in ("先到", firm.public_id, owner.name, owner.mobile or "?"))
    assert len(firms(app)) == 1
    typed = {each.get("id"): each.get("value") for each in browser.get("/claim/letter").all("input")}
    assert (typed["credit_code"], typed["name"]) == (firm.credit_code, filled["name"])


def test_codes_cannot_be_tried_out_by_entering(app: Flask, browser: Browser, filled: dict[str, Any]) -> None:
    browser.get("/organisation/new")
    for serial in range(20):
        code = make_credit_code("120111", serial)
        browser.post("/organisation/new", {**filled, "credit_code": code}, status=303, follow=False)
    browser.get("/organisation/new")
    for code in (make_credit_code("120111", 3), make_credit_code("120111", 99)):
        with app.extensions["database"].write() as session:
            session.execute(sa.delete(Membership))
        browser.post("/organisation/new", {**filled, "credit_code": code}, status=429)


@pytest.mark.parametrize("typed", ["\x00", "a\x00b", "😀" * 40, "%", "'; DROP TABLE organisation; --", "\ud83d"])
def test_strange_text_is_kept_out_without_a_fault_of_ours(browser: Browser, filled: dict[str, Any], typed: str) -> None:
    browser.get("/organisation/new")
    typed = typed.encode("utf-8", "replace").decode()
    for field in ("credit_code", "industry", "area"):
        browser.post("/organisation/new", {**filled, field: typed}, status=422)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("C3484", "C3484"),
        ("3484", "C3484"),
        ("ｃ３４", "C34"),
        ("c 391", "C391"),
        ("通用设备制造业", "C34"),
        ("manufacture of foods", "C14"),
    ],
)
def test_an_industry_is_taken_by_code_or_exact_name(
    app: Flask, browser: Browser, filled: dict[str, Any], typed: str, code: str
) -> None:
    browser.get("/organisation/new")
    browser.post("/organisation/new", {**filled, "industry": typed}, status=303, follow=False)
    assert firms(app)[0].industry_code == code


@pytest.mark.parametrize("typed", ["设备", "C3", "3", "machinery"])
def test_otherwise_the_matches_are_offered_and_one_is_chosen(
    app: Flask, browser: Browser, filled: dict[str, Any], typed: str
) -> None:
    browser.get("/organisation/new")
    page = browser.post("/organisation/new", {**filled, "industry": typed}, status=422)
    offered = [each.get("value") for each in page.all("input") if each.get("name") == "industry_choice"]
    assert "C34" in offered
    assert 1 < len(offered) <= 20
    assert next(each for each in page.all("input") if each.get("id") == "industry").get("value") == typed
    browser.post("/organisation/new", {**filled, "industry": typed, "industry_choice": "J66"}, status=422)
    browser.post("/organisation/new", {**filled, "industry": typed, "industry_choice": "C34"}, status=303, follow=False)
    assert firms(app)[0].industry_code == "C34"


@pytest.mark.parametrize("typed", ["A3484", "99", "98", "C34841", "1", "%", "_", "*", "(", "龘龘"])
def test_no_other_code_and_no_wildcard_is_taken(
    app: Flask, browser: Browser, filled: dict[str, Any], typed: str
) -> None:
    browser.get("/organisation/new")
    page = browser.post("/organisation/new", {**filled, "industry": typed}, status=422)
    offered = [each for each in page.all("input") if each.get("name") == "industry_choice"]
    assert bool(offered) == (typed == "1")
    assert firms(app) == []


def test_the_script_is_given_matches(browser: Browser, browse: Browser) -> None:
    answer = browser.client.get("/organisation/industries?q=汽车", headers={"Accept-Language": "zh"})
    assert answer.json == {"matches": [{"code": "C36", "name": "汽车制造业"}]}
    assert browser.client.get("/organisation/industries").json == {"matches": []}
    assert browse.client.get("/organisation/industries?q=36", headers={"Accept": "application/json"}).status_code == 401


def test_made_codes_can_be_entered(app: Flask, browser: Browser, filled: dict[str, Any]) -> None:
    browser.get("/organisation/new")
    browser.post(
        "/organisation/new", {**filled, "credit_code": make_credit_code("120119", 7)}, status=303, follow=False
    )
    assert firms(app)[0].registered_area_id is not None
