"""What a copy of data is made of: sections with named columns, read by one query each, as JSON and as a workbook."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from survey.formatting import local_time

Query = sa.Select[Any]


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


def tables(copy: Sequence[Filled]) -> list[tuple[str, list[list[Any]]]]:
    """For people: a sheet's name and its rows, the first of which are the words of its columns; times in Shanghai."""
    return [(str(each.part.title), [_head(each.part), *_cells(each)]) for each in copy]


def _head(part: Part) -> list[Any]:
    return [str(label) for label, _column in part.fields.values()]


def _cells(filled: Filled) -> list[list[Any]]:
    return [[_cell(row[key]) for key in filled.part.fields] for row in filled.rows]


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{local_time(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return value
