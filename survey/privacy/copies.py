"""What a copy of data is made of: sections with named columns, read by one query each, as JSON and as a workbook."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from survey.formatting import local_time
from survey.workbooks import Cell, Sheet, write

Query = sa.Select[Any]

MOST_TITLE: Final = 31
"""So long may the name of a sheet be."""

MOST_EXACT: Final = 10**15
"""From here on Excel rounds."""


@dataclass(frozen=True, slots=True)
class Part:
    """One section of a copy. `fields`: by key the words for people and the column; `of` scopes the query to an id."""

    key: str
    title: LazyString
    fields: Mapping[str, tuple[LazyString, Any]]
    of: Callable[[Query, int], Query]


@dataclass(frozen=True, slots=True)
class Filled:
    """A part with its rows; the keys of each row are those of its fields."""

    part: Part
    rows: Sequence[sa.RowMapping]


def filled(session: Session, parts: Sequence[Part], subject_id: int) -> list[Filled]:
    """All parts of the copy for one person or one firm."""
    return [Filled(part, _rows(session, part, subject_id)) for part in parts]


def _rows(session: Session, part: Part, subject_id: int) -> Sequence[sa.RowMapping]:
    columns = [column.label(key) for key, (_label, column) in part.fields.items()]
    return session.execute(part.of(sa.select(*columns), subject_id)).mappings().all()


def as_json(copy: Sequence[Filled], made_at: datetime) -> str:
    """Times in UTC as ISO 8601, words as the database has them: for machines."""
    parts = {each.part.key: [dict(row) for row in each.rows] for each in copy}
    return json.dumps({"made_at": made_at, **parts}, ensure_ascii=False, indent=1, default=_plain) + "\n"


def _plain(value: Any) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def as_workbook(copy: Sequence[Filled]) -> bytes:
    """For people: a sheet for each part, times in Shanghai."""
    return write([Sheet(str(each.part.title)[:MOST_TITLE], _head(each.part), _cells(each)) for each in copy])


def _head(part: Part) -> list[str]:
    return [str(label) for label, _column in part.fields.values()]


def _cells(filled: Filled) -> list[list[Cell]]:
    return [[_cell(row[key]) for key in filled.part.fields] for row in filled.rows]


def _cell(value: Any) -> Cell:
    """What Excel would spoil is text: moments, structures, figures of more than 15 digits."""
    if isinstance(value, datetime):
        return f"{local_time(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int) and abs(value) >= MOST_EXACT:
        return str(value)
    cell: Cell = value
    return cell
