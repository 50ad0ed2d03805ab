"""The list on top of a section that says what needs changing, and where."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from questionnaires.faults import Fault
from survey.answering import fields, figures
from survey.answering.rendering import NEEDS_REASON, Filling
from survey.answering.work import Work
from survey.languages import page_language
from survey.organisations.figures import Asked, label


def summary(filling: Filling, faults: Mapping[str, Fault]) -> list[tuple[str, str]]:
    """(control, what to do) for the list on top of the page, in the order of the page."""
    work, order = filling.work, _order(filling.work)
    paths = sorted({**filling.notices, **faults}, key=lambda path: order.get(path, -1))
    return [(_target(work, path, faults.get(path)), _line(work, path, filling.remark(path))) for path in paths]


def _order(work: Work) -> dict[str, int]:
    """The place of every control on the page, by path."""
    paths: list[str] = []
    for item in work.section.items:
        asked = figures.asked_by(item, work.instrument, work.year)
        mine = [f"facts.{each.kind.id}.{each.year}" for group in asked.values() for each in group]
        paths += [f"responses.{item.id}", *mine, f"reasons.{item.id}"]
    return {path: place for place, path in reversed(list(enumerate(paths)))}


def _target(work: Work, path: str, fault: Fault | None) -> str:
    kind, _dot, rest = path.partition(".")
    item = work.instrument.items.get(rest)
    if item is not None:
        reason = kind == "reasons" or (fault is not None and fault.code in NEEDS_REASON)
        return f"w-{rest}" if reason else fields.first(item, work.year)
    return f"f-{rest.replace('.', '-')}" if kind == "facts" else "main"


def _line(work: Work, path: str, text: str) -> str:
    """The words beside the control, after the name of what they are about."""
    kind, _dot, rest = path.partition(".")
    item = work.instrument.items.get(rest)
    if item is not None:
        name = item.short.say(page_language())
    elif kind == "facts":
        fact, _dot, year = rest.partition(".")
        name = label(Asked(work.instrument.fact_kinds[fact], int(year)), page_language())
    else:
        return text
    return f"{name}{_(': ')}{text}"
