"""The proof of a submission as pages show it: what is asked for, what is there, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from questionnaires.items import Item
from survey import formatting
from survey.evidence.kinds import MEBIBYTE, NAMES, PHOTO
from survey.evidence.needed import Asked
from survey.models import Evidence

KIBIBYTE: Final = 1024


@dataclass(frozen=True, slots=True)
class File:
    """One file with the addresses of its reader. `small` is empty where it is no photo, `page` for who only reads."""

    id: str
    name: str
    about: str
    open: str
    small: str
    page: str
    of_office: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One question with its files. `kind` and `word` are its state as a mark; `page` for who may add."""

    item: str
    number: str
    name: str
    asked_for: str
    files: list[File]
    kind: str
    word: str
    page: str


@dataclass(frozen=True, slots=True)
class Group:
    """A section with its lines."""

    name: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Reader:
    """Where the links of a page lead: the firm's, an office's or an assessor's; `page` and `item` of the firm alone."""

    submission: str
    open: str
    small: str
    page: str = ""
    item: str = ""

    def file(self, row: Evidence) -> File:
        def to(endpoint: str) -> str:
            return url_for(endpoint, submission_id=self.submission, evidence_id=row.public_id) if endpoint else ""

        return File(
            id=row.public_id,
            name=row.name or "",
            about=_(", ").join((str(NAMES[row.kind]), size(row.bytes), formatting.date(row.added_at))),
            open=to(self.open),
            small=to(self.small) if row.kind == PHOTO else "",
            page=to(self.page),
            of_office=row.side == "office",
        )

    def item_page(self, item: str) -> str:
        return url_for(self.item, submission_id=self.submission, item_id=item) if self.item else ""


def groups(asked: Asked, files: Mapping[str, Sequence[Evidence]], reader: Reader, language: str) -> list[Group]:
    """Every section that asks anything, with its questions."""
    found = []
    for section, items in asked.sections:
        lines = [_line(item, asked, files.get(item.id, ()), reader, language) for item in items]
        found.append(Group(section.title.say(language), lines))
    return found


def _line(item: Item, asked: Asked, rows: Sequence[Evidence], reader: Reader, language: str) -> Line:
    state = state_of(item.id, asked, len(rows))
    return Line(
        item=item.id,
        number=item.number,
        name=item.short.say(language),
        asked_for=item.evidence.say(language),
        files=[reader.file(row) for row in rows],
        kind=MARKS[state],
        word=WORDS[state](len(rows)),
        page=reader.item_page(item.id),
    )


def state_of(item: str, asked: Asked, count: int) -> str:
    """there, missing, open (not answered yet) or unneeded."""
    if count:
        return "there"
    if item in asked.wanting:
        return "missing"
    return "unneeded" if item in asked.answered else "open"


MARKS: Final[Mapping[str, str]] = {
    "there": "done",
    "missing": "warning",
    "open": "not_started",
    "unneeded": "unknown",
}
WORDS: Final[Mapping[str, Callable[[int], str]]] = {
    "there": lambda count: ngettext("%(num)d file", "%(num)d files", count),
    "missing": lambda _count: _("Proof is missing"),
    "open": lambda _count: _("Not answered yet"),
    "unneeded": lambda _count: _("Needs no proof"),
}


def unused(all_: Iterable[Evidence], files: Mapping[str, Sequence[Evidence]], reader: Reader) -> list[File]:
    """The firm's files that prove nothing here."""
    used = {row.id for rows in files.values() for row in rows}
    return [reader.file(row) for row in all_ if row.id not in used and row.side == "firm"]


def size(count: int) -> str:
    """Bytes in words: whole KB, or MB with one decimal."""
    if count < MEBIBYTE:
        return _("%(count)s KB", count=max(1, count // KIBIBYTE))
    return _("%(count)s MB", count=formatting.number(Fraction(count, MEBIBYTE), 1))
