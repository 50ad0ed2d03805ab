"""A small city at random, written as rows, and a plain recount of everything its dashboards say."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaires import catalogue
from questionnaires.text import Text
from scoring.making import scorer_for
from survey.credit_code import make_credit_code
from survey.models import Area, Campaign, Organisation, Score, Scorecard, Snapshot, SubIndustry, Submission, User
from survey.publishing.actions import open_round, publish

HERE, THERE = "120111", "120116"
INSTRUMENT = catalogue.builtin("digital", "2024")
MEASURES = {
    name: measure.maximum
    for name, measure in scorer_for(INSTRUMENT).measures.items()
    if name in ("total", "foundation", "management", "effect")
}
LEVELS = ("Below level 1", "Level 1", "Level 2", "Level 3", "Level 4")
SIZES = {"micro": "Micro firm", "small": "Small firm", "medium": "Medium-sized firm", "large": "Large firm", None: "Size not determined"}  # fmt: skip  # noqa: E501
STAGES = ("listed", "claimed", "started", "submitted", "returned", "accepted", "verified")


@dataclass
class Result:
    """What one submission came out at; points in quarters, so that nothing is cut when stored."""

    state: str
    level: int
    points: dict[str, Fraction | None]


@dataclass
class Firm:
    """One firm as the test knows it. `own` says that the list names the city's own industry for it."""

    path: tuple[str, ...]
    code: str
    state: str
    size: str | None
    own: bool
    now: Result | None
    before: Result | None
    verified: int | None

    @property
    def counts(self) -> bool:
        return self.state == "confirmed" and self.now is not None and self.now.state in ("submitted", "accepted")

    @property
    def stage(self) -> str:
        if self.verified is not None:
            return "verified"
        if self.now is None:
            return "listed" if self.state == "listed" else "claimed"
        return "started" if self.now.state == "draft" else self.now.state


@dataclass
class Town:
    """The firms, the campaigns, and the areas by their English names."""

    firms: list[Firm]
    campaign: str
    areas: dict[str, str]
    own: str

    def of(self, area: str, industry: str = "", size: str = "", *, counted: bool = True) -> list[Firm]:
        """The firms of an area with everything below it, narrowed as a dashboard is."""
        return [
            firm
            for firm in self.firms
            if area in firm.path
            and (not industry or (firm.own if industry == self.own else firm.code[:3] == industry))
            and (not counted or (firm.counts and size in ("", firm.size)))
        ]


def make_town(session: Session, seed: int, firms: int = 60) -> Town:
    """Two districts with two streets each, the first district with firms in no street as well."""
    dice, now = random.Random(seed), datetime.now(UTC)  # noqa: S311  # made-up firms
    user = User(name="Zhao", mobile="13900000000", created_at=now)
    session.add(user)
    session.flush()
    areas = _areas(session)
    own = SubIndustry(code="tools", name_zh="工具", name_en="Tools", prefixes=["C3411"])
    session.add(own)
    earlier, campaign = (_campaign(session, year) for year in (2024, 2025))
    session.flush()
    paths = [path for path in areas if len(path) > 1]
    made = [_firm(dice, dice.choice(paths)) for _number in range(firms)]
    rows = Rows(user.id, now)
    for number, firm in enumerate(made, 1):
        rows.firm(number, firm, areas[firm.path].id, own.id)
        rows.results(number, firm, earlier, campaign)
    for model, values in rows.of.items():
        session.execute(sa.insert(model), values)
    return Town(made, campaign.public_id, {path[-1]: area.public_id for path, area in areas.items()}, own.public_id)


def _areas(session: Session) -> dict[tuple[str, ...], Area]:
    city = session.scalars(sa.select(Area).where(Area.kind == "city")).one()
    found = {("Tianjin",): city}
    for code, name in ((HERE, "Here"), (THERE, "=There")):
        district = session.scalars(sa.select(Area).where(Area.code == code)).one()
        district.name_en = name
        found["Tianjin", name] = district
        for number in (2, 1):
            street = Area(kind="street", parent_id=district.id, path="", name_zh="街", name_en=f"{name} {number}")
            street.name_zh, street.position = street.name_en, -number
            session.add(street)
            session.flush()
            street.path = f"{district.path}{street.id}/"
            found["Tianjin", name, street.name_en] = street
    return found


def _campaign(session: Session, year: int) -> Campaign:
    published = publish(session, INSTRUMENT, datetime.now(UTC))
    title = Text(zh_CN=f"{year} 年", en=f"Round {year}")
    made = open_round(session, title, year, date(year, 3, 1), date(year, 9, 1), [published])
    return session.scalars(sa.select(Campaign).where(Campaign.round_id == made.id)).one()


def _firm(dice: random.Random, path: tuple[str, ...]) -> Firm:
    now = _result(dice, ("draft", "submitted", "returned", "accepted", "accepted", "accepted"), 0.85)
    handed_in = now is not None and now.state != "draft"
    state = dice.choice(("confirmed", "confirmed", "confirmed", "claimed", "listed"))
    code = dice.choice(("C3411", "C3484", "C1330"))
    return Firm(
        path=path,
        code=code,
        state=state,
        size=dice.choice(list(SIZES)),
        own=code == "C3411" or dice.random() < 0.1,
        now=now,
        before=_result(dice, ("submitted", "accepted", "returned"), 0.6),
        verified=dice.randrange(5) if handed_in and dice.random() < 0.3 else None,
    )


def _result(dice: random.Random, states: tuple[str, ...], chance: float) -> Result | None:
    if dice.random() > chance:
        return None
    points = {
        name: Fraction(dice.randrange(int(most * 4) + 1), 4) if dice.random() < 0.9 else None
        for name, most in MEASURES.items()
    }
    return Result(dice.choice(states), dice.randrange(5), points)


class Rows:
    """Rows by table, in the order in which they may be written; the numbers of rows are given here."""

    def __init__(self, user_id: int, now: datetime) -> None:
        self.user_id, self.now = user_id, now
        models: tuple[Any, ...] = (Organisation, Submission, Snapshot, Scorecard, Score)
        self.of: dict[Any, list[dict[str, Any]]] = {model: [] for model in models}

    def firm(self, number: int, firm: Firm, area_id: int, own_id: int) -> None:
        self.of[Organisation].append(
            {
                "id": number, "credit_code": make_credit_code("120111", number), "name": f"Firm {number}",
                "created_at": self.now, "created_by": self.user_id, "operating_area_id": area_id,
                "industry_code": firm.code, "state": firm.state,
                "sub_industry_id": own_id if firm.own and firm.code != "C3411" else None,
            }
        )  # fmt: skip

    def results(self, number: int, firm: Firm, earlier: Campaign, campaign: Campaign) -> None:
        if firm.before:
            self.result(number, firm, earlier, firm.before, "self", None)
        if firm.now:
            own = self.result(number, firm, campaign, firm.now, "self", None)
            if firm.verified is not None:
                seen = Result("accepted", firm.verified, dict.fromkeys(MEASURES))
                self.result(number, firm, campaign, seen, "verified", own)

    def result(
        self, number: int, firm: Firm, campaign: Campaign, result: Result, kind: str, verifies: int | None
    ) -> int:
        own = len(self.of[Submission]) + 1
        draft, total = result.state == "draft", millionths(result.points["total"])
        row = {
            "id": own, "organisation_id": number, "campaign_id": campaign.id, "kind": kind, "state": result.state,
            "created_at": self.now, "created_by": self.user_id, "verifies_id": verifies,
            "submitted_at": None if draft else self.now, "reference": None if draft else f"R{own}",
            "scorecard_id": None if draft else own, "level": None if draft else result.level,
            "possible_level": None if draft else result.level, "total_e6": None if draft else total,
            "size_class": None if draft else firm.size,
        }  # fmt: skip
        self.of[Submission].append(row)
        if not draft:
            self.card(own, firm, campaign, result, number)
        return own

    def card(self, own: int, firm: Firm, campaign: Campaign, result: Result, number: int) -> None:
        """A snapshot and a scorecard with nothing in them but the scores."""
        area_id = self.of[Organisation][-1]["operating_area_id"]
        self.of[Snapshot].append(
            {
                "id": own, "submission_id": own, "number": 1, "instrument_id": campaign.instrument_id,
                "reference_year": 2025, "responses": {}, "facts": [], "organisation": {}, "commitment": "1",
                "content_hash": "0", "submitted_at": self.now,
            }
        )  # fmt: skip
        self.of[Scorecard].append(
            {
                "id": own, "snapshot_id": own, "engine_version": "1", "level": result.level,
                "possible_level": result.level, "card": {}, "total_e6": millionths(result.points["total"]),
                "created_at": self.now,
            }
        )  # fmt: skip
        for name, points in result.points.items():
            exact = millionths(points)
            most = int(MEASURES[name] * 1_000_000)
            self.of[Score].append(
                {
                    "scorecard_id": own, "measure": name, "points_e6": exact, "low_e6": exact or 0,
                    "high_e6": most if exact is None else exact, "organisation_id": number,
                    "campaign_id": campaign.id, "area_id": area_id, "size_class": firm.size,
                    "industry_division": firm.code[:3],
                }
            )  # fmt: skip


def millionths(points: Fraction | None) -> int | None:
    return None if points is None else int(points * 1_000_000)


# -- the recount -------------------------------------------------------------------------------------------------------


def by_size(firms: list[Firm]) -> list[tuple[str, list[Firm]]]:
    groups = ((name, [firm for firm in firms if firm.size == size]) for size, name in SIZES.items())
    return [(name, group) for name, group in groups if group]


def by_division(firms: list[Firm]) -> list[tuple[str, list[Firm]]]:
    names = {"C13": "Processing of food from agricultural products", "C34": "Manufacture of general-purpose machinery"}
    return [(name, group) for code, name in names.items() if (group := [f for f in firms if f.code[:3] == code])]


def levels(firms: list[Firm]) -> list[int]:
    counted = Counter(firm.now.level for firm in firms if firm.now)
    return [counted[level] for level in range(5)] + [len(firms)]


def quantile(values: list[Fraction], share: Fraction) -> Fraction:
    row = sorted(values)
    place = (len(row) - 1) * share
    below = int(place)
    above = min(below + 1, len(row) - 1)
    return row[below] + (row[above] - row[below]) * (place - below)


def cut_share(points: Fraction, measure: str) -> Fraction:
    """The share of the maximum in steps of half a percent."""
    return Fraction(int(points / MEASURES[measure] * 200), 200)


def shares(firms: list[Firm], measure: str) -> list[Fraction]:
    found: list[Any] = [firm.now.points[measure] for firm in firms if firm.now]
    return [cut_share(points, measure) for points in found if points is not None]


def shown(value: Fraction) -> str:
    """With one decimal, cut, as a table holds it."""
    tenths = int(value * 10)
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)
