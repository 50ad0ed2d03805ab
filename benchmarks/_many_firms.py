"""A city of very many firms with what they handed in, loaded past the actions: for lists that must stay quick.

Rows are made from a fixed seed and loaded in bulk with references unchecked; scorecards and snapshots are left out,
since lists read what the submission's row repeats.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.orm import Session

from questionnaires import catalogue
from questionnaires.text import Text
from scoring.making import scorer_for
from survey import database
from survey.models import Area, Campaign, FirmGroup, SubIndustry, User
from survey.publishing.actions import open_round, publish

ROOT: Final = Path(__file__).parent.parent
STREETS: Final = 12
BEGAN: Final = datetime(2026, 3, 1, 8, tzinfo=UTC)
SIZES: Final = ("micro", "small", "medium", "large", None)
STATES: Final = ("draft", "submitted", "returned", "accepted")
DIVISIONS: Final = (*(f"C{number}" for number in range(13, 44)), "I64", "I65", "M73", "F51", "G59")
BRANDS: Final = "禾岳澜桥沐青砚顺拓云杉星火明远恒通瑞丰华泰宏达金鼎博众汇创天成"
TRADES: Final = (
    "精密零部件",
    "智能装备",
    "食品科技",
    "电子材料",
    "汽车部件",
    "包装制品",
    "铸造",
    "化工",
    "纺织",
    "仪表",
)
PLACES: Final = ("津南", "西青", "北辰", "东丽", "武清", "宝坻", "静海", "宁河")


def build(url: str, firms: int) -> None:
    """Migrate the database and fill it: `firms` firms, two thirds of them with an assessment, one in fifty visited."""
    config = Config(ROOT / "alembic.ini")
    config.attributes["database_url"] = url
    command.upgrade(config, "head")
    writer = database.engine(url, "write")
    with Session(writer) as session, session.begin():
        places, campaign, groups = _frame(session)
        measures = _measures()
    dice = random.Random(7)  # noqa: S311  # the same city every time
    load = _into_sqlite if url.startswith("sqlite") else _into_postgresql
    load(url, "organisation", _firms(firms, places, dice))
    load(url, "submission", _submissions(firms, campaign, dice))
    load(url, "score", _scores(url, measures, campaign, dice))
    load(
        url, "firm_group_member", [{"group_id": dice.choice(groups), "organisation_id": n} for n in range(1, firms, 12)]
    )
    with writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not url.startswith("sqlite"):
            connection.execute(sa.text("VACUUM ANALYZE"))
    writer.dispose()


def _frame(session: Session) -> tuple[list[int], int, list[int]]:
    """Streets below every district, a round, an own industry, some chains; ids of areas, campaign and chains."""
    now = datetime.now().astimezone()
    session.add(User(name="李工", mobile="13800138000", created_at=now))
    districts = session.scalars(sa.select(Area).where(Area.kind != "city")).all()
    places = [district.id for district in districts]
    for district in districts:
        for number in range(STREETS):
            street = Area(
                kind="street", parent_id=district.id, name_zh=f"街{number}", name_en=f"Street {number}",
                position=number, path="",
            )  # fmt: skip
            session.add(street)
            session.flush()
            street.path = f"{district.path}{street.id}/"
            places.append(street.id)
    session.add(SubIndustry(code="seals", name_zh="密封件", name_en="Seals", prefixes=["C348", "C34"]))
    groups = [FirmGroup(kind="chain", code=f"c{n}", name_zh=f"链{n}", name_en=f"Chain {n}") for n in range(5)]
    session.add_all(groups)
    published = publish(session, catalogue.builtin("digital", "2024"), now)
    first, last = now.date() - timedelta(days=30), now.date() + timedelta(days=30)
    opened = open_round(session, Text(zh_CN="测", en="t"), 2025, first, last, [published])
    session.flush()
    campaign = session.scalars(sa.select(Campaign.id).where(Campaign.round_id == opened.id)).one()
    return places, campaign, [group.id for group in groups]


def _measures() -> list[tuple[str, int]]:
    """The dimensions of the questionnaire with their maxima in millionths."""
    measures = list(scorer_for(catalogue.builtin("digital", "2024")).measures.values())
    return [(each.id, int(each.maximum * 10**6)) for each in measures if each.parent == measures[0].id]


def _moment(dice: random.Random) -> str:
    return f"{BEGAN + timedelta(minutes=dice.randrange(300_000)):%Y-%m-%d %H:%M:%S.000000}"


def _firms(count: int, places: Sequence[int], dice: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        brand = dice.choice(BRANDS) + dice.choice(BRANDS)
        listed = _moment(dice) if dice.random() < 0.9 else None
        yield {
            "id": number,
            "public_id": f"f{number:021}",
            "credit_code": f"91120116{number:010}",
            "credit_code_override": 0,
            "name": f"天津{dice.choice(PLACES)}{brand}{dice.choice(TRADES)}{number % 977}有限公司",
            "operating_area_id": dice.choice(places),
            "industry_code": dice.choice(DIVISIONS) + f"{dice.randrange(1, 9)}{dice.randrange(10)}",
            "created_at": _moment(dice),
            "created_by": 1,
            "state": dice.choices(("listed", "claimed", "confirmed", "disputed"), (25, 15, 59, 1))[0],
            "listed_at": listed,
        }


def _submissions(firms: int, campaign: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    number = 0
    for firm in range(1, firms + 1):
        for kind, share in (("self", 0.67), ("verified", 0.02)):
            if dice.random() < share:
                number += 1
                state = "accepted" if kind == "verified" else dice.choices(STATES, (20, 40, 5, 35))[0]
                done = state != "draft"
                level = dice.choices((0, 1, 2, 3, 4), (30, 40, 20, 8, 2))[0] if done else None
                yield {
                    "id": number,
                    "public_id": f"s{number:021}",
                    "organisation_id": firm,
                    "campaign_id": campaign,
                    "kind": kind,
                    "state": state,
                    "reference": f"R{number}" if done else None,
                    "wave": 1,
                    "created_at": _moment(dice),
                    "created_by": 1,
                    "submitted_at": _moment(dice) if done else None,
                    "rev": 1,
                    "due_on": "2026-12-01" if state == "returned" else None,
                    "scorecard_id": number if done else None,
                    "level": level,
                    "possible_level": level,
                    "total_e6": dice.randrange(100_000_000) if done else None,
                    "quality_signs": dice.choices((0, 1, 2), (85, 10, 5))[0] if done else None,
                    "size_class": dice.choice(SIZES) if done else None,
                }


def _scores(
    url: str, measures: Sequence[tuple[str, int]], campaign: int, dice: random.Random
) -> Iterator[dict[str, Any]]:
    engine = database.engine(url, "read")
    with engine.connect() as connection:
        cards = connection.execute(
            sa.text("SELECT scorecard_id, organisation_id FROM submission WHERE scorecard_id IS NOT NULL")
        ).all()
    engine.dispose()
    for card, firm in cards:
        for measure, maximum in measures:
            points = dice.randrange(maximum + 1)
            yield {
                "scorecard_id": card, "measure": measure, "points_e6": points, "low_e6": points, "high_e6": points,
                "organisation_id": firm, "campaign_id": campaign, "area_id": 1, "industry_division": "C34",
            }  # fmt: skip


def _into_sqlite(url: str, table: str, rows: Iterable[dict[str, Any]]) -> None:
    engine = database.engine(url, "migrate")  # references are not checked on this one
    given = iter(rows)
    first = next(given)
    names, marks = ", ".join(first), ", ".join("?" * len(first))
    with engine.begin() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  # names of ours
        driver.execute(statement, tuple(first.values()))
        driver.executemany(statement, (tuple(row.values()) for row in given))
    engine.dispose()


def _into_postgresql(url: str, table: str, rows: Iterable[dict[str, Any]]) -> None:
    given = iter(rows)
    first = next(given)
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # references are not checked
        cursor.execute("SET timezone = 'UTC'")
        with cursor.copy(f"COPY {table} ({', '.join(first)}) FROM STDIN") as copy:  # type: ignore[arg-type]
            copy.write_row(tuple(first.values()))
            for row in given:
                copy.write_row(tuple(row.values()))
