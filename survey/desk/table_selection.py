"""A selection of the firm table: the firms that were ticked, or all that its filters leave."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from survey.desk import table_filters, table_queries
from survey.desk.table_filters import Wanted
from survey.desk.table_queries import area_ranks
from survey.formatting import local_time
from survey.languages import page_language
from survey.models import Organisation, Submission

MOST_SELECTED: Final = 20_000


def selected(session: Session, form: MultiDict[str, str]) -> list[tuple[int, int]]:
    """(submission, scorecard) of each firm selected that has handed in, as far as the person may see it.

    `form` holds `firm` (a public id, repeated), or `all` = 1 with the fields of the filters; and `campaign`.
    """
    wanted = _wanted(session, form)
    if wanted.campaign is None:
        return []
    firms = firm_ids(session, form, wanted)
    query = sa.select(Submission.organisation_id, Submission.id, Submission.scorecard_id).where(
        Submission.organisation_id.in_(firms),
        Submission.campaign_id == wanted.campaign.id,
        Submission.kind == "self",
        Submission.scorecard_id.is_not(None),
    )
    found = {firm: (submission, card) for firm, submission, card in session.execute(query) if card is not None}
    return [found[firm] for firm in firms if firm in found]


def firm_ids(session: Session, form: MultiDict[str, str], wanted: Wanted | None = None) -> list[int]:
    """The firms selected, in the order of the table; none of other areas, whatever was sent."""
    if form.get("all") == "1":
        asked, today = wanted or _wanted(session, form), local_time(datetime.now(UTC)).date()
        return table_queries.found(session, asked, today, first=0, most=MOST_SELECTED).ids
    named = form.getlist("firm")[:MOST_SELECTED]
    query = sa.select(Organisation.id).where(
        Organisation.public_id.in_(named), Organisation.operating_area_id.in_(list(area_ranks(session)))
    )
    return list(session.scalars(query.order_by(Organisation.name, Organisation.id)))


def filters_of(session: Session, form: MultiDict[str, str]) -> list[tuple[str, str]]:
    """The fields that select the same once more."""
    if form.get("all") != "1":
        return [("firm", each) for each in form.getlist("firm")]
    return [("all", "1"), *((name, str(value)) for name, value in _wanted(session, form).arguments().items())]


def _wanted(session: Session, form: MultiDict[str, str]) -> Wanted:
    return table_filters.wanted(session, form, page_language(), datetime.now(UTC))
