"""A filler who may not assess, a slipped unit, and a lock that reaches an open page. In English at a desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, expect

from survey.formatting import local_time
from survey.models import Organisation
from tests.browser import firm as answers
from tests.browser.entering import PASSWORD
from tests.browser.people import Phone, give_password, make_firm, make_person, sign_in
from tests.browser.site import Site, running
from tests.browser.visitor import Visitor

NAME = "Tianjin Jinzhekun Precision Ltd (example)"
OWNER, FILLER, BODY = "13600136000", "chen.yu@consult.example", "Haihe Consulting Ltd"
OFFICER, AUDITOR, SECURITY = "officer@staff.example", "auditor@staff.example", "security@staff.example"
AREA, NEW_PASSWORD = "120111", "lantern quartz meadow drum"
REASON = "This person filled in for the firm and may not verify it."


def test_fillers_figures_and_locks(chromium: Browser, tmp_path: Path) -> None:
    with running("postgresql", tmp_path) as site:
        make_person(site, "Wang Fang", OWNER, language="en")
        fillers = make_person(site, "Chen Yu", FILLER, ("assessor", AREA), language="en")
        firm = make_firm(site, NAME, OWNER)
        owner = Visitor(chromium, site, "en", 1280)
        sign_in(owner, OWNER)
        invite_a_filler(owner, firm)
        filler = Visitor(chromium, site, "en", 1280)
        submission = fill_in(filler, fillers)
        see_who_filled_in(owner, submission)
        refuse_as_assessor(chromium, site, firm)
        find_in_the_record(chromium, site, firm)
        slip_a_unit(owner, firm)
        lock_and_let_in_again(chromium, site, owner)


def staff(chromium: Browser, site: Site, name: str, recipient: str, role: str, area: str | None = None) -> Visitor:
    phone = make_person(site, name, recipient, (role, area), language="en")
    visitor = Visitor(chromium, site, "en", 1280)
    sign_in(visitor, recipient, phone)
    return visitor


# -- the filler --------------------------------------------------------------------------------------------------------


def invite_a_filler(owner: Visitor, firm: Organisation) -> None:
    page = owner.page
    owner.go(f"/organisation/{firm.public_id}/people")
    owner.follow(page.get_by_role("link", name="Invite somebody"))
    page.fill("#recipient", FILLER)
    page.get_by_label("Authorised to fill in").check()
    owner.press("Send the invitation")
    owner.look("people-invite-filler-errors")
    page.fill("#body", BODY)
    page.fill("#until", (datetime.now(UTC) + timedelta(days=30)).date().isoformat())
    owner.press("Send the invitation")
    owner.look("people-invited-filler")
    seen = page.locator("td[data-label='Last signed in']")
    expect(seen).to_have_text(f"{local_time(datetime.now(UTC)):%B %Y}")  # the month alone


def fill_in(visitor: Visitor, phone: Phone | None) -> str:
    """Accepts, fills in one section, and finds no way to submit."""
    assert phone
    page = visitor.page
    visitor.go(visitor.site.link(FILLER))
    visitor.follow(page.get_by_role("main").get_by_role("link", name="Sign in"))
    give_password(visitor, FILLER)
    page.fill("#code", phone.code())
    visitor.follow(page.locator("main form button").first)
    visitor.look("people-invitation-filler")
    visitor.press("Accept the invitation")
    visitor.look("people-firm-as-filler")
    expect(page.locator("h1")).to_have_text(NAME)
    visitor.follow(page.get_by_role("navigation").get_by_role("link", name="Fill in"))
    visitor.look("people-fill-as-filler")
    visitor.press("Start the assessment")
    visitor.look("people-sections-as-filler")
    submission = answers.public_id(visitor)
    section = answers.instrument("digital").sections[1]
    visitor.go(f"/fill/{submission}/sections/{section.id}")
    answers.answer_by_hand(visitor, section, "digital")
    visitor.look("people-section-as-filler")
    visitor.follow(page.locator(".savebar button"))
    visitor.go(f"/fill/{submission}/check")
    visitor.look("people-check-as-filler")
    expect(page.locator("#commitment, #submit button")).to_have_count(0)
    return submission


def see_who_filled_in(owner: Visitor, submission: str) -> None:
    owner.go(f"/fill/{submission}/check")
    owner.look("people-check-as-owner")
    for words in ("Chen Yu", BODY):
        expect(owner.page.locator("#authors")).to_contain_text(words)


def refuse_as_assessor(chromium: Browser, site: Site, firm: Organisation) -> None:
    officer = staff(chromium, site, "Liu Bo", OFFICER, "officer", AREA)
    page = officer.page
    officer.go("/desk/firms")
    officer.follow(page.get_by_role("link", name=NAME))
    officer.follow(page.get_by_role("link", name="Assessors"))
    page.select_option("#assessor", label="Chen Yu")
    officer.press("Ask for the visit")
    officer.look("people-assessor-refused")
    expect(page.locator(".errsum")).to_contain_text(REASON)
    officer.go(f"/desk/firms/{firm.public_id}/assessors")
    expect(page.locator("main")).to_contain_text("Nobody yet.")


def find_in_the_record(chromium: Browser, site: Site, firm: Organisation) -> None:
    auditor = staff(chromium, site, "Zhou Ning", AUDITOR, "auditor")
    page = auditor.page
    auditor.look("people-record")
    page.select_option("#deed", "assessor.assign")
    page.select_option("#result", "refused")
    page.fill("#firm", firm.credit_code)
    auditor.press("Show")
    auditor.look("people-record-refusal")
    rows = page.locator("#events tbody tr")
    expect(rows).to_have_count(1)
    for words in ("Liu Bo", "Assessor assigned", "Chen Yu", NAME, "turned down", REASON):
        expect(rows).to_contain_text(words)


# -- the slipped unit --------------------------------------------------------------------------------------------------


def slip_a_unit(owner: Visitor, firm: Organisation) -> None:
    """The year before in ten thousand yuan, this year in yuan with the unit left as it was."""
    page = owner.page
    owner.go(f"/organisation/{firm.public_id}/figures")
    page.fill("#f-revenue-2024", "8000")
    page.select_option("select[name=f-revenue-2024-unit]", "wan_yuan")
    page.fill("#f-revenue-2025", "86000000")
    page.select_option("select[name=f-revenue-2025-unit]", "wan_yuan")
    owner.press("Save the figures")
    owner.look("people-slip")
    expect(page.locator(".errsum")).to_contain_text("10,000")
    expect(page.locator("#f-revenue-2025")).to_have_value("86000000")
    page.select_option("select[name=f-revenue-2025-unit]", "yuan")
    owner.press("Save the figures")
    expect(page.locator("h1")).to_have_text(NAME)
    owner.look("people-slip-mended")
    expect(page.locator("main")).to_contain_text("8,600")


# -- the lock ----------------------------------------------------------------------------------------------------------


def lock_and_let_in_again(chromium: Browser, site: Site, owner: Visitor) -> None:
    security = staff(chromium, site, "Sun Li", SECURITY, "security_administrator")
    page = security.page
    security.look("people-accounts")
    page.fill("#text", OWNER)
    page.select_option("#who", "everybody")
    security.press("Search")
    security.look("people-accounts-found")
    security.follow(page.get_by_role("link", name="Wang Fang"))
    security.look("people-account-one")
    security.press("Lock the account")
    security.look("people-lock-errors")
    page.get_by_label("Asked for by the person").check()
    security.press("Lock the account")
    security.look("people-locked")
    meet_the_lock(owner)
    security.press("Unlock the account")
    assert "can be used again" in site.message(OWNER)
    security.press("Send a link for a new password")
    expect(page.locator("main .note-ok")).to_contain_text("The link is on its way")
    security.look("people-reset-sent")
    choose_a_password(owner)


def meet_the_lock(owner: Visitor) -> None:
    """The page that was open ends with the next click, and the password does not help."""
    page = owner.page
    assert "locked" in owner.site.message(OWNER)
    owner.follow(page.locator("main a").first)
    owner.look("people-ended")
    expect(page.locator("h1")).to_have_text("Your sign-in has ended")
    owner.follow(page.get_by_role("main").get_by_role("link").first)
    give_password(owner, OWNER)
    owner.look("people-locked-sign-in")
    expect(page.locator(".errsum")).to_be_visible()


def choose_a_password(owner: Visitor) -> None:
    page = owner.page
    owner.go(owner.site.link(OWNER))
    owner.look("people-reset")
    page.fill("#password", NEW_PASSWORD)
    owner.press("Set the password")
    owner.look("people-password-set")
    owner.follow(page.get_by_role("main").get_by_role("link", name="Sign in"))
    give_password(owner, OWNER, PASSWORD)
    expect(page.locator(".errsum")).to_be_visible()
    give_password(owner, OWNER, NEW_PASSWORD)
    expect(page.locator("main")).to_contain_text(NAME)
