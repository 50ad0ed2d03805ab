"""What the list says of a firm and where it stands, in words: for the firm's own page and for its office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from scoring.size_class import SizeClass
from survey.models import ListedTitle, Organisation
from survey.organisations.outside_kinds import ALL, ORDER
from survey.organisations.outside_queries import held_until

MEANINGS: Final[Mapping[str, LazyString]] = {
    "listed": _l("The firm is on the city's list; nobody has claimed it yet."),
    "claimed": _l(
        "The firm can be worked on. It waits for the office of the area to confirm it; until then it does not count "
        "in comparisons and pilots."
    ),
    "confirmed": _l("The office has confirmed the firm and who acts for it. It counts in comparisons and pilots."),
    "disputed": _l(
        "Somebody else says to act for the firm too. Work goes on; the office of the area decides, and until then the "
        "firm does not count in comparisons and pilots."
    ),
}
"""One sentence on what each state of a firm means for its people."""

ABOVE: Final[Mapping[bool | None, LazyString]] = {
    True: _l("above the statistical threshold"),
    False: _l("below the statistical threshold"),
    None: _l("not stated"),
}

_UNLIKELY: Final = {(True, "micro"), (False, "medium"), (False, "large")}
"""Declared above the threshold, and size class by the figures: pairs that hardly go together."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title by the list. `mark` and `state` say how long it holds, as on the page of results held elsewhere."""

    name: str
    mark: str
    state: str


def titles_by_list(session: Session, firm: Organisation, on: date) -> list[Title]:
    rows = session.scalars(sa.select(ListedTitle).where(ListedTitle.organisation_id == firm.id))
    return titles(rows, on)


def titles(rows: Iterable[ListedTitle], on: date) -> list[Title]:
    ordered = sorted(rows, key=lambda row: ORDER.index(row.kind))
    return [Title(str(ALL[row.kind].title), *held_until(row.valid_until, on)) for row in ordered]


def size_doubt(firm: Organisation, size: SizeClass) -> bool:
    """Whether the size the list declares and the class by the firm's figures hardly go together."""
    return (firm.declared_above, size.size) in _UNLIKELY
