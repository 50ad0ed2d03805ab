"""The first steps of every visitor, and what is read out of addresses and files."""

from __future__ import annotations

import io
import re

import pypdf

from tests.browser.visitor import Visitor

PASSWORD = "kettle marble orbit fern"
SECONDS = 20_000


def register(visitor: Visitor, words: dict[str, str], recipient: str) -> None:
    visitor.go("/")
    visitor.look("start")
    visitor.follow(visitor.page.get_by_role("link", name=words["register"]).first)
    visitor.press(words["send code"])
    visitor.look("register-errors")
    visitor.page.fill("#name", words["person"])
    visitor.page.fill("#recipient", recipient)
    visitor.page.fill("#password", PASSWORD)
    visitor.page.check("#accepted")
    visitor.press(words["send code"])
    visitor.look("code")
    visitor.page.fill("#code", visitor.site.code())
    visitor.follow(visitor.page.locator("main form button").first)


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
