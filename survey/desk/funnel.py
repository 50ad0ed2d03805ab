"""How far the firms of an office's areas are in one campaign: from the list to the verified result, in all and by area.

Every step counts firms out of one whole, which is said: the firms on the city's list, or all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from markupsafe import Markup
from sqlalchemy.orm import Session

from survey.access import in_my_areas
from survey.desk.queries import VIEW
from survey.desk.table_queries import area_ranks, with_answers
from survey.models import Area, Campaign, Organisation, Submission
from survey.report import svg

STEPS: Final[Mapping[str, LazyString]] = {
    "firms": _l("Firms"),
    "claimed": _l("Claimed by their people"),
    "started": _l("Started"),
    "submitted": _l("Handed in"),
    "returned": _l("To be mended"),
    "accepted": _l("Accepted"),
    "verified": _l("Verified by a visit"),
}
"""In the order of the way. Of those handed in (at least once), some were returned and are to be mended."""
OF: Final[Mapping[str, LazyString]] = {
    "list": _l("firms on the city's list"),
    "all": _l("all firms, also those entered by their own people"),
}
"""What the whole is."""
STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "draft": ("started",),
    "submitted": ("started", "submitted"),
    "returned": ("started", "submitted", "returned"),
    "accepted": ("started", "submitted", "accepted"),
}
"""Which steps a self-assessment in each state has reached."""
TRACK, BAR, SIDE = "#f0f3f5", svg.PRIMARY, "#93a0ac"
HEIGHT: Final = 20


@dataclass(frozen=True, slots=True)
class Funnel:
    """Firms by step. `areas` are those right below the person's own, in the city's order."""

    of: str
    total: Counter[str]
    areas: list[tuple[Area, Counter[str]]] = field(default_factory=list)


def funnel(session: Session, campaign: Campaign | None, of: str) -> Funnel:
    """Counts of the person's areas. `of` is a key of OF."""
    counts = _firms(session, of)
    for area, steps in _answers(session, campaign, of) if campaign else ():
        counts.setdefault(area, Counter()).update(steps)
    tree = list(session.scalars(sa.select(Area).where(in_my_areas(VIEW)).order_by(Area.position, Area.id)))
    return Funnel(of, _sum(counts.values()), list(_by_part(tree, counts)))


def _by_part(tree: Sequence[Area], counts: Mapping[int, Counter[str]]) -> Iterator[tuple[Area, Counter[str]]]:
    """A line for firms that lie in the whole area and in no part of it, then one for each part."""
    parts = _parts(tree)
    for area in _tops(tree) if parts else ():
        if area not in parts and counts.get(area.id):
            yield area, counts[area.id]
    for part in parts:
        yield part, _sum(counts[area.id] for area in tree if area.id in counts and area.path.startswith(part.path))


def whole(session: Session, wish: str) -> str:
    """What the steps are counted out of: as asked for, else the list if it names any firm of the areas."""
    if wish in OF:
        return wish
    query = sa.select(Organisation.id).join(Area, Area.id == Organisation.operating_area_id)
    listed = query.where(in_my_areas(VIEW), Organisation.listed_at.is_not(None)).limit(1)
    return "list" if session.scalar(listed) is not None else "all"


def _sum(counters: Iterable[Counter[str]]) -> Counter[str]:
    return sum(counters, Counter())


def _tops(tree: Sequence[Area]) -> list[Area]:
    known = {area.id for area in tree}
    return [area for area in tree if area.parent_id not in known]


def _parts(tree: Sequence[Area]) -> list[Area]:
    """The areas that the table is divided into: those below the one that is held, or those held if they are several."""
    tops = _tops(tree)
    return [area for area in tree if area.parent_id == tops[0].id] if len(tops) == 1 else tops


def _scoped(query: Any, of: str) -> Any:
    scoped = query.join(Area, Area.id == Organisation.operating_area_id).where(in_my_areas(VIEW))
    return scoped.where(Organisation.listed_at.is_not(None)) if of == "list" else scoped


def _firms(session: Session, of: str) -> dict[int, Counter[str]]:
    """By area: how many firms there are, and how many somebody acts for."""
    query = sa.select(Organisation.operating_area_id, Organisation.state, sa.func.count())
    grouped = _scoped(query, of).group_by(Organisation.operating_area_id, Organisation.state)
    counts: dict[int, Counter[str]] = {}
    for area, state, number in session.execute(grouped):
        reached = {"firms": number} | ({} if state == "listed" else {"claimed": number})
        counts.setdefault(area, Counter()).update(reached)
    return counts


def _answers(session: Session, campaign: Campaign, of: str) -> list[tuple[int, dict[str, int]]]:
    """By area: the steps that self-assessments have reached, and how many verified ones there are."""
    key = (Organisation.operating_area_id, Submission.kind, Submission.state)
    query = with_answers(session, area_ranks(session), campaign.id, *key, sa.func.count())
    if of == "list":
        query = query.where(Organisation.listed_at.is_not(None))
    return [
        (area, dict.fromkeys(("verified",) if kind == "verified" else STATES[state], number))
        for area, kind, state, number in session.execute(query.group_by(*key))
    ]


def bar(count: int, whole: int, words: str, *, aside: bool) -> Markup:
    """A count as part of the whole; `aside`: a step that others do not go through."""
    share = count / whole if whole else 0.0
    track = svg.rect(0, 3, "100%", HEIGHT, fill=TRACK)
    own = svg.rect(0, 3, svg.percent(share), HEIGHT, fill=SIDE if aside else BAR)
    return svg.picture(words, track, own, height=HEIGHT + 6)
