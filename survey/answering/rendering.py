"""Question pages. What is the same for everybody is rendered once per instrument, section and language, with slots;
what is not (ticks, figures, errors) is put into the slots on each request. Rendering 150 options anew each time
would be most of a request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from flask import current_app, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from questionnaires.faults import Fault, sentence
from questionnaires.figures import Derived
from questionnaires.given import Given
from questionnaires.instrument import Instrument, Section
from questionnaires.items import Item
from survey.answering import fields, figures
from survey.answering.returned import Returned
from survey.answering.work import Work, ties
from survey.organisations.figures import Figure, Form, Key, Remark

MARK: Final = "\x00"  # never occurs in a definition: YAML refuses it
NEEDS_REASON: Final = ("needs_reason", "cross_warning")


@dataclass
class Filling:
    """What one person's page holds. `chosen` are ticks and typed values by control; `faults` by path.

    `given` is everything on the route as it is shown, `shown` the items of this page that are asked by it.
    """

    work: Work
    language: str
    chosen: Mapping[str, frozenset[str]]
    given: Given
    shown: frozenset[str]
    known: Mapping[Key, Figure] = field(default_factory=dict)
    derived: Mapping[str, Derived] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, Fault] = field(default_factory=dict)
    notices: Mapping[str, str] = field(default_factory=dict)  # by path: what a colleague saved meanwhile
    form: Form | None = None
    proofs: Mapping[str, int] = field(default_factory=dict)  # files by item
    editable: bool = False
    returned: Returned | None = None

    @property
    def instrument(self) -> Instrument:
        return self.work.instrument

    def remark(self, path: str) -> str:
        """What is said beside a control: what is wrong, or what a colleague saved."""
        fault = self.faults.get(path)
        if fault is None and path not in self.notices:
            return ""
        text = sentence(fault, self.language) if fault else self.notices.get(path, "")
        return text[:1].upper() + text[1:]

    def remarks(self) -> dict[str, Remark]:
        """What is said beside figures."""
        return {
            path: Remark(self.remark(path), _confirm(self.faults.get(path))) for path in {**self.notices, **self.faults}
        }

    @cached_property
    def homes(self) -> dict[Key, str]:
        """The item at which each figure is asked."""
        return figures.homes(self.work.section, self.work.year, self.shown, self.work.ties.steered)

    @cached_property
    def add_proof(self) -> str:
        """Said at each item without proof."""
        return _("Add proof")

    @cached_property
    def places(self) -> dict[str, str]:
        """The number of each item, of those that are asked."""
        return places(self.work.section, self.shown)

    def drawn(self, item: Item) -> bool:
        """Whether the item is on the page: also hidden, where an answer on this very page may bring it up."""
        return item.id in self.shown or (bool(self.shown) and item.id in self.work.ties.steered)


def places(section: Section, shown: frozenset[str]) -> dict[str, str]:
    """Each item that is asked, and its place among them in words."""
    items = [item.id for item in section.items if item.id in shown]
    return {item: _place(place, len(items)) for place, item in enumerate(items, 1)}


def _place(place: int, total: int) -> str:
    return _("Question %(place)s of %(total)s", place=place, total=total)


def _confirm(fault: Fault | None) -> str | None:
    return str(fault.values["value"]) if fault and fault.code == "slip" else None


# -- slots -------------------------------------------------------------------------------------------------------------


def _checked(page: Filling, control: str, value: str) -> str:
    return " checked" if value in page.chosen.get(control, ()) else ""


def _typed(page: Filling, control: str, item_id: str) -> str:
    typed = sorted(page.chosen.get(control, frozenset()) - {fields.UNSURE})
    wrong = f' aria-invalid="true" aria-describedby="e-{item_id}"' if page.remark(f"responses.{item_id}") else ""
    return f' value="{escape(typed[0] if typed else "")}"{wrong}'


def _class(page: Filling, item_id: str) -> str:
    return ' class="bad"' if page.remark(f"responses.{item_id}") else ""


def _row(page: Filling, item_id: str, control: str) -> str:
    """A row of a grid without an answer, where that is what is wrong."""
    fault = page.faults.get(f"responses.{item_id}")
    open_row = fault is not None and fault.code in fields.OPEN and not page.chosen.get(control)
    return ' class="bad-row"' if open_row else ""


def _described(page: Filling, item_id: str) -> str:
    ids = [f"hint-{item_id}"] if page.instrument.items[item_id].hint else []
    ids += [f"m-{item_id}"] if page.returned and page.returned.at(item_id) else []
    ids += [f"e-{item_id}"] if page.remark(f"responses.{item_id}") else []
    return f' aria-describedby="{" ".join(ids)}"' if ids else ""


def _error(page: Filling, item_id: str) -> str:
    text = page.remark(f"responses.{item_id}")
    return str(_part("message", id=f"e-{item_id}", text=text)) if text else ""


def _figures(page: Filling, item_id: str) -> str:
    item, work, language = page.instrument.items[item_id], page.work, page.language
    groups = figures.drawn(
        item, work.instrument, work.year, page.known, page.form, page.remarks(), page.homes, language
    )
    echoes = figures.echoes(item, page.given, page.derived.get(item_id), language)
    return str(_part("figure_group", groups=list(groups), echoes=echoes))


def _reason(page: Filling, item_id: str) -> str:
    """Asked for only where answers contradict figures or each other, or where one was given before."""
    fault, kept = page.faults.get(f"responses.{item_id}"), page.reasons.get(item_id, "")
    name = f"w-{item_id}"
    text = page.form[name] if page.form is not None and name in page.form else kept
    error = page.remark(f"reasons.{item_id}")
    needed = fault is not None and fault.code in NEEDS_REASON
    if not (text or kept or error or needed):
        return ""
    of_choice = item_id in page.derived and not (fault and fault.code == "cross_warning")
    label = _("Why your choice differs from the figures") if of_choice else _("Why this is right as it is")
    return str(_part("reason", name=name, text=text, base=kept, label=label, error=error, bad=bool(error) or needed))


def _mends(page: Filling, item_id: str) -> str:
    """What the office found to mend here, where the submission was returned."""
    mends = page.returned.at(item_id) if page.returned else []
    return str(_part("mends", id=f"m-{item_id}", mends=mends)) if mends else ""


def _where(page: Filling, item_id: str) -> str:
    return page.places.get(item_id, "")


def _hidden(page: Filling, item_id: str) -> str:
    return "" if item_id in page.shown else " hidden"


def _proof(page: Filling, item_id: str) -> str:
    """To the item's proof: for who fills in a button that saves first, so that nothing typed is lost by going there."""
    count = page.proofs.get(item_id, 0)
    if not page.editable and not count:
        return ""
    words = ngettext("Proof: %(num)d file", "Proof: %(num)d files", count) if count else page.add_proof
    name = page.instrument.items[item_id].short.say(page.language)
    named = f'{escape(words)}<span class="visually-hidden"> {escape(name)}</span>'
    if page.editable:
        return (
            f'<p class="proof"><button class="linklike back" name="then" value="proof-{item_id}">{named}</button></p>'
        )
    href = url_for("evidence.item", submission_id=page.work.submission.public_id, item_id=item_id)
    return f'<p class="proof"><a class="tap" href="{href}">{named}</a></p>'


SLOTS: Final[Mapping[str, Callable[..., str]]] = {
    "checked": _checked,
    "class": _class,
    "described": _described,
    "error": _error,
    "figures": _figures,
    "hidden": _hidden,
    "mends": _mends,
    "place": _where,
    "proof": _proof,
    "reason": _reason,
    "row": _row,
    "typed": _typed,
}


def _part(macro: str, **values: object) -> Markup:
    module = current_app.jinja_env.get_template("items/figures_parts.html").module
    drawn: Markup = getattr(module, macro)(**values)
    return drawn


# -- the page ----------------------------------------------------------------------------------------------------------


def body(page: Filling) -> Markup:
    """The questions of a section, filled in."""
    return Markup("").join(questions(page).values())


def questions(page: Filling) -> dict[str, Markup]:
    """The same, each question by itself, by item."""
    section = page.work.section
    drawn = {item.id for item in section.items if page.drawn(item)}
    static = _static(section, page.instrument, page.language)
    return {item: _filled(page, pieces) for item, pieces in static if item in drawn}


def _filled(page: Filling, pieces: tuple[Piece, ...]) -> Markup:
    return Markup(  # noqa: S704  # the pieces come from autoescaped templates, the slots from the functions above
        "".join(piece if isinstance(piece, str) else SLOTS[piece[0]](page, *piece[1:]) for piece in pieces)
    )


Piece = str | tuple[str, ...]
_pages: dict[tuple[str, str, str, str], tuple[tuple[str, tuple[Piece, ...]], ...]] = {}


def _static(section: Section, instrument: Instrument, language: str) -> tuple[tuple[str, tuple[Piece, ...]], ...]:
    """Each item with the pieces of its part of the page."""
    key = (instrument.rules_checksum, instrument.texts_checksum, section.id, language)
    if key not in _pages:
        total = len(section.items)
        texts = [_item(item, instrument, _place(place, total), language) for place, item in enumerate(section.items, 1)]
        _pages[key] = tuple((item.id, _cut(text)) for item, text in zip(section.items, texts, strict=True))
    return _pages[key]


def _cut(text: str) -> tuple[Piece, ...]:
    return tuple(tuple(piece.split("|")) if place % 2 else piece for place, piece in enumerate(text.split(MARK)))


def _item(item: Item, instrument: Instrument, place: str, language: str) -> str:
    """Only where there are routes do the number of an item, and whether it is seen, differ from firm to firm."""
    tied = ties(instrument)
    return render_template(
        f"items/{item.type}.html",
        item=item,
        language=language,
        slot=_slot,
        place=_slot("place", item.id) if instrument.has_routes else place,
        hidden=_slot("hidden", item.id) if item.id in tied.steered else "",
        steering=item.id in tied.steering,
        explained=item.id in tied.explained,
        assessed=bool(instrument.tree or instrument.ladder or instrument.checks),
        control=fields.name,
    )


def _slot(*words: object) -> Markup:
    return Markup(MARK + "|".join(str(word) for word in words) + MARK)  # noqa: S704  # ids, not user text
