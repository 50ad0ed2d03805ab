"""A browser for tests that refuses pages which break the rules every page must keep."""

import re
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

VOID = frozenset(
    [
        "area",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
        "circle",
        "line",
        "path",
        "polygon",
        "rect",
        "use",
    ]
)
LABELLED = ("text", "password", "email", "tel", "number", "search", "checkbox", "radio", "file", "date", "url")
ERROR_WORDS = ("错误：", "Error: ")


class Element:
    """One tag with its attributes, the tags around it, and the text inside it."""

    def __init__(self, tag: str, attributes: dict[str, str], around: "list[Element]") -> None:
        self.tag, self.attributes, self.around, self.parts = tag, attributes, list(around), []
        self.parts: list[str]

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")


class Page(HTMLParser):
    """The tags of an HTML page in their order; tags that are not closed or closed wrongly are faults."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.faults: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{element.tag}> is never closed" for element in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(self.elements[-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, self.open))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1].tag != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1].tag if self.open else 'nothing'}")
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.parts.append(data)

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def one(self, tag: str) -> Element:
        found = self.all(tag)
        assert len(found) == 1, f"{len(found)} <{tag}> on the page"
        return found[0]

    @property
    def text(self) -> str:
        return self.one("body").text


def check(page: Page, nonce: str) -> None:
    """Raise an AssertionError that lists everything on the page that breaks a rule of the house."""
    faults = page.faults + [fault for rule in RULES for fault in rule(page)] + _script_faults(page, nonce)
    assert not faults, "\n".join(faults)


def _heading_faults(page: Page) -> list[str]:
    headings, titles = page.all("h1"), [element for element in page.all("title") if not _inside(element, "svg")]
    if len(headings) != 1 or len(titles) != 1:
        return [f"{len(headings)} <h1> and {len(titles)} <title>"]
    title = titles[0].text
    for word in ERROR_WORDS:
        title = title.removeprefix(word)
    return [] if title.startswith(headings[0].text) else [f"title {title!r} does not begin with {headings[0].text!r}"]


def _id_faults(page: Page) -> list[str]:
    ids = [element.get("id") for element in page.elements if element.get("id")]
    faults = [f"id {each!r} twice" for each in sorted({each for each in ids if ids.count(each) > 1})]
    for element in page.elements:
        for name in ("aria-describedby", "aria-labelledby", "for"):
            faults += [f"{name} points to nothing: {to!r}" for to in element.get(name).split() if to not in ids]
        if element.tag == "a" and re.fullmatch(r"#.+", element.get("href")) and element.get("href")[1:] not in ids:
            faults.append(f"link to nothing: {element.get('href')!r}")
    return faults


def _label_faults(page: Page) -> list[str]:
    labelled = {element.get("for") for element in page.all("label")}
    faults = []
    for element in page.all("input", "select", "textarea"):
        if element.tag == "input" and (element.get("type") or "text") not in LABELLED:
            continue
        named = element.get("id") in labelled or element.get("aria-label") or element.get("aria-labelledby")
        if not named and not _inside(element, "label"):
            faults.append(f"no label: {element.get('name')!r}")
    return faults


def _form_faults(page: Page) -> list[str]:
    faults = []
    for form in page.all("form"):
        inputs = [each for each in page.all("input") if form in each.around]
        if form.get("method").lower() == "post" and not any(each.get("name") == "csrf_token" for each in inputs):
            faults.append(f"no token in the form to {form.get('action')!r}")
    return faults + [f"<button> without words: {each.attributes}" for each in page.all("button") if not each.text]


def _frame_faults(page: Page) -> list[str]:
    faults = [] if page.one("html").get("lang") in ("zh-CN", "en") else ["no language"]
    faults += [f"<img> without alt: {each.get('src')}" for each in page.all("img") if "alt" not in each.attributes]
    faults += [f"not our own: {url}" for each in page.elements for url in _loaded(each) if re.match(r"\w+:|//", url)]
    text = page.one("main").text
    faults += [
        f"ASCII punctuation in Chinese: {each!r}" for each in re.findall(r"[\u4e00-\u9fff][,;?!:][\u4e00-\u9fff]", text)
    ]
    return faults


def _loaded(element: Element) -> list[str]:
    """What a browser fetches for an element."""
    name = {"link": "href", "script": "src", "img": "src", "iframe": "src", "use": "href"}.get(element.tag, "")
    return [element.get(name)] if element.get(name) and not element.get(name).startswith("data:") else []


def _inline_faults(page: Page) -> list[str]:
    return [
        f"{name}=… on <{element.tag}>"
        for element in page.elements
        for name in element.attributes
        if name == "style" or name.startswith("on")
    ] + ["<style> on the page" for _ in page.all("style")]


def _script_faults(page: Page, nonce: str) -> list[str]:
    scripts = page.all("script")
    faults = [f"script without nonce: {each.get('src')!r}" for each in scripts if each.get("nonce") != nonce]
    return faults + [f"inline script: {each.text[:40]!r}" for each in scripts if each.text]


def _inside(element: Element, tag: str) -> bool:
    return any(each.tag == tag for each in element.around)


RULES = (_heading_faults, _id_faults, _label_faults, _form_faults, _frame_faults, _inline_faults)


class Browser:
    """Fetches pages as a browser would: keeps cookies, sends the page's token with its forms, checks what it gets."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.app, self.client, self.language = app, app.test_client(), language
        self.page = Page("")
        self.response: TestResponse

    def get(self, path: str, *, status: int = 200, **options: Any) -> Page:
        """Fetch a page, following redirects, and check it."""
        return self._open("GET", path, status, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, *, status: int = 200, **options: Any) -> Page:
        """Send a form with the token of the page that is open, follow the redirect, and check the page that comes."""
        token = next((each.get("value") for each in self.page.all("input") if each.get("name") == "csrf_token"), "")
        return self._open("POST", path, status, data={"csrf_token": token, **(data or {})}, **options)

    def _open(self, method: str, path: str, status: int, **options: Any) -> Page:
        headers = {"Accept-Language": self.language, "Accept": "text/html", **options.pop("headers", {})}
        follow = options.pop("follow", True)
        self.response = self.client.open(path, method=method, headers=headers, follow_redirects=follow, **options)
        assert self.response.status_code == status, (path, self.response.status_code, self.response.text[:2000])
        if self.response.mimetype == "text/html" and not 300 <= status < 400:
            self.page = Page(self.response.text)
            check(self.page, _nonce(self.response))
        return self.page

    @property
    def path(self) -> str:
        """Where the last answer came from, after redirects."""
        return self.response.request.path


def _nonce(response: TestResponse) -> str:
    found = re.search(r"'nonce-([^']+)'", response.headers["Content-Security-Policy"])
    assert found, "no nonce in the content security policy"
    return found.group(1)
