"""Finds the forms of a page and fills them in as somebody at a browser might."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict

from tests.survey.browsing import Element, Page

BY_NAME = {
    "f-revenue-2024": "1100",
    "recipient": "13800138222",
    "role": "viewer",
    "name": "和跃精密 Heyue Precision Works",
    "until": "2099-12-31",
    "valid_until": "2099-12-31",
}
BY_TYPE = {"date": "2025-06-01", "number": "12", "email": "somebody@people.example", "tel": "13800138222"}
NOT_TYPED = ("submit", "button", "image", "reset", "file")


@dataclass(frozen=True)
class Form:
    """Where a form of a page goes, and what it holds."""

    path: str
    data: MultiDict[str, str]


def forms(html: str, page_path: str) -> list[Form]:
    """Every form of the page that is sent by POST, filled in where it is empty."""
    page = Page(html)
    return [
        Form(urlsplit(form.get("action")).path or page_path, _data(page, form))
        for form in page.all("form")
        if form.get("method").lower() == "post"
    ]


def _data(page: Page, form: Element) -> MultiDict[str, str]:
    data: MultiDict[str, str] = MultiDict()
    fields = [each for each in page.all("input", "select", "textarea", "button") if form in each.around]
    for each in fields:
        name, kind = each.get("name"), each.get("type") or "text"
        if not name or name == "csrf_token" or kind in NOT_TYPED[1:]:
            continue
        if kind in ("radio", "submit"):
            _choose(data, each)
        elif kind == "checkbox":
            data.setdefault(name, each.get("value") or "y")  # the first alone: some choices stand for themselves
        else:
            data.add(name, BY_NAME.get(name) or each.get("value") or _typed(name) or _text(page, each, kind))
    return MultiDict({**data.to_dict(flat=False), **{name: BY_NAME[name] for name in ("role",) if name in data}})


def _typed(name: str) -> str:
    """What is typed into a field of this name; a space, which the site takes away, leaves a figure as it is."""
    return " " if name.startswith("f-") and not name.endswith("-unit") else ""


def _choose(data: MultiDict[str, str], element: Element) -> None:
    """The first choice, unless another one is marked."""
    if element.get("name") not in data or "checked" in element.attributes:
        data[element.get("name")] = element.get("value")


def _text(page: Page, element: Element, kind: str) -> str:
    if element.tag == "select":
        options = [each for each in page.all("option") if element in each.around and each.get("value")]
        chosen = [each for each in options if "selected" in each.attributes] or options
        return chosen[0].get("value") if chosen else ""
    return element.get("value") or element.text or BY_TYPE.get(kind, "Heyue 12")
