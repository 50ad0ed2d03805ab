"""The manager of a software house on a phone, in English, without script: for reference only, two answers left open."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from survey.credit_code import make_credit_code
from tests.browser.answers import TICKS, answer
from tests.browser.entering import pdf_text, register, submission_of
from tests.browser.site import running
from tests.browser.visitor import FILE_MILLISECONDS, Visitor

WORDS = {"register": "Register", "send code": "Send the code", "person": "Li Wei"}
LEFT_OPEN = ("q5", "s7")
LOW, HIGH = "43.5", "53.5"  # of the worked example's 48.5: without the 5 points of q5, and with all 10 it can give


def test_from_registering_to_the_pdf(chromium: Browser, tmp_path: Path) -> None:
    with running("postgresql", tmp_path) as site:
        visitor = Visitor(chromium, site, "en", 375, script=False)
        register(visitor, WORDS, "li.wei@example.com")
        enter_the_firm(visitor)
        visitor.press("Start the assessment")
        visitor.look("hub")
        assert "reference only" in visitor.page.locator("main").inner_text()
        submission = submission_of(visitor)
        fill_in(visitor, submission)
        with site.worker_halted():
            submit(visitor)
            read_the_result(visitor)
            visitor.go(f"/report/{submission}/pdf/en")
            assert visitor.heading() == "The PDF is being made"
            visitor.look("waiting")
            other = visitor.again_with_script(chromium)
            other.go(f"/report/{submission}/pdf/en")
            other.look("waiting")
        the_waiting_pages_bring_the_file(visitor, other)
        expect(other.page.get_by_role("status")).to_contain_text("ready")
        look_again_with_script(visitor, chromium, submission)


def enter_the_firm(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/organisation/new")
    page.fill("#credit_code", make_credit_code("120104", 8))
    page.fill("#name", "Tianjin Nankai Lianyun Software Ltd (example)")
    page.select_option("#area", page.locator("#area option", has_text="Nankai").first.get_attribute("value"))
    page.fill("#industry", "65")
    visitor.look("new-firm")
    visitor.follow(page.locator("main form button").last)


def fill_in(visitor: Visitor, submission: str) -> None:
    page = visitor.page
    for section, ticks in TICKS.items():
        visitor.go(f"/fill/{submission}/sections/{section}")
        answer(page, section, without=LEFT_OPEN)
        for item in {tick.split("-")[0] for tick in ticks}.intersection(LEFT_OPEN):
            page.check(f"#r-{item}-unsure")
        if section in ("foundation", "supply_chain"):
            visitor.look(f"section-{section}")
        visitor.follow(page.locator(".savebar button"))


def submit(visitor: Visitor) -> None:
    visitor.look("check")
    assert "reference only" in visitor.page.locator("main").inner_text()
    visitor.page.check("#commitment")
    visitor.press("Submit the assessment")
    visitor.look("receipt")


def read_the_result(visitor: Visitor) -> None:
    page = visitor.page
    visitor.follow(page.get_by_role("link", name="See the result"))
    visitor.look("report")
    shown = page.locator("main").inner_text()
    assert "reference only" in shown
    assert f"{LOW}–{HIGH}" in shown
    visitor.follow(page.get_by_role("link", name="If the download fails"))
    visitor.look("preview", targets=False)  # the pages of the PDF: its links are as high as its lines
    shown = page.locator("body").inner_text()
    assert "reference only" in shown
    assert LOW in shown


def the_waiting_pages_bring_the_file(without_script: Visitor, with_script: Visitor) -> None:
    """Nobody touches them: each asks for itself again until the file is there, whichever is first."""
    one, other = without_script.page, with_script.page
    with (
        one.expect_download(timeout=FILE_MILLISECONDS) as file,
        other.expect_download(timeout=FILE_MILLISECONDS) as same_file,
    ):
        pass
    for each in (file, same_file):
        text, _fonts = pdf_text(each.value.path().read_bytes())
        for words in (LOW, HIGH, "reference only"):
            assert words in text


def look_again_with_script(visitor: Visitor, chromium: Browser, submission: str) -> None:
    """The rules of accessibility are checked by script."""
    other = visitor.again_with_script(chromium)
    pages = {
        "start": "/",
        "report": f"/report/{submission}",
        "receipt": f"/fill/{submission}",
        "reports": "/report",
        "firm": "/organisation",
        "help": "/help",
        "privacy": "/privacy",
        "missing": "/nothing-here",
    }
    for name, path in pages.items():
        other.go(path)
        other.look(name)
    other.go(f"/report/{submission}/preview/en")
    other.look("preview", targets=False)
