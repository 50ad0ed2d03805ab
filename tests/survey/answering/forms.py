"""What a browser sends when the form of a section is submitted as it is shown, and where things are."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask

from survey.models import Base, DraftPage, Submission
from tests.survey.browsing import Element, Page

Form = dict[str, Any]


def at(submission: Submission, section: str) -> str:
    return f"/fill/{submission.public_id}/sections/{section}"


def form_of(page: Page, **changes: Any) -> Form:
    """The form of the section on the page, with changes; None takes a control out."""
    form = next(each for each in page.all("form") if each.get("id") == "section")
    sent: Form = {}
    for element in page.elements:
        if form in element.around and element.get("name") not in ("", "csrf_token"):
            for value in _values(page, element):
                sent.setdefault(element.get("name"), []).append(value)
    sent.update(changes)
    return {name: value for name, value in sent.items() if value is not None}


def _values(page: Page, element: Element) -> list[str]:
    if element.tag == "select":
        options = [each for each in page.all("option") if element in each.around]
        return [next((each for each in options if "selected" in each.attributes), options[0]).get("value")]
    if element.tag == "textarea":
        return [element.text]
    if element.get("type") in ("radio", "checkbox"):
        return [element.get("value")] if "checked" in element.attributes else []
    return [element.get("value")] if element.tag == "input" else []


def stored(app: Flask, submission: Submission, section: str) -> dict[str, Any]:
    """What a section holds in the database; empty before the first save."""
    with app.extensions["database"].read() as session:
        data: dict[str, Any] | None = session.scalar(
            sa.select(DraftPage.data).where(DraftPage.submission_id == submission.id, DraftPage.section == section)
        )
    return data or {}


def dump(app: Flask) -> dict[str, list[Any]]:
    """Every row of every table, but for when somebody was last seen and that somebody was refused something."""
    left_out = {"sign_in_session", "attempt"}
    with app.extensions["database"].read() as session:
        return {
            table.name: sorted(map(repr, session.execute(_without_refusals(table))))
            for table in Base.metadata.sorted_tables
            if table.name not in left_out
        }


def _without_refusals(table: sa.Table) -> sa.Select[Any]:
    rows = sa.select(table)
    return rows.where(table.c.action != "access.refused") if table.name == "audit_event" else rows


def control(page: Page, control_id: str) -> Element:
    """The control with this id."""
    return next(each for each in page.elements if each.get("id") == control_id)


def ticked(page: Page, item: str) -> list[str]:
    return [
        each.get("value")
        for each in page.all("input")
        if each.get("name") == f"r-{item}" and "checked" in each.attributes
    ]


def summary(page: Page) -> list[tuple[str, str]]:
    """The list of what needs changing: (id of the control, words)."""
    links = [each for each in page.all("a") if any("errsum" in around.get("class").split() for around in each.around)]
    return [(each.get("href").removeprefix("#"), each.text) for each in links]
