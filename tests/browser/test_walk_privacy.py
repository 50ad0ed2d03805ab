"""Somebody takes a copy of everything, gives and withdraws a permission, asks for something, and closes the account."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from survey.credit_code import make_credit_code
from survey.database import Database
from survey.models import Area, Membership, Organisation, User
from tests.browser.entering import register
from tests.browser.site import Site, running
from tests.browser.visitor import Visitor

MOBILE = "13912345678"
WORDS = {
    "zh": {
        "register": "注册",
        "send code": "发送验证码",
        "person": "赵一鸣",
        "xlsx": "下载工作簿（XLSX）",
        "json": "下载机器可读文件（JSON）",
        "send": "提交请求",
        "close": "确认注销我的账号",
        "closed": "账号已注销",
    },
    "en": {
        "register": "Register",
        "send code": "Send the code",
        "person": "Zhao Yiming",
        "xlsx": "Download as a workbook (XLSX)",
        "json": "Download for machines (JSON)",
        "send": "Send the request",
        "close": "Close my account for good",
        "closed": "Your account is closed",
    },
}


@pytest.mark.parametrize(
    ("kind", "language", "width", "script"), [("sqlite", "zh", 375, False), ("postgresql", "en", 1280, True)]
)
def test_from_the_copy_to_closing(
    chromium: Browser, tmp_path: Path, kind: str, language: str, width: int, script: bool
) -> None:
    words = WORDS[language]
    with running(kind, tmp_path) as site:
        visitor = Visitor(chromium, site, language, width, script)
        register(visitor, words, MOBILE)
        expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
        firm = firm_of(site)
        visitor.go("/privacy")
        visitor.look("privacy-notice")
        permit_and_withdraw(visitor, firm)
        take_copies(visitor, words)
        ask(visitor, words)
        close(visitor, words, firm)
        assert nobody_is_left(site, words["person"])


def firm_of(site: Site) -> str:
    """A firm that the person holds, as an office would have confirmed it."""
    database, now = Database.connect(site.database), datetime.now(UTC)
    with database.write() as session:
        user = session.scalars(sa.select(User)).one()
        firm = Organisation(
            credit_code=make_credit_code("120111", 7),
            name="津禾精密机械（天津）有限公司",
            operating_area_id=session.scalars(sa.select(Area.id).where(Area.code == "120111")).one(),
            industry_code="C3484",
            created_at=now,
            created_by=user.id,
            state="confirmed",
        )
        session.add(firm)
        session.flush()
        session.add(
            Membership(organisation_id=firm.id, user_id=user.id, role="owner", state="confirmed", created_at=now)
        )
        public_id = firm.public_id
    database.close()
    return public_id


def permit_and_withdraw(visitor: Visitor, firm: str) -> None:
    page = visitor.page
    visitor.go(f"/privacy/firms/{firm}/consents")
    expect(page.locator("#contact form[action$=give]")).to_have_count(1)
    visitor.follow(page.locator("#contact form[action$=give] button"))
    expect(page.locator("#contact form[action$=withdraw]")).to_have_count(1)
    expect(page.locator("#benchmark form[action$=give]")).to_have_count(1)  # each stands for itself
    visitor.look("permissions")
    visitor.follow(page.locator("#contact form[action$=withdraw] button"))
    expect(page.locator("#contact form[action$=give]")).to_have_count(1)
    visitor.go(f"/privacy/firms/{firm}/disclosures")
    visitor.look("disclosures")


def take_copies(visitor: Visitor, words: dict[str, str]) -> None:
    visitor.go("/privacy/mine")
    visitor.look("your-data")
    visitor.go("/privacy/mine/copy")
    visitor.look("data-copy")
    copy = json.loads(visitor.fetch(visitor.button(words["json"])).path().read_text(encoding="utf-8"))
    assert copy["account"][0]["mobile"] == MOBILE
    assert [each["kind"] for each in copy["permissions"]] == ["contact"]
    book = openpyxl.load_workbook(io.BytesIO(visitor.fetch(visitor.button(words["xlsx"])).path().read_bytes()))
    assert MOBILE in [cell.value for cell in book.worksheets[0][2]]


def ask(visitor: Visitor, words: dict[str, str]) -> None:
    visitor.go("/privacy/mine/request")
    visitor.press(words["send"])
    visitor.look("request-errors")
    visitor.page.check("#kind-4")
    visitor.press(words["send"])
    assert visitor.page.url.endswith("/privacy/mine#requests")


def close(visitor: Visitor, words: dict[str, str], firm: str) -> None:
    page = visitor.page
    visitor.go("/privacy/mine/close")
    visitor.press(words["close"])
    visitor.look("close-errors")
    page.select_option(f"#successor-{firm}", "release")
    page.check("#sure")
    visitor.press(words["close"])
    assert visitor.heading() == words["closed"]
    visitor.look("closed")
    visitor.go("/privacy/mine")
    assert "/privacy/mine" not in page.url.partition("?")[0]


def nobody_is_left(site: Site, name: str) -> bool:
    database = Database.connect(site.database)
    with database.read() as session:
        user = session.scalars(sa.select(User)).one()
        left = {user.name, user.mobile, user.password_hash, user.state}
    database.close()
    return left == {"", None, "closed"}
