"""The filters of the firm table as conditions of a query on firms, each with its self-assessment of one campaign."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from survey import credit_code
from survey.desk.table_options import LATE, NOT_BEGUN
from survey.desk.table_plans import holds, off_index
from survey.models import FirmGroup, FirmGroupMember, ListedTitle, Organisation, OutsideResult, Score, Submission
from survey.models import SubIndustry as Own

Condition = sa.ColumnElement[bool]
MILLION: Final = 1_000_000
SOON: Final = timedelta(days=90)
WITH_ANSWERS: Final = frozenset({"size", "level", "low", "high", "gap", "signs"})
"""Filters that leave nothing without a submission."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a condition depends on besides its value. `along`: where the query begins, see table_queries.py."""

    session: Session
    campaign_id: int
    today: date
    along: str

    def firms(self, column: Any) -> Any:
        """A column of firms: to be searched by, unless their order is gone along."""
        return off_index(self.session, column) if self.along == "firms" else column


def conditions(chosen: Mapping[str, Any], case: Case) -> list[Condition]:
    """All of them; the area is part of the scope and not among them."""
    return [CONDITIONS[name](value, case) for name, value in chosen.items() if name in CONDITIONS]


def begun_only(chosen: Mapping[str, Any]) -> bool:
    """Whether only firms fit that have begun."""
    progress = chosen.get("progress")
    return bool(WITH_ANSWERS & set(chosen)) or (progress is not None and progress.value != NOT_BEGUN)


def nobody_begun(chosen: Mapping[str, Any]) -> bool:
    """Whether only firms fit that have not begun."""
    progress = chosen.get("progress")
    return progress is not None and progress.value == NOT_BEGUN


def _text(value: str, case: Case) -> Condition:
    """By a whole code, or by a part of the name or the beginning of a code."""
    code = credit_code.normal(value)
    if isinstance(credit_code.read(code), credit_code.CreditCode):
        return Organisation.credit_code == code
    named: Condition = holds(case.session, Organisation.name, value)
    if not (code.isascii() and code.isalnum()):
        return named
    return sa.or_(named, Organisation.credit_code.startswith(code, autoescape=True))


def _within(codes: Iterable[str], case: Case) -> Condition:
    """Firms whose industry code begins with one of these: as ranges, which an index knows."""
    column = case.firms(Organisation.industry_code)
    return sa.or_(sa.false(), *(sa.and_(column >= code, column < _after(code)) for code in codes))


def _after(code: str) -> str:
    return code[:-1] + chr(ord(code[-1]) + 1)


def _own(option: Any, case: Case) -> Condition:
    own: Own = option.thing
    named = case.firms(Organisation.sub_industry_id)
    return sa.or_(named == own.id, sa.and_(named.is_(None), _within(own.prefixes, case)))


def _group(option: Any, case: Case) -> Condition:
    group: FirmGroup = option.thing
    members = sa.select(FirmGroupMember.organisation_id).where(FirmGroupMember.group_id == group.id)
    return case.firms(Organisation.id).in_(members)


def _progress(option: Any, case: Case) -> Condition:
    if option.value == LATE:
        return late(case.today)
    return _not_begun(case) if option.value == NOT_BEGUN else Submission.state == option.value


def _not_begun(case: Case) -> Condition:
    """Looked up firm by firm: as a join PostgreSQL would read all submissions first, though many firms fit."""
    mine = aliased(Submission)
    own = sa.select(mine.id).where(
        mine.organisation_id == Organisation.id, mine.campaign_id == case.campaign_id, mine.kind == "self"
    )
    return own.limit(1).scalar_subquery().is_(None)


def late(today: date) -> Condition:
    """Returned, and not handed in again in time."""
    return sa.and_(Submission.state == "returned", Submission.due_on < today)


def _verified(option: Any, case: Case) -> Condition:
    other = aliased(Submission)
    which = sa.select(other.organisation_id).where(other.campaign_id == case.campaign_id, other.kind == "verified")
    ids = case.firms(Organisation.id)
    condition: Condition = ids.in_(which) if option.value == "yes" else ids.not_in(which)
    return condition


def _gap(option: Any, case: Case) -> Condition:
    measure, below = option.thing
    low = sa.and_(Score.measure == measure, Score.points_e6 < int(below * MILLION))
    cards = sa.select(Score.scorecard_id).where(low)
    if case.along == "gap":
        return Submission.scorecard_id.in_(cards.where(Score.campaign_id == case.campaign_id))
    return cards.where(Score.scorecard_id == Submission.scorecard_id).exists()


def ending(ends: Any, which: str, today: date) -> Condition:
    """A title that ends soon, or has ended."""
    return ends < today if which == "over" else ends.between(today, today + SOON)


def _titles(option: Any, case: Case) -> Condition:
    """By the list, or by a result that was recorded with proof and not withdrawn."""
    listed = sa.select(ListedTitle.organisation_id).where(ending(ListedTitle.valid_until, option.value, case.today))
    recorded = sa.select(OutsideResult.organisation_id).where(
        ending(OutsideResult.valid_until, option.value, case.today), OutsideResult.withdrawn_at.is_(None)
    )
    return Organisation.id.in_(listed.union(recorded))


def _e6(points: Fraction) -> int:
    """Rounded up: whoever asks for 60 and more is not shown 59.9999999."""
    return -int(-points * MILLION // 1)


CONDITIONS: Final[Mapping[str, Callable[[Any, Case], Condition]]] = {
    "q": _text,
    "industry": lambda option, case: _within([option.value], case),
    "own": _own,
    "size": lambda option, _case: Submission.size_class == option.value,
    "chain": _group,
    "cluster": _group,
    "state": lambda option, _case: Organisation.state == option.value,
    "progress": _progress,
    "verified": _verified,
    "level": lambda option, _case: Submission.level == option.thing,
    "gap": _gap,
    "titles": _titles,
    "low": lambda points, _case: Submission.total_e6 >= _e6(points),
    "high": lambda points, _case: Submission.total_e6 <= int(points * MILLION),
    "signs": lambda _on, _case: Submission.quality_signs > 0,
}
