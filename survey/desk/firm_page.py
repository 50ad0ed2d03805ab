"""What the office's page about one firm shows, ready for the template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from scoring import size_class
from survey import formatting
from survey.access import may
from survey.accounts.recipients import masked
from survey.accounts.role_names import FIRM_ROLE_NAMES
from survey.city.own_industries import own_industry_name, sub_industry_of
from survey.desk import firm_page_queries, queries
from survey.desk.firm_page_events import Event, events
from survey.desk.firm_page_figures import Group, firm_figures
from survey.desk.firm_page_rounds import Compared, RoundOf, Rounds
from survey.desk.note_forms import KINDS
from survey.models import Claim, Evidence, FirmGroup, ListedContact, Organisation
from survey.organisations import outside_queries
from survey.organisations.firm_page import STATES as MEMBER_STATES
from survey.organisations.industries import names
from survey.organisations.queries import area_name, facts_of, reference_year, size_of
from survey.organisations.standing_page import ABOVE, Title, size_doubt, titles_by_list


@dataclass(frozen=True, slots=True)
class Size:
    """The firm's size as the list declares it, and its class by the figures of a year with the way to it."""

    declared: str
    name: str
    steps: tuple[str, ...]
    doubtful: bool
    year: int


@dataclass(frozen=True, slots=True)
class Document:
    """A file about the firm; `href` is where it is looked at, None where the person may not."""

    name: str
    about: str
    at: datetime
    href: str | None


@dataclass(frozen=True, slots=True)
class Note:
    """A call note: kind, text, when, and who wrote it."""

    kind: str
    text: str
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class FirmPage:
    """`about` are pairs; `contact` the name and number of the contact, masked unless asked for in full, or None.

    `groups` are the city's chains and clusters, each with whether the firm belongs to it.
    """

    about: list[tuple[str, str]]
    contact: tuple[str, str] | None
    members: list[list[str]]
    titles: list[Title]
    results: list[outside_queries.Line]
    size: Size
    groups: list[tuple[FirmGroup, bool]]
    rounds: list[RoundOf]
    compared: list[Compared]
    figures: list[Group]
    documents: list[Document]
    events: list[Event]
    notes: list[Note]

    @property
    def latest(self) -> str:
        """What came out of the latest round that the firm handed anything in to; empty before that."""
        for each in self.rounds:
            found = [f"{part.title} {part.own.words}" for part in each.parts if part.own and part.own.words]
            if found:
                return _("The results of the firm's latest round: %(results)s", results=_("; ").join(found))
        return ""


def firm_page(session: Session, firm: Organisation, now: datetime, language: str, *, in_full: bool) -> FirmPage:
    today = formatting.local_time(now).date()
    year = reference_year(session, today)
    rounds = Rounds(session, firm.id, firm.public_id, language, now)
    return FirmPage(
        about=_about(session, firm, language),
        contact=_contact(queries.contacts(session, [firm.id]).get(firm.id), in_full),
        members=[
            [member.user.name, str(FIRM_ROLE_NAMES[member.role]), str(MEMBER_STATES[member.state])]
            for member in queries.members(session, firm.id)
        ],
        titles=titles_by_list(session, firm, today),
        results=outside_queries.lines(outside_queries.recorded(session, firm.id), today),
        size=_size(session, firm, year, language),
        groups=firm_page_queries.groups(session, firm.id),
        rounds=rounds.listed(),
        compared=rounds.compared(),
        figures=firm_figures(session, firm, year, now, language),
        documents=_documents(session, firm.id),
        events=events(session, firm.id, language),
        notes=_notes(session, firm.id),
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


def _size(session: Session, firm: Organisation, year: int, language: str) -> Size:
    size = size_of(firm, facts_of(session, firm.id), year)
    return Size(
        str(ABOVE[firm.declared_above]),
        size_class.name(size.size, language) if size.size else "",
        size_class.explain(size, language),
        size_doubt(firm, size),
        year,
    )


def _documents(session: Session, firm_id: int) -> list[Document]:
    """Letters of people who claimed the firm, then what proves its answers."""
    letters = [
        Document(_("Letter of authorisation"), each.user.name, each.made_at, _letter(each))
        for each in firm_page_queries.claims(session, firm_id)
        if each.letter_file
    ]
    return letters + [
        Document(row.name or _("Photo or file"), _side(row, uses), row.added_at, _proof(submission))
        for row, uses, submission in firm_page_queries.evidence(session, firm_id)
    ]


def _letter(claim: Claim) -> str | None:
    return url_for("desk.claim.page", public_id=claim.public_id) if may("claims:decide") else None


def _proof(submission: str) -> str | None:
    return url_for("evidence.office.page", submission_id=submission) if may("submissions:review") else None


def _side(row: Evidence, uses: int) -> str:
    """Who brought a file, and for how many answers."""
    whose = _("from the office") if row.side == "office" else _("from the firm")
    return str(_(", ")).join([whose, ngettext("for %(num)d answer", "for %(num)d answers", uses)])


def _notes(session: Session, firm_id: int) -> list[Note]:
    rows = firm_page_queries.notes(session, firm_id)
    known = firm_page_queries.names(session, [row.by_user_id for row in rows])
    return [Note(str(KINDS[row.kind]), row.text, row.at, known.get(row.by_user_id, "")) for row in rows]
