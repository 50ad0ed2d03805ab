"""A workshop owner at a desk, in Chinese, with script; in between the same person on a phone."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from survey.credit_code import make_credit_code
from tests.browser.answers import TICKS, answer
from tests.browser.entering import PASSWORD, SECONDS, pdf_text, register, submission_of
from tests.browser.keyboard import every_stop_is_seen_and_in_order, skip_link_leads_to_the_text
from tests.browser.site import running
from tests.browser.visitor import Visitor

WORDS = {"register": "注册", "send code": "发送验证码", "person": "李厂长"}
FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
FREE_OF_THE_SAVE_BAR = """() => document.activeElement !== document.body && document.activeElement
  .getBoundingClientRect().bottom <= document.querySelector('.savebar').getBoundingClientRect().top"""


def test_from_registering_to_the_pdf(chromium: Browser, tmp_path: Path) -> None:
    with running("sqlite", tmp_path) as site:
        visitor = Visitor(chromium, site, "zh", 1280)
        register(visitor, WORDS, "１３８００１３８０００")
        enter_the_firm(visitor)
        fill_in_figures(visitor)
        visitor.go("/fill")
        visitor.look("tasks")
        visitor.press("开始填报")
        visitor.look("hub")
        submission = submission_of(visitor)
        fill_in(visitor, chromium)
        submit(visitor, submission)
        the_file_says_what_the_page_says(visitor)
        look_around(visitor, submission)


def enter_the_firm(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/organisation/new")
    page.fill("#credit_code", make_credit_code("120111", 7).lower().translate(FULL_WIDTH))
    page.fill("#name", "津喆堃精密传动（天津）有限公司（示例）")
    page.select_option("#area", page.locator("#area option", has_text="西青区").first.get_attribute("value"))
    page.fill("#industry", "通用设备")
    expect(page.locator("#industry-list option[value='C34']")).to_be_attached()
    visitor.look("new-firm")
    visitor.follow(page.locator("main form button").last)
    if page.locator("input[name=industry_choice]").count():
        visitor.look("new-firm-choice")
        page.locator("input[name=industry_choice]").first.check()
        visitor.follow(page.locator("main form button").last)


def fill_in_figures(visitor: Visitor) -> None:
    """Two figures look like slips of the unit: one is put right, the other confirmed."""
    page = visitor.page
    visitor.go("/organisation")
    visitor.follow(page.get_by_role("link", name=re.compile("数据")).first)
    for name, number, unit in (
        ("revenue-2025", "48,263,517.40", "yuan"),
        ("revenue-2024", "44,100,000", "wan_yuan"),
        ("assets-2025", "3,200", "wan_yuan"),
        ("assets-2024", "3,200", "yuan"),
    ):
        page.fill(f"#f-{name}", number)
        page.select_option(f"[name=f-{name}-unit]", unit)
    page.fill("#f-staff-2025", "86")
    visitor.follow(page.locator("main form button").last)
    expect(page.locator(".errsum")).to_be_focused()
    expect(page.locator(".errsum a")).to_have_count(2)
    visitor.look("figures-slip")
    page.select_option("[name=f-revenue-2024-unit]", "yuan")
    page.check("#f-assets-2025-sure")
    visitor.follow(page.locator("main form button").last)
    expect(page.locator(".errsum")).to_have_count(0)


def fill_in(visitor: Visitor, chromium: Browser) -> None:
    page = visitor.page
    visitor.follow(page.get_by_role("link", name="数字化基础"))
    skip_link_leads_to_the_text(visitor)
    errors_are_shown_and_typing_kept(visitor)
    for section in TICKS:
        assert page.url.partition("#")[0].endswith(section)
        if section == "effect":
            autosave_survives_and_another_device_goes_on(visitor, chromium)
        answer(page, section)
        if section == "production":
            visitor.look(f"section-{section}")
            visitor.look_narrow(f"section-{section}")
            every_stop_is_seen_and_in_order(visitor)
            answer(page, section)
        visitor.follow(page.locator(".savebar button"))
    assert page.url.partition("#")[0].endswith("/check")


def errors_are_shown_and_typing_kept(visitor: Visitor) -> None:
    page = visitor.page
    page.check("#r-q1-A")
    page.check("#r-q1-B")
    page.fill("#f-equipment-2025", "八十六")
    visitor.follow(page.locator(".savebar button"))
    expect(page.locator(".errsum")).to_be_focused()
    assert page.title().startswith("错误：")
    visitor.look("section-errors")
    assert page.input_value("#f-equipment-2025") == "八十六"
    assert page.is_checked("#r-q1-A")
    assert page.is_checked("#r-q1-B")
    visitor.touch(page.locator(".errsum a").first)
    page.wait_for_function(FREE_OF_THE_SAVE_BAR, timeout=SECONDS)
    page.uncheck("#r-q1-A")


def autosave_survives_and_another_device_goes_on(visitor: Visitor, chromium: Browser) -> None:
    page = visitor.page
    page.check("#r-q12-C")
    expect(page.locator("#save-status")).to_contain_text("已保存", timeout=SECONDS)
    other = Visitor(chromium, visitor.site, "zh", 375)
    other.go("/sign-in")
    other.look("sign-in")
    other.page.fill("#recipient", "13800138000")
    other.page.fill("#password", PASSWORD)
    other.follow(other.page.locator("main form button").first)
    other.page.goto(page.url)
    assert other.page.is_checked("#r-q12-C")
    other.look("section-effect")
    other.page.check("#r-q13-B")
    other.press("English")
    assert other.page.locator("html").get_attribute("lang") == "en"
    assert other.page.is_checked("#r-q13-B"), "switching the language keeps what was chosen"
    other.page.check("#r-q14-A")
    other.press("Save and leave")
    other.look("hub")
    other.context.close()
    page.check("#r-q14-B")
    visitor.follow(page.locator(".savebar button"))
    expect(page.locator(".errsum a").first).to_contain_text("李厂长")
    visitor.look("section-conflict")


def submit(visitor: Visitor, submission: str) -> None:
    """Twice, from two tabs: there is one receipt."""
    page = visitor.page
    visitor.look("check")
    again = visitor.context.new_page()
    again.goto(page.url)
    visitor.press("提交评测")
    expect(page.locator("#commitment-error")).to_be_visible()
    with page.expect_navigation(), again.expect_navigation():
        for tab in (page, again):
            tab.check("#commitment")
            tab.get_by_role("button", name="提交评测").click()
    visitor.look("receipt")
    receipt = page.locator("main").inner_text()
    assert re.search(r"D-\d{4}-\d+-\d{7}", receipt)
    assert again.locator("main").inner_text() == receipt
    again.close()
    visitor.go(f"/fill/{submission}/check")
    assert page.locator("main").inner_text() == receipt


def the_file_says_what_the_page_says(visitor: Visitor) -> None:
    page = visitor.page
    visitor.follow(page.get_by_role("link", name="查看结果"))
    visitor.look("report")
    shown = page.locator("main").inner_text()
    file = visitor.fetch(page.get_by_role("link", name="下载 PDF 报告"))
    text, fonts = pdf_text(file.path().read_bytes())
    for each in ("48.5", "一级"):
        assert each in shown
        assert each in text
    assert "数字化水平评测报告" in file.suggested_filename
    assert fonts == {"Report-Sans-SC", "Report-Sans-SC-Bold"}, "our cut fonts and no other"


def look_around(visitor: Visitor, submission: str) -> None:
    """Every page that no step of the walk opens, and the most used ones on a narrow screen."""
    page = visitor.page
    visitor.go("/organisation")
    visitor.look("firm")
    firm = page.locator("a[href$='/edit']").get_attribute("href") or ""
    pages = {
        "firm-edit": firm,
        "figures": firm.replace("/edit", "/figures"),
        "reports": "/report",
        "help": "/help",
        "privacy": "/privacy",
        "accessibility": "/accessibility",
        "signed-out": "/signed-out",
        "timed-out": "/timed-out",
        "missing": "/nothing-here",
    }
    for name, path in pages.items():
        visitor.go(path)
        visitor.look(name)
    for name, path in {"start": "/", "report": f"/report/{submission}", "figures": pages["figures"]}.items():
        visitor.go(path)
        visitor.look_narrow(name)
    visitor.go(f"/view/large?next=/report/{submission}")
    visitor.look("report-large")
