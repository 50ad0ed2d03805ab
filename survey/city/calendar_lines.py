"""Many days at once: lines of date, kind and name, read and checked as a whole before anything is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from flask_babel import gettext as _

from questionnaires.faults import brief
from questionnaires.plain_yaml import read_yaml
from survey.city.calendar import SATURDAY
from survey.models import CalendarDay
from survey.organisations.forms import visible

WORDS: Final = Path(__file__).with_name("calendar_words.yaml")
MOST_LINES: Final = 400
MOST_NAME: Final = 60
LONGEST_SPAN: Final = 31
"""Days that one line may name: no holiday is longer."""
EARLIEST, LATEST = 2000, 2100

_DAY: Final = r"(\d{4})\s*[-/.\u5e74]\s*(\d{1,2})\s*[-/.\u6708]\s*(\d{1,2})\s*\u65e5?"
_LINE: Final = re.compile(rf"\s*{_DAY}(?:\s*(?:~|\.\.|\u81f3|\u5230|to)\s*{_DAY})?[\s,;\u3001]*(.*)$", re.IGNORECASE)
"""One date, or the first and the last of several, and the rest of the line."""
_BETWEEN: Final = re.compile(r"[\t,;\u3001]+")


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day as a line or a form names it."""

    day: date
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong with a line; `line` counts from 1, 0 is the whole text."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Read:
    """What the lines would do to the calendar, or everything that is wrong with them."""

    new: Sequence[NamedDay] = ()
    changed: Sequence[NamedDay] = ()
    same: Sequence[NamedDay] = ()
    faults: Sequence[LineFault] = ()

    @property
    def days(self) -> list[NamedDay]:
        """What is to be written."""
        return [*self.new, *self.changed]


class DayFault(Exception):
    """What is wrong with a day, as a sentence that says what to do."""


@cache
def _meanings() -> Mapping[str, str]:
    words: Any = read_yaml(WORDS.read_text(encoding="utf-8"))
    return {_plain(word): kind for kind, languages in words.items() for known in languages.values() for word in known}


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def read(text: str, stored: Mapping[date, CalendarDay]) -> Read:
    """Compare pasted lines with the calendar as it is. Empty lines are passed over."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        return Read(faults=[LineFault(0, _("Paste at least one line"))])
    if len(lines) > MOST_LINES:
        return Read(faults=[LineFault(0, _("There are more than %(most)s lines", most=MOST_LINES))])
    found: dict[date, NamedDay] = {}
    faults: list[LineFault] = []
    for number, line in lines:
        try:
            named = list(_days(line))
        except DayFault as fault:
            faults.append(LineFault(number, str(fault)))
            continue
        twice = [_("%(day)s is named twice: keep one", day=each.day) for each in named if each.day in found]
        faults += [LineFault(number, text) for text in twice]
        found |= {each.day: each for each in named}
    return Read(faults=faults) if faults else _compared(found.values(), stored)


def _compared(days: Any, stored: Mapping[date, CalendarDay]) -> Read:
    new, changed, same = list[NamedDay](), list[NamedDay](), list[NamedDay]()
    for each in sorted(days, key=lambda one: one.day):
        known = stored.get(each.day)
        if known is None:
            new.append(each)
        else:
            (same if (known.kind, known.name) == (each.kind, each.name) else changed).append(each)
    return Read(new, changed, same)


def _days(line: str) -> Iterator[NamedDay]:
    """The days that one line names. Raises `DayFault`."""
    match = _LINE.match(unicodedata.normalize("NFKC", line))
    if match is None:
        raise DayFault(_("It does not begin with a date such as 2027-01-01: “%(line)s”", line=brief(line.strip())))
    first = _day(*match.groups()[:3])
    last = _day(*match.groups()[3:6]) if match[4] else first
    if not 0 <= (last - first).days < LONGEST_SPAN:
        raise DayFault(_("The last day lies before the first, or more than a month after it"))
    kind, name = _kind_and_name(match[7])
    for each in range((last - first).days + 1):
        yield checked(NamedDay(first + timedelta(days=each), kind, name))


def _day(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise DayFault(_("%(year)s-%(month)s-%(day)s is no date", year=year, month=month, day=day)) from None


def _kind_and_name(rest: str) -> tuple[str, str]:
    """The kind stands before the name, or after it; commas, tabs or spaces are between them."""
    parts = [part for part in (visible(each) for each in _BETWEEN.split(rest)) if part]
    if len(parts) == 1:
        parts = parts[0].split(" ", 1)
    kinds = [_meanings()[_plain(part)] for part in parts if _plain(part) in _meanings()]
    names = [part for part in parts if _plain(part) not in _meanings()]
    if len(kinds) != 1:
        raise DayFault(_("Say whether it is a holiday or a workday: “%(line)s”", line=brief(rest)))
    return kinds[0], " ".join(names)


def checked(named: NamedDay) -> NamedDay:
    """The day, if it can stand in the calendar. Raises `DayFault`."""
    if not EARLIEST <= named.day.year <= LATEST:
        raise DayFault(_("%(day)s lies too far away", day=named.day))
    if not named.name:
        raise DayFault(_("Give the name of the holiday that %(day)s belongs to", day=named.day))
    if len(named.name) > MOST_NAME:
        raise DayFault(_("Shorten the name to %(most)s characters", most=MOST_NAME))
    if named.kind == "workday" and named.day.weekday() < SATURDAY:
        raise DayFault(_("%(day)s is a weekday and worked anyway: check the date", day=named.day))
    return named
