"""How the firm table may be sorted: in Python where few firms fit, piece by piece along an index where very many do.

Both ways give the same order, but for names, which the database compares in its own way in the second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey.models import Organisation, Submission
from survey.models.submission import SUBMISSION_STATES

Ranks = Mapping[int, int]
"""The place of each area in the city's order, by its id."""
Key = Callable[[Sequence[Any], Ranks], tuple[Any, ...]]

URGENT: Final = ("submitted", "returned", "draft", "accepted", None)
"""States of a submission: what waits for the office first; None is not started."""
assert set(URGENT) == {None, *SUBMISSION_STATES}

BY_NAME: Final[tuple[Any, ...]] = (Organisation.name, Organisation.id)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of the firms, in an order that an index gives. `answers`: an index of submissions, not one of firms."""

    which: sa.ColumnElement[bool]
    order: tuple[Any, ...] = BY_NAME
    answers: bool = False


@dataclass(frozen=True, slots=True)
class Sort:
    """A way to sort. `key` sorts rows of (id, name, `columns`…); the `pieces` come one after the other."""

    label: LazyString
    columns: tuple[Any, ...]
    key: Key
    pieces: Callable[[Ranks], list[Piece]]


def _highest_first(label: LazyString, *columns: Any, number: Callable[[Any], Any] = int) -> Sort:
    """The highest first, then by the next column; firms without it last, by name."""

    def key(row: Sequence[Any], _ranks: Ranks) -> tuple[Any, ...]:
        if row[2] is None:
            return 1, row[1], row[0]
        return 0, *((each is None, 0 if each is None else -number(each)) for each in row[2:]), row[0]

    def pieces(_ranks: Ranks) -> list[Piece]:
        order = (*(column.desc() for column in columns), Organisation.id)
        return [Piece(columns[0].is_not(None), order, answers=True), Piece(columns[0].is_(None))]

    return Sort(label, columns, key, pieces)


def _urgent_first() -> Sort:
    """What waits for the office first, and of that what has waited longest."""

    def key(row: Sequence[Any], _ranks: Ranks) -> tuple[Any, ...]:
        waiting = row[1] if row[2] is None else row[3].timestamp() if row[3] else 0
        return URGENT.index(row[2]), waiting, row[0]

    def pieces(_ranks: Ranks) -> list[Piece]:
        order = (Submission.submitted_at, Organisation.id)
        begun = [Piece(Submission.state == state, order, answers=True) for state in URGENT if state]
        return [*begun, Piece(Submission.id.is_(None))]

    return Sort(_l("Progress"), (Submission.state, Submission.submitted_at), key, pieces)


SORTS: Final[Mapping[str, Sort]] = {
    "name": Sort(_l("Name of the firm"), (), lambda row, _ranks: (row[1], row[0]), lambda _ranks: [Piece(sa.true())]),
    "area": Sort(
        _l("Area"),
        (Organisation.operating_area_id,),
        lambda row, ranks: (ranks[row[2]], row[1], row[0]),
        lambda ranks: [Piece(Organisation.operating_area_id == area) for area in ranks],
    ),
    "state": _urgent_first(),
    "level": _highest_first(_l("Level"), Submission.level, Submission.total_e6),
    "score": _highest_first(_l("Score"), Submission.total_e6),
    "submitted": _highest_first(_l("Day of submission"), Submission.submitted_at, number=lambda at: at.timestamp()),
}
"""A new way is one row here."""
