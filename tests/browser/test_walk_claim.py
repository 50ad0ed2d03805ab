"""A listed firm without e-mail claims itself on a phone with a code by SMS; a second claimant waits for the office."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Browser, expect

from survey.claims.codes import ALPHABET
from survey.credit_code import make_credit_code
from survey.database import Database
from survey.models import Area, ListedContact, ListedTitle, Organisation, RoleGrant, SignInSession, User
from survey.protection import token_hash
from tests.browser.entering import PASSWORD
from tests.browser.site import Site, running
from tests.browser.visitor import Visitor

NAME, MOBILE, TOKEN = "津喆堃精密传动（天津）有限公司（示例）", "13600136000", "token-of-the-officer"
CODE = re.compile(rf"[{ALPHABET}]{{5}} [{ALPHABET}]{{5}}")


def test_a_listed_firm_claims_itself_and_a_second_claimant_waits(chromium: Browser, tmp_path: Path) -> None:
    with running("sqlite", tmp_path) as site:
        firm = list_firm(site)
        officer = officers_browser(chromium, site)
        code = send_the_code(officer, firm)
        owner = Visitor(chromium, site, "zh", 375)
        register_and_claim(owner, firm, code)
        second = Visitor(chromium, site, "zh", 375, script=False)
        claim_too(second, firm)
        decide(officer, firm)
        second.page.reload()
        expect(second.page.locator("main")).to_contain_text("未同意")
        assert second.page.locator("main").get_by_text(NAME).count() == 0
        owner.page.reload()
        expect(owner.page.locator("h1")).to_have_text(NAME)


def list_firm(site: Site) -> Organisation:
    """The officer, and a firm on the list."""
    database, now = Database.connect(site.database), datetime.now(UTC)
    with database.write() as session:
        area = session.scalars(sa.select(Area).where(Area.code == "120111")).one()
        officer = User(name="王建国", email="officer@staff.example", created_at=now)
        session.add(officer)
        session.flush()
        session.add(RoleGrant(user_id=officer.id, role="officer", area_id=area.id, granted_at=now))
        session.add(
            SignInSession(
                token_hash=token_hash(TOKEN), user_id=officer.id, created_at=now, seen_at=now, fresh_at=now,
                ends_at=now + timedelta(hours=8), strong=True,
            )
        )  # fmt: skip
        firm = Organisation(
            credit_code=make_credit_code("120111", 7), name=NAME, operating_area_id=area.id, industry_code="C3484",
            created_at=now, created_by=officer.id, state="listed", listed_at=now,
        )  # fmt: skip
        session.add(firm)
        session.flush()
        session.add(ListedContact(organisation_id=firm.id, name="赵敏", mobile=MOBILE, listed_at=now))
        session.add(ListedTitle(organisation_id=firm.id, kind="innovative", listed_at=now))
    database.close()
    return firm


def officers_browser(chromium: Browser, site: Site) -> Visitor:
    visitor = Visitor(chromium, site, "zh", 1280)
    visitor.context.add_cookies([{"name": "sign-in", "value": TOKEN, "url": site.url}])
    return visitor


def send_the_code(officer: Visitor, firm: Organisation) -> str:
    officer.go(f"/desk/firms/{firm.public_id}/codes")
    officer.look("claim-code")
    officer.press("用短信发送新的认领码")
    officer.look("claim-code-sent")
    found = CODE.search(officer.site.message())
    assert found
    return found[0]


def register(visitor: Visitor, name: str, mobile: str) -> None:
    """By the address in the SMS: to the sign-in, on to registering, and back to the claim."""
    visitor.go("/claim")
    visitor.page.get_by_role("link", name="注册").first.click()
    visitor.page.fill("#name", name)
    visitor.page.fill("#recipient", mobile)
    if visitor.page.locator("#password").count():
        visitor.page.fill("#password", PASSWORD)
    visitor.page.check("#accepted")
    visitor.press("发送验证码")
    visitor.page.fill("#code", visitor.site.code())
    visitor.page.locator("main form button").first.click()
    expect(visitor.page.locator("h1")).to_have_text("认领企业")


def register_and_claim(visitor: Visitor, firm: Organisation, code: str) -> None:
    register(visitor, "赵敏", MOBILE)
    visitor.page.fill("#credit_code", firm.credit_code)
    visitor.page.fill("#claim_code", "AAAAAAAAAA")
    visitor.press("认领企业")
    visitor.look("claim-wrong")
    visitor.page.fill("#claim_code", code.lower())
    visitor.press("认领企业")
    visitor.look("claim-done")
    page = visitor.page
    expect(page.locator("h1")).to_have_text(NAME)
    for words in (firm.credit_code, "西青区", "C3484", "创新型中小企业"):
        expect(page.locator("main")).to_contain_text(words)


def claim_too(visitor: Visitor, firm: Organisation) -> None:
    """Enters the same firm, is led to the claim, sends a photo of a letter, and waits."""
    register(visitor, "王芳", "13700137000")
    page = visitor.page
    visitor.go("/organisation/new")
    page.fill("#credit_code", firm.credit_code)
    page.fill("#name", "津喆堃公司")
    page.select_option("#area", page.locator("#area option", has_text="西青区").first.get_attribute("value"))
    page.fill("#industry", "C3484")
    page.locator("main form button").last.click()
    visitor.look("claim-needed")
    page.get_by_role("link", name="凭授权委托书认领").click()
    expect(page.locator("#credit_code")).to_have_value(firm.credit_code)
    photo = io.BytesIO()
    Image.new("RGB", (900, 1200), "white").save(photo, "JPEG")
    page.set_input_files("#letter", {"name": "委托书.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()})
    visitor.look("claim-letter")
    visitor.press("提交主管部门")
    visitor.look("claim-waits")
    expect(page.locator("main")).to_contain_text("主管部门已收到")
    assert NAME not in page.content()


def decide(officer: Visitor, firm: Organisation) -> None:
    officer.go("/desk/claims")
    officer.look("claims")
    officer.page.get_by_role("link", name=NAME).click()
    officer.look("claim-to-decide")
    officer.page.get_by_label("不同意：申请人不获得权限").check()
    officer.page.fill("#reason", "与企业核实，账号管理员没有变更")
    officer.press("决定并通知")
    officer.look("claim-decided")
