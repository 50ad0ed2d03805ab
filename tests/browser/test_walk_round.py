"""One firm through all parts of a round: in Chinese at a desk with script, in English on a phone without."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from survey.credit_code import make_credit_code
from survey.demo.parts import INSTRUMENTS, SHOWN
from tests.browser import firm
from tests.browser.entering import pdf_text, register
from tests.browser.site import running
from tests.browser.visitor import Visitor

PARTS = tuple(SHOWN[2])
BY_HAND = {
    "digital": ("effect",),
    "green": ("energy", "product"),
    "innovation": ("growth",),
    "needs": ("innovation_chain",),
}
"""At least one page of each part; together they have every type of item."""
FIRST = (("revenue", 0), ("revenue", -1), ("assets", 0), ("liabilities", 0), ("rd_expense", 0), ("staff", 0))
"""Figures that somebody fetches from the bookkeeper before anything is answered."""


@dataclass(frozen=True)
class Words:
    """What this person reads, and how the person and the firm are called."""

    register: dict[str, str]
    recipient: str
    name: str
    tag: str
    first: str
    part: str
    error: str


WORDS = {
    "zh": Words(
        {"register": "注册", "send code": "发送验证码", "person": "王厂长"},
        "１３９００１３９０００",
        "津喆堃精密传动（天津）有限公司（示例）",
        "zh_CN",
        "能申报什么，还差什么",
        "结果摘要",
        "做过碳足迹的种类不能比产品种类多",
    ),
    "en": Words(
        {"register": "Register", "send code": "Send the code", "person": "Wang Fang"},
        "wang.fang@example.com",
        "Tianjin Jinzhekun Precision Ltd (example)",
        "en",
        "What you can apply for and what is missing",
        "Summary of the result",
        "Not more kinds can have a footprint than there are kinds",
    ),
}


@pytest.mark.parametrize(
    ("language", "width", "script", "kind"), [("zh", 1280, True, "sqlite"), ("en", 375, False, "postgresql")]
)
def test_all_parts_of_a_round(
    chromium: Browser, tmp_path: Path, language: str, width: int, script: bool, kind: str
) -> None:
    words = WORDS[language]
    with running(kind, tmp_path, parts=INSTRUMENTS) as site:
        visitor = Visitor(chromium, site, language, width, script)
        register(visitor, words.register, words.recipient)
        enter_the_firm(visitor, words)
        visitor.go("/fill")
        visitor.look("round-fresh")
        assert visitor.page.locator("main form button").count() == len(INSTRUMENTS), "each part can be started"
        if script:  # the other person meets the figures along the way
            fetch_figures_first(visitor)
        do_the_parts(visitor, words)
        visitor.go("/fill")
        visitor.look("round-done")
        read_the_report(visitor, words)
        change_the_roadmap(visitor)
        if not script:
            look_again_with_script(visitor, chromium)


def enter_the_firm(visitor: Visitor, words: Words) -> None:
    page = visitor.page
    visitor.go("/organisation/new")
    page.fill("#credit_code", make_credit_code("120111", 9))
    page.fill("#name", words.name)
    page.select_option("#area", index=3)
    page.fill("#industry", "C3484")
    visitor.follow(page.locator("main form button").last)


def fetch_figures_first(visitor: Visitor) -> None:
    page = visitor.page
    visitor.follow(page.locator("main a[href$='/figures']").first)
    for kind, back in FIRST:
        firm.type_figure(visitor, kind, firm.YEAR + back)
    visitor.look("figures-first")
    visitor.follow(page.locator("main form button").last)
    expect(page.locator(".errsum")).to_have_count(0)


def do_the_parts(visitor: Visitor, words: Words) -> None:
    """No figure that was given once is asked for again, in no part."""
    asked: list[set[str]] = []
    for name in PARTS:
        visitor.go("/fill")
        title = firm.instrument(name).title.say(words.tag)
        visitor.follow(visitor.page.locator("main form button", has_text=title))
        submission = firm.public_id(visitor)
        empty = firm.figures_that_are_empty(visitor, submission, name)
        assert not [each for each in asked if each & empty], f"{name} asks again"
        fill_in(visitor, words, name, submission)
        submit(visitor, name, submission)
        asked.append(empty)
    typed = {f"f-{kind}-{firm.YEAR + back}" for kind, back in FIRST} if visitor.script else set()
    assert not [each for each in asked if each & typed], "what was given before is asked again"
    assert min(map(len, asked[:3])) > 0, "each of the fields has figures of its own, so that the comparison says much"


def fill_in(visitor: Visitor, words: Words, name: str, submission: str) -> None:
    firm.save(visitor, submission, name, besides=BY_HAND[name])
    for section in firm.instrument(name).sections:
        if section.id not in BY_HAND[name]:
            continue
        visitor.go(f"/fill/{submission}/sections/{section.id}")
        firm.answer_by_hand(visitor, section, name)
        visitor.look(f"section-{name}-{section.id}")
        if section.id == "product":
            more_footprints_than_products(visitor, words)
        visitor.follow(visitor.page.locator(".savebar button"))
        if section.id == "effect":
            say_why(visitor, name)
        expect(visitor.page.locator(".errsum")).to_have_count(0)
        assert not visitor.page.url.partition("#")[0].endswith(section.id), "it goes on"


def say_why(visitor: Visitor, name: str) -> None:
    """Two choices differ from the figures: the page asks for a reason, and takes it."""
    visitor.look(f"section-{name}-reasons")
    for item, reason in firm.said(name).reasons.items():
        visitor.page.fill(f"#w-{item}", reason)
    visitor.follow(visitor.page.locator(".savebar button"))


def more_footprints_than_products(visitor: Visitor, words: Words) -> None:
    """Two answers that cannot both be right: said at the question, and nothing typed is lost."""
    page = visitor.page
    page.fill("#r-products_footprint", "20")
    visitor.follow(page.locator(".savebar button"))
    expect(page.locator(".errsum")).to_contain_text(words.error)
    assert page.input_value("#r-products_footprint") == "20"
    visitor.look("section-green-cross-check")
    page.fill("#r-products_footprint", "2")


def submit(visitor: Visitor, name: str, submission: str) -> None:
    page = visitor.page
    visitor.go(f"/fill/{submission}/check")
    if name == "green":
        visitor.look("check-green")
        question = firm.instrument(name).quality.contradictions[0].question
        expect(page.locator("#notes")).to_contain_text(question.say(WORDS[visitor.language].tag))
    page.check("#commitment")
    visitor.follow(page.locator("#submit button"))
    if name == "needs":  # the only one without a score
        visitor.look("receipt-needs")
    reference = rf"{name[0].upper()}-\d{{4}}-\d+-\d{{7}}"
    assert re.search(reference, page.locator("main").inner_text())


def read_the_report(visitor: Visitor, words: Words) -> None:
    """All parts on one page and in one file, which both begin with what can be applied for."""
    page = visitor.page
    visitor.follow(page.locator("main .panel a"))
    visitor.look("report-round")
    headings = [each.strip() for each in page.locator("main h2").all_inner_texts()]
    assert headings[0].replace("\n", "") == words.first
    titles = [firm.instrument(name).title.say(words.tag) for name in PARTS]
    shown = page.locator("main").inner_text()
    assert not [title for title in titles if title not in shown]
    file = visitor.fetch(page.locator(f"main a[href$='/pdf/{words.tag}']").first)
    text, _fonts = pdf_text(file.path().read_bytes())
    flat = re.sub(r"\s+", "", text)
    assert not [title for title in titles if re.sub(r"\s+", "", title) not in flat]
    assert 0 < flat.index(re.sub(r"\s+", "", words.first)) < flat.index(re.sub(r"\s+", "", words.part))


def change_the_roadmap(visitor: Visitor) -> None:
    """A change that is not possible for the firm is left out, and another one takes its place."""
    page = visitor.page
    visitor.go("/report/")
    visitor.follow(page.locator("main a[href^='/report/']:not([href*='/rounds/'])").first)
    first = page.locator("main input[name=lock]").first
    locked = first.get_attribute("value")
    first.check()
    visitor.follow(first.locator("xpath=ancestor::form").locator("button").first)
    assert "lock=" in page.url
    assert page.locator(f"main input[name=lock][value='{locked}']").is_checked(), "it is kept apart, to take it back"
    visitor.look("report-locked")


def look_again_with_script(visitor: Visitor, chromium: Browser) -> None:
    """The rules of accessibility are checked by script."""
    other = visitor.again_with_script(chromium)
    other.go("/fill")
    other.look("round-done")
    other.follow(other.page.locator("main .panel a"))
    other.look("report-round")
