"""Claims as the office sees them that decides: the firm as listed beside what was typed, and who is on either side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from flask import abort
from flask_babel import gettext as _
from sqlalchemy.orm import Session, contains_eager, joinedload

from survey.access import in_my_areas
from survey.accounts.role_names import FIRM_ROLE_NAMES
from survey.city.calendar import all_named_days
from survey.claims import standing
from survey.claims.due import due_on
from survey.claims.queries import HOWS, STATES
from survey.formatting import local_time
from survey.models import Area, Claim, Membership, Organisation
from survey.organisations.industries import names
from survey.organisations.queries import area_name

DECIDE: Final = "claims:decide"
MOST_ON_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A claim in the list. `late`: its day is over."""

    public_id: str
    firm: str
    area: str
    how: str
    dispute: bool
    claimant: str
    due: date
    late: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who acts for the firm now."""

    name: str
    role: str
    since: date
    recipient: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One property of the firm: as the platform has it, and as the claimant typed it (None: nothing was typed)."""

    name: str
    known: str
    typed: str | None

    @property
    def differs(self) -> bool:
        return self.typed is not None and self.typed != self.known


def _waiting() -> sa.Select[Claim]:
    """Claims to decide in the areas of the person who is signed in."""
    query: sa.Select[Claim] = sa.select(Claim).join(Claim.organisation).join(Organisation.operating_area)
    return query.where(Claim.state == "waiting", in_my_areas(DECIDE))


def lines(session: Session, today: date, language: str) -> tuple[list[Line], int]:
    """The oldest claims that wait, and how many there are."""
    count = session.scalar(sa.select(sa.func.count()).select_from(_waiting().with_only_columns(Claim.id).subquery()))
    oldest = _waiting().order_by(Claim.made_at, Claim.id).limit(MOST_ON_PAGE)
    firm = contains_eager(Claim.organisation)
    loaded = oldest.options(firm.contains_eager(Organisation.operating_area), joinedload(Claim.user))
    named = all_named_days(session)
    return [_line(claim, named, today, language) for claim in session.scalars(loaded)], count or 0


def _line(claim: Claim, named: Mapping[date, str], today: date, language: str) -> Line:
    firm, due = claim.organisation, due_on(named, claim.made_at)
    return Line(
        claim.public_id, firm.name, area_name(firm.operating_area, language), str(HOWS[claim.how]), claim.dispute,
        claim.user.name, due, due < today,
    )  # fmt: skip


def claim_or_404(session: Session, public_id: str) -> Claim:
    """A claim on a firm of the office's areas, decided or not."""
    query: sa.Select[Claim] = sa.select(Claim).join(Claim.organisation).join(Organisation.operating_area)
    firm = contains_eager(Claim.organisation)
    options = (firm.contains_eager(Organisation.operating_area), joinedload(Claim.user))
    scoped = query.where(Claim.public_id == public_id, in_my_areas(DECIDE), Claim.state != "withdrawn")
    return session.scalar(scoped.options(*options)) or abort(404)


def state_of(claim: Claim) -> tuple[str, str]:
    """Mark and word."""
    mark, word = STATES[claim.state]
    return mark, str(word)


def comparison(session: Session, claim: Claim, language: str) -> list[Comparison]:
    """Name, area and industry of the firm beside what the claimant typed."""
    firm, typed = claim.organisation, claim.typed or {}
    area = session.scalar(sa.select(Area).where(Area.public_id == typed.get("area")))
    codes = [code for code in (firm.industry_code, typed.get("industry")) if code]
    named = names(session, codes, language)
    said = typed.get("industry")
    return [
        Comparison(_("Name of the firm"), firm.name, typed.get("name")),
        Comparison(
            _("Area where the firm works"),
            area_name(firm.operating_area, language),
            area_name(area, language) if area else None,
        ),
        Comparison(
            _("Industry"),
            f"{firm.industry_code} {named[firm.industry_code]}",
            f"{said} {named[said]}" if said else None,
        ),
    ]


def holders(session: Session, claim: Claim) -> list[Holder]:
    """Who acts for the firm now, but for the claimant."""
    rows = standing.members(session, claim.organisation_id)
    return [_holder(row) for row in rows if row.user_id != claim.user_id]


def _holder(row: Membership) -> Holder:
    role = str(FIRM_ROLE_NAMES[row.role])
    return Holder(row.user.name, role, local_time(row.decided_at or row.created_at).date(), row.user.recipient)
