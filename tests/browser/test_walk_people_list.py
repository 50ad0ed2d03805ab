"""From the first administrator's link over the list to a firm that claims itself, a second claimant, and a farewell.

In Chinese, on phones.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import openpyxl
from PIL import Image
from playwright.sync_api import Browser, expect

from survey.claims.codes import ALPHABET
from survey.credit_code import make_credit_code
from tests.browser.entering import PASSWORD
from tests.browser.people import Phone, give_password, make_person, sign_in
from tests.browser.site import Site, running
from tests.browser.visitor import Visitor

CITY, OFFICER = "city@staff.example", "officer@staff.example"
NAME, CODE = "津喆堃精密传动（天津）有限公司（示例）", make_credit_code("120111", 7)
OTHER, OTHER_CODE = "津禾食品加工（天津）有限公司（示例）", make_credit_code("120113", 8)
OWNER, SECOND, COLLEAGUE = "13600136000", "13700137000", "13800138000"
CLAIM_CODE = re.compile(rf"[{ALPHABET}]{{5}} [{ALPHABET}]{{5}}")


def test_from_the_first_link_to_a_closed_account(chromium: Browser, tmp_path: Path) -> None:
    with running("sqlite", tmp_path) as site:
        officers_phone = make_person(site, "王建国", OFFICER, ("officer", "120111"), language="zh_CN")
        import_the_list(first_administrator(chromium, site))
        officer = Visitor(chromium, site, "zh", 375)
        sign_in(officer, OFFICER, officers_phone)
        code = send_the_code(officer)
        owner = claim_with_the_code(chromium, site, code)
        second = claim_with_a_letter(chromium, site, owner.page.url)
        assert NAME in site.message(OWNER), "whoever holds the account hears of it"
        refuse(officer)
        hear_of_it(owner, second)
        hand_over(owner, chromium)
        take_copies(owner)
        close(owner)


# -- the administrator and the list ------------------------------------------------------------------------------------


def first_administrator(chromium: Browser, site: Site) -> Visitor:
    """Accepts the link of the command line, sets up the second factor, signs out and in with both."""
    visitor = Visitor(chromium, site, "zh", 375)
    page = visitor.page
    page.goto(site.command("accounts", "first", "--role", "city_administrator", "--recipient", CITY))
    visitor.look("people-invitation-first")
    register_here(visitor, "李市长", CITY)
    visitor.look("people-invitation-mine")
    visitor.press("接受邀请")
    visitor.look("people-second-factor")
    visitor.touch(page.locator("main summary").first)
    phone = Phone("".join(page.locator(".secret").inner_text().split()))
    page.fill("#code", "000000")
    visitor.press("确认并继续")
    visitor.look("people-second-factor-wrong")
    page.fill("#code", phone.code())
    visitor.press("确认并继续")
    visitor.look("people-recovery-codes")
    expect(page.locator(".recovery li")).to_have_count(10)
    visitor.press("我已保存恢复码")
    visitor.follow(page.get_by_role("button", name="退出").first)
    visitor.follow(page.get_by_role("link", name="重新登录"))
    give_password(visitor, CITY)
    visitor.look("people-second-step")
    page.fill("#code", phone.code())
    visitor.follow(page.locator("main form button").first)
    return visitor


def register_here(visitor: Visitor, name: str, recipient: str) -> None:
    """From a page that offers it, and back to that page."""
    page, address = visitor.page, visitor.page.url
    visitor.follow(page.get_by_role("main").get_by_role("link", name="注册"))
    page.fill("#name", name)
    page.fill("#recipient", recipient)
    page.fill("#password", PASSWORD)
    page.check("#accepted")
    visitor.press("发送验证码")
    page.fill("#code", visitor.site.code(recipient))
    visitor.follow(page.locator("main form button").first)
    expect(page).to_have_url(address)


def import_the_list(visitor: Visitor) -> None:
    """The template of the site, filled in wrongly and then rightly."""
    page = visitor.page
    visitor.look("people-desk-empty")
    visitor.follow(page.get_by_role("main").get_by_role("link", name="导入企业名录"))
    visitor.look("people-import")
    file = visitor.fetch(page.get_by_role("link", name="下载模板"))
    book = openpyxl.load_workbook(io.BytesIO(file.path().read_bytes()))
    upload(visitor, book, area="西青", mobile="1360013600")
    visitor.look("people-import-faults")
    expect(page.locator("main")).to_contain_text("手机号")
    upload(visitor, book, area="西青区", mobile=OWNER)
    visitor.look("people-import-checked")
    visitor.go("/desk/firms")
    assert page.get_by_text(NAME).count() == 0, "a dry run writes nothing"
    visitor.go("/desk/import")
    upload(visitor, book, area="西青区", mobile=OWNER)
    visitor.press("导入名录")
    visitor.look("people-imported")
    expect(page.get_by_role("link", name=OTHER)).to_be_visible()


def upload(visitor: Visitor, book: openpyxl.Workbook, area: str, mobile: str) -> None:
    sheet = book.worksheets[0]
    rows = [
        {"统一社会信用代码": CODE, "企业名称": NAME, "所属区域": area, "联系人": "赵敏", "手机号": mobile,
         "行业代码": "C3484", "资质称号": "创新型中小企业:2027-06-30", "规上/规下": "规上"},
        {"统一社会信用代码": OTHER_CODE, "企业名称": OTHER, "所属区域": "北辰区", "行业代码": "C1353"},
    ]  # fmt: skip
    columns = [cell.value for cell in sheet[1]]
    for row, cells in enumerate(rows, start=2):
        for name, value in cells.items():
            sheet.cell(row, columns.index(name) + 1, value)
    made = io.BytesIO()
    book.save(made)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    visitor.page.set_input_files("#file", {"name": "企业名录.xlsx", "mimeType": kind, "buffer": made.getvalue()})
    visitor.press("核对名录")


# -- claims ------------------------------------------------------------------------------------------------------------


def send_the_code(officer: Visitor) -> str:
    page = officer.page
    officer.go("/desk/firms")
    officer.look("people-desk")
    assert page.get_by_text(OTHER).count() == 0, "another district's firm"
    officer.follow(page.get_by_role("link", name=NAME))
    officer.look("people-desk-firm")
    officer.follow(page.get_by_role("link", name="企业认领码"))
    officer.press("用短信发送新的认领码")
    officer.look("people-code-sent")
    found = CLAIM_CODE.search(officer.site.message(OWNER))
    assert found
    return found[0]


def claim_with_the_code(chromium: Browser, site: Site, code: str) -> Visitor:
    """By the address in the SMS: to the sign-in, on to registering, and back to the claim."""
    visitor = Visitor(chromium, site, "zh", 375)
    page = visitor.page
    visitor.go("/claim")
    register_from_sign_in(visitor, "赵敏", OWNER)
    page.fill("#credit_code", CODE)
    page.fill("#claim_code", "AAAAA AAAAA")
    visitor.press("认领企业")
    visitor.look("people-claim-wrong")
    assert NAME not in page.content()
    page.fill("#claim_code", code.lower())
    visitor.press("认领企业")
    visitor.look("people-claimed")
    expect(page.locator("h1")).to_have_text(NAME)
    for words in (CODE, "西青区", "C3484", "创新型中小企业", "规上"):
        expect(page.locator("main")).to_contain_text(words)
    return visitor


def register_from_sign_in(visitor: Visitor, name: str, recipient: str) -> None:
    page = visitor.page
    visitor.follow(page.get_by_role("main").get_by_role("link", name="注册"))
    page.fill("#name", name)
    page.fill("#recipient", recipient)
    page.fill("#password", PASSWORD)
    page.check("#accepted")
    visitor.press("发送验证码")
    page.fill("#code", visitor.site.code(recipient))
    visitor.follow(page.locator("main form button").first)
    expect(page.locator("h1")).to_have_text("认领企业")


def claim_with_a_letter(chromium: Browser, site: Site, firm: str) -> Visitor:
    """A second person for the same firm: neutral page, then waiting, and nothing to see, also at the firm's address."""
    visitor = Visitor(chromium, site, "zh", 375, script=False)
    page = visitor.page
    visitor.go("/claim")
    register_from_sign_in(visitor, "王芳", SECOND)
    visitor.go("/organisation/new")
    page.fill("#credit_code", CODE)
    page.fill("#name", "津喆堃公司")
    page.select_option("#area", page.locator("#area option", has_text="西青区").first.get_attribute("value"))
    page.fill("#industry", "C3484")
    visitor.follow(page.locator("main form button").last)
    visitor.look("people-claim-needed")
    assert NAME not in page.content()
    visitor.follow(page.get_by_role("link", name="凭授权委托书认领"))
    photo = io.BytesIO()
    Image.new("RGB", (900, 1200), "white").save(photo, "JPEG")
    page.set_input_files("#letter", {"name": "委托书.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()})
    visitor.press("提交主管部门")
    visitor.look("people-claim-waits")
    expect(page.locator("main")).to_contain_text("主管部门已收到")
    waiting = page.url
    for path in ("/organisation/", "/fill", "/report/", "/claim"):
        visitor.go(path)
        assert NAME not in page.content(), path
    answer = page.goto(firm)
    assert answer
    assert answer.status == 404
    page.goto(waiting)
    return visitor


def refuse(officer: Visitor) -> None:
    page = officer.page
    officer.go("/desk")
    officer.follow(page.get_by_role("main").get_by_role("link", name="待办认领"))
    officer.look("people-claims")
    officer.follow(page.get_by_role("link", name=NAME))
    officer.press("决定并通知")
    officer.look("people-decision-errors")
    page.get_by_label("不同意：申请人不获得权限").check()
    page.fill("#reason", "与企业核实，账号管理员没有变更")
    officer.look("people-decision")
    officer.press("决定并通知")
    officer.look("people-decided")


def hear_of_it(owner: Visitor, second: Visitor) -> None:
    assert "未同意" in second.site.message(SECOND)
    assert "未同意" in owner.site.message(OWNER)
    second.page.reload()
    expect(second.page.locator("main")).to_contain_text("未同意")
    second.look("people-claim-refused")
    assert NAME not in second.page.content()
    owner.page.reload()
    expect(owner.page.locator("h1")).to_have_text(NAME)


# -- leaving -----------------------------------------------------------------------------------------------------------


def hand_over(owner: Visitor, chromium: Browser) -> None:
    """Somebody who wants to leave is led to inviting a colleague, who accepts and then holds the account."""
    page, site = owner.page, owner.site
    owner.go("/privacy/mine/close")
    owner.look("people-close-alone")
    owner.follow(page.get_by_role("link", name="先邀请接任的同事"))
    page.fill("#recipient", COLLEAGUE)
    page.get_by_label("可填报和修改数据").check()
    owner.look("people-invite")
    owner.press("发送邀请")
    owner.look("people-invited")
    colleague = Visitor(chromium, site, "zh", 375)
    colleague.go(site.link(COLLEAGUE))
    colleague.look("people-invitation")
    register_here(colleague, "孙丽", COLLEAGUE)
    colleague.press("接受邀请")
    expect(colleague.page.locator("h1")).to_have_text(NAME)
    page.reload()
    owner.follow(page.get_by_role("link", name="移交账号"))
    page.get_by_label("孙丽").check()
    page.get_by_label("我退出该企业").check()
    owner.look("people-hand-over")
    owner.press("移交账号")
    expect(page.locator("main .note-ok")).to_contain_text("您已退出该企业")
    owner.look("people-handed-over")
    assert NAME in site.message(COLLEAGUE)
    assert "已终止" in site.message(OWNER)
    owner.go("/organisation/")
    assert NAME not in page.content()


def take_copies(owner: Visitor) -> None:
    page = owner.page
    owner.go("/account")
    owner.look("people-account")
    owner.follow(page.locator("main a[href$='/privacy/mine']"))
    owner.look("people-data")
    owner.follow(page.get_by_role("link", name="取得我的数据副本"))
    owner.look("people-copy")
    file = owner.fetch(owner.button("下载机器可读文件（JSON）"))
    copy = json.loads(file.path().read_text(encoding="utf-8"))
    assert copy["account"][0]["mobile"] == OWNER
    file = owner.fetch(owner.button("下载工作簿（XLSX）"))
    book = openpyxl.load_workbook(io.BytesIO(file.path().read_bytes()))
    assert OWNER in [cell.value for cell in book.worksheets[0][2]]
    assert {key for key, rows in copy.items() if rows} >= {"account", "claims"}


def close(owner: Visitor) -> None:
    page = owner.page
    owner.go("/privacy/mine")
    owner.follow(page.get_by_role("link", name="注销我的账号"))
    owner.look("people-close")
    page.check("#sure")
    owner.press("确认注销我的账号")
    expect(page.locator("h1")).to_have_text("账号已注销")
    assert "注销" in owner.site.message(OWNER)
    owner.go("/sign-in")
    give_password(owner, OWNER)
    owner.look("people-closed-sign-in")
    expect(page.locator(".errsum")).to_be_visible()
