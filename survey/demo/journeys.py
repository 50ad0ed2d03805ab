"""The way of one invented firm through the site: registration, entry, figures, sections, submission."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final, TypeVar

from questionnaires.instrument import Instrument
from questionnaires.items import Item, figures_asked
from survey import audit
from survey.accounts.actions import Registration, confirm_registration, start_registration
from survey.answering.actions import save_notes, save_page, start
from survey.answering.queries import page_data
from survey.answering.submitting import prepare, submit
from survey.credit_code import CreditCode, make_credit_code, read
from survey.database import Database
from survey.demo.answers import Given, answers
from survey.demo.elsewhere import held_elsewhere
from survey.demo.figures import AT_ALL, figures, source
from survey.demo.firms import STARRING, Firm, dice
from survey.demo.parts import SUBMITTED, parts
from survey.demo.profile import Profile, profile
from survey.models import Campaign, Organisation, Submission
from survey.organisations.actions import Details, FactEntry, create_organisation, save_facts
from survey.organisations.outside_actions import add_result
from survey.pages.privacy import NOTICE_VERSION
from survey.privacy.consent_texts import TEXTS
from survey.privacy.consents import give
from survey.settings import Settings

Value = TypeVar("Value")

SHARE_OF_EVENINGS: Final = 0.22
"""How often somebody stops after a page and goes on the next day."""
PERMITS: Final[Mapping[str, float]] = {"benchmark": 0.8, "contact": 0.35}
"""How many firms give a permission of each kind."""
HALF: Final[Mapping[str, int]] = {"digital": 4, "green": 2}
"""Sections that the firm of the printed owner has begun; the last of them in part."""


@dataclass(frozen=True, slots=True)
class Part:
    """One questionnaire of the round."""

    campaign_id: int
    instrument: Instrument


@dataclass(frozen=True, slots=True)
class Site:
    """Where and when all firms act. `nobody` is the hash of a password that nobody knows."""

    database: Database
    parts: Mapping[str, Part]
    year: int
    opens: datetime
    now: datetime
    seed: int
    settings: Settings
    nobody: str


@dataclass(frozen=True, slots=True)
class Life:
    """A firm with all that it will say and do. `pages` are the items answered, by questionnaire and section."""

    firm: Firm
    traits: Profile
    facts: list[FactEntry]
    pages: Mapping[str, Mapping[str, tuple[Item, ...]]]
    given: Mapping[str, Given]
    states: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Filling:
    """A firm's submission that is being filled in, and by whom."""

    life: Life
    questionnaire: str
    organisation_id: int
    submission_id: int
    user_id: int


Way = Callable[["Site", Firm, int, datetime], int]
"""How a firm comes to its account: by entering it or by claiming it; gives the firm's id."""


def journey(
    site: Site, firm: Firm, address: str, password_hash: str, languages: tuple[str, ...], way: Way
) -> Iterator[datetime]:
    """Gives the moment of the next step before taking it. `languages` are those of the reports to make."""
    chance = dice(site.seed, "journey", firm.number)
    life = _life(site, firm, chance)
    steps = 2 + sum(2 + len(pages) for pages in life.pages.values())
    moments = iter(_moments(site, firm, steps, chance))

    yield (at := next(moments))
    user_id = register(site, firm.owner, address, password_hash, at)
    organisation_id = way(site, firm, user_id, at)
    yield (at := next(moments))
    if life.states:
        record_titles(site, life, organisation_id, user_id, at)
    for questionnaire, pages in life.pages.items():
        yield (at := next(moments))
        filling = begin(site, life, questionnaire, organisation_id, user_id, at)
        for section, items in pages.items():
            yield (at := next(moments))
            fill(site, filling, section, items, at)
        if life.states[questionnaire] == SUBMITTED:
            yield (at := next(moments))
            hand_in(site, filling.submission_id, user_id, at, languages)
    permit(site, firm, organisation_id, user_id, at)


def permit(site: Site, firm: Firm, organisation_id: int, user_id: int, at: datetime) -> None:
    """Most firms let themselves be counted in comparisons; some let the office write to them."""
    chance = dice(site.seed, "permit", firm.number)
    for kind, share in PERMITS.items():
        if chance.random() < share:
            with site.database.write() as session:
                give(session, organisation_id, kind, TEXTS[kind], audit.Actor(user_id), at)


def _life(site: Site, firm: Firm, chance: Random) -> Life:
    traits = profile(firm, site.seed)
    facts = figures(firm, traits, site.year, site.seed)
    states = parts(firm, traits, site.seed)
    given = {name: answers(firm, traits, site.parts[name].instrument, facts, site.year, site.seed) for name in states}
    pages = {
        name: _pages(site.parts[name].instrument, given[name], firm, state, chance) for name, state in states.items()
    }
    return Life(firm, traits, facts, pages, given, states)


def _pages(instrument: Instrument, given: Given, firm: Firm, state: str, chance: Random) -> dict[str, tuple[Item, ...]]:
    """The items answered on each page. A draft stops somewhere on the way, in the middle of a page."""
    sections = [(each.id, tuple(item for item in each.items if item.id in given.asked)) for each in instrument.sections]
    every = [(section, items) for section, items in sections if items]
    if state == SUBMITTED:
        return dict(every)
    stops = HALF[instrument.questionnaire] if firm.number in STARRING else chance.randint(1, max(1, len(every) - 1))
    *whole, (last, items) = every[:stops]
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
        started = start_registration(session, site.settings, wish, at)
    assert started.code is not None
    with site.database.write() as session:
        user = confirm_registration(session, site.settings, address, started.ticket, started.code, audit.SYSTEM, at)
        assert user is not None
        return user.id


def enter(site: Site, firm: Firm, user_id: int, at: datetime) -> int:
    code = read(make_credit_code(firm.registered, firm.number))
    assert isinstance(code, CreditCode)
    details = Details(firm.name, firm.area_id, firm.industry)
    with site.database.write() as session:
        return create_organisation(session, code, details, audit.Actor(user_id), at).id


def record_titles(site: Site, life: Life, organisation_id: int, user_id: int, at: datetime) -> None:
    """What the firm holds from elsewhere."""
    for kind, said in held_elsewhere(life.firm, life.traits, site.now.date(), site.seed):
        with site.database.write() as session:
            add_result(session, organisation_id, kind, said, audit.Actor(user_id), at)


def begin(site: Site, life: Life, questionnaire: str, organisation_id: int, user_id: int, at: datetime) -> Filling:
    """Enter the figures that the pages ahead will ask for, from one visit to the bookkeeper, and start."""
    entries = _asked(life, questionnaire, site.year)
    sources = {entry[:2]: said for entry in entries if (said := source(life.firm, entry[0])) is not None}
    with site.database.write() as session:
        save_facts(session, organisation_id, entries, user_id, at, sources=sources)
        organisation = session.get_one(Organisation, organisation_id)
        campaign = session.get_one(Campaign, site.parts[questionnaire].campaign_id)
        submission = start(session, organisation, campaign, audit.Actor(user_id), at)
        return Filling(life, questionnaire, organisation_id, submission.id, user_id)


def _asked(life: Life, questionnaire: str, year: int) -> list[FactEntry]:
    """The figures that every firm is asked for, and those of the items that it answers."""
    items = (item for page in life.pages[questionnaire].values() for item in page)
    wanted = {(kind, year + back) for item in items for kind, back in figures_asked(item)}
    wanted |= {(kind, year) for kind in AT_ALL}
    return [entry for entry in life.facts if entry[:2] in wanted]


def fill(site: Site, filling: Filling, section: str, items: tuple[Item, ...], at: datetime) -> None:
    """One page, in one transaction as on the site."""
    ids, given = {item.id for item in items}, filling.life.given[filling.questionnaire]
    data = page_data(_among(ids, given.responses), given.open & ids)
    with site.database.write() as session:
        save_page(session, filling.submission_id, section, 0, data, filling.user_id, at)
        save_notes(session, filling.submission_id, _among(ids, given.reasons), filling.user_id, at)


def _among(items: set[str], values: Mapping[str, Value]) -> dict[str, Value]:
    return {item: value for item, value in values.items() if item in items}


def hand_in(site: Site, submission_id: int, user_id: int, at: datetime, languages: tuple[str, ...]) -> None:
    """Check, then submit in one durable transaction."""
    with site.database.read() as session:
        prepared = prepare(session, session.get_one(Submission, submission_id))
    assert not prepared.faults, prepared.faults
    with site.database.write(durable=True) as session:
        submitted = submit(session, prepared, prepared.mark, audit.Actor(user_id), at, languages)
    assert submitted
