"""Events as people read them, on the page and in a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from survey import formatting
from survey.accounts.role_names import ROLE_NAMES
from survey.auditing.queries import Line
from survey.auditing.words import RESULTS, more, said
from survey.organisations.queries import area_name


@dataclass(frozen=True, slots=True)
class Row:
    """One event in words. `role` names also the area it is held at; `about` is what it was done to."""

    number: int
    at: str
    who: str
    role: str
    deed: str
    detail: str
    about: str
    result: str
    refused: bool
    address: str
    reference: str


def rows(lines: Iterable[Line], language: str) -> list[Row]:
    """In the order given."""
    return [_row(line, language) for line in lines]


def _row(line: Line, language: str) -> Row:
    event = line.event
    return Row(
        number=event.id,
        at=f"{formatting.date(event.at)} {formatting.local_time(event.at):%H:%M:%S}",
        who=_who(line),
        role=_role(line, language),
        deed=said(event.action),
        detail=more(event.action, event.detail),
        about=_about(line),
        result=str(RESULTS.get(event.result, event.result)),
        refused=event.result == "refused",
        address=event.address or "",
        reference=event.request_id or "",
    )


def _who(line: Line) -> str:
    if line.event.actor_id is None:
        return _("Stranger") if line.event.address else _("The site itself")
    return line.actor or _("Person %(number)s, erased", number=line.event.actor_id)


def _role(line: Line, language: str) -> str:
    role = line.event.role
    words = str(ROLE_NAMES.get(role, role)) if role else ""
    place = area_name(line.area, language) if line.area else ""
    return " · ".join(part for part in (words, place) if part)


def _about(line: Line) -> str:
    """A person or firm by name; of anything else its id."""
    firm = f"{line.firm} ({line.firm_code})" if line.firm else ""
    other = line.event.object_id or ""
    if line.event.object_kind == "user":
        other = "" if line.event.actor_id and line.subject == line.actor else line.subject or other
    elif line.event.object_kind == "organisation" and firm:
        other = ""
    return " · ".join(part for part in (firm, other) if part)
