"""A visit typed in from paper: sixteen scenes and twenty photos, both levels side by side, the firm's word, a second
person. The assessor works on a tablet in English, the firm's owner on a phone in Chinese.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Browser, FilePayload, expect

from survey import audit
from survey.answering import actions, submitting
from survey.answering.queries import page_data
from survey.app import create_app
from survey.models import Campaign, Membership, NoticeAcceptance, RoleGrant, SignInSession, Submission, User
from survey.pages.privacy import NOTICE_VERSION
from survey.protection import token_hash
from survey.settings import Settings
from tests.browser.entering import pdf_text
from tests.browser.site import Site, running
from tests.browser.visitor import Visitor
from tests.cast import place_of
from tests.survey.report.conftest import firm_of
from tests.survey.report.made import WORKED

AREA = "120111"
SCENES = {
    "product_lifecycle": ("s1", "s2", "s3", "s4"),
    "production": ("s5", "s6", "s7", "s8", "s9", "s10"),
    "supply_chain": ("s11", "s12"),
    "decision": ("s13", "s14", "s15", "s16"),
}
OTHERS = ("foundation", "management", "effect")
LOWER, UNSHOWN, PHOTOGRAPHED = "s13", "s12", "s5"
REASON = "The system is there, but stock is still counted on paper."


@dataclass
class People:
    """The names of their sign-ins, and the firm's submission."""

    owner: str
    officer: str
    assessor: str
    submission: str


def test_a_visit_from_plan_to_the_second_person(chromium: Browser, tmp_path: Path) -> None:
    with running("sqlite", tmp_path) as site:
        people = make_people(site)
        desk, tablet = Visitor(chromium, site, "en", 1280), Visitor(chromium, site, "en", 768)
        phone = Visitor(chromium, site, "zh", 375)
        for visitor, token in ((desk, people.officer), (tablet, people.assessor), (phone, people.owner)):
            visitor.context.add_cookies([{"name": "sign-in", "value": token, "url": site.url}])
        plan(desk, people)
        prepare(tablet)
        enter(tablet)
        add_photos(tablet)
        hand_in(tablet)
        say_a_word(phone)
        confirm(desk)
        read_both_results(phone, people)


def make_people(site: Site) -> People:
    """A firm that has handed in, its owner, an officer and an assessor of its area."""
    app, now = create_app(Settings.from_environment(site.environment)), datetime.now(UTC)
    database = app.extensions["database"]
    with app.app_context(), database.write() as session:
        owner, officer, assessor = (
            person(session, name, now, **more)
            for name, more in (
                ("王芳", {"mobile": "13800138000"}),
                ("Officer", {"email": "officer@staff.example"}),
                ("Sun Yu", {"email": "sun@staff.example"}),
            )
        )
        for user, role in ((officer, "officer"), (assessor, "assessor")):
            session.add(RoleGrant(user_id=user, role=role, granted_at=now, **place_of(session, role, AREA)))
        firm = firm_of(session, audit.Actor(owner))
        firm.state = "confirmed"
        session.execute(sa.update(Membership).values(state="confirmed"))
        campaign = session.scalars(sa.select(Campaign)).one()
        submission = actions.start(session, firm, campaign, audit.Actor(owner), now)
        for section in submitting.prepare(session, submission).instrument.sections:
            given = {item.id: WORKED[item.id] for item in section.items}
            actions.save_page(session, submission.id, section.id, 0, page_data(given, set()), owner, now)
    with app.app_context(), database.write() as session:
        prepared = submitting.prepare(session, session.scalars(sa.select(Submission)).one())
        assert submitting.submit(session, prepared, prepared.mark, audit.Actor(owner), now)
        public_id = session.scalars(sa.select(Submission.public_id)).one()
    database.close()
    return People(token(owner), token(officer), token(assessor), public_id)


def person(session: Any, name: str, now: datetime, **more: str) -> int:
    """With an account and signed in."""
    user = User(name=name, created_at=now, **more)
    session.add(user)
    session.flush()
    session.add(NoticeAcceptance(user_id=user.id, version=NOTICE_VERSION, accepted_at=now))
    times = {"created_at": now, "seen_at": now, "fresh_at": now, "ends_at": now + timedelta(hours=12)}
    session.add(SignInSession(token_hash=token_hash(token(user.id)), user_id=user.id, strong=True, **times))
    return user.id


def token(user_id: int) -> str:
    return f"sign-in-of-{user_id}"


def plan(desk: Visitor, people: People) -> None:
    desk.go(f"/visits/plan/{people.submission}")
    desk.page.get_by_label("Sun Yu").check()
    desk.look("visit-plan")
    desk.press("Plan the visit and let them know")
    expect(desk.page.locator("main")).to_contain_text("Planned")
    desk.go("/visits/office")
    desk.look("visits")


def prepare(tablet: Visitor) -> None:
    tablet.go("/visits")
    tablet.look("visits-own")
    tablet.follow(tablet.page.locator(".tasks a").first)
    tablet.look("visit-prepare")
    assert "13800138000" in tablet.page.locator("main").inner_text(), "whom to call"
    form = tablet.page.get_by_role("link", name="The form in English (PDF)").get_attribute("href")
    expect(tablet.page.locator("h1")).to_contain_text("津禾")
    for _again in range(60):
        answer = tablet.context.request.get(tablet.site.url + str(form))
        if answer.headers["content-type"] == "application/pdf":
            break
        tablet.page.wait_for_timeout(500)
    text, _fonts = pdf_text(answer.body())
    assert len(re.findall("Nothing shown", text)) == len(WORKED), "every question has its boxes"
    tablet.follow(tablet.page.get_by_role("link", name="Enter what was found").first)


def enter(tablet: Visitor) -> None:
    """From paper: each scene by itself, the other questions section by section."""
    page = tablet.page
    visit = re.findall(r"/visits/(\w{22})", page.url)[0]
    for section, scenes in SCENES.items():
        tablet.go(f"/visits/{visit}/sections/{section}")
        page.check("#seen-section-system")
        for scene in scenes:
            enter_scene(tablet, scene)
        if section == "decision":
            tablet.look("visit-section-entered")
        tablet.press("Save and continue")
        expect(page.locator(".errsum")).to_have_count(0)
    for section in OTHERS:
        tablet.go(f"/visits/{visit}/sections/{section}")
        if section == OTHERS[0]:
            tablet.press("All others as stated")
            expect(page.locator(".errsum")).to_contain_text("Tick what you looked at")
            tablet.look("visit-section-errors")
        page.check("#seen-section-document")
        tablet.press("All others as stated")
        expect(page.locator(".errsum")).to_have_count(0)


def enter_scene(tablet: Visitor, scene: str) -> None:
    page = tablet.page
    if scene == LOWER:
        page.check(f"#finding-{scene}-changed")
        page.check(f"#r-{scene}-1")
        page.fill(f"#reason-{scene}", REASON)
    elif scene == UNSHOWN:
        page.check(f"#finding-{scene}-not_shown")
        page.fill(f"#reason-{scene}", "Nobody could show it.")
    else:
        page.check(f"#finding-{scene}-same")
        expect(page.locator(f"#reason-{scene}")).to_be_hidden()


def photo(number: int) -> FilePayload:
    """Another picture for each number."""
    content = io.BytesIO()
    Image.effect_noise((320, 240), 20 + number).convert("RGB").save(content, "JPEG")
    return {"name": f"IMG_{number:04}.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


def add_photos(tablet: Visitor) -> None:
    visit = re.findall(r"/visits/(\w{22})", tablet.page.url)[0]
    tablet.go(f"/visits/{visit}/photos/{PHOTOGRAPHED}")
    tablet.page.set_input_files("#files", [photo(number) for number in range(1, 21)])
    tablet.press("Add to this answer")
    expect(tablet.page.locator(".proof-files li")).to_have_count(20)
    tablet.look("visit-photos")
    tablet.go(f"/visits/{visit}/hand-in")


def hand_in(tablet: Visitor) -> None:
    page = tablet.page
    assert tablet.heading() == "Both results, then hand in"
    expect(page.locator(".beside")).to_contain_text("Level 1")
    tablet.look("visit-hand-in")
    page.fill("#visited_on", f"{datetime.now(UTC).date()}")
    tablet.press("Hand in and let the firm know")
    expect(page.locator("main")).to_contain_text("With the firm for its word")


def say_a_word(phone: Visitor) -> None:
    phone.go(visit_link(phone))
    expect(phone.page.locator("main")).to_contain_text(REASON)
    phone.look("visit-comment")
    phone.page.check("#agreed-1")
    phone.page.fill("#comment", "仓库系统五月起已启用。")
    phone.press("提交答复")
    expect(phone.page.locator("main")).to_contain_text("仓库系统五月起已启用。")


def visit_link(phone: Visitor) -> str:
    """The link in the second message that the owner got: the first told of the plan."""
    for _message in range(2):
        found = re.findall(r"/visits/\w{22}/comment", phone.site.message("13800138000"))
    return str(found[0])


def confirm(desk: Visitor) -> None:
    desk.go("/visits/office")
    desk.follow(desk.page.locator("tbody th a").first)
    desk.follow(desk.page.get_by_role("link", name="Check the findings"))
    expect(desk.page.locator("main")).to_contain_text("仓库系统五月起已启用。")
    desk.look("visit-check")
    desk.press("Confirm what was found")
    expect(desk.page.locator("main")).to_contain_text("The verified result stands beside")


def read_both_results(phone: Visitor, people: People) -> None:
    phone.go(f"/report/{people.submission}")
    expect(phone.page.locator("#verified")).to_contain_text("仓库系统五月起已启用。")
    phone.look("report-with-visit")
    phone.follow(phone.page.locator("#verified a.tap").last)
    expect(phone.page.locator(".kicker")).to_contain_text("现场评定")
    phone.look("report-verified")
