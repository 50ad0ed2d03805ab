"""The way of one invented firm through the site: registration, entry, figures, sections, submission."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final, TypeVar

from sqlalchemy.orm import Session

from questionnaires.items import Item, figures_asked
from survey import audit
from survey.accounts.actions import Registration, confirm_registration, start_registration
from survey.answering.actions import save_notes, save_page, start
from survey.answering.queries import page_data
from survey.answering.submitting import hand_over, prepare, submit
from survey.credit_code import CreditCode, make_credit_code, read
from survey.demo.elsewhere import held_elsewhere
from survey.demo.figures import AT_ALL, source
from survey.demo.firms import STARRING, Firm, dice
from survey.demo.lives import Life, Site, life_before, life_now
from survey.demo.parts import SUBMITTED
from survey.models import Campaign, Organisation, Submission
from survey.organisations.actions import Details, FactEntry, create_organisation, save_facts
from survey.organisations.outside_actions import add_result
from survey.pages.privacy import NOTICE_VERSION
from survey.privacy.consent_texts import TEXTS
from survey.privacy.consents import give

Value = TypeVar("Value")

SHARE_OF_EVENINGS: Final = 0.22
"""How often somebody stops after a page and goes on the next day."""
PERMITS: Final[Mapping[str, float]] = {"benchmark": 0.8, "contact": 0.35}
"""How many firms give a permission of each kind."""


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
    """Gives the moment of the next step before taking it. `languages` are those of the reports to make.

    Nobody looks at the hours of a firm without a printed account: it takes each part in one step.
    """
    rounds = [(site, life_now(site, firm))]
    if site.earlier and (before := life_before(site.earlier, rounds[0][1])):
        rounds.insert(0, (site.earlier, before))
    first, life = rounds[0]
    moments = iter(_moments(first, firm, _steps(life), _chance(first, firm)))
    yield (at := next(moments))
    user_id = register(first, firm.owner, address, password_hash, at)
    organisation_id = way(first, firm, user_id, at)
    permit(first, firm, organisation_id, user_id, at)
    for place, (there, life) in enumerate(rounds):
        moments = moments if place == 0 else iter(_moments(there, firm, _steps(life), _chance(there, firm)))
        yield from _take_part(there, life, (organisation_id, user_id), moments, languages)


def _steps(life: Life) -> int:
    return 2 + sum(2 + len(pages) for pages in life.pages.values())


def _chance(site: Site, firm: Firm) -> Random:
    return dice(site.seed, "journey", firm.number, site.year)


def _take_part(
    site: Site, life: Life, who: tuple[int, int], moments: Iterator[datetime], languages: tuple[str, ...]
) -> Iterator[datetime]:
    """One round: titles, then part by part figures, pages, submission."""
    organisation_id, user_id = who
    yield (at := next(moments))
    if life.states and not life.before:
        record_titles(site, life, organisation_id, user_id, at)
    for questionnaire, pages in life.pages.items():
        yield (at := next(moments))
        if not languages:
            with site.database.write() as session:
                _at_once(session, site, life, questionnaire, who, at)
            continue
        with site.database.write() as session:
            filling = begin(session, site, life, questionnaire, organisation_id, user_id, at)
        for section, items in pages.items():
            yield (at := next(moments))
            with site.database.write() as session:
                fill(session, filling, {section: items}, at)
        if life.states[questionnaire] == SUBMITTED:
            yield (at := next(moments))
            hand_in(site, filling.submission_id, user_id, at, () if life.before else languages)


def _at_once(session: Session, site: Site, life: Life, questionnaire: str, who: tuple[int, int], at: datetime) -> None:
    """A whole part in one transaction, by the same actions; nobody can have changed an answer in between."""
    organisation_id, user_id = who
    filling = begin(session, site, life, questionnaire, organisation_id, user_id, at)
    fill(session, filling, life.pages[questionnaire], at)
    if life.states[questionnaire] == SUBMITTED:
        submission = session.get_one(Submission, filling.submission_id)
        prepared = prepare(session, submission)
        assert not prepared.faults, prepared.faults
        hand_over(session, submission, prepared, audit.Actor(user_id), at)


def permit(site: Site, firm: Firm, organisation_id: int, user_id: int, at: datetime) -> None:
    """Most firms let themselves be counted in comparisons; some let the office write to them."""
    chance = dice(site.seed, "permit", firm.number)
    for kind, share in PERMITS.items():
        if chance.random() < share:
            with site.database.write() as session:
                give(session, organisation_id, kind, TEXTS[kind], audit.Actor(user_id), at)


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


def begin(
    session: Session, site: Site, life: Life, questionnaire: str, organisation_id: int, user_id: int, at: datetime
) -> Filling:
    """Enter the figures that the pages ahead will ask for, from one visit to the bookkeeper, and start."""
    entries = _asked(life, questionnaire, site.year)
    sources = {entry[:2]: said for entry in entries if (said := source(life.firm, entry[0])) is not None}
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


def fill(session: Session, filling: Filling, pages: Mapping[str, tuple[Item, ...]], at: datetime) -> None:
    """Pages as they are saved on the site."""
    given = filling.life.given[filling.questionnaire]
    for section, items in pages.items():
        ids = {item.id for item in items}
        data = page_data(_among(ids, given.responses), given.open & ids)
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
