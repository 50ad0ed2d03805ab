"""The way of one invented firm through the site: registration, entry, figures, sections, submission."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final, TypeVar

from questionnaires.instrument import Instrument
from questionnaires.items import Item
from survey import audit
from survey.accounts.actions import Registration, confirm_registration, start_registration
from survey.answering.actions import save_notes, save_page, start
from survey.answering.queries import page_data
from survey.answering.submitting import prepare, submit
from survey.credit_code import CreditCode, make_credit_code, read
from survey.database import Database
from survey.demo.answers import Given, answers
from survey.demo.figures import AT_ALL
from survey.demo.firms import DRAFT, FRESH, STARRING, Firm, dice
from survey.models import Campaign, Organisation, Submission
from survey.organisations.actions import Details, FactEntry, create_organisation, save_facts
from survey.pages.privacy import NOTICE_VERSION

Value = TypeVar("Value")

SHARE_OF_EVENINGS: Final = 0.22
"""How often somebody stops after a page and goes on the next day."""
HALF: Final = 4
"""Sections that the firm of the printed owner has begun; the last of them in part."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where and when all firms act. `nobody` is the hash of a password that nobody knows."""

    database: Database
    campaign_id: int
    instrument: Instrument
    year: int
    opens: datetime
    now: datetime
    seed: int
    secret: str
    nobody: str


def journey(site: Site, firm: Firm, address: str, password_hash: str, languages: tuple[str, ...]) -> Iterator[datetime]:
    """Gives the moment of the next step before taking it. `languages` are those of the reports to make."""
    chance = dice(site.seed, "journey", firm.number)
    pages = _pages(site, firm, chance)
    moments = iter(_moments(site, firm, len(pages) + 3, chance))
    given = answers(firm, site.instrument, site.year, site.seed)

    yield (at := next(moments))
    user_id = register(site, firm.owner, address, password_hash, at)
    organisation_id = enter(site, firm, user_id, at)
    if firm.stage == FRESH:
        return
    yield (at := next(moments))
    submission_id = begin(site, organisation_id, given, user_id, at)
    for section, items in pages.items():
        yield (at := next(moments))
        fill(site, organisation_id, submission_id, section, items, given, user_id, at)
    if firm.stage != DRAFT:
        yield (at := next(moments))
        hand_in(site, submission_id, user_id, at, languages)


def _pages(site: Site, firm: Firm, chance: Random) -> dict[str, tuple[Item, ...]]:
    """The items answered on each page. A draft stops somewhere on the way, in the middle of a page."""
    every = [(section.id, tuple(section.items)) for section in site.instrument.sections]
    if firm.stage != DRAFT:
        return dict(every)
    *whole, (last, items) = every[: HALF if firm.number == 1 else chance.randint(1, len(every) - 1)]
    return {**dict(whole), last: items[: max(1, len(items) // 2)]}


def _moments(site: Site, firm: Firm, count: int, chance: Random) -> list[datetime]:
    """Moments between the opening and now, by day and evening, minutes apart or on the following days.

    The firms of the printed accounts were busy in the last days.
    """
    gaps = [timedelta(days=chance.random() < SHARE_OF_EVENINGS, minutes=chance.randint(4, 25)) for _ in range(count)]
    days = (site.now - site.opens).days
    first = days - 6 if firm.number in STARRING else 0
    begun = site.opens + timedelta(days=chance.triangular(first, days) // 1, hours=chance.triangular(8, 18, 10))
    moments = [begun + sum(gaps[:place], timedelta()) for place in range(count)]
    late = moments[-1] - (site.now - timedelta(minutes=chance.randint(5, 600)))
    back = timedelta(days=max(0, late // timedelta(days=1) + 1))
    return [max(moment - back, site.opens + timedelta(minutes=place)) for place, moment in enumerate(moments)]


def register(site: Site, name: str, address: str, password_hash: str, at: datetime) -> int:
    """An account, with the code that would be sent."""
    wish = Registration(name, "email", address, password_hash, "zh_CN", NOTICE_VERSION)
    with site.database.write() as session:
        started = start_registration(session, wish, site.secret, at)
    assert started.code is not None
    with site.database.write() as session:
        user = confirm_registration(session, address, started.ticket, started.code, site.secret, audit.SYSTEM, at)
        assert user is not None
        return user.id


def enter(site: Site, firm: Firm, user_id: int, at: datetime) -> int:
    code = read(make_credit_code(firm.registered, firm.number))
    assert isinstance(code, CreditCode)
    details = Details(firm.name, firm.area_id, firm.industry)
    with site.database.write() as session:
        return create_organisation(session, code, details, audit.Actor(user_id), at).id


def begin(site: Site, organisation_id: int, given: Given, user_id: int, at: datetime) -> int:
    """Enter the figures that every firm is asked for, and start."""
    entries = [entry for entry in given.facts if entry[0] in AT_ALL and entry[1] == site.year]
    with site.database.write() as session:
        save_facts(session, organisation_id, entries, user_id, at)
    with site.database.write() as session:
        organisation = session.get_one(Organisation, organisation_id)
        campaign = session.get_one(Campaign, site.campaign_id)
        return start(session, organisation, campaign, audit.Actor(user_id), at).id


def fill(
    site: Site,
    organisation_id: int,
    submission_id: int,
    section: str,
    items: tuple[Item, ...],
    given: Given,
    user_id: int,
    at: datetime,
) -> None:
    """One page, in one transaction as on the site."""
    ids = {item.id for item in items}
    data = page_data(_among(ids, given.responses), given.open & ids)
    entries, reasons = _asked(items, given.facts, site.year), _among(ids, given.reasons)
    with site.database.write() as session:
        save_page(session, submission_id, section, 0, data, user_id, at)
        if entries:
            save_facts(session, organisation_id, entries, user_id, at)
        save_notes(session, submission_id, reasons, user_id, at)


def _among(items: set[str], values: Mapping[str, Value]) -> dict[str, Value]:
    return {item: value for item, value in values.items() if item in items}


def _asked(items: tuple[Item, ...], facts: list[FactEntry], year: int) -> list[FactEntry]:
    """The figures that these items ask for."""
    quantities = [
        quantity
        for item in items
        if (figures := getattr(item, "figures", None)) is not None
        for quantity in figures.quantities()
    ]
    wanted = {(kind, year + back) for each in quantities for kind in each.facts() for back in each.years}
    return [entry for entry in facts if entry[:2] in wanted]


def hand_in(site: Site, submission_id: int, user_id: int, at: datetime, languages: tuple[str, ...]) -> None:
    """Check, then submit in one durable transaction."""
    with site.database.read() as session:
        prepared = prepare(session, session.get_one(Submission, submission_id))
    assert not prepared.faults, prepared.faults
    with site.database.write(durable=True) as session:
        submitted = submit(session, prepared, prepared.mark, audit.Actor(user_id), at, languages)
    assert submitted
