"""Importing a list of firms: all of it or nothing. Memberships, answers and figures are never touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey import audit
from survey.desk.import_checks import CONTACT, Known, check, industry_of
from survey.desk.import_rows import Entry, ListFault, ListFaults
from survey.models import Area, FirmGroupMember, ListedContact, ListedTitle, Organisation
from survey.models.firm_file import GROUP_KINDS
from survey.workbooks import Line

ATTRIBUTES: Final = {
    "name": "name",
    "area": "operating_area_id",
    "sub_industry": "sub_industry_id",
    "above": "declared_above",
    "industry_code": "industry_code",
}
"""Keys of what is simply an attribute of the firm."""


def import_list(
    session: Session, lines: Sequence[Line], allowed: frozenset[int], actor: audit.Actor, now: datetime
) -> dict[str, int]:
    """Import a list in one transaction and return how many firms were `new`, `changed` and the `same`.

    May be repeated: the second time everything is the same. Raises `ListFaults`; nothing may be committed then.
    """
    assert actor.user_id is not None
    checked = check(session, lines, allowed)
    districts = {code: area_id for code, area_id in session.execute(sa.select(Area.code, Area.id)) if code}
    made = [_new(each, districts, actor.user_id, now) for each in checked.new]
    _add(session, made)
    for firm, each in zip(made, checked.new, strict=True):
        _save_parts(session, Known(firm), _parts(each), now)
    for _each, known, changes in checked.changed:
        _change(session, known, changes, actor, now)
    detail = ", ".join(f"{count} {word}" for word, count in checked.counts.items())
    audit.record(session, actor, "firms.import", None, now=now, detail=detail)
    return checked.counts


def _add(session: Session, firms: Sequence[Organisation]) -> None:
    session.add_all(firms)
    try:
        session.flush()
    except IntegrityError as error:
        again = _("One of these firms was entered by somebody else at this moment. Check the list once more")
        raise ListFaults([ListFault(0, "", again)]) from error


def _new(each: Entry, districts: Mapping[str, int], user_id: int, now: datetime) -> Organisation:
    code, industry = each.code, industry_of(each)
    assert industry is not None  # checked
    own = each.given.get("sub_industry")
    return Organisation(
        credit_code=code.text,
        credit_code_override=not code.inner_matches,
        name=each.name,
        registered_area_id=districts.get(code.area_code),
        operating_area_id=each.area.id,
        industry_code=industry,
        sub_industry_id=own.id if own else None,
        declared_above=each.given.get("above"),
        created_at=now,
        created_by=user_id,
        state="listed",
        listed_at=now,
    )


def _parts(each: Entry) -> dict[str, Any]:
    """What is kept beside the firm: contact, titles, chains and clusters."""
    parts = {key: each.given[key] for key in (*CONTACT, *GROUP_KINDS) if each.given.get(key)}
    return {**parts, **({"titles": each.given["titles"]} if each.given.get("titles") else {})}


def _change(session: Session, known: Known, changes: dict[str, Any], actor: audit.Actor, now: datetime) -> None:
    firm = known.firm
    for key, attribute in ATTRIBUTES.items():
        if key in changes:
            setattr(firm, attribute, changes[key])
    firm.listed_at = firm.listed_at or now
    _save_parts(session, known, changes, now)
    if firm.state != "listed":  # its people find in the record who changed what they entered
        audit.record(
            session, actor, "organisation.edit", firm.public_id, now=now, organisation_id=firm.id, detail="list"
        )


def _save_parts(session: Session, known: Known, changes: dict[str, Any], now: datetime) -> None:
    if any(key in changes for key in CONTACT):
        _save_contact(session, known, changes, now)
    for kind in GROUP_KINDS:
        if kind in changes:
            _save_groups(session, known, kind, changes[kind])
    if "titles" in changes:
        _save_titles(session, known, changes["titles"], now)


def _save_contact(session: Session, known: Known, changes: dict[str, Any], now: datetime) -> None:
    contact = known.contact
    if contact is None:
        contact = ListedContact(organisation_id=known.firm.id, name=None, mobile=None)
        session.add(contact)
    contact.name = changes.get("contact", contact.name)
    contact.mobile = changes.get("mobile", contact.mobile)
    contact.listed_at = now
    if contact.name is None and contact.mobile is None:
        session.delete(contact)


def _save_groups(session: Session, known: Known, kind: str, wanted: frozenset[int]) -> None:
    """Belonging to what is out of use stays noted: the list cannot name it."""
    firm_id, there = known.firm.id, known.groups[kind]
    gone = sa.delete(FirmGroupMember).where(FirmGroupMember.organisation_id == firm_id)
    session.execute(gone.where(FirmGroupMember.group_id.in_(there - wanted)))
    session.add_all(FirmGroupMember(organisation_id=firm_id, group_id=each) for each in sorted(wanted - there))


def _save_titles(session: Session, known: Known, wanted: dict[str, date | None], now: datetime) -> None:
    for kind, title in known.titles.items():
        if kind not in wanted:
            session.delete(title)
    for kind, until in wanted.items():
        there = known.titles.get(kind)
        if there is None:
            session.add(ListedTitle(organisation_id=known.firm.id, kind=kind, valid_until=until, listed_at=now))
        elif there.valid_until != until:
            there.valid_until, there.listed_at = until, now
