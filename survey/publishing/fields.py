"""The fields of a round: their names, and the order in which a firm sees them. A new field is one line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from questionnaires.instrument import Instrument

NAMES: Final[Mapping[str, LazyString]] = {
    "digital": _l("Digitalisation"),
    "green": _l("Green manufacturing"),
    "innovation": _l("Innovation capacity"),
    "needs": _l("What the firm needs"),
}


def name(field: str) -> str:
    """How pages call a field; one we do not know keeps its own name."""
    return str(NAMES.get(field, field))


def in_house(instrument: Instrument) -> bool:
    """Whether it is rated by a rubric of our own; a list of answers is no rubric."""
    return instrument.basis.standing == "in-house" and bool(instrument.tree or instrument.ladder)


def place(field: str, version: str = "") -> tuple[int, str]:
    """Sorts the parts of a round: by field, and the questionnaires of one field by their edition."""
    known = list(NAMES)
    return known.index(field) if field in known else len(known), version
