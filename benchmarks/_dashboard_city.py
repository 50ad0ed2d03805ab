"""A made-up city of any size for the benchmark of dashboards: firms, two rounds, results, some verified on site."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaires import catalogue
from questionnaires.text import Text
from scoring import scorer_for
from survey import database
from survey.models import Area, Campaign, Organisation, Round, Score, Submission, User
from survey.publishing.actions import open_round, publish

SEED: Final = 2024
BATCH: Final = 20_000
STREETS: Final = 10
DISTRICT_FIRMS: Final = 20_000
"""How many of the firms stand in the first district, at most a third of them."""
DIVISIONS: Final = tuple(f"C{number}" for number in range(13, 44))
SIZES: Final = {"micro": 45, "small": 40, "medium": 12, "large": 3}
LISTED: Final = 0.1
STATES: Final = {None: 8, "draft": 10, "submitted": 15, "returned": 4, "accepted": 63}
"""How far a hundred firms are in a round; None has not begun."""
DRAFT: Final = {
    "state": "draft", "submitted_at": None, "scorecard_id": None, "level": None, "possible_level": None,
    "total_e6": None, "size_class": None,
}  # fmt: skip
INDICATORS: Final = 5
"""Of the scores that a card has besides total and dimensions, so many are made: the rest are never read."""


def city(url: str, firms: int) -> dict[str, str]:
    """Fill a migrated, empty database; the public ids of city, first district, its first street, the later campaign.

    The engine for migrations writes without checking references: no scorecards are made, since nothing here reads them.
    """
    engine, dice, now = database.engine(url, "migrate"), random.Random(SEED), datetime.now(UTC)  # noqa: S311
    with Session(engine, expire_on_commit=False) as session:
        if engine.dialect.name == "postgresql":
            session.execute(sa.text("SET session_replication_role = replica"))
        user = User(name="Li Wei", mobile="13800138000", created_at=now)
        session.add(user)
        session.flush()
        areas, campaigns = _areas(session), _campaigns(session, now)
        places = _places(areas, firms)
        _insert(session, Organisation, _firms(places, firms, user.id, now, dice))
        for number, campaign in enumerate(campaigns):
            _insert(session, Submission, _submissions(campaign, number, firms, user.id, now, dice))
            _insert(session, Score, _scores(session, campaign, dice))
        session.commit()
        if engine.dialect.name == "postgresql":
            session.execute(sa.text("ANALYZE"))
            session.commit()
    engine.dispose()
    street = next(area for area in areas if area.kind == "street")
    found = {"city": areas[0], "district": areas[1], "street": street}
    return {**{name: area.public_id for name, area in found.items()}, "campaign": campaigns[1].public_id}


def _areas(session: Session) -> list[Area]:
    """The city, its first district, and all others with streets; the streets stand at the end."""
    top = session.scalars(sa.select(Area).where(Area.kind == "city")).one()
    districts = list(session.scalars(sa.select(Area).where(Area.parent_id == top.id).order_by(Area.position, Area.id)))
    streets = []
    for district in districts:
        for number in range(STREETS):
            name = f"Street {number}"
            street = Area(kind="street", parent_id=district.id, path="", name_zh=name, name_en=name, position=number)
            session.add(street)
            session.flush()
            street.path = f"{district.path}{street.id}/"
            streets.append(street)
    return [top, *districts, *streets]


def _campaigns(session: Session, now: datetime) -> list[Campaign]:
    """Two rounds with the same questionnaire."""
    found = []
    for year in (2024, 2025):
        day = (now - timedelta(days=365 * (2025 - year) + 20)).date()
        published = publish(session, catalogue.builtin("digital", "2024"), now)
        title = Text(zh_CN=str(year), en=str(year))
        made = open_round(session, title, year, day, day + timedelta(days=90), [published])
        assert isinstance(made, Round)
        found.append(session.scalars(sa.select(Campaign).where(Campaign.round_id == made.id)).one())
    return found


def _places(areas: Sequence[Area], firms: int) -> list[int]:
    """For each firm the id of its street: the first district has its share, the others the rest."""
    streets = [area.id for area in areas if area.kind == "street"]
    first, rest = streets[:STREETS], streets[STREETS:]
    own = min(DISTRICT_FIRMS, firms // 3)
    return [first[n % len(first)] if n < own else rest[n % len(rest)] for n in range(firms)]


def _firms(
    places: Sequence[int], firms: int, user_id: int, now: datetime, dice: random.Random
) -> Iterator[dict[str, Any]]:
    for number in range(firms):
        yield {
            "id": number + 1,
            "credit_code": f"{number:018}",
            "credit_code_override": True,
            "name": f"Firm {number}",
            "operating_area_id": places[number],
            "industry_code": f"{dice.choice(DIVISIONS)}{dice.randrange(10, 99)}",
            "created_at": now,
            "created_by": user_id,
            "state": "listed" if dice.random() < LISTED else "confirmed",
        }


def _submissions(
    campaign: Campaign, number: int, firms: int, user_id: int, now: datetime, dice: random.Random
) -> Iterator[dict[str, Any]]:
    """In the later round a few in a hundred of those accepted are verified, most of them at their level."""
    first = 10_000_000 * (number + 1)
    for firm in range(1, firms + 1):
        size, state = _one_of(SIZES, dice), _one_of(STATES, dice)
        if state is None:
            continue
        level = min(4, int(5 * dice.random() ** (2.6 - 0.4 * list(SIZES).index(size) - 0.3 * number)))
        own = _submission(campaign, first + firm, firm, level, size, user_id, now, dice)
        yield own | ({"state": state} if state != "draft" else DRAFT)
        if number and state == "accepted" and dice.random() < 0.06:
            level = max(level - (dice.random() < 0.25), 0)
            verified = _submission(campaign, first + 5_000_000 + firm, firm, level, size, user_id, now, dice)
            yield verified | {"kind": "verified", "verifies_id": own["id"]}


def _one_of(shares: dict[Any, int], dice: random.Random) -> Any:
    return dice.choices(list(shares), list(shares.values()))[0]


def _submission(
    campaign: Campaign, number: int, firm: int, level: int, size: str, user_id: int, now: datetime, dice: random.Random
) -> dict[str, Any]:
    return {
        "id": number,
        "organisation_id": firm,
        "campaign_id": campaign.id,
        "kind": "self",
        "state": "accepted",
        "reference": f"R{number}",
        "created_at": now,
        "created_by": user_id,
        "submitted_at": now,
        "scorecard_id": number,
        "level": level,
        "possible_level": level,
        "total_e6": 20_000_000 * level + dice.randrange(20_000_000),
        "size_class": size,
        "verifies_id": None,
    }


def _scores(session: Session, campaign: Campaign, dice: random.Random) -> Iterator[dict[str, Any]]:
    measures = scorer_for(catalogue.builtin("digital", "2024")).measures
    root = next(iter(measures))
    others = [name for name in measures if name not in (root, *measures[root].children)][:INDICATORS]
    wanted = [(name, int(measures[name].maximum * 1_000_000)) for name in (root, *measures[root].children, *others)]
    query = sa.select(
        Submission.scorecard_id, Submission.organisation_id, Submission.size_class, Organisation.industry_code,
        Organisation.operating_area_id,
    )  # fmt: skip
    query = query.join(Organisation, Organisation.id == Submission.organisation_id)
    rows = session.execute(
        query.where(Submission.campaign_id == campaign.id, Submission.scorecard_id.is_not(None)).order_by(Submission.id)
    ).all()
    for row in rows:
        for name, most in wanted:
            points = int(most * dice.random() ** 1.4)
            yield {
                "scorecard_id": row.scorecard_id,
                "measure": name,
                "points_e6": points,
                "low_e6": points,
                "high_e6": points,
                "organisation_id": row.organisation_id,
                "campaign_id": campaign.id,
                "area_id": row.operating_area_id,
                "industry_division": row.industry_code[:3],
                "size_class": row.size_class,
            }


def _insert(session: Session, model: Any, rows: Iterator[dict[str, Any]]) -> None:
    while batch := list(islice(rows, BATCH)):
        session.execute(sa.insert(model), batch)
