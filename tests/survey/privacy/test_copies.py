"""A person's copy of the own data, and a firm's: complete, at once, and nobody else's."""

import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import sqlalchemy as sa
from flask import Flask

from survey.models import AuditEvent, Claim, Invitation, Membership, Organisation, SignInSession, Submission, User
from survey.privacy.firm_parts import FIRM
from survey.privacy.own_parts import OWN
from tests.survey.browsing import Browser
from tests.survey.privacy.conftest import MakeFirm


def copy(browser: Browser, path: str = "/privacy/mine/copy") -> dict[str, Any]:
    browser.get(path)
    browser.post(path, {"format": "json"})
    found: dict[str, Any] = json.loads(browser.response.data)
    return found


def test_it_gives_a_person_everything_of_their_own_at_once(
    app: Flask, make_person: Callable[..., User], make_firm: MakeFirm, browse_as: Callable[..., Browser]
) -> None:
    user, now = make_person("Li Wei", language="en"), datetime.now(UTC)
    firm = make_firm(owner=user)
    browser = browse_as(user)
    with app.extensions["database"].write() as session:
        session.execute(sa.update(SignInSession).values(device="Firefox on Android", address="203.0.113.5"))
        invited = {"recipient": "13800138000", "role": "editor", "invited_at": now, "expires_at": now}
        session.add(Invitation(token_hash="t", organisation_id=firm.id, **invited))
        claimed = {"how": "letter", "state": "refused", "remark": "I am the bookkeeper", "reason": "no seal"}
        session.add(Claim(organisation_id=firm.id, user_id=user.id, made_at=now, **claimed))
    found = copy(browser)
    assert found["account"][0]["name"] == "Li Wei"
    assert found["account"][0]["mobile"] == "13800138000"
    assert found["sign_ins"][0]["device"] == "Firefox on Android"
    assert found["firms"] == [found["firms"][0] | {"firm": firm.name, "role": "owner", "state": "confirmed"}]
    assert found["invitations"][0]["recipient"] == "13800138000"
    assert (found["claims"][0]["remark"], found["claims"][0]["reason"]) == ("I am the bookkeeper", "no seal")
    assert set(found) == {"made_at", *(part.key for part in OWN)}
    disposition = browser.response.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert ".json" in disposition
    assert browser.response.headers["Cache-Control"] == "no-store"


def test_it_gives_the_same_as_a_workbook_with_a_sheet_for_each_part(
    make_person: Callable[..., User], browse_as: Callable[..., Browser]
) -> None:
    browser = browse_as(make_person("=Li Wei"))
    browser.get("/privacy/mine/copy")
    browser.post("/privacy/mine/copy", {"format": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(browser.response.data))
    assert len(book.sheetnames) == len(OWN)
    account = book["Account"]
    row = dict(zip((cell.value for cell in account[1]), account[2], strict=True))
    assert row["Name"].value == "=Li Wei"
    assert row["Name"].data_type == "s", "a name is never a formula"


def test_it_gives_nothing_of_anybody_else(
    app: Flask, make_person: Callable[..., User], make_firm: MakeFirm, browse_as: Callable[..., Browser]
) -> None:
    mine, other = make_person(), make_person("Unmistakable", "13900000009")
    make_firm(1, "Mine", owner=mine)
    make_firm(2, "Foreign", owner=other)
    text = json.dumps(copy(browse_as(mine)), ensure_ascii=False)
    assert "Unmistakable" not in text
    assert "Foreign" not in text
    assert "13900000009" not in text


def test_it_has_answers_only_of_firms_in_which_the_right_still_holds(
    app: Flask,
    make_person: Callable[..., User],
    make_firm: MakeFirm,
    hand_in: Callable[[Organisation, User], Submission],
    browse_as: Callable[..., Browser],
) -> None:
    user = make_person()
    firm = make_firm(owner=user)
    hand_in(firm, user)
    browser = browse_as(user)
    found = copy(browser)
    assert found["answers"][0]["data"]["responses"]
    assert found["submissions"][0]["firm"] == firm.name
    for values in ({"state": "ended"}, {"state": "confirmed", "valid_until": date(2020, 1, 1)}):
        with app.extensions["database"].write() as session:
            session.execute(sa.update(Membership).values(values))
        found = copy(browser)
        assert found["answers"] == []
        assert len(found["submissions"]) == 1, "that the person submitted stays the person's"


def test_it_records_and_limits_copies(
    app: Flask, make_person: Callable[..., User], browse_as: Callable[..., Browser]
) -> None:
    browser = browse_as(make_person())
    browser.get("/privacy/mine/copy")
    for _ in range(10):
        browser.post("/privacy/mine/copy", {"format": "json"})
    browser.get("/privacy/mine/copy")
    browser.post("/privacy/mine/copy", {"format": "json"}, status=429)
    browser.get("/privacy/mine/copy")
    browser.post("/privacy/mine/copy", {"format": "exe"}, status=400)
    with app.extensions["database"].read() as session:
        assert (
            list(session.scalars(sa.select(AuditEvent.detail).where(AuditEvent.action == "data.copy"))) == ["json"] * 10
        )


def test_it_wants_to_know_afresh_who_it_is(
    app: Flask, make_person: Callable[..., User], make_firm: MakeFirm, browse_as: Callable[..., Browser]
) -> None:
    user = make_person()
    firm, browser = make_firm(owner=user), browse_as(user)
    with app.extensions["database"].write() as session:
        session.execute(sa.update(SignInSession).values(fresh_at=datetime.now(UTC) - timedelta(hours=1)))
    for path in ("/privacy/mine/copy", "/privacy/mine/close", f"/privacy/firms/{firm.public_id}/copy"):
        answer = browser.client.get(path)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/confirm")


def test_it_gives_the_account_holder_everything_of_the_firm(
    app: Flask,
    make_person: Callable[..., User],
    make_firm: MakeFirm,
    hand_in: Callable[[Organisation, User], Submission],
    browse_as: Callable[..., Browser],
) -> None:
    owner, editor, stranger = make_person(), make_person("Editor", "13800000002"), make_person("S", "13800000003")
    firm = make_firm(owner=owner, editor=editor)
    hand_in(firm, owner)
    path = f"/privacy/firms/{firm.public_id}/copy"
    browser = browse_as(owner)
    found = copy(browser, path)
    assert set(found) == {"made_at", *(part.key for part in FIRM)}
    assert found["firm"][0]["credit_code"] == firm.credit_code
    assert {each["name"] for each in found["people"]} == {"Li Wei", "Editor"}
    assert len(found["submitted"]) == len(found["scorecards"]) == 1
    assert found["scorecards"][0]["card"]["measures"]
    browser.get(path)
    browser.post(path, {"format": "xlsx"})
    assert len(openpyxl.load_workbook(io.BytesIO(browser.response.data)).sheetnames) == len(FIRM)
    browse_as(editor).get(path, status=403)
    browse_as(stranger).get(path, status=404)
