"""Entering the city's reference values from a file: all of them, or nothing and every fault with its row."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from questionnaires.answers import read_reference
from questionnaires.exact import exact
from questionnaires.faults import DefinitionError, Fault, brief, sentence
from questionnaires.instrument import Instrument, ReferenceAsked
from questionnaires.plain_yaml import read_yaml
from survey import audit
from survey.languages import page_language
from survey.models import PublishedInstrument, ReferenceValue
from survey.organisations import industries
from survey.organisations.forms import visible
from survey.publishing.queries import instrument
from survey.publishing.references import current

COLUMNS: Final = ("questionnaire", "reference", "industry", "year", "base", "lead", "source")
OPTIONAL: Final = ("unit",)
MOST_BYTES: Final = 5_000_000
MOST_SOURCE: Final = 500
MOST_DIGITS: Final = 40
EARLIEST, LATEST = 2000, 2100


class ReferenceFaults(Exception):
    """The file cannot be entered. `faults` holds one sentence for each thing to mend, with its row."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the file that could be entered. `base` and `lead` are None where it takes a pair away."""

    questionnaire: str
    reference: str
    industry: str
    year: int
    base: str | None
    lead: str | None
    source: str

    @property
    def key(self) -> tuple[str, str, str, int]:
        return self.questionnaire, self.reference, self.industry, self.year


Row = Mapping[str, str]
Named = tuple[str, Row]
"""A row and how it is called in the file: "row 3"."""


def import_references(session: Session, data: bytes, kind: str, actor: audit.Actor, now: datetime) -> tuple[int, int]:
    """Enter the values of a file and return how many are new and how many were there already.

    `kind` is a key of `READERS`. Cells: questionnaire, reference, industry (division, group or class), year from which
    it holds, base, lead (both empty: no value from then on), source, and perhaps unit, which must then be the
    questionnaire's. Raises `ReferenceFaults`; nothing is changed then.
    """
    entries = read(session, data, kind)
    before = {_key(row): (row.base, row.lead, row.source) for row in current(session)}
    new = [entry for entry in entries if before.get(entry.key) != (entry.base, entry.lead, entry.source)]
    session.add_all(
        ReferenceValue(
            questionnaire=entry.questionnaire,
            reference=entry.reference,
            industry=entry.industry,
            year_from=entry.year,
            base=entry.base,
            lead=entry.lead,
            source=entry.source,
            entered_at=now,
            entered_by=actor.user_id,
        )
        for entry in new
    )
    if new:
        audit.record(session, actor, "references.import", None, now=now)
    return len(new), len(entries) - len(new)


def _key(row: ReferenceValue) -> tuple[str, str, str, int]:
    return row.questionnaire, row.reference, row.industry, row.year_from


def read(session: Session, data: bytes, kind: str) -> list[Entry]:
    """The rows of a file, if every one of them is right."""
    if len(data) > MOST_BYTES:
        raise ReferenceFaults([_("the file is larger than %(most)s MB", most=MOST_BYTES // 1_000_000)])
    rows = READERS[kind](_text(data))
    if not rows:
        raise ReferenceFaults([_("there is no value in the file")])
    asked = _References(session)
    faults: list[str] = []
    entries: list[Entry] = []
    first: dict[tuple[str, str, str, int], str] = {}
    for name, row in rows:
        found = _entry(session, row, asked)
        if isinstance(found, list):
            faults += [f"{name}: {fault}" for fault in found]
        elif found.key in first:
            twice = _("says the same as %(other)s", other=first[found.key])
            faults.append(f"{name}: {twice}")
        else:
            first[found.key] = name
            entries.append(found)
    if faults:
        raise ReferenceFaults(faults)
    return entries


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ReferenceFaults([_("the file is not UTF-8; save it as CSV UTF-8")]) from None
    if "\0" in text:
        raise ReferenceFaults([_("the file holds a zero byte and is no text")])
    return text


# -- the two kinds of files --------------------------------------------------------------------------------------------


def _from_csv(text: str) -> list[Named]:
    rows = csv.DictReader(io.StringIO(text, newline=""))
    rows.fieldnames = [column.strip().lower() for column in rows.fieldnames or ()]
    _check_columns(rows.fieldnames, _("line 1"))
    found: list[Named] = []
    for row in rows:
        if None in row:
            too_many = _("has more cells than there are columns")
            raise ReferenceFaults([f"{_line(rows.line_num)}: {too_many}"])
        cells = {key: (value or "").strip() for key, value in row.items()}
        if any(cells.values()):
            found.append((_line(rows.line_num), cells))
    return found


def _line(number: int) -> str:
    return _("line %(number)s", number=number)


def _from_yaml(text: str) -> list[Named]:
    try:
        raw = read_yaml(text)
    except DefinitionError as error:
        raise ReferenceFaults([_said(fault) for fault in error.faults]) from None
    if not isinstance(raw, list) or not all(isinstance(entry, dict) for entry in raw):
        raise ReferenceFaults([_("a YAML file must be a list of values, each with its keys")])
    found: list[Named] = []
    for number, entry in enumerate(raw, 1):
        name = _("value %(number)s", number=number)
        _check_columns([str(key) for key in entry], name, needed=COLUMNS[:4])
        found.append((name, {str(key): "" if value is None else brief(value, 600) for key, value in entry.items()}))
    return found


def _said(fault: Fault) -> str:
    text = sentence(fault, page_language())
    return f"{fault.path}: {text}" if fault.path else text


def _check_columns(columns: Sequence[str], place: str, needed: Sequence[str] = COLUMNS) -> None:
    missing = [name for name in needed if name not in columns]
    strange = [name for name in columns if name not in (*COLUMNS, *OPTIONAL)]
    faults = [_("“%(name)s” is missing", name=name) for name in missing]
    faults += [_("“%(name)s” is not known here", name=brief(name)) for name in strange]
    if faults:
        raise ReferenceFaults([f"{place}: {fault}" for fault in faults])


READERS: Final[Mapping[str, Callable[[str], list[Named]]]] = {
    ".csv": _from_csv,
    ".yaml": _from_yaml,
    ".yml": _from_yaml,
}
"""How a file is read, by the end of its name."""


# -- one row -----------------------------------------------------------------------------------------------------------


class _References:
    """What may be entered: the references of every published version of a questionnaire."""

    def __init__(self, session: Session) -> None:
        rows = session.scalars(sa.select(PublishedInstrument).order_by(PublishedInstrument.id))
        self.instruments: dict[str, list[Instrument]] = {}
        for row in rows:
            self.instruments.setdefault(row.questionnaire, []).append(instrument(session, row.id))

    def of(self, questionnaire: str) -> dict[str, ReferenceAsked]:
        """By id, as the newest version that asks for it states it."""
        return {
            reference.id: reference for each in self.instruments.get(questionnaire, []) for reference in each.references
        }


def _entry(session: Session, row: Row, asked: _References) -> Entry | list[str]:
    """The row, or everything that is wrong with it."""
    known = asked.of(row["questionnaire"])
    reference = known.get(row["reference"])
    code = industries.resolve(session, row["industry"])
    values = None if reference is None else _values(row, reference)
    faults = list(_name_faults(row, asked, reference, code))
    faults += list(_cell_faults(row, reference))
    if isinstance(values, str):
        faults.append(values)
    if faults or code is None or reference is None or values is None or isinstance(values, str):
        return faults
    return Entry(row["questionnaire"], reference.id, code, int(row["year"]), *values, _source(row))


def _name_faults(row: Row, asked: _References, reference: ReferenceAsked | None, code: str | None) -> Iterator[str]:
    questionnaire = row["questionnaire"]
    if questionnaire not in asked.instruments:
        yield _("no version of the questionnaire “%(name)s” is published", name=brief(questionnaire))
    elif reference is None:
        known = ", ".join(asked.of(questionnaire)) or _("none")
        yield _("“%(name)s” is no reference value of this questionnaire; there are: %(known)s",
                name=brief(row["reference"]), known=known)  # fmt: skip
    if code is None:
        yield _("“%(code)s” is no industry; enter a division, group or class such as C34, C348 or C3484",
                code=brief(row["industry"]))  # fmt: skip


def _cell_faults(row: Row, reference: ReferenceAsked | None) -> Iterator[str]:
    year = row["year"]
    if not (year.isascii() and year.isdigit() and EARLIEST <= int(year) <= LATEST):
        yield _("“%(typed)s” is not a year from %(first)s to %(last)s",
                typed=brief(year), first=EARLIEST, last=LATEST)  # fmt: skip
    source = _source(row)
    if not source:
        yield _("the source is missing: the document, table and row the values are taken from")
    elif len(source) > MOST_SOURCE:
        yield _("the source has more than %(most)s characters", most=MOST_SOURCE)
    unit = row.get("unit")
    if unit and reference is not None and unit not in (reference.unit.zh_CN, reference.unit.en):
        yield _("the unit is “%(typed)s”, but this value is entered in %(unit)s",
                typed=brief(unit), unit=reference.unit.say(page_language()))  # fmt: skip


def _source(row: Row) -> str:
    return visible(row.get("source")) or ""


def _values(row: Row, reference: ReferenceAsked) -> tuple[str | None, str | None] | str:
    """Base and lead as exact text, or what is wrong with them."""
    pair = {"base": row.get("base", ""), "lead": row.get("lead", "")}
    if not any(pair.values()):
        return None, None
    if not all(pair.values()):
        return str(_("enter both base and lead, or neither to take the values away"))
    found = read_reference("", pair, reference.better)
    if isinstance(found, Fault):
        return sentence(found, page_language())
    texts = exact(found.base), exact(found.lead)
    return str(_("a value has too many digits")) if max(map(len, texts)) > MOST_DIGITS else texts
