"""What happened with a firm, the newest first: handed in, reviewed, visited. For the office's page about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from survey import formatting
from survey.access import may
from survey.desk import firm_page_queries as queries
from survey.models import Review, Snapshot, Visit
from survey.publishing.queries import instrument


@dataclass(frozen=True, slots=True)
class Event:
    """`who` is the office's person who did it, empty for the firm's own deeds. `href` leads to what it is about."""

    at: datetime
    text: str
    who: str
    href: str | None = None


def events(session: Session, firm_id: int, language: str) -> list[Event]:
    """Everything that can be dated, the newest first."""
    snapshots, reviews = queries.handed_in(session, firm_id), queries.reviews(session, firm_id)
    visits = queries.visits(session, firm_id)
    doers = [review.decided_by for review, _faults in reviews]
    doers += [each for visit in visits for each in (visit.created_by, visit.entered_by, visit.checked_by)]
    names = queries.names(session, doers)

    def titled(instrument_id: int) -> str:
        return instrument(session, instrument_id).title.say(language)

    found = [_handed_in(each, titled(each.instrument_id)) for each in snapshots]
    found += [_reviewed(each, faults, titled(_asked(each)), names) for each, faults in reviews]
    found += [event for each in visits for event in _visited(each, titled(_asked(each)), names)]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _asked(row: Review | Visit) -> int:
    return row.submission.campaign.instrument_id


def _handed_in(snapshot: Snapshot, title: str) -> Event:
    again = _("%(questionnaire)s handed in again", questionnaire=title)
    return Event(
        snapshot.submitted_at,
        again if snapshot.number > 1 else _("%(questionnaire)s handed in", questionnaire=title),
        "",
    )


def _reviewed(review: Review, faults: int, title: str, names: Mapping[int, str]) -> Event:
    assert review.decided_at is not None
    if review.state == "accepted":
        text = _("%(questionnaire)s accepted", questionnaire=title)
    else:
        named = ngettext("%(num)d fault named", "%(num)d faults named", faults)
        due = formatting.date(review.due_on)
        text = _("%(questionnaire)s returned: %(faults)s, due on %(day)s", questionnaire=title, faults=named, day=due)
    return Event(review.decided_at, text, names.get(review.decided_by or 0, ""))


def _visited(visit: Visit, title: str, names: Mapping[int, str]) -> Iterator[Event]:
    """What was done about one visit, each with its moment."""
    planned = _("Visit planned for %(questionnaire)s, due on %(day)s",
                questionnaire=title, day=formatting.date(visit.due_on))  # fmt: skip
    href = url_for("verification.office_visit", visit_id=visit.public_id) if may("visits:plan") else None
    yield Event(visit.created_at, planned, names.get(visit.created_by, ""), href)
    if visit.entered_at:
        entered = _("Findings of the visit on %(day)s entered", day=formatting.date(visit.visited_on))
        yield Event(visit.entered_at, entered, names.get(visit.entered_by or 0, ""))
    if visit.commented_at:
        word = _("The firm agrees with the findings") if visit.agreed else _("The firm objects to the findings")
        yield Event(visit.commented_at, word, "")
    if visit.checked_at:
        yield Event(visit.checked_at, _("Findings confirmed by a second person"), names.get(visit.checked_by or 0, ""))
