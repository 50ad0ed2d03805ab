"""Importing the full industry classification from CSV: all of it, or nothing and every fault with its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.database import INSERTS
from survey.models import Industry

SHAPES: Final[Mapping[str, re.Pattern[str]]] = {
    "section": re.compile(r"[A-T]"),
    "division": re.compile(r"[A-T]\d{2}"),
    "group": re.compile(r"[A-T]\d{3}"),
    "class": re.compile(r"[A-T]\d{4}"),
}
"""What a code of each level looks like. The level above has one digit less; above a division is its section."""

NAME_COLUMNS: Final = ("name", "name_zh")
MOST_BYTES: Final = 5_000_000
MOST_NAME: Final = 200
AT_ONCE: Final = 500


class ImportFaults(Exception):
    """The file cannot be imported. `faults` holds one sentence for each thing to mend, with its line."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass(frozen=True, slots=True)
class Line:
    """One industry as read, with the number of its line."""

    number: int
    code: str
    level: str
    name_zh: str
    name_en: str | None

    @property
    def parent(self) -> str | None:
        if self.level == "section":
            return None
        return self.code[0] if self.level == "division" else self.code[:-1]


def import_industries(session: Session, data: bytes) -> int:
    """Add or rename the industries in a CSV file and return their number; what is not in the file stays.

    Columns are code, level (section, division, group, class), name or name_zh, and perhaps name_en; UTF-8. An English
    name is kept where the file has none. May be repeated. Raises `ImportFaults`; nothing is changed then.
    """
    lines = list(_lines(data))
    known = set(session.scalars(sa.select(Industry.code)))
    faults = list(_faults(lines, known))
    if faults:
        raise ImportFaults(faults)
    ordered = sorted(lines, key=lambda line: len(line.code))  # a parent before what refers to it
    for at in range(0, len(ordered), AT_ONCE):
        _save(session, ordered[at : at + AT_ONCE])
    return len(lines)


def _lines(data: bytes) -> Iterator[Line]:
    rows = csv.DictReader(io.StringIO(_text(data), newline=""))
    columns = [column.strip() for column in rows.fieldnames or ()]
    rows.fieldnames = columns
    name = next((column for column in NAME_COLUMNS if column in columns), None)
    if name is None or not {"code", "level"} <= set(columns):
        raise ImportFaults(["line 1: the columns must be code, level and name"])
    for row in rows:
        cells = {key: (value or "").strip() for key, value in row.items() if isinstance(value, str)}
        yield Line(
            rows.line_num,
            cells.get("code", "").upper(),
            cells.get("level", "").lower(),
            cells.get(name, ""),
            cells.get("name_en") or None,
        )


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise ImportFaults([f"the file is larger than {MOST_BYTES // 1_000_000} MB"])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportFaults([f"the file is not UTF-8 (byte {error.start + 1}); save it as CSV UTF-8"]) from None
    if "\0" in text:
        raise ImportFaults(["the file holds a zero byte and is no CSV text"])
    return text


def _faults(lines: list[Line], known: set[str]) -> Iterator[str]:
    if not lines:
        yield "line 2: there is no industry in the file"
    first: dict[str, int] = {}
    codes = known | {line.code for line in lines}
    for line in lines:
        for fault in _line_faults(line, codes):
            yield f"line {line.number}: {fault}"
        if line.code in first:
            yield f"line {line.number}: {line.code} stands in line {first[line.code]} already"
        first.setdefault(line.code, line.number)


def _line_faults(line: Line, codes: set[str]) -> Iterable[str]:
    shape = SHAPES.get(line.level)
    if shape is None:
        yield f"the level is “{line.level[:40]}”; it must be one of: {', '.join(SHAPES)}"
    elif not shape.fullmatch(line.code):
        yield f"“{line.code[:40]}” is no code of a {line.level}"
    elif line.parent is not None and line.parent not in codes:
        yield f"{line.code} belongs to {line.parent}, which is neither in the file nor known"
    if not line.name_zh:
        yield "the name is missing"
    if max(len(line.name_zh), len(line.name_en or "")) > MOST_NAME:
        yield f"the name has more than {MOST_NAME} characters"


def _save(session: Session, lines: list[Line]) -> None:
    insert = INSERTS[session.get_bind().dialect.name](Industry).values(
        [
            {
                "code": line.code,
                "level": line.level,
                "parent": line.parent,
                "name_zh": line.name_zh,
                "name_en": line.name_en,
            }
            for line in lines
        ]
    )
    new = insert.excluded
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["code"],
            set_={
                "level": new.level,
                "parent": new.parent,
                "name_zh": new.name_zh,
                "name_en": sa.func.coalesce(new.name_en, Industry.name_en),
            },
        )
    )
