"""Fills a migrated database with the demonstration, every step by the action that the site's pages use."""

from __future__ import annotations

import heapq
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaires import catalogue
from questionnaires.instrument import Instrument
from questionnaires.text import Text
from survey.accounts import passwords
from survey.app import create_app
from survey.audit import SYSTEM
from survey.benchmark.build import NotReleased, release
from survey.credit_code import make_credit_code
from survey.database import Database
from survey.demo import desk_work, offices
from survey.demo.firms import STARRING, Firm, Place, firms, words
from survey.demo.journeys import enter, journey, register
from survey.demo.lives import Part, Site
from survey.demo.mark import HOST
from survey.demo.parts import INSTRUMENTS
from survey.demo.staff import STAFF, hire
from survey.demo.visits import visits
from survey.formatting import SHANGHAI
from survey.languages import TAGS
from survey.models import Area, Campaign, Membership, PublishedInstrument, Round
from survey.organisations.queries import areas_tree, by_credit_code
from survey.publishing.actions import open_round, publish
from survey.publishing.reference_import import import_references
from survey.settings import Settings

REFERENCE_YEAR: Final = 2025
OPEN_SINCE, OPEN_FOR = timedelta(days=30), timedelta(days=38)
"""When the round began and how long it is still open, seen from the day the demonstration is made."""

YEAR, WAS_OPEN_FOR = timedelta(days=364), timedelta(days=60)
"""How long before this round the one before it began, and how long it was open."""

FILLER_FOR: Final = timedelta(days=180)
UNCLAIMED_PER: Final = 4
"""One listed firm that nobody has claimed to so many that somebody has."""

CITY_CENTRE: Final = frozenset({"120101", "120102", "120103", "120104", "120105", "120106"})
REFERENCES: Final = Path(__file__).with_name("references.csv")
"""Invented values for a few industries, and marked so; a firm elsewhere sees its intensities not scored."""

ACCOUNTS: Final = (
    ("owner", 1, "owner", "owner; two parts are begun"),
    ("editor", 1, "editor", "editor of the same firm"),
    ("viewer", 1, "viewer", "viewer of the same firm"),
    ("reported", 2, "owner", "owner; four parts submitted, with reports"),
    ("fresh", 3, "owner", "owner; nothing is filled in yet"),
    ("filler", 1, "filler", "of another body, fills in for the same firm; cannot submit"),
    ("new", 0, "", "a new person without a firm"),
)
"""The accounts that are printed: name of the address, number of the firm, role in it, what is to be seen."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in to the demonstration; `factor` is what the codes of the second step are made from."""

    address: str
    password: str
    firm: str
    about: str
    factor: str = ""


def load(
    database: Database,
    settings: Settings,
    seed: int,
    count: int,
    now: datetime,
    progress: Callable[[int], None] = lambda done: None,
) -> list[Account]:
    """Publish, open a round and let `count` firms answer. The same seed on the same day gives the same firms.

    `settings` are those the site will run with; `progress` is told how many firms are done.
    """
    app = create_app(settings)
    try:
        with app.app_context():
            return _load(_open_site(database, settings, seed, now), count, progress)
    finally:
        app.extensions["database"].close()


def _load(site: Site, count: int, progress: Callable[[int], None]) -> list[Account]:
    drawn = list(firms(site.seed, count + count // UNCLAIMED_PER, _places(site.database)))
    made, unclaimed = drawn[:count], offices.nearby(site, drawn[count:])
    keys = {name: _password() for name, *_ in (*ACCOUNTS, *STAFF)}
    staff = hire(site, keys, HOST)
    offices.own_industries(site, staff["city"])
    offices.list_firms(site, [*filter(partial(offices.is_listed, site), made), *unclaimed], staff["city"])
    owners = {number: name for name, number, role, _about in ACCOUNTS if role == "owner"}
    _live([_story(site, firm, owners.get(firm.number), keys) for firm in made], progress)
    known = {firm.number: firm for firm in made}
    for surname, (name, number, role, _about) in zip(words()["surnames"], ACCOUNTS, strict=False):
        if role != "owner":
            _add_person(site, (surname, name, keys[name]), known.get(number), role)
    offices.at_the_desk(site, HOST, unclaimed, made, staff)
    desk_work.since(site, staff, [firm for firm in made if firm.number not in STARRING])
    visits(site, staff["officer"], staff["assessor"])
    _release(site)
    return [
        *(
            Account(f"{name}@{HOST}", keys[name], known[number].name if number else "", about)
            for name, number, _role, about in ACCOUNTS
        ),
        *(Account(f"{name}@{HOST}", keys[name], "", about, staff[name].secret) for name, _role, _area, about in STAFF),
    ]


def _password() -> str:
    """Four groups of four, without letters that look like digits: about 79 bits."""
    signs = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(signs) for _ in range(4)) for _ in range(4))


def _open_site(database: Database, settings: Settings, seed: int, now: datetime) -> Site:
    """Publish everything, and open the round of now and the one of a year before."""
    instruments = [catalogue.builtin(name, version) for name, version in INSTRUMENTS.items()]
    today = now.astimezone(SHANGHAI).date()
    first = today - OPEN_SINCE
    past = first - YEAR
    before = datetime.combine(past, time(), SHANGHAI) - timedelta(days=1)
    with database.write() as session:
        published = [publish(session, instrument, before) for instrument in instruments]
        import_references(session, REFERENCES.read_bytes(), ".csv", SYSTEM, before)
        titles = [Text.model_validate(words()[name]) for name in ("round_before", "round")]
        earlier = open_round(session, titles[0], REFERENCE_YEAR - 1, past, past + WAS_OPEN_FOR, published)
        opened = open_round(session, titles[1], REFERENCE_YEAR, first, today + OPEN_FOR, published)
        site = partial(
            Site, database=database, seed=seed, settings=settings, nobody=passwords.hashed(secrets.token_urlsafe())
        )
        ended = datetime.combine(past + WAS_OPEN_FOR, time(18), SHANGHAI)
        then = site(**_campaigns(session, earlier), now=ended)
        return site(**_campaigns(session, opened), now=now, earlier=then)


def _campaigns(session: Session, opened: Round) -> dict[str, Any]:
    campaigns = session.scalars(sa.select(Campaign).where(Campaign.round_id == opened.id)).all()
    parts = {each.questionnaire: Part(each.id, _as_stored(each.instrument)) for each in campaigns}
    return {"parts": parts, "year": opened.reference_year, "opens": campaigns[0].opens_at}


def _as_stored(published: PublishedInstrument) -> Instrument:
    """What pages will read: the published text, not the file."""
    return catalogue.from_json(published.definition)


def _places(database: Database) -> list[Place]:
    """Districts and zones. There is more industry outside the centre of the city, most of all in the zones."""
    with database.read() as session:
        areas = [place.area for place in areas_tree(session) if place.area.kind in ("district", "zone")]
        codes = {area.id: area.code for area in areas}
        return [Place(area.id, _district(area, codes), _weight(area)) for area in areas]


def _district(area: Area, codes: dict[int, str | None]) -> str:
    """Zones have no number of their own; their firms are registered in the district around them."""
    return area.code or codes.get(area.parent_id or 0) or ""


def _weight(area: Area) -> int:
    return {"zone": 8}.get(area.kind, 2 if area.code in CITY_CENTRE else 6)


def _story(site: Site, firm: Firm, name: str | None, keys: dict[str, str]) -> Iterator[datetime]:
    """What happens to a firm; only the firms of printed accounts get reports and an owner who can sign in."""
    way = offices.claim if offices.is_listed(site, firm) else enter
    if name is None:
        return journey(site, firm, f"firm{firm.number:04}@{HOST}", site.nobody, (), way)
    return journey(site, firm, f"{name}@{HOST}", passwords.hashed(keys[name]), tuple(TAGS), way)


def _live(stories: list[Iterator[datetime]], progress: Callable[[int], None]) -> None:
    """Let everything happen in the order of time, one step of one firm after the other."""
    waiting = [(next(story), number, story) for number, story in enumerate(stories)]
    heapq.heapify(waiting)
    while waiting:
        _moment, number, story = waiting[0]
        following = next(story, None)
        if following is None:
            heapq.heappop(waiting)
            progress(len(stories) - len(waiting))
        else:
            heapq.heapreplace(waiting, (following, number, story))


def _add_person(site: Site, person: tuple[str, str, str], firm: Firm | None, role: str) -> None:
    """Somebody who has accepted an invitation to a firm that is there, or has no firm yet."""
    surname, name, password = person
    called = words()["person"].format(surname=surname)
    user_id = register(site, called, f"{name}@{HOST}", passwords.hashed(password), site.now)
    if firm is None:
        return
    with site.database.write() as session:
        joined = by_credit_code(session, make_credit_code(firm.registered, firm.number))
        assert joined is not None
        helping = {"body": words()["body"], "valid_until": (site.now + FILLER_FOR).date()} if role == "filler" else {}
        here = {"organisation_id": joined.id, "user_id": user_id, "role": role}
        session.add(Membership(state="confirmed", created_at=site.now, **here, **helping))


def _release(site: Site) -> None:
    """What firms are compared with: at the end of the round before, and of this quarter."""
    assert site.earlier is not None
    for there, cause, at in ((site.earlier, "campaign_end", site.earlier.now), (site, "command", site.now)):
        for part in there.parts.values():
            with suppress(NotReleased):  # nothing to count, or nobody yet
                release(site.database, part.campaign_id, cause, site.settings.benchmark_minimum, SYSTEM, at)


def last_day(database: Database) -> datetime | None:
    """When the newest round ends, in a demonstration made earlier."""
    with database.read() as session:
        return session.scalar(sa.select(sa.func.max(Campaign.closes_at)).join(Round))
