"""Checking a list of firms: what it would do to the firms there are, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import workbooks
from survey.desk import import_words as words
from survey.desk.import_lookup import Lookup
from survey.desk.import_rows import STANDS_FOR, Columns, Entry, ListFault, ListFaults, columns, entry
from survey.languages import page_language
from survey.models import FirmGroup, FirmGroupMember, ListedContact, ListedTitle, Organisation
from survey.models.firm_file import GROUP_KINDS
from survey.workbooks import Line, UnreadableFile

MOST_ROWS: Final = 5_001
"""The names of the columns and 5,000 firms."""
AT_ONCE: Final = 500
CONTACT: Final = ("contact", "mobile")


@dataclass(slots=True)
class Known:
    """A firm that is on the platform already, with what the list said of it last."""

    firm: Organisation
    contact: ListedContact | None = None
    titles: dict[str, ListedTitle] = field(default_factory=dict)
    groups: dict[str, set[int]] = field(default_factory=lambda: {kind: set() for kind in GROUP_KINDS})


@dataclass(frozen=True, slots=True)
class Checked:
    """A list without faults: what each entry changes. `ignored`: columns that nothing is taken from."""

    new: list[Entry]
    changed: list[tuple[Entry, Known, dict[str, Any]]]
    same: list[tuple[Entry, Known]]
    warnings: list[ListFault]
    ignored: list[str]

    @property
    def counts(self) -> dict[str, int]:
        return {"new": len(self.new), "changed": len(self.changed), "same": len(self.same)}


def read(data: bytes, name: str) -> list[Line]:
    """The rows of an uploaded list. Raises `ListFaults`."""
    try:
        lines = workbooks.rows(data, name, most_rows=MOST_ROWS)
    except UnreadableFile as fault:
        raise ListFaults([ListFault(0, "", str(fault))]) from fault
    if len(lines) < 2:
        raise ListFaults([ListFault(0, "", _("There is no firm in the file: the first row names the columns"))])
    return lines


def check(session: Session, lines: Sequence[Line], allowed: frozenset[int]) -> Checked:
    """What the list would do, for somebody who may list firms of the areas `allowed` (ids).

    Raises `ListFaults` with everything that is wrong in any row. Writes nothing.
    """
    places, lookup = columns(lines[0]), Lookup(session, allowed)
    read_rows = [entry(line, places, lookup) for line in lines[1:]]
    faults = [fault for each in read_rows if isinstance(each, list) for fault in each]
    entries = [each for each in read_rows if isinstance(each, Entry)]
    known = _known(session, [each.code.text for each in entries])
    for each in entries:
        faults += _entry_faults(each, known.get(each.code.text), lookup, places)
    faults += _twice(entries, places["credit_code"][1])
    if faults:
        raise ListFaults(sorted(faults, key=lambda fault: fault.row))
    used = {place for place, _name in places.values()}
    ignored = [name for place, name in enumerate(lines[0].cells) if name and place not in used]
    return _compared(entries, known, places, ignored)


def _known(session: Session, codes: Sequence[str]) -> dict[str, Known]:
    found: dict[int, Known] = {}
    for at in range(0, len(codes), AT_ONCE):
        part = codes[at : at + AT_ONCE]
        firms = session.scalars(sa.select(Organisation).where(Organisation.credit_code.in_(part)))
        mine = {firm.id: Known(firm) for firm in firms}
        for contact in session.scalars(sa.select(ListedContact).where(ListedContact.organisation_id.in_(mine))):
            mine[contact.organisation_id].contact = contact
        for title in session.scalars(sa.select(ListedTitle).where(ListedTitle.organisation_id.in_(mine))):
            mine[title.organisation_id].titles[title.kind] = title
        for firm_id, kind, group_id in session.execute(_memberships(list(mine))):
            mine[firm_id].groups[kind].add(group_id)
        found |= mine
    return {known.firm.credit_code: known for known in found.values()}


def _memberships(firm_ids: Sequence[int]) -> Any:
    """The chains and clusters that firms belong to."""
    return (
        sa.select(FirmGroupMember.organisation_id, FirmGroup.kind, FirmGroup.id)
        .join(FirmGroup, FirmGroup.id == FirmGroupMember.group_id)
        .where(FirmGroupMember.organisation_id.in_(firm_ids), FirmGroup.active)
    )


def _entry_faults(each: Entry, known: Known | None, lookup: Lookup, places: Columns) -> Iterator[ListFault]:
    """What only shows beside what is known already."""
    column = places["credit_code"][1]
    if known is not None and known.firm.operating_area_id not in lookup.allowed:
        yield ListFault(each.row, column, _("This firm is listed by another area. Ask the city's office"))
    elif not each.code.inner_matches and not each.given.get("code_checked") and known is None:
        checked = words.word("columns", "code_checked", page_language())
        yes = words.word("checked", "yes", page_language())
        yield ListFault(
            each.row,
            column,
            _("Characters 9 to 17 do not fit together. Compare with the licence; if it says exactly this, "
              "write “%(yes)s” into the column “%(column)s”", yes=yes, column=checked),
        )  # fmt: skip
    if known is None and industry_of(each) is None:
        name = words.word("columns", "industry_code", page_language())
        yield ListFault(each.row, name, _("A new firm needs its industry code, or its own industry of the city"))


def industry_of(each: Entry) -> str | None:
    """The code of a new firm: its own, else the first that its own industry of the city stands for."""
    return each.given.get("industry_code") or each.given.get(STANDS_FOR)


def _twice(entries: Sequence[Entry], column: str) -> Iterator[ListFault]:
    first: dict[str, int] = {}
    for each in entries:
        if each.code.text in first:
            yield ListFault(
                each.row, column, _("The same code stands in row %(row)s: keep one", row=first[each.code.text])
            )
        first.setdefault(each.code.text, each.row)


# -- what is new and what changes --------------------------------------------------------------------------------------


def _compared(entries: Sequence[Entry], known: dict[str, Known], places: Columns, ignored: list[str]) -> Checked:
    made = Checked([], [], [], [], ignored)
    for each in entries:
        there = known.get(each.code.text)
        made.warnings.extend(_warnings(each, there, places))
        if there is None:
            made.new.append(each)
        elif changes := _changes(each, there):
            made.changed.append((each, there, changes))
        else:
            made.same.append((each, there))
    return made


def _changes(each: Entry, known: Known) -> dict[str, Any]:
    """What the row says otherwise than what is there: key of the column and new value."""
    firm, titles = known.firm, {kind: title.valid_until for kind, title in known.titles.items()}
    before = {
        "name": firm.name,
        "area": firm.operating_area_id,
        "sub_industry": firm.sub_industry_id,
        "above": firm.declared_above,
        "industry_code": firm.industry_code,
        "contact": known.contact.name if known.contact else None,
        "mobile": known.contact.mobile if known.contact else None,
        "titles": titles,
        **known.groups,
        "listed": firm.listed_at is not None,
    }
    return {key: value for key, value in _said(each, firm).items() if before[key] != value}


def _said(each: Entry, firm: Organisation) -> dict[str, Any]:
    """What the row says of a known firm, as far as it is the list's to say.

    Once a firm's people are confirmed its contact is theirs to give; the industry is theirs as soon as they are there.
    """
    said = {"name": each.name, "area": each.area.id, "listed": True, **each.given}
    unsaid = {"code_checked", STANDS_FOR}
    unsaid |= set(CONTACT) if firm.state == "confirmed" else set()
    unsaid |= {"industry_code"} if firm.state != "listed" else set()
    said = {key: value for key, value in said.items() if key not in unsaid}
    if said.get("sub_industry"):
        said["sub_industry"] = said["sub_industry"].id
    empty: dict[str, Any] = {"titles": {}, **{kind: frozenset() for kind in GROUP_KINDS}}
    said.update({key: nothing for key, nothing in empty.items() if key in said and not said[key]})
    return said


def _warnings(each: Entry, known: Known | None, places: Columns) -> Iterator[ListFault]:
    if not each.code.inner_matches:
        yield ListFault(each.row, places["credit_code"][1], _("Taken although characters 9 to 17 do not fit together"))
    if known is not None and known.firm.name != each.name:
        yield ListFault(
            each.row,
            places["name"][1],
            _("The name changes from “%(old)s” to “%(new)s”", old=known.firm.name, new=each.name),
        )
    if known is not None and known.firm.operating_area_id != each.area.id:
        yield ListFault(each.row, places["area"][1], _("The firm moves here from another area"))
