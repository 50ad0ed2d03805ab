"""Question pages. What is the same for everybody is rendered once per instrument, section and language, with slots;
what is not (ticks, figures, errors) is put into the slots on each request. Rendering 150 options anew each time
would be most of a request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from flask import current_app, render_template
from flask_babel import gettext as _
from markupsafe import Markup

from questionnaires.faults import Fault, sentence
from questionnaires.figures import Change, Derived
from questionnaires.instrument import Instrument, Section
from questionnaires.items import Item, Single
from survey.answering import figures
from survey.organisations.figures import Figure, Form, Remark

MARK: Final = "\x00"  # never occurs in a definition: YAML refuses it


@dataclass(slots=True)
class Filling:
    """What one person's page holds. `chosen` are the values of ticked controls by item; `faults` by path."""

    instrument: Instrument
    reference_year: int
    language: str
    chosen: Mapping[str, frozenset[str]]
    known: Mapping[tuple[str, int], Figure] = field(default_factory=dict)
    derived: Mapping[str, Derived] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, Fault] = field(default_factory=dict)
    notices: Mapping[str, str] = field(default_factory=dict)  # by path: what a colleague saved meanwhile
    form: Form | None = None
    asked: set[tuple[str, int]] = field(default_factory=set)

    def remark(self, path: str) -> str:
        """What is said beside a control: what is wrong, or what a colleague saved."""
        fault = self.faults.get(path)
        text = sentence(fault, self.language) if fault else self.notices.get(path, "")
        return text[:1].upper() + text[1:]

    def remarks(self) -> dict[str, Remark]:
        """What is said beside figures."""
        return {
            path: Remark(self.remark(path), _confirm(self.faults.get(path))) for path in {**self.notices, **self.faults}
        }


def _confirm(fault: Fault | None) -> str | None:
    return str(fault.values["value"]) if fault and fault.code == "slip" else None


def _checked(page: Filling, item_id: str, value: str) -> str:
    return " checked" if value in page.chosen.get(item_id, ()) else ""


def _class(page: Filling, item_id: str) -> str:
    return ' class="bad"' if page.remark(f"responses.{item_id}") else ""


def _described(page: Filling, item_id: str) -> str:
    ids = [f"hint-{item_id}"] if page.instrument.items[item_id].hint else []
    ids += [f"e-{item_id}"] if page.remark(f"responses.{item_id}") else []
    return f' aria-describedby="{" ".join(ids)}"' if ids else ""


def _error(page: Filling, item_id: str) -> str:
    text = page.remark(f"responses.{item_id}")
    return str(_part("message", id=f"e-{item_id}", text=text)) if text else ""


def _figures(page: Filling, item_id: str) -> str:
    item = page.instrument.items[item_id]
    assert isinstance(item, Single)
    groups = figures.drawn(
        item, page.instrument, page.reference_year, page.known, page.form, page.remarks(), page.asked, page.language
    )
    echo = figures.derived_echo(item, page.derived.get(item_id), page.language)
    return str(_part("figure_group", groups=list(groups), echo=echo))


def _reason(page: Filling, item_id: str) -> str:
    """Asked for only where the choice contradicts the figures, or where one was given before."""
    fault, kept = page.faults.get(f"responses.{item_id}"), page.reasons.get(item_id, "")
    name = f"w-{item_id}"
    text = page.form[name] if page.form is not None and name in page.form else kept
    error = page.remark(f"reasons.{item_id}")
    needed = fault is not None and fault.code == "needs_reason"
    if not (text or kept or error or needed):
        return ""
    label = _("Why your choice differs from the figures")
    return str(_part("reason", name=name, text=text, base=kept, label=label, error=error, bad=bool(error) or needed))


SLOTS: Final[Mapping[str, Callable[..., str]]] = {
    "checked": _checked,
    "class": _class,
    "described": _described,
    "error": _error,
    "figures": _figures,
    "reason": _reason,
}


def _part(macro: str, **values: object) -> Markup:
    module = current_app.jinja_env.get_template("items/figures.html").module
    drawn: Markup = getattr(module, macro)(**values)
    return drawn


def body(section: Section, page: Filling) -> Markup:
    """The questions of a section, filled in."""
    pieces = _static(section, page.instrument, page.language)
    return Markup(  # noqa: S704  # the pieces come from autoescaped templates, the slots from the functions above
        "".join(piece if isinstance(piece, str) else SLOTS[piece[0]](page, *piece[1:]) for piece in pieces)
    )


Piece = str | tuple[str, ...]
_pages: dict[tuple[str, str, str, str], tuple[Piece, ...]] = {}


def _static(section: Section, instrument: Instrument, language: str) -> tuple[Piece, ...]:
    key = (instrument.rules_checksum, instrument.texts_checksum, section.id, language)
    if key not in _pages:
        total = len(section.items)
        text = "".join(_item(item, place, total, language) for place, item in enumerate(section.items, 1))
        _pages[key] = tuple(
            tuple(piece.split("|")) if place % 2 else piece for place, piece in enumerate(text.split(MARK))
        )
    return _pages[key]


def _item(item: Item, place: int, total: int, language: str) -> str:
    where = _("Question %(place)s of %(total)s", place=place, total=total)
    return render_template(f"items/{item.type}.html", item=item, place=where, language=language, slot=_slot)


def _slot(*words: object) -> Markup:
    return Markup(MARK + "|".join(str(word) for word in words) + MARK)  # noqa: S704  # ids, not user text


def needs_figures(section: Section) -> bool:
    """Whether a page asks for figures at all: most do not, and then they need not be read."""
    return any(isinstance(item, Single) and item.figures is not None for item in section.items)


def asks_reason(item: Item) -> bool:
    return isinstance(item, Single) and isinstance(item.figures, Change)
