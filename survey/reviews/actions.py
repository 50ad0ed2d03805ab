"""Collecting faults while a review is open, and deciding it: accepted, or returned once with all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import audit
from survey.accounts.conflicts import why_not_verifier
from survey.errors import WORDINGS, Problem
from survey.models import Review, ReviewFault, Snapshot, Submission
from survey.reviews import queries
from survey.reviews.faults import MOST_FAULTS
from survey.reviews.queries import Fault

RETURN_DAYS: Final = 10
"""Working days a firm has to mend unless the office chooses others: two weeks, with the bookkeeper's help in them."""
DAYS_TO_CHOOSE: Final = tuple(range(5, 21))


def mark(faults: Sequence[Fault], due_on: date | None = None) -> str:
    """A short text that changes with any fault and with the due date: what was decided is what was on the page."""
    told = [(each.public_id, each.about, each.kind, each.text) for each in faults]
    return hashlib.sha256(repr((told, due_on)).encode()).hexdigest()[:32]


# -- faults ------------------------------------------------------------------------------------------------------------


def add_fault(
    session: Session, snapshot_id: int, about: str | None, kind: str, text: str, actor: audit.Actor, now: datetime
) -> str:
    """Add a fault at an item, a figure or the whole; returns its public id. Raises `Problem`."""
    review = _open_review(session, snapshot_id, actor, now)
    count = sa.select(sa.func.count()).select_from(ReviewFault).where(ReviewFault.review_id == review.id)
    if (session.scalar(count) or 0) >= MOST_FAULTS:
        raise Problem(409, _("There are too many faults"), _("Take some away, or put several into one."))
    fault = ReviewFault(
        review_id=review.id, item=about, kind=kind, text=text, added_at=now, added_by=actor.user_id or 0
    )
    session.add(fault)
    session.flush()
    return fault.public_id


def change_fault(
    session: Session, snapshot_id: int, fault_id: int, kind: str, text: str, actor: audit.Actor, now: datetime
) -> None:
    """Correct a fault, also a colleague's; it bears the name of who wrote it last. Raises `Problem`."""
    fault = _fault(session, _open_review(session, snapshot_id, actor, now), fault_id)
    fault.kind, fault.text, fault.added_at, fault.added_by = kind, text, now, actor.user_id or 0


def remove_fault(session: Session, snapshot_id: int, fault_id: int, actor: audit.Actor, now: datetime) -> None:
    session.delete(_fault(session, _open_review(session, snapshot_id, actor, now), fault_id))


def _fault(session: Session, review: Review, fault_id: int) -> ReviewFault:
    fault = session.scalar(sa.select(ReviewFault).filter_by(id=fault_id, review_id=review.id))
    if fault is None:
        raise Problem(409, str(WORDINGS[409].title), str(WORDINGS[409].text))
    return fault


# -- deciding ----------------------------------------------------------------------------------------------------------


def return_once(
    session: Session, snapshot_id: int, due_on: date, seen: str, actor: audit.Actor, now: datetime
) -> Submission:
    """Open the submission again until `due_on`, with all faults at once. Raises `Problem`.

    `seen` is the `mark` of the notice that the officer read.
    """
    review = _open_review(session, snapshot_id, actor, now)
    submission = review.submission
    if queries.returned_before(session, submission.id):
        raise Problem(
            409,
            _("It was returned once already"),
            _("A submission is returned at most once. Accept it, and keep what is left as remarks for the visit."),
        )
    _as_seen(session, snapshot_id, due_on, seen)
    submission.state, submission.due_on = "returned", due_on
    _decide(session, review, "returned", "review.return", actor, now)
    review.due_on = due_on
    return submission


def accept(session: Session, snapshot_id: int, seen: str, actor: audit.Actor, now: datetime) -> Submission:
    """Accept what was handed in; faults that were noted stay as remarks for a visit. Raises `Problem`."""
    review = _open_review(session, snapshot_id, actor, now)
    _as_seen(session, snapshot_id, None, seen)
    review.submission.state = "accepted"
    _decide(session, review, "accepted", "review.accept", actor, now)
    return review.submission


def give_time(session: Session, snapshot_id: int, due_on: date, actor: audit.Actor, now: datetime) -> Submission:
    """A later due date for what was returned and not handed in again, also after the first is over.

    Raises `Problem`.
    """
    submission = _locked(session, snapshot_id)
    if why_not_verifier(session, actor.user_id or 0, submission.organisation_id):
        raise involved()
    review = session.scalar(sa.select(Review).where(Review.snapshot_id == snapshot_id))
    if submission.state != "returned" or review is None or submission.due_on is None:
        raise Problem(409, str(WORDINGS[409].title), str(WORDINGS[409].text))
    if due_on <= submission.due_on:
        raise Problem(409, _("That is no later than it is now"), _("Nothing was changed. Choose more working days."))
    review.due_on = submission.due_on = due_on
    submission.rev += 1
    audit.record(
        session, actor, "review.return", submission.public_id, now=now, organisation_id=submission.organisation_id,
        detail="more time",
    )  # fmt: skip
    return submission


def _decide(session: Session, review: Review, state: str, deed: str, actor: audit.Actor, now: datetime) -> None:
    review.state, review.decided_at, review.decided_by = state, now, actor.user_id
    submission = review.submission
    submission.rev += 1
    audit.record(
        session, actor, deed, submission.public_id, now=now, organisation_id=submission.organisation_id
    )  # fmt: skip


def _as_seen(session: Session, snapshot_id: int, due_on: date | None, seen: str) -> None:
    faults = queries.faults(session, snapshot_id)
    if due_on is not None and not faults:
        raise Problem(409, _("There is no fault yet"), _("Name what is to be mended before you return it."))
    if mark(faults, due_on) != seen:
        raise Problem(
            409,
            _("The faults or the date have changed since you looked"),
            _("A colleague may have added or corrected one. Nothing was sent; look at the notice again."),
        )


def _open_review(session: Session, snapshot_id: int, actor: audit.Actor, now: datetime) -> Review:
    """The open review of a snapshot, made with the first deed; other officers wait until the transaction ends."""
    submission = _locked(session, snapshot_id)
    if why_not_verifier(session, actor.user_id or 0, submission.organisation_id):
        raise involved()
    review = session.scalar(sa.select(Review).where(Review.snapshot_id == snapshot_id))
    if (
        submission.state != "submitted"
        or (review is not None and review.state != "open")
        or _newer(session, snapshot_id)
    ):
        raise decided(session, snapshot_id)
    if review is None:
        review = Review(
            submission_id=submission.id, snapshot_id=snapshot_id, opened_at=now, opened_by=actor.user_id or 0
        )
        session.add(review)
        session.flush()
    return review


def _locked(session: Session, snapshot_id: int) -> Submission:
    query = sa.select(Submission).where(
        Submission.id == sa.select(Snapshot.submission_id).where(Snapshot.id == snapshot_id).scalar_subquery()
    )
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def _newer(session: Session, snapshot_id: int) -> bool:
    """Whether the firm has handed in again since."""
    mine = sa.select(Snapshot.submission_id).where(Snapshot.id == snapshot_id).scalar_subquery()
    newest = session.scalar(sa.select(sa.func.max(Snapshot.id)).where(Snapshot.submission_id == mine))
    return newest != snapshot_id


def involved() -> Problem:
    return Problem(
        403,
        _("A colleague must check this"),
        _("You act or acted for this firm, filled in for it, or work for a provider. Nothing was changed."),
    )


def decided(session: Session, snapshot_id: int) -> Problem:
    """Another officer was quicker."""
    made = queries.decision(session, snapshot_id)
    text = _("Nothing was changed. The page shows how it stands.")
    if made is not None:
        who = made.by
        said = {"accepted": _("%(who)s accepted it.", who=who), "returned": _("%(who)s returned it.", who=who)}
        text = f"{said[made.state]} {text}"
    return Problem(409, _("This submission has been decided"), text)
