"""What the office's page about one firm shows, ready for the template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scoring import size_class
from survey.accounts.recipients import masked
from survey.accounts.role_names import FIRM_ROLE_NAMES
from survey.city.own_industries import own_industry_name, sub_industry_of
from survey.desk import queries
from survey.models import ListedContact, Organisation
from survey.organisations.firm_page import STATES as MEMBER_STATES
from survey.organisations.industries import names
from survey.organisations.queries import area_name, facts_of, reference_year, size_of
from survey.organisations.standing_page import ABOVE, Title, size_doubt, titles_by_list


@dataclass(frozen=True, slots=True)
class FirmPage:
    """`about` are pairs; `contact` the name and number of the contact, masked unless asked for in full, or None."""

    about: list[tuple[str, str]]
    contact: tuple[str, str] | None
    titles: list[Title]
    declared: str
    size: str
    doubtful: bool
    year: int
    members: list[list[str]]


def firm_page(session: Session, firm: Organisation, today: date, language: str, *, in_full: bool) -> FirmPage:
    year = reference_year(session, today)
    size = size_of(firm, facts_of(session, firm.id), year)
    return FirmPage(
        about=_about(session, firm, language),
        contact=_contact(queries.contacts(session, [firm.id]).get(firm.id), in_full),
        titles=titles_by_list(session, firm, today),
        declared=str(ABOVE[firm.declared_above]),
        size=size_class.name(size.size, language) if size.size else "",
        doubtful=size_doubt(firm, size),
        year=year,
        members=[
            [member.user.name, str(FIRM_ROLE_NAMES[member.role]), str(MEMBER_STATES[member.state])]
            for member in queries.members(session, firm.id)
        ],
    )


def _about(session: Session, firm: Organisation, language: str) -> list[tuple[str, str]]:
    industry = names(session, [firm.industry_code], language)[firm.industry_code]
    own, registered = sub_industry_of(session, firm), firm.registered_area
    return [
        (_("Unified social credit code"), firm.credit_code),
        (_("Area where the firm works"), area_name(firm.operating_area, language)),
        (_("Area of registration"), area_name(registered, language) if registered else _("outside the city")),
        (_("Industry"), f"{firm.industry_code} {industry}"),
        (_("Own industry"), own_industry_name(own, language) if own else _("none")),
    ]


def _contact(contact: ListedContact | None, in_full: bool) -> tuple[str, str] | None:
    """A name of two characters or more keeps its first."""
    if contact is None:
        return None
    name, mobile = contact.name or "", contact.mobile or ""
    return (name, mobile) if in_full else (name[:1] + "**" if name else "", masked(mobile) if mobile else "")
