"""Three faults, one notice: an office returns a submission, the firm mends it on a phone, the office accepts it.

The officer in English at 1280 and 768, the firm in Chinese on a phone.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from survey import audit
from survey.answering import actions, submitting
from survey.answering.queries import page_data
from survey.app import create_app
from survey.models import Campaign, Organisation, Snapshot
from survey.settings import Settings
from tests.browser.people import make_firm, make_person, sign_in
from tests.browser.site import Site, running
from tests.browser.visitor import Visitor
from tests.survey.report.made import WORKED

OFFICER, OWNER = "officer@staff.example", "13600136000"
NAME = "津喆堃精密传动（天津）有限公司（示例）"
FAULTS = {
    "q4": "请写明正在使用的系统名称。",
    "q2": "设备清单列了 79 台，请核对总数。",
    "s5": "照片显示排产还是手工，请核对。",
}


def test_three_faults_make_one_notice_and_are_mended(chromium: Browser, tmp_path: Path) -> None:
    with running("sqlite", tmp_path) as site:
        phone = make_person(site, "Zhao Ke", OFFICER, ("officer", "120111"), language="en")
        make_person(site, "王芳", OWNER, language="zh_CN")
        path = hand_in(site, make_firm(site, NAME, OWNER))
        officer = Visitor(chromium, site, "en", 1280)
        sign_in(officer, OFFICER, phone)
        return_it(officer)
        text = site.message(OWNER)
        assert "3 处" in text
        assert path in text
        mend(chromium, site, path)
        accept(officer, site)
        assert "已审核通过" in site.message(OWNER)


def hand_in(site: Site, firm: Organisation) -> str:
    """The worked example, by the actions behind the pages; the address of its sections."""
    app, now, actor = (
        create_app(Settings.from_environment(site.environment)),
        datetime.now(UTC),
        audit.Actor(firm.created_by),
    )
    database = app.extensions["database"]
    with app.app_context(), database.write() as session:
        made = actions.start(
            session, session.get_one(Organisation, firm.id), session.scalars(sa.select(Campaign)).one(), actor, now
        )
        for section in submitting.prepare(session, made).instrument.sections:
            given = {item.id: WORKED[item.id] for item in section.items}
            assert actions.save_page(session, made.id, section.id, 0, page_data(given, set()), firm.created_by, now)
        prepared = submitting.prepare(session, made)
        assert submitting.submit(session, prepared, prepared.mark, actor, now, languages=())
        path = f"/fill/{made.public_id}"
    database.close()
    return path


def return_it(officer: Visitor) -> None:
    """The list, three faults of which one is corrected, the notice, the return."""
    page = officer.page
    officer.follow(page.get_by_role("link", name="Reviews"))
    expect(page.locator("h1")).to_have_text("Submissions to check")
    officer.look("reviews")
    officer.follow(page.get_by_role("link", name=NAME))
    for item, text in FAULTS.items():
        add_fault(officer, item, text)
    officer.look("review")
    officer.look_narrow("review")
    page.set_viewport_size({"width": 768, "height": 900})
    officer.width = 768
    officer.look("review")
    officer.follow(page.locator("#q-q4").get_by_role("link", name="Correct"))
    page.select_option("#kind", "evidence")
    officer.look("review-fault")
    officer.press("Save")
    expect(page.locator("#q-q4 .rv-fault")).to_contain_text("Evidence is missing")
    page.select_option("#days", "8")
    officer.press("Look at the notice with 3 faults")
    expect(page.locator(".notice li")).to_have_count(3)
    officer.look("review-notice")
    officer.follow(page.get_by_role("button", name="Return it, naming 3 faults"))
    expect(page.locator(".note")).to_contain_text("The firm was told 3 things to mend")
    officer.look("review-returned")


def add_fault(officer: Visitor, item: str, text: str) -> None:
    place = officer.page.locator(f"#q-{item}")
    officer.touch(place.locator("summary"))
    place.locator("textarea").fill(text)
    officer.follow(place.get_by_role("button", name="Add"))
    expect(officer.page.locator(f"#q-{item} .rv-fault")).to_contain_text(text)


def mend(chromium: Browser, site: Site, path: str) -> None:
    """Each fault beside its question and on the check page; a scene is put right, and all is handed in again."""
    firm = Visitor(chromium, site, "zh", 375)
    page = firm.page
    sign_in(firm, OWNER)
    firm.go(path)
    expect(page.locator(".note-warn strong")).to_contain_text("退回补正：3 处")
    expect(page.locator(".note-warn strong")).to_contain_text("8 个工作日")
    firm.look("returned-hub")
    for item, text in FAULTS.items():
        firm.go(path)
        firm.follow(page.locator(".looks li", has_text=text).get_by_role("link", name="去这道题"))
        expect(page.locator(f"#m-{item}")).to_contain_text(text)
    firm.look("returned-section")
    page.check("#r-s5-0")
    firm.press("保存并继续")
    firm.go(f"{path}/check")
    for item, text in FAULTS.items():
        expect(page.locator(f"#m-{item}")).to_contain_text(text)
    firm.look("returned-check")
    page.check("#commitment")
    firm.follow(page.locator("#submit button"))
    expect(page.locator("h1")).to_have_text("评测已提交")


def accept(officer: Visitor, site: Site) -> None:
    """The second time it is accepted; both submissions can be read."""
    page = officer.page
    officer.go("/reviews")
    officer.follow(page.get_by_role("link", name=NAME))
    expect(page.locator(".note-info strong")).to_have_text("It was returned once: now it can only be accepted")
    expect(page.locator("#q-s5")).to_contain_text("Changed. Before:")
    expect(page.locator("#days")).to_have_count(0)
    officer.look("review-again")
    officer.press("Accept the submission")
    expect(page.locator(".note-ok")).to_contain_text("Zhao Ke accepted this")
    app = create_app(Settings.from_environment(site.environment))
    with app.extensions["database"].read() as session:
        first, second = session.scalars(sa.select(Snapshot).order_by(Snapshot.number))
        assert (first.number, first.responses["s5"], second.number, second.responses["s5"]) == (1, 1, 2, 0)
    app.extensions["database"].close()
