"""What pages about a visit say of it: state, firm and contact, tasks, what is missing, files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import formatting
from survey.evidence.shown import Reader
from survey.models import ListedContact, Membership, Organisation, User, Visit
from survey.organisations.industries import names
from survey.organisations.queries import area_name
from survey.publishing.queries import instrument as instrument_in
from survey.verification.entry_page import said
from survey.verification.queries import Asked
from survey.verification.seen import MARKS, STATES
from survey.verification.sheet import Case
from survey.verification.standing import is_late, stands


@dataclass(frozen=True, slots=True)
class Task:
    """One line of a list of visits, as the macro of tasks takes it."""

    href: str
    name: str
    text: str
    count: str
    kind: str
    word: str


def state(visit: Visit, today: date) -> tuple[str, str]:
    """Mark and word of how it stands; what is late says so."""
    key = stands(visit, today)
    if is_late(visit, today):
        return "warning", _("%(state)s, late", state=str(STATES[key]))
    return MARKS[key], str(STATES[key])


def own_task(row: Asked, counts: Mapping[int, int], today: date, language: str) -> Task:
    """A firm in the assessor's own list."""
    firm, visit = row.assignment.organisation, row.visit
    place = area_name(firm.operating_area, language)
    if visit is None:
        asked = _("asked on %(date)s", date=formatting.date(row.assignment.assigned_at))
        return Task("", firm.name, f"{place} · {asked}", "", "not_started", _("No visit planned yet"))
    kind, word = state(visit, today)
    count = counts.get(visit.id, 0)
    return Task(
        url_for("verification.visit", visit_id=visit.public_id),
        firm.name,
        f"{place} · {days(visit)}",
        _("%(count)s findings", count=count) if visit.state == "planned" and count else "",
        kind,
        word,
    )


def days(visit: Visit) -> str:
    """When the visit is, and by when at the latest."""
    due = _("by %(date)s", date=formatting.date(visit.due_on))
    if visit.visited_on is not None:
        return _("visited on %(date)s", date=formatting.date(visit.visited_on))
    if visit.planned_on is None:
        return due
    return _("on %(day)s, %(due)s", day=formatting.date(visit.planned_on), due=due)


def firm_facts(session: Session, visit: Visit, language: str) -> list[tuple[str, Any]]:
    """The firm as an assessor needs it: where it is, whom to ask."""
    firm = visit.organisation
    industry = names(session, [firm.industry_code], language)[firm.industry_code]
    pairs: list[tuple[str, Any]] = [
        (_("Unified social credit code"), firm.credit_code),
        (_("Area where the firm works"), area_name(firm.operating_area, language)),
        (_("Industry"), f"{firm.industry_code} {industry}"),
        (_("Questionnaire"), instrument_in(session, visit.snapshot.instrument_id).title.say(language)),
        (_("Self-assessment"), visit.submission.reference or ""),
        (_("Handed in"), formatting.date(visit.snapshot.submitted_at)),
        (_("Visit"), days(visit)),
    ]
    return [*pairs, *((_("Contact"), each) for each in contacts(session, firm))]


def contacts(session: Session, firm: Organisation) -> list[str]:
    """Name and number of who holds the firm's account; of a firm without one, of the contact on the list."""
    held = (
        sa.select(User.name, User.mobile, User.email)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == firm.id, Membership.role == "owner", Membership.state == "confirmed")
        .order_by(Membership.id)
    )
    found = [" ".join(filter(None, (name, mobile or email))) for name, mobile, email in session.execute(held)]
    if found:
        return found
    listed = session.scalars(sa.select(ListedContact).where(ListedContact.organisation_id == firm.id)).first()
    return [] if listed is None else [" ".join(filter(None, (listed.name, listed.mobile)))]


def missing(told: Case, language: str) -> list[tuple[str, str, str]]:
    """Number, name and address of each item without a finding."""
    homes = {item.id: section.id for section in told.sections for item in told.asked(section)}
    return [
        (str(told.numbers[item]), told.instrument.items[item].short.say(language), _place(told, homes[item], item))
        for item in told.missing
    ]


def wrong(told: Case, language: str) -> list[tuple[str, str]]:
    """What does not fit together in what was found: where to mend it, and what."""
    homes = {item.id: section.id for section in told.sections for item in told.asked(section)}
    found = []
    for fault in told.result.faults:
        item = fault.path.partition(".")[2]
        if item not in homes:
            item = next((home for key, home in told.homes.items() if item.startswith(f"{key[0]}.")), "")
        section = homes.get(item, told.sections[0].id)
        found.append((_place(told, section, item), said(fault, language)))
    return found


def _place(told: Case, section: str, item: str) -> str:
    address = url_for("verification.section", visit_id=told.visit.public_id, section_id=section)
    return f"{address}#i-{item}" if item else address


def reader(submission_id: str, *, office: bool = False) -> Reader:
    """Where an assessor, or an officer who checks, opens the files of a submission."""
    who = "" if office else "visit_"
    opened = "open_" if office else "open"
    return Reader(submission_id, f"evidence.office.{who}{opened}", f"evidence.office.{who}small")
