"""The city's reference values: which pair holds for an industry in a year.

For each code from the class up to the division the newest entry counts: that of the latest year, and of one year the
one entered last. The longest code with a pair wins; an entry without values takes the pair of its code away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaires.answers import read_reference
from questionnaires.exact import Rational
from questionnaires.faults import Fault
from questionnaires.given import Reference
from questionnaires.instrument import Instrument
from survey.models import ReferenceValue

LENGTHS: Final = (5, 4, 3)
"""How long the code of a class, a group and a division is."""


@dataclass(frozen=True, slots=True)
class Held:
    """The pair that holds for a firm, as exact text, and where it comes from."""

    base: str
    lead: str
    industry: str
    year_from: int
    source: str

    @property
    def pair(self) -> dict[str, str]:
        """As the cleaning of answers takes it."""
        return {"base": self.base, "lead": self.lead}


def held(session: Session, instrument: Instrument, industry_code: str, year: int) -> dict[str, Held]:
    """The values of an instrument's references for an industry and a reference year; those not there are left out.

    A pair that runs against the direction this version of the questionnaire states is left out as well.
    """
    asked = {reference.id: reference.better for reference in instrument.references}
    if not asked:
        return {}
    rows = _rows(session, instrument.questionnaire, tuple(asked), industry_code, year)
    found = {name: _nearest([row for row in rows if row.reference == name], industry_code) for name in asked}
    return {name: pair for name, pair in found.items() if pair is not None and fits(pair.pair, asked[name])}


def pairs(values: Mapping[str, Held]) -> dict[str, dict[str, str]]:
    """As the raw form of answers holds them."""
    return {name: value.pair for name, value in values.items()}


def fits(pair: Mapping[str, str], better: str) -> bool:
    return not isinstance(read_reference("", pair, better), Fault)


def frozen(values: Mapping[str, Held]) -> dict[str, dict[str, Any]] | None:
    """What a snapshot keeps of them; None where there are none."""
    return {name: asdict(value) for name, value in values.items()} or None


def thawed(kept: Mapping[str, Mapping[str, Any]] | None) -> dict[str, Reference]:
    """What the scorer takes, from what a snapshot keeps."""
    read = {
        name: {each: Rational(Fraction(value[each])) for each in ("base", "lead")}
        for name, value in (kept or {}).items()
    }
    return {name: Reference(**pair) for name, pair in read.items()}


def _rows(
    session: Session, questionnaire: str, references: tuple[str, ...], industry_code: str, year: int
) -> list[ReferenceValue]:
    """All that was ever entered for these codes, what counts first of each."""
    codes = {industry_code[:length] for length in LENGTHS}
    query = (
        sa.select(ReferenceValue)
        .where(ReferenceValue.questionnaire == questionnaire, ReferenceValue.industry.in_(codes))
        .where(ReferenceValue.reference.in_(references), ReferenceValue.year_from <= year)
        .order_by(ReferenceValue.year_from.desc(), ReferenceValue.id.desc())
    )
    return list(session.scalars(query))


def _nearest(rows: Iterable[ReferenceValue], industry_code: str) -> Held | None:
    newest: dict[str, ReferenceValue] = {}
    for row in rows:
        newest.setdefault(row.industry, row)
    for length in LENGTHS:
        there = newest.get(industry_code[:length])
        if there is not None and there.base is not None and there.lead is not None:
            return Held(there.base, there.lead, there.industry, there.year_from, there.source)
    return None


def current(session: Session) -> list[ReferenceValue]:
    """What counts now of everything entered: the newest entry of each questionnaire, reference, code and year."""
    newest = sa.select(sa.func.max(ReferenceValue.id)).group_by(
        ReferenceValue.questionnaire, ReferenceValue.reference, ReferenceValue.industry, ReferenceValue.year_from
    )
    query = sa.select(ReferenceValue).where(ReferenceValue.id.in_(newest))
    order = (ReferenceValue.questionnaire, ReferenceValue.reference, ReferenceValue.industry, ReferenceValue.year_from)
    return list(session.scalars(query.order_by(*order)))
