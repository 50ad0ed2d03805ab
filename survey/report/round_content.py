"""What the report on a whole round says: what one firm can apply for, one line for each part, then the parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from survey.report.content import Check, Condition, Firm, Report
from survey.report.points import Points


@dataclass(frozen=True, slots=True)
class Applying:
    """Something to apply for, out of one of the parts. `lacking` are the conditions that are not met (yet)."""

    field: str
    questionnaire: str
    anchor: str
    in_house: bool
    check: Check
    lacking: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One part of the round in a line; one that was not submitted has no `submitted_at`.

    `on_site` is what came out of an on-site assessment, with its points.
    """

    field: str
    title: str
    anchor: str
    in_house: bool
    verdict: str = ""
    total: Points | None = None
    submitted_at: datetime | None = None
    reference: str = ""
    content_hash: str = ""
    on_site: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A result or title from elsewhere, as recorded: what, from whom, how long it holds.

    `ending` says in how many days it ends, where that is soon; else it is empty.
    """

    title: str
    value: str
    issuer: str
    number: str
    issued: str
    until: str
    ending: str


@dataclass(frozen=True, slots=True)
class Part:
    """One submitted part with its place in the document."""

    anchor: str
    report: Report


@dataclass(frozen=True, slots=True)
class RoundReport:
    """All that one firm has done in a round, in one language. `held` are results from elsewhere, as on the day `on`."""

    language: str
    firm: Firm
    round: str
    reference_year: int
    applying: tuple[Applying, ...]
    lines: tuple[Line, ...]
    parts: tuple[Part, ...]
    held: tuple[Held, ...]
    on: date
    latest: datetime

    def count(self, *states: str) -> int:
        """How many things to apply for are in one of these states."""
        return sum(entry.check.state in states for entry in self.applying)

    @property
    def in_house(self) -> bool:
        """Whether nothing in it follows an official rubric."""
        return all(part.report.in_house for part in self.parts)


def lacking(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """What is not met, most certain first; of "all of these" only the parts that are not met."""
    found = [each for condition in conditions for each in _lacking(condition)]
    return tuple(sorted(found, key=lambda condition: ORDER.get(condition.state, len(ORDER))))


ORDER = {"unmet": 0, "unknown": 1, "manual": 2}


def _lacking(condition: Condition) -> Sequence[Condition]:
    if condition.state not in ORDER:
        return ()
    if condition.kind == "all_of" and condition.parts:
        return lacking(condition.parts)
    return (replace(condition, parts=tuple(part for part in condition.parts if part.state != "not_applicable")),)
