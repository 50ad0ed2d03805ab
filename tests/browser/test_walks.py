"""Two people on their way from the first page to the PDF, each on a database of its own."""

from __future__ import annotations

import io
import re
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Error as PlaywrightError

from survey.credit_code import make_credit_code
from tests.browser.answers import TICKS, answer
from tests.browser.site import Site, running
from tests.browser.visitor import Visitor

PASSWORD = "kettle marble orbit fern"
FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
SECONDS = 20_000
FREE_OF_THE_SAVE_BAR = """() => document.activeElement !== document.body && document.activeElement
  .getBoundingClientRect().bottom <= document.querySelector('.savebar').getBoundingClientRect().top"""


def register(visitor: Visitor, words: dict[str, str], recipient: str) -> None:
    visitor.go("/")
    visitor.look("start")
    visitor.page.get_by_role("link", name=words["register"]).first.click()
    visitor.press(words["send code"])
    visitor.look("register-errors")
    visitor.page.fill("#name", words["person"])
    visitor.page.fill("#recipient", recipient)
    visitor.page.fill("#password", PASSWORD)
    visitor.page.check("#accepted")
    visitor.press(words["send code"])
    visitor.look("code")
    visitor.page.fill("#code", visitor.site.code())
    visitor.page.locator("main form button").first.click()


def submission_of(visitor: Visitor) -> str:
    found = re.search(r"/(?:fill|report)/(\w{22})", visitor.page.url)
    assert found, visitor.page.url
    return found[1]


def pdf_text(made: bytes) -> tuple[str, set[str]]:
    reader = pypdf.PdfReader(io.BytesIO(made))
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in reader.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    return "\n".join(page.extract_text() for page in reader.pages), fonts


ZH = {"register": "注册", "send code": "发送验证码", "person": "李厂长"}
EN = {"register": "Register", "send code": "Send the code", "person": "Li Wei"}


@pytest.mark.parametrize("kind", ["sqlite"])
def test_with_script_in_chinese_on_a_desk(chromium: Browser, tmp_path: Path, kind: str) -> None:
    with running(kind, tmp_path) as site:
        visitor = Visitor(chromium, site, "zh", 1280)
        page = visitor.page
        register(visitor, ZH, "１３８００１３８０００")
        enter_the_firm(visitor)
        fill_in_figures(visitor)
        visitor.go("/fill")
        visitor.look("tasks")
        visitor.press("开始填报")
        visitor.look("hub")
        submission = submission_of(visitor)
        page.get_by_role("link", name="数字化基础").click()
        errors_are_shown_and_typing_kept(visitor)
        for section in TICKS:
            assert page.url.partition("#")[0].endswith(section)
            if section == "effect":
                autosave_survives_and_another_device_goes_on(visitor, chromium)
            answer(page, section)
            if section in ("foundation", "production"):
                visitor.look(f"section-{section}")
            page.locator(".savebar button").click()
        assert page.url.partition("#")[0].endswith("/check")
        visitor.look("check")
        visitor.press("提交评测")
        expect(page.locator("#commitment-error")).to_be_visible()
        page.check("#commitment")
        visitor.press("提交评测")
        visitor.look("receipt")
        receipt = page.locator("main").inner_text()
        visitor.go(f"/fill/{submission}/check")
        assert page.locator("main").inner_text() == receipt, "a second look gives the same receipt"
        page.get_by_role("link", name="查看结果").click()
        visitor.look("report")
        shown = page.locator("main").inner_text()
        assert "48.5" in shown
        assert "一级" in shown
        with page.expect_download(timeout=SECONDS) as waiting:
            page.get_by_role("link", name="下载 PDF 报告").click()
        text, fonts = pdf_text(Path(waiting.value.path()).read_bytes())
        assert "48.5" in text
        assert "一级" in text
        assert "数字化水平评测报告" in waiting.value.suggested_filename
        assert fonts == {"Report-Sans-SC", "Report-Sans-SC-Bold"}, "our cut fonts and no other"
        look_around(visitor)
        visitor.go("/nothing-here")
        visitor.look("missing")


def look_around(visitor: Visitor) -> None:
    """Every page that no step of the walk opens."""
    visitor.go("/organisation")
    visitor.look("firm")
    firm = visitor.page.locator("a[href$='/edit']").get_attribute("href") or ""
    for path in (
        firm,
        firm.replace("/edit", "/figures"),
        "/report",
        "/help",
        "/privacy",
        "/accessibility",
        "/register",
    ):
        visitor.go(path)
        visitor.look(path.rpartition("/")[2])
    for path in ("/signed-out", "/timed-out", "/view/large?next=/report"):
        visitor.go(path)
        visitor.look(re.sub(r"\W+", "-", path.strip("/")))


def enter_the_firm(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/organisation/new")
    page.fill("#credit_code", make_credit_code("120111", 7).lower().translate(FULL_WIDTH))
    page.fill("#name", "津喆堃精密传动（天津）有限公司（示例）")
    page.select_option("#area", page.locator("#area option", has_text="西青区").first.get_attribute("value"))
    page.fill("#industry", "通用设备")
    visitor.look("new-firm")
    page.locator("main form button").last.click()
    if page.locator("input[name=industry_choice]").count():
        visitor.look("new-firm-choice")
        page.locator("input[name=industry_choice]").first.check()
        page.locator("main form button").last.click()


def fill_in_figures(visitor: Visitor) -> None:
    """One amount in yuan, one in 万元 with a slip that is noticed and then confirmed by putting it right."""
    page = visitor.page
    visitor.go("/organisation")
    page.get_by_role("link", name=re.compile("数据")).first.click()
    page.fill("#f-staff-2025", "86")
    page.fill("#f-revenue-2025", "48,263,517.40")
    page.select_option("[name=f-revenue-2025-unit]", "yuan")
    page.fill("#f-revenue-2024", "44,100,000")
    page.select_option("[name=f-revenue-2024-unit]", "wan_yuan")
    page.locator("main form button").last.click()
    expect(page.locator(".errsum")).to_be_visible()
    visitor.look("figures-slip")
    page.select_option("[name=f-revenue-2024-unit]", "yuan")
    page.locator("main form button").last.click()
    expect(page.locator(".errsum")).to_have_count(0)


def errors_are_shown_and_typing_kept(visitor: Visitor) -> None:
    page = visitor.page
    page.check("#r-q1-A")
    page.check("#r-q1-B")
    page.fill("#f-equipment-2025", "八十六")
    page.locator(".savebar button").click()
    expect(page.locator(".errsum")).to_be_focused()
    assert page.title().startswith("错误：")
    visitor.look("section-errors")
    assert page.input_value("#f-equipment-2025") == "八十六"
    assert page.is_checked("#r-q1-A")
    assert page.is_checked("#r-q1-B")
    page.locator(".errsum a").first.click()
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
    other.page.locator("main form button").first.click()
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
    page.locator(".savebar button").click()
    expect(page.locator("main")).to_contain_text("同事")
    visitor.look("section-conflict")


@pytest.mark.parametrize("kind", ["postgresql"])
def test_without_script_in_english_on_a_phone(chromium: Browser, tmp_path: Path, kind: str) -> None:
    """A software house: outside manufacturing, with two answers left open."""
    with running(kind, tmp_path) as site:
        visitor = Visitor(chromium, site, "en", 375, script=False)
        page = visitor.page
        register(visitor, EN, "li.wei@example.com")
        visitor.go("/organisation/new")
        page.fill("#credit_code", make_credit_code("120104", 8))
        page.fill("#name", "Tianjin Nankai Lianyun Software Ltd (example)")
        page.select_option("#area", page.locator("#area option", has_text="Nankai").first.get_attribute("value"))
        page.fill("#industry", "65")
        visitor.look("new-firm")
        page.locator("main form button").last.click()
        visitor.press("Start the assessment")
        visitor.look("hub")
        assert "reference only" in page.locator("main").inner_text()
        submission = submission_of(visitor)
        for section in TICKS:
            visitor.go(f"/fill/{submission}/sections/{section}")
            answer(page, section, without=("q5", "s7"))
            for left_open in {"q5", "s7"} & {tick.split("-")[0] for tick in TICKS[section]}:
                page.check(f"#r-{left_open}-unsure")
            if section in ("foundation", "supply_chain"):
                visitor.look(f"section-{section}")
            page.locator(".savebar button").click()
        visitor.look("check")
        page.check("#commitment")
        visitor.press("Submit the assessment")
        visitor.look("receipt")
        page.get_by_role("link", name="See the result").click()
        visitor.look("report")
        shown = page.locator("main").inner_text()
        assert "reference only" in shown
        assert f"43.5–{float(Fraction(107, 2)):g}" in shown, "5 points less, 5 more than the worked example"
        page.get_by_role("link", name="If the download fails").click()
        visitor.look("preview", targets=False)
        assert "43.5" in page.locator("body").inner_text()
        english_pdf(visitor, site, submission)
        other = visitor.again_with_script(chromium)
        for name in ("report", "fill"):
            other.go(f"/{name}/{submission}")
            other.look(f"{name}-again")
        other.go(f"/report/{submission}/preview/en")
        other.look("preview", targets=False)


def english_pdf(visitor: Visitor, site: Site, submission: str) -> None:
    """Without script the waiting page asks for itself again until the file is there."""
    address = f"{site.url}/report/{submission}/pdf/en"
    # If the file is there already, there is no page to go to.
    with visitor.page.expect_download(timeout=SECONDS) as waiting, suppress(PlaywrightError):
        visitor.page.goto(address)
    text, _fonts = pdf_text(Path(waiting.value.path()).read_bytes())
    assert "43.5" in text
    assert "53.5" in text
    assert "reference only" in text
