"""A listed firm in Xiqing with its contact, an officer of the district, people who claim, and letters to send."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image

from survey.audit import Actor
from survey.claims import codes
from survey.credit_code import make_credit_code
from survey.models import Area, AuditEvent, Claim, ListedContact, ListedTitle, Membership, Organisation, User
from survey.settings import Settings
from tests.survey.browsing import Browser

XIQING, WUQING = "120111", "120114"
MOBILE = "13600136000"


@pytest.fixture
def area_of(app: Flask) -> Callable[[str], Area]:
    """An area by its code."""

    def find(code: str = XIQING) -> Area:
        with app.extensions["database"].read() as session:
            return session.scalars(sa.select(Area).where(Area.code == code)).one()

    return find


@pytest.fixture
def officer(make_staff: Callable[..., User]) -> User:
    return make_staff("officer", XIQING)


@pytest.fixture
def desk(officer: User, browse_as: Callable[..., Browser]) -> Browser:
    """The browser of Xiqing's officer."""
    return browse_as(officer)


@pytest.fixture
def list_firm(app: Flask, officer: User, area_of: Callable[..., Area]) -> Callable[..., Organisation]:
    """Put a firm on the list, as an import does."""

    def add(serial: int = 1, name: str = "津禾精密机械（天津）有限公司", area: str = XIQING) -> Organisation:
        now = datetime.now(UTC)
        with app.extensions["database"].write() as session:
            firm = Organisation(
                credit_code=make_credit_code("120111", serial), name=name, operating_area_id=area_of(area).id,
                industry_code="C3484", created_at=now, created_by=officer.id, state="listed", listed_at=now,
            )  # fmt: skip
            session.add(firm)
            session.flush()
            session.add(ListedContact(organisation_id=firm.id, name="Zhao Min", mobile=MOBILE, listed_at=now))
            session.add(ListedTitle(organisation_id=firm.id, kind="innovative", listed_at=now))
        return firm

    return add


@pytest.fixture
def listed(list_firm: Callable[..., Organisation]) -> Organisation:
    return list_firm()


@pytest.fixture
def code_for(app: Flask, settings: Settings, officer: User) -> Callable[..., str]:
    """A claim code for a firm, made by the officer so many days ago."""

    def make(firm: Organisation, days_ago: int = 0) -> str:
        then = datetime.now(UTC) - timedelta(days=days_ago)
        with app.extensions["database"].write() as session:
            return codes.issue(session, settings, [firm], "letter", Actor(officer.id), then)[firm.id]

    return make


@pytest.fixture
def claimant(make_person: Callable[..., User]) -> User:
    return make_person("Wang Fang", MOBILE, language="en")


@pytest.fixture
def browser(claimant: User, browse_as: Callable[..., Browser]) -> Browser:
    """The claimant's browser."""
    return browse_as(claimant)


@pytest.fixture
def owned(app: Flask, list_firm: Callable[..., Organisation], make_person: Callable[..., User]) -> Organisation:
    """A confirmed firm whose account Li Wei holds."""
    firm, holder = list_firm(2, "先到有限公司"), make_person(language="en")
    with app.extensions["database"].write() as session:
        session.get_one(Organisation, firm.id).state = "confirmed"
        session.add(
            Membership(
                organisation_id=firm.id,
                user_id=holder.id,
                role="owner",
                state="confirmed",
                created_at=datetime.now(UTC),
            )
        )
    return firm


@pytest.fixture
def holder(app: Flask, owned: Organisation) -> User:
    with app.extensions["database"].read() as session:
        return session.scalars(sa.select(User).where(User.name == "Li Wei")).one()


def photo(form: str = "JPEG", size: tuple[int, int] = (60, 40), **more: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "white").save(written, form, **more)
    return written.getvalue()


def pdf(extra: bytes = b"") -> bytes:
    """A PDF of one empty page."""
    parts = [
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n" + extra,
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n",
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n",
    ]
    body, places = b"%PDF-1.4\n", []
    for part in parts:
        places.append(len(body))
        body += part
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + table + b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)


@pytest.fixture
def send_letter(area_of: Callable[..., Area]) -> Callable[..., Any]:
    """Claim a firm with a letter; gives the page that comes."""

    def send(
        browser: Browser, credit_code: str, content: bytes | None = None, name: str = "letter.jpg", status: int = 200,
        **changes: str,
    ) -> Any:  # fmt: skip
        fields = {"credit_code": credit_code, "name": "津禾公司", "area": area_of().public_id, "industry": "C3484"}
        browser.get("/claim/letter")
        file = (io.BytesIO(photo() if content is None else content), name)
        return browser.post("/claim/letter", {**fields, **changes, "letter": file}, status=status)

    return send


@pytest.fixture
def states(app: Flask) -> Callable[[Organisation], tuple[str, dict[str, tuple[str, str]], list[tuple[str, str, bool]]]]:
    """The state of a firm, its people's rights by name, and the claims on it in their order."""

    def read(firm: Organisation) -> tuple[str, dict[str, tuple[str, str]], list[tuple[str, str, bool]]]:
        with app.extensions["database"].read() as session:
            state = session.scalars(sa.select(Organisation.state).where(Organisation.id == firm.id)).one()
            people = session.execute(
                sa.select(User.name, Membership.role, Membership.state)
                .join(Membership, Membership.user_id == User.id)
                .where(Membership.organisation_id == firm.id)
            ).all()
            claims = session.execute(
                sa.select(Claim.how, Claim.state, Claim.dispute)
                .where(Claim.organisation_id == firm.id)
                .order_by(Claim.id)
            ).all()
        return state, {name: (role, how) for name, role, how in people}, [tuple(row) for row in claims]

    return read


@pytest.fixture
def events(app: Flask) -> Callable[[], list[tuple[str, str, str | None]]]:
    """What is on record: action, result, detail; sign-ins aside."""

    def read() -> list[tuple[str, str, str | None]]:
        query = sa.select(AuditEvent.action, AuditEvent.result, AuditEvent.detail).order_by(AuditEvent.id)
        with app.extensions["database"].read() as session:
            return [tuple(row) for row in session.execute(query)]

    return read


def code_in(text: str) -> str:
    """The claim code in a text."""
    found = re.search(rf"(?<![0-9A-Z])([{codes.ALPHABET}]{{5}} [{codes.ALPHABET}]{{5}})", text)
    assert found, text
    return found.group(1)
