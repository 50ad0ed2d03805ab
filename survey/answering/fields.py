"""What a browser sends for an item, as the plain data its type understands. One reader per item type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from questionnaires.faults import Fault
from questionnaires.items import Item, Response
from survey.organisations.figures import Form

UNSURE: Final = "unsure"


def name(item_id: str) -> str:
    """The name of the item's control in the form."""
    return f"r-{item_id}"


def _one(form: Form, item_id: str) -> object:
    sent = form.getlist(name(item_id))
    return sent if len(sent) > 1 else (sent or [""])[0] or None


def _several(form: Form, item_id: str) -> object:
    return [value for value in form.getlist(name(item_id)) if value != UNSURE]


def _level(form: Form, item_id: str) -> object:
    sent = _one(form, item_id)
    return int(sent) if isinstance(sent, str) and sent.isascii() and sent.isdigit() and len(sent) < 3 else sent


READERS: Final[Mapping[str, Callable[[Form, str], object]]] = {"single": _one, "multiple": _several, "scene": _level}


def is_unsure(form: Form, item_id: str) -> bool:
    return UNSURE in form.getlist(name(item_id))


def read(form: Form, item: Item) -> Response | Fault | None:
    """The valid response, `None` when nothing (or "do not know yet") was chosen, or what is wrong."""
    path = f"responses.{item.id}"
    if is_unsure(form, item.id):
        other = [value for value in form.getlist(name(item.id)) if value != UNSURE]
        return Fault(path, "unsure_and_more") if other else None
    return item.clean(path, READERS[item.type](form, item.id))


def chosen(form: Form, item: Item) -> frozenset[str]:
    """The values of the controls that are ticked, for showing a form again."""
    return frozenset(form.getlist(name(item.id)))


def controls(response: Response | None, unsure: bool) -> frozenset[str]:
    """The values of the controls that stand for a stored response."""
    if unsure:
        return frozenset({UNSURE})
    if response is None:
        return frozenset()
    return frozenset(response) if isinstance(response, tuple) else frozenset({str(response)})
