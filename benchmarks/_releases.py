"""A city of any number of firms with all that a release looks at, loaded past the actions with references unchecked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks._many_firms import _into_postgresql, _into_sqlite
from questionnaires import catalogue
from questionnaires.text import Text
from survey import database
from survey.models import Area, Campaign, User
from survey.privacy.consent_texts import TEXTS
from survey.publishing.actions import open_round, publish

STREETS: Final = 12
DIVISIONS: Final = tuple(f"C{number}" for number in range(13, 43))
SIZES: Final = ("micro", "small", "medium", "large")
MAXIMA: Final = {"total": 100, "foundation": 50, "management": 30, "effect": 20}
"""What the digital questionnaire of 2024 compares."""
AT: Final = "2026-03-02 09:00:00.000000"


def build(url: str, firms: int) -> int:
    """Fill a migrated database; the id of the campaign in which every firm has submitted."""
    writer = database.engine(url, "write")
    with Session(writer) as session, session.begin():
        streets, campaign = _frame(session)
    load = _into_sqlite if url.startswith("sqlite") else _into_postgresql
    dice = random.Random(11)  # noqa: S311 -- made-up firms, the same every time
    places = _places(firms, streets, dice)
    load(url, "organisation", _organisations(places))
    load(url, "consent", _consents(firms))
    load(url, "submission", _submissions(firms, campaign))
    load(url, "scorecard", _scorecards(firms))
    load(url, "score", _scores(places, campaign, dice))
    if writer.dialect.name == "postgresql":
        with writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))
    writer.dispose()
    return campaign


def _frame(session: Session) -> tuple[list[int], int]:
    now = datetime.now(UTC)
    session.add(User(name="李工", mobile="13800138000", created_at=now))
    streets = []
    for district in session.scalars(sa.select(Area).where(Area.kind == "district")).all():
        for number in range(STREETS):
            name = f"Street {number}"
            street = Area(kind="street", parent_id=district.id, path="", name_zh=name, name_en=name)
            session.add(street)
            session.flush()
            street.path = f"{district.path}{street.id}/"
            streets.append(street.id)
    published = publish(session, catalogue.builtin("digital", "2024"), now)
    first = now.date() - timedelta(days=30)
    opened = open_round(session, Text(zh_CN="测", en="t"), 2025, first, first + timedelta(days=90), [published])
    session.flush()
    return streets, session.scalars(sa.select(Campaign.id).where(Campaign.round_id == opened.id)).one()


Place = tuple[int, str, str]


def _places(firms: int, streets: list[int], dice: random.Random) -> list[Place]:
    """Few large industries and districts and many small ones."""
    weights = [1 / (rank + 1) for rank in range(len(DIVISIONS))]
    divisions = dice.choices(DIVISIONS, weights, k=firms)
    sizes = dice.choices(SIZES, (30, 45, 20, 5), k=firms)
    return [(streets[int(len(streets) * dice.random() ** 2)], *each) for each in zip(divisions, sizes, strict=True)]


def _organisations(places: list[Place]) -> Iterator[dict[str, Any]]:
    for number, (area, division, _size) in enumerate(places, 1):
        yield {
            "id": number, "public_id": f"o{number:010}", "credit_code": f"{number:018}", "credit_code_override": False,
            "name": f"Firm {number}", "operating_area_id": area, "industry_code": f"{division}84", "created_at": AT,
            "created_by": 1, "state": "confirmed",
        }  # fmt: skip


def _consents(firms: int) -> Iterator[dict[str, Any]]:
    version = TEXTS["benchmark"].version
    for number in range(1, firms + 1):
        yield {
            "id": number, "public_id": f"c{number:010}", "organisation_id": number, "kind": "benchmark", "fields": "[]",
            "purpose": "comparison", "text_version": version, "given_at": AT, "given_by": 1,
        }  # fmt: skip


def _submissions(firms: int, campaign: int) -> Iterator[dict[str, Any]]:
    for number in range(1, firms + 1):
        yield {
            "id": number, "public_id": f"s{number:010}", "organisation_id": number, "campaign_id": campaign,
            "kind": "self", "state": "submitted", "reference": f"R{number}", "wave": 1, "created_at": AT,
            "created_by": 1, "submitted_at": AT, "rev": 1, "scorecard_id": number,
        }  # fmt: skip


def _scorecards(firms: int) -> Iterator[dict[str, Any]]:
    for number in range(1, firms + 1):
        yield {
            "id": number, "snapshot_id": number, "engine_version": "1", "level": 0, "possible_level": 0, "card": "{}",
            "created_at": AT,
        }  # fmt: skip


def _scores(places: list[Place], campaign: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    for number, (area, division, size) in enumerate(places, 1):
        level = dice.gauss(0.45, 0.15)
        for measure, most in MAXIMA.items():
            points = int(most * 1_000_000 * min(max(level + dice.gauss(0, 0.1), 0), 1))
            yield {
                "scorecard_id": number, "measure": measure, "points_e6": points, "low_e6": points, "high_e6": points,
                "organisation_id": number, "campaign_id": campaign, "area_id": area, "industry_division": division,
                "size_class": size,
            }  # fmt: skip
