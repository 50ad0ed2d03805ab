"""The firms that the filters of the table leave, in the order asked for, all within the areas of who is signed in.

Few firms (up to `MOST_COUNTED`) are found in one go and sorted here. Of more than that it is only said that there are
more, and a page of them is read along an index.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from survey.access import in_my_areas
from survey.desk.queries import VIEW
from survey.desk.table_conditions import Case, begun_only, conditions, nobody_begun
from survey.desk.table_filters import Wanted
from survey.desk.table_plans import FirmsFirst, off_index
from survey.desk.table_sorts import SORTS, Piece, Ranks, Sort
from survey.models import Area, Campaign, Organisation, Submission

PER_PAGE: Final = 50
MOST_COUNTED: Final = 10_000
MANY: Final = 30_000
"""From so many firms in the areas on, looking at each of them takes longer than going along an index."""
AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of firms in their order. `more`: there are more than `total`, which is then `MOST_COUNTED`."""

    ids: list[int]
    total: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A firm of the table with its self-assessment, and the verified one beside it."""

    firm: Organisation
    own: Submission | None
    verified: Submission | None


@dataclass(frozen=True, slots=True)
class _Search:
    """A wish on its way to the database. `ranks` are the areas; `many`: they hold very many firms."""

    session: Session
    wanted: Wanted
    today: date
    ranks: Ranks
    many: bool

    @property
    def campaign_id(self) -> int:
        return self.wanted.campaign.id if self.wanted.campaign else 0


def found(session: Session, wanted: Wanted, today: date, *, first: int, most: int) -> Found:
    """`most` firms from the place `first` on."""
    ranks = area_ranks(session, wanted)
    size = _size(session, _within(ranks).limit(MANY + 1))
    search = _Search(session, wanted, today, ranks, size > MANY)
    sort = _sort(wanted)
    if size > MOST_COUNTED and not wanted.chosen.keys() - {"area"}:
        return Found(list(_along_pieces(search, first, most)), MOST_COUNTED, more=True)
    along = "area" if not search.many else "gap" if "gap" in wanted.chosen else "answers"
    some = _select(search, along, Organisation.name, *sort.columns).limit(MOST_COUNTED + 1)
    rows = session.execute(some).all()
    if len(rows) > MOST_COUNTED:
        return Found(list(_along_pieces(search, first, most)), MOST_COUNTED, more=True)
    keyed = sorted(rows, key=lambda row: sort.key(row, ranks))
    return Found([row[0] for row in keyed[first : first + most]], len(rows))


def area_ranks(session: Session, wanted: Wanted | None = None, permission: str = VIEW) -> dict[int, int]:
    """The areas where the person has the permission, below the chosen one, with their place in the city's order."""
    query = sa.select(Area.id, Area.parent_id).where(in_my_areas(permission)).order_by(Area.position, Area.id)
    chosen = wanted.chosen.get("area") if wanted else None
    if chosen is not None:
        query = query.where(Area.path.startswith(chosen.thing.path, autoescape=True))
    rows = session.execute(query).all()
    below: dict[int | None, list[int]] = {}
    for area, parent in rows:
        below.setdefault(parent, []).append(area)
    known = {area for area, _parent in rows}

    def walk(area: int) -> Iterator[int]:
        yield area
        for child in below.get(area, []):
            yield from walk(child)

    order = [each for area, parent in rows if parent not in known for each in walk(area)]
    return {area: place for place, area in enumerate(order)}


def _sort(wanted: Wanted) -> Sort:
    """As asked for. Firms that have not begun differ in nothing but their name and area."""
    return SORTS["name" if nobody_begun(wanted.chosen) and wanted.sort != "area" else wanted.sort]


def with_answers(session: Session, ranks: Ranks, campaign_id: int | None, *columns: Any) -> sa.Select[Any]:
    """Firms of these areas with what they sent, in one campaign or (None) in all.

    Few firms are gone through first, many by the campaigns that an index begins with.
    """
    of_firm = Submission.organisation_id == Organisation.id
    firms, answers = Organisation.__table__, Submission.__table__
    few = _size(session, _within(ranks).limit(MANY + 1)) <= MANY
    area, campaign = Organisation.operating_area_id, Submission.campaign_id
    area, campaign = (area, off_index(session, campaign)) if few else (off_index(session, area), campaign)
    asked = sa.select(Campaign.id) if campaign_id is None else [campaign_id]
    joined = FirmsFirst(firms, answers, of_firm) if few else sa.join(firms, answers, of_firm)
    return sa.select(*columns).select_from(joined).where(area.in_(list(ranks)), campaign.in_(asked))


def _within(ranks: Ranks) -> sa.Select[Any]:
    return sa.select(Organisation.id).where(Organisation.operating_area_id.in_(list(ranks)))


def _select(search: _Search, along: str, *columns: Any, begun: bool = False) -> sa.Select[Any]:
    """Ids (and more columns) of the firms that fit.

    `along`: where to begin. "area": the areas are few; "answers": the campaign's submissions; "gap": scores; "firms":
    an index of firms.
    """
    wanted, session = search.wanted, search.session
    begun = begun or begun_only(wanted.chosen)
    area, campaign, kind = Organisation.operating_area_id, Submission.campaign_id, Submission.kind
    if along != "answers":  # each firm's own row is found by the firm
        campaign, kind = off_index(session, campaign), off_index(session, kind)
    mine = (Submission.organisation_id == Organisation.id) & (campaign == search.campaign_id) & (kind == "self")
    scope = (area if along == "area" else off_index(session, area)).in_(list(search.ranks))
    case = Case(session, search.campaign_id, search.today, along)
    query = sa.select(Organisation.id, *columns).select_from(_joined(mine, along, begun))
    return query.where(scope, *conditions(wanted.chosen, case))


def _joined(mine: Any, along: str, begun: bool) -> Any:
    """Firms with their self-assessment; without it too unless all must have `begun`."""
    firms, answers = Organisation.__table__, Submission.__table__
    if begun and along == "firms":
        return FirmsFirst(firms, answers, mine)
    return sa.join(firms, answers, mine, isouter=not begun)


def _along_pieces(search: _Search, first: int, most: int) -> Iterator[int]:
    """A page of very many: pieces before it are counted and passed over, the others read along their index."""
    skip, left = first, most
    for piece in _sort(search.wanted).pieces(search.ranks):
        query = _piece(search, piece)
        ids = list(search.session.scalars(query.order_by(*piece.order).limit(left).offset(skip)))
        yield from ids
        left -= len(ids)
        if not left:
            return
        skip = 0 if ids or not skip else skip - _size(search.session, query)


def _piece(search: _Search, piece: Piece) -> sa.Select[Any]:
    return _select(search, "answers" if piece.answers else "firms", begun=piece.answers).where(piece.which)


def _size(session: Session, query: sa.Select[Any]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


# -- firms that were found by the scoped queries above -----------------------------------------------------------------


def lines(session: Session, wanted: Wanted, ids: Sequence[int]) -> Iterator[Line]:
    """The firms with these ids, in this order, read some hundred at a time."""
    for place in range(0, len(ids), AT_ONCE):
        some = ids[place : place + AT_ONCE]
        firms = {firm.id: firm for firm in session.scalars(_firms(some))}
        answers = _answers(session, wanted, some)
        for each in some:
            yield Line(firms[each], answers.get((each, "self")), answers.get((each, "verified")))


def _firms(ids: Sequence[int]) -> sa.Select[Any]:
    options = (joinedload(Organisation.operating_area), joinedload(Organisation.sub_industry))
    return sa.select(Organisation).where(Organisation.id.in_(ids)).options(*options)


def _answers(session: Session, wanted: Wanted, ids: Sequence[int]) -> dict[tuple[int, str], Submission]:
    if wanted.campaign is None:
        return {}
    query = sa.select(Submission).where(
        Submission.organisation_id.in_(ids), Submission.campaign_id == wanted.campaign.id
    )
    return {(row.organisation_id, row.kind): row for row in session.scalars(query)}
