"""Assessors named for a firm, those who may not be, and an assessor's own list."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.models import Assignment, Membership, Organisation, Provider, RoleGrant, User
from tests.survey.browsing import Browser
from tests.survey.claims.conftest import MOBILE, XIQING


@pytest.fixture
def assessor(make_staff: Callable[..., User]) -> User:
    return make_staff("assessor", XIQING, name="Sun Yu")


def assign(desk: Browser, firm: Organisation, user: User, status: int = 200) -> Any:
    desk.get(f"/desk/firms/{firm.public_id}/assessors")
    return desk.post(f"/desk/firms/{firm.public_id}/assessors", {"assessor": user.public_id}, status=status)


def assignments(app: Flask) -> list[Assignment]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(sa.select(Assignment)))


def test_an_assessor_is_named_sees_the_firm_and_is_released(
    app: Flask, desk: Browser, assessor: User, owned: Organisation, listed: Organisation,
    browse_as: Callable[..., Browser], events: Callable[..., Any],
) -> None:  # fmt: skip
    page = assign(desk, owned, assessor)
    assert "Sun Yu" in page.one("main").text
    theirs = browse_as(assessor)
    page = theirs.get("/visits")
    assert owned.name in page.text
    assert listed.name not in page.text
    assert MOBILE not in page.html
    assert "13800138000" not in page.html
    assign(desk, owned, assessor)
    (row,) = assignments(app)
    desk.post(f"/desk/firms/{owned.public_id}/assessors/{row.public_id}/end")
    assert owned.name not in theirs.get("/visits").text
    desk.post(f"/desk/firms/{owned.public_id}/assessors/{row.public_id}/end", status=404)
    assert [each[0] for each in events()] == ["assessor.assign", "assessor.assign", "assessor.end"]


def member(state: str, role: str = "viewer") -> Callable[[Any, User, Organisation], None]:
    def add(session: Any, user: User, firm: Organisation) -> None:
        until = (datetime.now(UTC) - timedelta(days=9)).date() if role == "filler" else None
        session.add(
            Membership(
                organisation_id=firm.id, user_id=user.id, role=role, state=state, valid_until=until,
                created_at=datetime.now(UTC),
            )
        )  # fmt: skip

    return add


def of_a_provider(session: Any, user: User, firm: Organisation) -> None:
    provider = Provider(name="Cloud Ltd", created_at=datetime.now(UTC))
    session.add(provider)
    session.flush()
    session.add(RoleGrant(user_id=user.id, role="provider", provider_id=provider.id, granted_at=datetime.now(UTC)))


@pytest.mark.parametrize(
    ("conflict", "why", "words"),
    [
        (member("confirmed"), "member", "acts or acted for the firm"),
        (member("ended", "owner"), "member", "acts or acted for the firm"),
        (member("confirmed", "filler"), "filler", "filled in for the firm"),
        (of_a_provider, "provider", "works for a provider"),
    ],
    ids=["member", "former owner", "filler of the past", "provider"],
)
def test_who_filled_in_belongs_or_sells_is_refused_with_the_reason_and_it_is_on_record(
    app: Flask, desk: Browser, assessor: User, owned: Organisation, events: Callable[..., Any],
    conflict: Callable[..., None], why: str, words: str,
) -> None:  # fmt: skip
    with app.extensions["database"].write() as session:
        conflict(session, assessor, owned)
    page = assign(desk, owned, assessor, status=422)
    assert words in page.one("main").text
    assert assignments(app) == []
    assert events()[-1] == ("assessor.assign", "refused", why)


def test_only_assessors_whose_area_holds_the_firm_can_be_named(
    app: Flask, desk: Browser, owned: Organisation, make_staff: Callable[..., User], claimant: User, assessor: User
) -> None:
    elsewhere, city = make_staff("assessor", "120114"), make_staff("assessor", None, name="City Assessor")
    for person in (elsewhere, claimant):
        page = assign(desk, owned, person, status=422)
        assert person.public_id not in page.html
    assert {assessor.public_id, city.public_id} <= {each.get("value") for each in desk.page.all("option")}
    assign(desk, owned, city)
    assert len(assignments(app)) == 1


def test_a_visit_ends_with_the_role(
    app: Flask, desk: Browser, assessor: User, owned: Organisation, browse_as: Callable[..., Browser]
) -> None:
    assign(desk, owned, assessor)
    with app.extensions["database"].write() as session:
        session.execute(
            sa.update(Organisation).where(Organisation.id == owned.id).values(operating_area_id=elsewhere_id(session))
        )
    assert owned.name not in browse_as(assessor).get("/visits").text


def elsewhere_id(session: Any) -> int:
    from survey.models import Area

    found: int = session.scalars(sa.select(Area.id).where(Area.code == "120114")).one()
    return found


def test_an_assessor_sees_no_desk_and_an_officer_no_visits(
    desk: Browser, assessor: User, owned: Organisation, browse_as: Callable[..., Browser]
) -> None:
    theirs = browse_as(assessor)
    for path in ("/desk/claims", "/desk/codes", f"/desk/firms/{owned.public_id}/assessors"):
        theirs.get(path, status=403)
    desk.get("/visits", status=403)
