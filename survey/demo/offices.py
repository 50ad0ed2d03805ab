"""What the offices do: the city's own industries, the list of firms, claims in every state, assessors."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from survey import audit
from survey.city import industry_actions
from survey.claims import actions, codes, deciding, letters
from survey.credit_code import CreditCode, make_credit_code, read
from survey.demo.firms import STARRING, Firm, dice, words
from survey.demo.journeys import register
from survey.demo.lives import Site
from survey.demo.staff import AREA, Hired
from survey.desk import import_checks
from survey.desk.assessor_actions import assign
from survey.desk.import_actions import import_list
from survey.models import Area, Claim, Organisation
from survey.organisations.actions import Details

LISTED_SHARE: Final = 0.85
"""How many firms stand on the city's list; the others enter themselves and wait for their office."""
WAITING_DAYS: Final = 12
"""What was claimed in the last days still waits."""
TITLED_SHARE: Final = 0.3
LETTERS, DISPUTES, VISITS, NEARBY = 4, 2, 3, 8
"""Claims by letter (the first is refused); firms claimed twice; firms to visit; firms that nobody has claimed."""


def is_listed(site: Site, firm: Firm) -> bool:
    return firm.number in STARRING or dice(site.seed, "listed", firm.number).random() < LISTED_SHARE


def nearby(site: Site, unclaimed: Sequence[Firm]) -> list[Firm]:
    """The first few work in the district whose office is shown."""
    here = _area(site)
    return [*(replace(firm, area_id=here) for firm in unclaimed[:NEARBY]), *unclaimed[NEARBY:]]


def own_industries(site: Site, city: Hired) -> None:
    """The city's own industries."""
    for each in words()["own_industries"]:
        values = industry_actions.IndustryValues(each["code"], each["zh_CN"], each["en"], each["prefixes"])
        with site.database.write() as session:
            industry_actions.add(session, values, audit.Actor(city.user_id), site.beginning - timedelta(days=5))


def list_firms(site: Site, firms: Sequence[Firm], city: Hired) -> None:
    """Import the list, as the city's file would be."""
    with site.database.read() as session:
        areas = {area.id: area.name_zh for area in session.scalars(sa.select(Area))}
    lines = import_checks.read(_file(site, firms, areas), "list.csv")
    with site.database.write() as session:
        import_list(session, lines, frozenset(areas), audit.Actor(city.user_id), site.beginning - timedelta(days=4))


def _file(site: Site, firms: Sequence[Firm], areas: Mapping[int, str]) -> bytes:
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(words()["list"]["columns"])
    for firm in firms:
        chance = dice(site.seed, "list", firm.number)
        title = chance.choice(words()["list"]["titles"]) if chance.random() < TITLED_SHARE else ""
        until = f"{site.year + chance.randint(1, 3)}-12-31"
        above = words()["list"]["above" if firm.revenue > 20_000_000 else "below"]
        mobile = f"1990000{firm.number:04}"
        code = make_credit_code(firm.registered, firm.number)
        titled = f"{title}:{until}" if title else ""
        writer.writerow([code, firm.name, areas[firm.area_id], firm.owner, mobile, firm.industry, titled, above])
    return made.getvalue().encode("utf-8-sig")


def claim(site: Site, firm: Firm, user_id: int, at: datetime) -> int:
    """The firm's owner enters the code that came as a letter; gives the firm's id."""
    credit_code = make_credit_code(firm.registered, firm.number)
    with site.database.write() as session:
        listed = session.scalars(sa.select(Organisation).where(Organisation.credit_code == credit_code)).one()
        made = codes.issue(session, site.settings, [listed], "letter", audit.SYSTEM, at - timedelta(days=1))
        code = made[listed.id]
        outcome = actions.claim_by_code(session, site.settings, credit_code, code, audit.Actor(user_id), at)
        assert outcome is not None
        assert outcome.firm is not None
        return outcome.firm.id


def at_the_desk(
    site: Site, host: str, unclaimed: Sequence[Firm], claimed: Sequence[Firm], staff: Mapping[str, Hired]
) -> None:
    """Decide what has waited long enough; then letters and second claims that wait, a refusal, and visits."""
    _confirm_entered(site, staff["city"])
    own = [firm for firm in unclaimed if firm.area_id == _area(site)]
    usual = [firm for firm in claimed if firm.number not in STARRING and is_listed(site, firm)]
    others = [firm for firm in usual if firm.area_id == _area(site)]
    asked = [*own[:LETTERS], *others[:DISPUTES]]
    made = [_by_letter(site, host, number, firm) for number, firm in enumerate(asked, 1)]
    if own:
        _refuse(site, made[0], staff["officer"])
    for firm in others[DISPUTES : DISPUTES + VISITS]:
        with site.database.write() as session:
            visited = _organisation_id(session, firm)
            assign(session, visited, staff["assessor"].user_id, audit.Actor(staff["officer"].user_id), site.now)


def _area(site: Site) -> int:
    with site.database.read() as session:
        return session.scalars(sa.select(Area.id).where(Area.code == AREA)).one()


def _organisation_id(session: Session, firm: Firm) -> int:
    code = make_credit_code(firm.registered, firm.number)
    return session.scalars(sa.select(Organisation.id).where(Organisation.credit_code == code)).one()


def _confirm_entered(site: Site, city: Hired) -> None:
    old = sa.select(Claim.id, Claim.made_at).where(
        Claim.state == "waiting", Claim.made_at < site.now - timedelta(days=WAITING_DAYS)
    )
    with site.database.read() as session:
        waiting = session.execute(old).all()
    for claim_id, made_at in waiting:
        with site.database.write() as session:
            deciding.decide(
                session, site.settings, claim_id, "approve", None, False,
                audit.Actor(city.user_id), made_at + timedelta(days=2),
            )  # fmt: skip


def _by_letter(site: Site, host: str, number: int, firm: Firm) -> int:
    """Somebody claims the firm with a letter; gives the claim's id."""
    at = site.now - timedelta(days=number, hours=3)
    user_id = register(site, firm.owner, f"claimant{number}@{host}", site.nobody, at - timedelta(minutes=20))
    code = read(make_credit_code(firm.registered, firm.number))
    assert isinstance(code, CreditCode)
    kept = letters.keep(site.settings, "letter.png", _letter(number))
    details = Details(firm.name, firm.area_id, firm.industry)
    with site.database.write() as session:
        area = session.scalars(sa.select(Area.public_id).where(Area.id == firm.area_id)).one()
        typed = {"name": firm.name, "area": area, "industry": firm.industry}
        outcome = actions.claim_by_letter(
            session, site.settings, code, details, typed, None, kept, audit.Actor(user_id), at
        )
        assert outcome.claim is not None
        return outcome.claim.id


def _letter(number: int) -> bytes:
    """A picture of a page with lines where the text would be, a stamp and a signature: nobody's letter."""
    page = Image.new("RGB", (620, 877), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((210, 90, 410, 104), fill="#444444")
    for row in range(14):
        pen.rectangle((80, 170 + 30 * row, 540 - 40 * (row * (number + 3) % 4), 176 + 30 * row), fill="#999999")
    pen.ellipse((380, 660, 500, 780), outline="#c0392b", width=5)
    pen.line([(120, 740), (160, 715), (190, 745), (230, 708), (270, 738)], fill="#1a3f6b", width=4)
    made = io.BytesIO()
    page.save(made, "PNG")
    return made.getvalue()


def _refuse(site: Site, claim_id: int, officer: Hired) -> None:
    with site.database.write() as session:
        deciding.decide(
            session, site.settings, claim_id, "refuse", words()["refused"], False,
            audit.Actor(officer.user_id), site.now - timedelta(hours=2),
        )  # fmt: skip
