"""Two districts with an officer each, the city administrator, and lists of firms to import."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask

from survey import workbooks
from survey.credit_code import make_credit_code
from survey.models import Area, Organisation, SubIndustry, User
from survey.workbooks import Sheet
from tests.survey.browsing import Browser

HERE, THERE = "120116", "120103"
"""Binhai, whose officer most tests are about, and Hexi."""
HEAD = [
    "统一社会信用代码",
    "企业名称",
    "所属区域",
    "联系人",
    "手机号",
    "行业代码",
    "细分行业",
    "产业链",
    "产业集群",
    "资质称号",
    "规上/规下",
    "代码已核对",
]


def code(serial: int) -> str:
    return make_credit_code(HERE, serial)


def row(serial: int, **values: str) -> list[str]:
    """A right row; `values` by the English key of a column replace its cells."""
    keys = (
        *("code", "name", "area", "contact", "mobile", "industry", "own"),
        *("chain", "cluster", "titles", "above", "checked"),
    )
    cells = {
        "code": code(serial), "name": f"和悦精密{serial}", "area": "滨海新区", "contact": "王芳",
        "mobile": f"139{serial:08}", "industry": "C3484", "own": "", "chain": "",
        "cluster": "", "titles": "", "above": "规上", "checked": "",
    }  # fmt: skip
    return [{**cells, **values}[key] for key in keys]


def workbook(*rows: list[str]) -> bytes:
    return workbooks.write([Sheet("List", HEAD, rows)])


@pytest.fixture
def officer(make_staff, browse_as) -> Browser:
    return browse_as(make_staff("officer", HERE))


@pytest.fixture
def other_officer(make_staff, browse_as) -> Browser:
    return browse_as(make_staff("officer", THERE))


@pytest.fixture
def city(make_staff, browse_as) -> Browser:
    return browse_as(make_staff("city_administrator"))


@pytest.fixture
def send() -> Callable[..., object]:
    """Upload a list to be checked."""

    def upload(browser: Browser, data: bytes, *, name: str = "名录.xlsx", status: int = 200) -> object:
        browser.get("/desk/import")
        return browser.post("/desk/import", {"file": (BytesIO(data), name)}, status=status)

    return upload


@pytest.fixture
def import_rows(send) -> Callable[..., None]:
    """Check and confirm."""

    def both(browser: Browser, *rows: list[str]) -> None:
        send(browser, workbook(*rows))
        browser.post("/desk/import/confirm", {"key": key_of(browser)})

    return both


def key_of(browser: Browser) -> str:
    return next(each.get("value") for each in browser.page.all("input") if each.get("name") == "key")


@pytest.fixture
def firms(app: Flask) -> Callable[[], dict[str, Organisation]]:
    """All firms by code."""

    def found() -> dict[str, Organisation]:
        with app.extensions["database"].read() as session:
            return {firm.credit_code: firm for firm in session.scalars(sa.select(Organisation))}

    return found


@pytest.fixture
def make_firm(app: Flask, make_person) -> Callable[..., Organisation]:
    """A firm that was entered by its people."""
    people: list[User] = []

    def make(serial: int, area: str = HERE, **values: object) -> Organisation:
        if not people:
            people.append(make_person(name="Founder", mobile="13700000000"))
        with app.extensions["database"].write() as session:
            place = session.scalars(sa.select(Area.id).where(Area.code == area)).one()
            given = {"name": f"Firm {serial}", "industry_code": "C3484", "state": "claimed", **values}
            firm = Organisation(
                credit_code=code(serial), operating_area_id=place, created_at=datetime.now(UTC),
                created_by=people[0].id, **given,
            )  # fmt: skip
            session.add(firm)
            session.flush()
            session.expunge(firm)
        return firm

    return make


@pytest.fixture
def own_industry(app: Flask) -> SubIndustry:
    with app.extensions["database"].write() as session:
        own = SubIndustry(code="01", name_zh="密封件", name_en="Seals", prefixes=["C348"])
        session.add(own)
        session.flush()
        session.expunge(own)
    return own
