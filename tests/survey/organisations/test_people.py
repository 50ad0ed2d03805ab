"""Who acts for a firm: inviting, accepting, changing, ending, handing over."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.formatting import SHANGHAI
from survey.models import Assignment, AuditEvent, Invitation, Membership, Organisation, User
from tests.survey.browsing import Browser

Messages = Callable[[], list[dict[str, str]]]
BrowseAs = Callable[..., Browser]
MakePerson = Callable[..., User]
Join = Callable[..., None]


@pytest.fixture
def one(app: Flask) -> Callable[[sa.Select[Any]], Any]:
    """What a query finds now."""

    def find(query: sa.Select[Any]) -> Any:
        with app.extensions["database"].read() as session:
            return session.scalars(query).one()

    return find


@pytest.fixture
def colleague(make_person: MakePerson) -> User:
    return make_person("Wang Fang", "13900139000")


def people(firm: Organisation) -> str:
    return f"/organisation/{firm.public_id}/people"


def invite(browser: Browser, firm: Organisation, to: str = "13900139000", role: str = "editor", **more: str) -> None:
    browser.get(f"{people(firm)}/invite")
    browser.post(f"{people(firm)}/invite", {"recipient": to, "role": role, **more})


def link_in(message: dict[str, str]) -> str:
    found = re.search(r"http://localhost(/invitation/[\w-]+)", message["text"])
    assert found, message["text"]
    return found.group(1)


def membership(firm: Organisation, user: User) -> sa.Select[Any]:
    return sa.select(Membership).where(Membership.organisation_id == firm.id, Membership.user_id == user.id)


# -- inviting ----------------------------------------------------------------------------------------------------------


def test_it_sends_a_link_that_one_person_accepts_once(
    firm: Organisation, browser: Browser, colleague: User, browse_as: BrowseAs, messages: Messages, one: Any
) -> None:
    invite(browser, firm, "+86 139-0013-9000", "viewer")
    assert "13900139000" in browser.page.text
    message = messages()[-1]
    assert (message["recipient"], message["kind"]) == ("13900139000", "invitation")
    assert firm.name in message["text"]
    theirs = browse_as(colleague)
    page = theirs.get(link_in(message))
    for words in ("Li Wei invites you", firm.name, "139****9000"):
        assert words in page.text
    theirs.post(link_in(message))
    assert theirs.path == f"/organisation/{firm.public_id}"
    member = one(membership(firm, colleague))
    assert (member.role, member.state) == ("viewer", "confirmed")
    theirs.get(link_in(message), status=404)
    assert "not valid any more" in theirs.page.text
    theirs.post(link_in(message), status=404)
    assert "139****9000" not in browser.get(people(firm)).text
    assert "Wang Fang" in browser.page.text


def test_a_message_comes_in_the_language_of_the_recipient(
    firm: Organisation, browser: Browser, make_person: MakePerson, messages: Messages
) -> None:
    make_person("Wang Fang", "13900139000", language="zh_CN")
    invite(browser, firm)
    assert re.search(r"[一-鿿]{4}", messages()[-1]["text"])
    assert "Fills in" not in messages()[-1]["text"]


def test_a_stranger_reads_whose_invitation_it_is_and_signs_in_or_registers(
    firm: Organisation, browser: Browser, browse: Browser, messages: Messages
) -> None:
    invite(browser, firm)
    link = link_in(messages()[-1])
    page = browse.get(link)
    hrefs = [each.get("href") for each in page.all("a")]
    assert f"/sign-in?next={link}" in hrefs
    assert f"/register?next={link}" in hrefs
    assert "13900139000" not in page.html
    browse.get("/sign-in")
    browse.post(link, status=401)


def test_who_has_no_account_registers_and_comes_back(
    firm: Organisation,
    browser: Browser,
    browse: Browser,
    messages: Messages,
    code_in: Callable[[dict[str, str]], str],
    one: Any,
) -> None:
    invite(browser, firm, "new@firm.example")
    link = link_in(messages()[-1])
    browse.get(f"/register?next={link}")
    filled = {"name": "Wu Min", "recipient": "new@firm.example", "password": "kettle marble orbit fern"}
    browse.post("/register", {**filled, "accepted": "y", "next": link})
    browse.post("/register/code", {"code": code_in(messages()[-1])})
    assert browse.path == link
    browse.post(link)
    assert browse.path == f"/organisation/{firm.public_id}"
    assert one(membership(firm, one(sa.select(User).where(User.email == "new@firm.example")))).role == "editor"


def test_a_filler_whose_last_day_passed_before_accepting_is_not_invited_any_more(
    app: Flask, firm: Organisation, browser: Browser, colleague: User, browse_as: BrowseAs, messages: Messages
) -> None:
    invite(browser, firm, role="filler", body="Spring", until=days(0))
    with app.extensions["database"].write() as session:
        session.execute(sa.update(Invitation).values(valid_until=date.fromisoformat(days(-1))))
    browse_as(colleague).get(link_in(messages()[-1]), status=404)
    page = browser.get(people(firm))
    assert "The link has run out" in page.text
    assert "Send again" not in page.text


def test_nobody_else_accepts_it(
    firm: Organisation, browser: Browser, make_person: MakePerson, browse_as: BrowseAs, messages: Messages, one: Any
) -> None:
    other = make_person("Zhao Min", "13700137000")
    invite(browser, firm)
    theirs, link = browse_as(other), link_in(messages()[-1])
    assert "Sent to somebody else" in theirs.get(link).text
    theirs.post(link, {"recipient": "13700137000"}, status=403)
    assert one(sa.select(sa.func.count()).where(Membership.organisation_id == firm.id)) == 1


def test_an_invitation_can_be_withdrawn_and_sent_again(
    firm: Organisation, browser: Browser, colleague: User, browse_as: BrowseAs, messages: Messages, one: Any
) -> None:
    invite(browser, firm)
    first, row = link_in(messages()[-1]), one(sa.select(Invitation))
    browser.post(f"{people(firm)}/invitations/{row.public_id}/again")
    second = link_in(messages()[-1])
    theirs = browse_as(colleague)
    theirs.get(first, status=404)
    theirs.get(second)
    browser.post(f"{people(firm)}/invitations/{row.public_id}/withdraw")
    theirs.get(second, status=404)
    browser.post(f"{people(firm)}/invitations/{row.public_id}/again", status=404)


def test_an_old_invitation_is_no_use(
    app: Flask, firm: Organisation, browser: Browser, colleague: User, browse_as: BrowseAs, messages: Messages
) -> None:
    invite(browser, firm)
    with app.extensions["database"].write() as session:
        session.execute(sa.update(Invitation).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    theirs = browse_as(colleague)
    theirs.get(link_in(messages()[-1]), status=404)
    assert "The link has run out" in browser.get(people(firm)).text


def test_extra_keys_change_nothing(
    firm: Organisation,
    make_firm: Callable[..., Organisation],
    browser: Browser,
    colleague: User,
    browse_as: BrowseAs,
    messages: Messages,
    one: Any,
) -> None:
    elsewhere = make_firm(colleague, "另一家（天津）有限公司", serial=2)
    extra = {"organisation_id": str(elsewhere.id), "state": "confirmed", "area_id": "1", "valid_until": "2099-01-01"}
    invite(browser, firm, role="viewer", **extra)
    row = one(sa.select(Invitation))
    assert (row.organisation_id, row.role, row.area_id, row.valid_until) == (firm.id, "viewer", None, None)
    theirs, link = browse_as(colleague), link_in(messages()[-1])
    theirs.get(link)
    theirs.post(link, {"role": "owner", "organisation_id": str(elsewhere.id), "user_id": "1"})
    assert one(membership(firm, colleague)).role == "viewer"


def test_a_role_outside_firms_cannot_be_chosen(firm: Organisation, browser: Browser) -> None:
    browser.get(f"{people(firm)}/invite")
    browser.post(f"{people(firm)}/invite", {"recipient": "a@b.cn", "role": "city_administrator"}, status=422)


def test_thirty_invitations_a_day_are_enough(app: Flask, firm: Organisation, browser: Browser) -> None:
    from survey import limits  # only here

    with app.extensions["database"].write() as session:
        for _ in range(30):
            assert limits.count(session, "invitations", firm.public_id, datetime.now(UTC))
    browser.get(f"{people(firm)}/invite")
    browser.post(f"{people(firm)}/invite", {"recipient": "a@b.cn", "role": "viewer"}, status=429)


def test_inviting_wants_a_fresh_proof(app: Flask, firm: Organisation, browser: Browser) -> None:
    make_stale(app)
    browser.get(f"{people(firm)}/invite", status=303, follow=False)
    assert browser.response.location.startswith("/confirm?next=")
    browser.get(f"{people(firm)}/hand-over", status=303, follow=False)


def make_stale(app: Flask) -> None:
    from survey.models import SignInSession

    with app.extensions["database"].write() as session:
        session.execute(sa.update(SignInSession).values(fresh_at=datetime.now(UTC) - timedelta(hours=1)))


# -- who may -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["editor", "viewer", "filler"])
def test_only_the_account_holder_manages_people(
    firm: Organisation, colleague: User, join: Join, browse_as: BrowseAs, browser: Browser, one: Any, role: str
) -> None:
    invite(browser, firm, "secret@firm.example")
    join(firm, colleague, role)
    member, row = one(membership(firm, colleague)), one(sa.select(Invitation))
    theirs = browse_as(colleague)
    page = theirs.get(people(firm))
    assert "Li Wei" in page.text
    assert "secret@firm.example" not in page.text
    assert "/invite" not in page.html
    for path in ("/invite", f"/{member.public_id}", "/hand-over"):
        theirs.get(f"{people(firm)}{path}", status=403)
        theirs.post(f"{people(firm)}{path}", {"role": "owner"}, status=403)
    theirs.post(f"{people(firm)}/{member.public_id}/end", status=403)
    theirs.post(f"{people(firm)}/invitations/{row.public_id}/withdraw", status=403)
    assert one(membership(firm, colleague)).role == role


def test_ids_of_another_firm_are_missing_ids(
    firm: Organisation,
    make_firm: Callable[..., Organisation],
    browser: Browser,
    colleague: User,
    browse_as: BrowseAs,
    one: Any,
) -> None:
    elsewhere = make_firm(colleague, "另一家（天津）有限公司", serial=2)
    theirs = browse_as(colleague)
    theirs.get(people(firm), status=404)
    invite(browser, firm, "a@b.cn")
    row, owner = one(sa.select(Invitation)), one(sa.select(Membership).where(Membership.organisation_id == firm.id))
    for path in (f"invitations/{row.public_id}/withdraw", f"invitations/{row.public_id}/again", owner.public_id):
        theirs.get(people(elsewhere))
        theirs.post(f"{people(elsewhere)}/{path}", {"role": "viewer"}, status=404)
    theirs.post(f"{people(elsewhere)}/{owner.public_id}/end", status=404)
    assert one(sa.select(Invitation)).withdrawn_at is None
    assert one(sa.select(Membership).where(Membership.organisation_id == firm.id)).state == "confirmed"


# -- changing and ending -----------------------------------------------------------------------------------------------


def test_a_right_is_changed_and_the_person_told(
    firm: Organisation, browser: Browser, colleague: User, join: Join, messages: Messages, one: Any
) -> None:
    join(firm, colleague, "editor")
    member = one(membership(firm, colleague))
    browser.get(f"{people(firm)}/{member.public_id}")
    browser.post(f"{people(firm)}/{member.public_id}", {"role": "viewer", "state": "ended", "user_id": "1"})
    assert browser.path == people(firm)
    assert (one(membership(firm, colleague)).role, one(membership(firm, colleague)).state) == ("viewer", "confirmed")
    message = messages()[-1]
    assert (message["recipient"], message["kind"]) == ("13900139000", "member_changed")
    assert firm.name in message["text"]
    browser.post(f"{people(firm)}/{member.public_id}", {"role": "owner"}, status=422)


def test_a_right_ends_at_once_with_what_the_person_sent(
    app: Flask,
    firm: Organisation,
    browser: Browser,
    colleague: User,
    join: Join,
    browse_as: BrowseAs,
    messages: Messages,
    one: Any,
) -> None:
    join(firm, colleague, "owner")
    theirs = browse_as(colleague)
    invite(theirs, firm, "back@door.example")
    member = one(membership(firm, colleague))
    browser.get(f"{people(firm)}/{member.public_id}")
    browser.post(f"{people(firm)}/{member.public_id}/end")
    theirs.get(people(firm), status=404)
    assert one(sa.select(Invitation)).withdrawn_at is not None
    assert "已终止" in messages()[-1]["text"]
    event = one(sa.select(AuditEvent).where(AuditEvent.action == "member.end"))
    assert (event.organisation_id, event.object_id, event.detail) == (firm.id, firm.public_id, "owner")


def test_the_last_account_holder_stays_until_handing_over(
    firm: Organisation, owner: User, browser: Browser, one: Any
) -> None:
    mine = one(membership(firm, owner))
    browser.get(people(firm))
    browser.post(f"{people(firm)}/{mine.public_id}/end", status=409)
    assert "Hand the account over first" in browser.page.text
    assert f"{people(firm)}/hand-over" in browser.page.html
    browser.get(people(firm))
    browser.post(f"{people(firm)}/{mine.public_id}", {"role": "viewer"}, status=409)
    assert (one(membership(firm, owner)).role, one(membership(firm, owner)).state) == ("owner", "confirmed")


def test_a_locked_account_does_not_count_as_holder(
    app: Flask, firm: Organisation, owner: User, browser: Browser, colleague: User, join: Join, one: Any
) -> None:
    join(firm, colleague, "owner")
    with app.extensions["database"].write() as session:
        session.execute(sa.update(User).where(User.id == colleague.id).values(state="locked"))
    browser.get(people(firm))
    browser.post(f"{people(firm)}/{one(membership(firm, owner)).public_id}/end", status=409)


@pytest.mark.parametrize(("leaving", "role", "state"), [
    ("editor", "editor", "confirmed"), ("stay", "owner", "confirmed"), ("leave", "owner", "ended"),
])  # fmt: skip
def test_the_account_is_handed_over(
    firm: Organisation,
    owner: User,
    browser: Browser,
    colleague: User,
    join: Join,
    one: Any,
    leaving: str,
    role: str,
    state: str,
) -> None:
    join(firm, colleague, "viewer")
    browser.get(f"{people(firm)}/hand-over")
    browser.post(f"{people(firm)}/hand-over", {"to": one(membership(firm, colleague)).public_id, "leaving": leaving})
    assert one(membership(firm, colleague)).role == "owner"
    mine = one(membership(firm, owner))
    assert (mine.role, mine.state) == (role, state)


def test_it_is_handed_to_confirmed_colleagues_only(
    firm: Organisation, owner: User, browser: Browser, make_person: MakePerson, join: Join, one: Any
) -> None:
    waiting, filler = make_person("Zhao Min", "13700137000"), make_person("Sun Li", "13600136000")
    join(firm, waiting, "editor", "claimed")
    join(firm, filler, "filler")
    assert "There is nobody to hand it to yet" in browser.get(f"{people(firm)}/hand-over").text
    for person in (waiting, filler, owner):
        to = one(membership(firm, person)).public_id
        browser.post(f"{people(firm)}/hand-over", {"to": to, "leaving": "leave"}, status=422)
    assert one(membership(firm, owner)).role == "owner"


# -- authorised fillers ------------------------------------------------------------------------------------------------


def days(count: int) -> str:
    return (datetime.now(SHANGHAI).date() + timedelta(days=count)).isoformat()


def test_an_authorised_filler_belongs_to_a_body_and_ends_by_itself(
    app: Flask,
    firm: Organisation,
    browser: Browser,
    colleague: User,
    browse_as: BrowseAs,
    messages: Messages,
    one: Any,
) -> None:
    invite(browser, firm, role="filler", body="Spring Cloud Ltd", until=days(90))
    theirs, link = browse_as(colleague), link_in(messages()[-1])
    text = theirs.get(link).text
    assert "Spring Cloud Ltd" in text
    assert "never submits, never sees the report" in text
    theirs.post(link)
    member = one(membership(firm, colleague))
    assert (member.role, member.body, member.valid_until.isoformat()) == ("filler", "Spring Cloud Ltd", days(90))
    assert "Spring Cloud Ltd" in browser.get(people(firm)).text
    assert theirs.get("/fill").text
    _expire(app, member, date.fromisoformat(days(-1)))
    theirs.get(people(firm), status=404)
    assert firm.name not in theirs.get("/organisation").text
    assert firm.name not in theirs.get("/account").text
    assert "Ended" in browser.get(people(firm)).text


def _expire(app: Flask, member: Membership, day: date) -> None:
    with app.extensions["database"].write() as session:
        session.execute(sa.update(Membership).where(Membership.id == member.id).values(valid_until=day))


@pytest.mark.parametrize(("body", "until", "words"), [
    ("", 30, "name of the body"), ("Spring", None, "last day"), ("Spring", -1, "12 months"),
    ("Spring", 367, "12 months"),
])  # fmt: skip
def test_a_filler_needs_a_body_and_a_day_within_a_year(
    firm: Organisation, browser: Browser, body: str, until: int | None, words: str
) -> None:
    browser.get(f"{people(firm)}/invite")
    day = "" if until is None else days(until)
    filled = {"recipient": "a@b.cn", "role": "filler", "body": body, "until": day}
    assert words in browser.post(f"{people(firm)}/invite", filled, status=422).text


def test_a_fillers_last_day_can_be_moved(
    app: Flask, firm: Organisation, browser: Browser, colleague: User, join: Join, browse_as: BrowseAs, one: Any
) -> None:
    join(firm, colleague, "filler")
    member = one(membership(firm, colleague))
    _expire(app, member, date.fromisoformat(days(-1)))
    browser.get(f"{people(firm)}/{member.public_id}")
    browser.post(f"{people(firm)}/{member.public_id}", {"until": days(10), "role": "owner"})
    assert one(membership(firm, colleague)).role == "filler"
    browse_as(colleague).get(people(firm))


def test_who_was_asked_to_verify_a_firm_may_not_join_it(
    app: Flask,
    firm: Organisation,
    owner: User,
    browser: Browser,
    colleague: User,
    browse_as: BrowseAs,
    messages: Messages,
    one: Any,
) -> None:
    invite(browser, firm, role="filler", body="Spring", until=days(3))
    with app.extensions["database"].write() as session:
        here = {"organisation_id": firm.id, "user_id": colleague.id, "assigned_by": owner.id}
        session.add(Assignment(assigned_at=datetime.now(UTC), **here))
    theirs, link = browse_as(colleague), link_in(messages()[-1])
    theirs.get(link)
    assert "asked to verify this firm" in theirs.post(link, status=409).text
    assert one(sa.select(sa.func.count()).where(Membership.user_id == colleague.id)) == 0
    event = one(sa.select(AuditEvent).where(AuditEvent.action == "invitation.accept"))
    assert (event.result, event.detail) == ("refused", "assessor")


def test_an_invitation_never_lowers_a_right(
    firm: Organisation, owner: User, browser: Browser, messages: Messages, one: Any
) -> None:
    invite(browser, firm, "13800138000", "viewer")
    link = link_in(messages()[-1])
    browser.get(link)
    browser.post(link)
    assert one(membership(firm, owner)).role == "owner"


def test_a_right_that_ended_comes_back_by_invitation(
    firm: Organisation, browser: Browser, colleague: User, join: Join, browse_as: BrowseAs, messages: Messages, one: Any
) -> None:
    join(firm, colleague, "owner", "ended")
    invite(browser, firm, role="viewer")
    theirs = browse_as(colleague)
    theirs.get(people(firm), status=404)
    theirs.get(link_in(messages()[-1]))
    theirs.post(link_in(messages()[-1]))
    member = one(membership(firm, colleague))
    assert (member.role, member.state) == ("viewer", "confirmed")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_pages_are_whole_in_both_languages(
    firm: Organisation, browser: Browser, colleague: User, join: Join, one: Any, language: str
) -> None:
    join(firm, colleague, "filler")
    browser.language = language
    for path in ("", "/invite", "/hand-over", f"/{one(membership(firm, colleague)).public_id}"):
        page = browser.get(f"{people(firm)}{path}")
        assert page.one("html").get("lang") == language
    invite(browser, firm, "a@b.cn")
    assert "a@b.cn" in browser.page.text
