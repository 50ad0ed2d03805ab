"""What a browser sends for an item, as the plain data its type understands, and which controls stand for an answer.

Adding an item type is one row in `READERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from questionnaires.faults import Fault
from questionnaires.items import FigureItem, Grid, Item, Multiple, Response, Scene, Single, figures_asked
from survey.organisations.figures import Form

UNSURE: Final = "unsure"
Controls = dict[str, frozenset[str]]
"""By name of the control: the values that are ticked, or what is typed."""


def name(item_id: str, row: str | None = None) -> str:
    """The name of an item's control in the form, or of the one of a row."""
    return f"r-{item_id}" if row is None else f"r-{item_id}--{row}"


def _given(form: Form, control: str) -> list[str]:
    return [value for value in form.getlist(control) if value not in ("", UNSURE)]


def _one(form: Form, item: Item) -> object:
    sent = _given(form, name(item.id))
    return sent if len(sent) > 1 else next(iter(sent), None)


def _several(form: Form, item: Item) -> object:
    return _given(form, name(item.id))


def _level(form: Form, item: Item) -> object:
    sent = _one(form, item)
    return int(sent) if isinstance(sent, str) and sent.isascii() and sent.isdigit() and len(sent) < 3 else sent


def _rows(form: Form, item: Grid) -> object:
    sent = {row.id: _given(form, name(item.id, row.id)) for row in item.rows}
    return {row: given if len(given) > 1 else given[0] for row, given in sent.items() if given}


def _one_name(item: Item) -> list[str]:
    return [name(item.id)]


def _row_names(item: Grid) -> list[str]:
    return [name(item.id), *(name(item.id, row.id) for row in item.rows)]


def _plain_controls(item: Item, response: Response) -> Controls:
    return {name(item.id): frozenset(response) if isinstance(response, tuple) else frozenset({str(response)})}


def _row_controls(item: Grid, response: Response) -> Controls:
    assert isinstance(response, Mapping)
    return {name(item.id, row): frozenset({option}) for row, option in response.items()}


def _first_option(item: Single | Multiple, year: int) -> str:
    first = next((option for option in item.options if not option.exclusive), item.options[0])
    return f"{name(item.id)}-{first.id}"


def _first_level(item: Scene, year: int) -> str:
    return f"{name(item.id)}-0"


def _first_cell(item: Grid, year: int) -> str:
    return f"{name(item.id, item.rows[0].id)}-{item.options[0].id}"


def _first_figure(item: FigureItem, year: int) -> str:
    kind, offset = next(figures_asked(item))
    return f"f-{kind}-{year + offset}"


@dataclass(frozen=True, slots=True)
class Reader:
    """How one item type stands in a form.

    `raw` reads what was sent; `controls` are those that stand for a response, `names` all of them; `first` is the id of
    the control to begin with (figures carry their year); `missing` is the fault of an item that nobody has dealt with;
    `partly`: some of it may be given while the rest is left open.
    """

    raw: Callable[[Form, Any], object]
    first: Callable[[Any, int], str]
    controls: Callable[[Any, Response], Controls] = _plain_controls
    names: Callable[[Any], list[str]] = _one_name
    missing: str = "unanswered"
    partly: bool = False


READERS: Final[Mapping[str, Reader]] = {
    "single": Reader(_one, _first_option),
    "multiple": Reader(_several, _first_option),
    "scene": Reader(_level, _first_level),
    "number": Reader(_one, lambda item, _year: name(item.id), missing="unanswered_number"),
    "grid": Reader(_rows, _first_cell, _row_controls, _row_names, "unanswered_rows", partly=True),
    "figures": Reader(_one, _first_figure, missing="unanswered_figures"),
}
OPEN: Final = frozenset(reader.missing for reader in READERS.values())
"""The faults that say no more than that something is still to be done."""


def names(item: Item) -> list[str]:
    """The names of all controls of an item; its figures have names of their own."""
    return READERS[item.type].names(item)


def is_unsure(form: Form, item_id: str) -> bool:
    return UNSURE in form.getlist(name(item_id))


def read(form: Form, item: Item) -> Response | Fault | None:
    """The valid response, `None` when nothing (or "do not know yet") was given, or what is wrong.

    A grid may be left open and have some of its rows answered: those are kept.
    """
    path, reader = f"responses.{item.id}", READERS[item.type]
    raw = reader.raw(form, item)
    if is_unsure(form, item.id) and raw and not reader.partly:
        return Fault(path, "unsure_and_more")
    return item.clean(path, raw)


def first(item: Item, year: int) -> str:
    """The id of the control to begin with."""
    return READERS[item.type].first(item, year)


def missing(item: Item) -> Fault:
    """The fault of an item that nobody has dealt with."""
    return Fault(f"responses.{item.id}", READERS[item.type].missing)


def sent(form: Form, item: Item) -> Controls:
    """The controls as they were sent, for showing a form again."""
    return {control: frozenset(form.getlist(control)) - {""} for control in names(item)}


def controls(item: Item, response: Response | None, unsure: bool) -> Controls:
    """The controls that stand for a stored response."""
    given = {} if response is None else READERS[item.type].controls(item, response)
    shown = {control: given.get(control, frozenset()) for control in names(item)}
    return {**shown, name(item.id): shown[name(item.id)] | {UNSURE}} if unsure else shown
