"""The firms of the table as a file: first the columns of the list, so that it may be corrected and imported again, then
what came out in the campaign shown, as codes and as labels; and a note that says what the file holds and since when.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from flask import make_response
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey import formatting, workbooks
from survey.desk import queries, table_page, table_queries, workbook
from survey.desk.table_filters import FIELDS, Wanted, said
from survey.desk.table_page import Row
from survey.desk.table_queries import AT_ONCE, Found
from survey.desk.table_sorts import SORTS
from survey.formatting import local_time
from survey.languages import page_language
from survey.workbooks import Cell, Sheet

MOST_EXPORTED: Final = 20_000

Line = Sequence[Cell]
Kind = Callable[[Sequence[str], list[Line], list[Line]], tuple[bytes, str, str]]


def made(kind: str, session: Session, wanted: Wanted, now: datetime) -> Response:
    """The file of this kind (a row of KINDS), with all filters on."""
    found = table_queries.found(session, wanted, local_time(now).date(), first=0, most=MOST_EXPORTED)
    head = [*workbook.head(page_language()), *result_head()]
    lines = list(_lines(session, wanted, found, now))
    data, mimetype, ending = KINDS[kind](head, lines, notes(wanted, found, now))
    day, name = local_time(now).date().isoformat(), _("Firms of my area")
    answer = make_response(data)
    answer.mimetype = mimetype
    answer.headers["Content-Disposition"] = workbooks.disposition(f"{name} {day}{ending}", f"firms-{day}{ending}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _lines(session: Session, wanted: Wanted, found: Found, now: datetime) -> Iterator[Line]:
    """Some hundred firms at a time, so that the largest file needs little more memory than a small one."""
    areas, language, today = queries.areas(session), page_language(), local_time(now).date()
    for place in range(0, len(found.ids), AT_ONCE):
        ids = found.ids[place : place + AT_ONCE]
        rows = list(table_page.rows(session, wanted, table_queries.lines(session, wanted, ids), language, today))
        listed = workbook.lines(session, [row.firm for row in rows], areas, language)
        yield from ([*line, *_result(row)] for line, row in zip(listed, rows, strict=True))
        session.expunge_all()


def result_head() -> list[str]:
    return [
        _("Area code"), _("Name of the industry"), _("Claiming, code"), _("Size, code"), _("Size"), _("Progress, code"),
        _("Progress"), _("Level, number"), _("Level"), _("Highest level possible, number"), _("Score"),
        _("Day of submission"), _("Due again on"), _("Answer quality notes"), _("Verified level, number"),
        _("Verified level"), _("Number of the receipt"),
    ]  # fmt: skip


def _result(row: Row) -> Line:
    own, verified = row.own, row.verified
    day = local_time(own.submitted_at).date() if own and own.submitted_at else None
    return [
        row.firm.operating_area.code or "",
        row.industry,
        row.firm.state,
        (own and own.size_class) or "",
        row.size,
        own.state if own else "none",
        row.progress[1],
        own.level if own else None,
        row.level,
        own.possible_level if own else None,
        None if row.points is None else Decimal(row.points.numerator) / row.points.denominator,
        day,
        own.due_on if own and own.state == "returned" else None,
        own.quality_signs if own else None,
        verified.level if verified else None,
        row.verified_level,
        (own and own.reference) or "",
    ]


def notes(wanted: Wanted, found: Found, now: datetime) -> list[Line]:
    """What was asked for and when, and whether the file holds all of it."""
    campaign = next((each.text for each in wanted.campaigns if each.thing is wanted.campaign), _("none yet"))
    filters = [said(wanted, name) for name in FIELDS if name in wanted.chosen]
    complete = len(found.ids) == found.total and not found.more
    stopped = _("No. It stops after %(count)s firms; narrower filters give the rest", count=len(found.ids))
    return [
        [_("As of"), formatting.datetime(now)],
        [_("Questionnaire and round"), campaign],
        [_("Filters"), "; ".join(filters) or _("none")],
        [_("Sorted by"), str(SORTS[wanted.sort].label)],
        [_("Firms in this file"), len(found.ids)],
        [_("All that fit"), _("Yes") if complete else stopped],
    ]


# -- kinds of files ----------------------------------------------------------------------------------------------------


def _xlsx(head: Sequence[str], lines: list[Line], noted: list[Line]) -> tuple[bytes, str, str]:
    sheets = [Sheet(_("Firms"), head, lines), Sheet(_("Note"), [_("What"), _("Value")], noted)]
    return workbooks.write(sheets), workbooks.XLSX, ".xlsx"


def _csv(head: Sequence[str], lines: list[Line], noted: list[Line]) -> tuple[bytes, str, str]:
    """UTF-8 with the mark by which Excel knows it; the note stands below, after an empty line."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerows([[plain(cell) for cell in line] for line in (head, *lines, [], *noted)])
    return target.getvalue().encode("utf-8-sig"), "text/csv", ".csv"


def plain(cell: Cell) -> str:
    """A cell of a CSV table. What a spreadsheet would take for a formula begins with an apostrophe."""
    text = "" if cell is None else str(cell)
    formula = text.lstrip()[:1] in ("=", "+", "-", "@") or text[:1] in ("\t", "\r", "\n")
    return f"'{text}" if formula and isinstance(cell, str) else text


KINDS: Final[Mapping[str, Kind]] = {"xlsx": _xlsx, "csv": _csv}
