"""Who filled in what: from the history of a draft, for the firm that submits it."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from questionnaires.instrument import Instrument
from survey.models import DraftChange, Membership, Submission, User


def authors(session: Session, submission: Submission, instrument: Instrument, language: str) -> list[tuple[str, str]]:
    """Title of each section that anybody saved, and who did, in the order in which they first did."""
    found: dict[str, list[str]] = {}
    for section, name, body in session.execute(_saved_by(submission)):
        people = found.setdefault(section, [])
        person = _person(name, body)
        if person not in people:
            people.append(person)
    return [
        (section.title.say(language), _joined(found[section.id]))
        for section in instrument.sections
        if section.id in found
    ]


def _person(name: str, body: str | None) -> str:
    known = name or _("Somebody who has left")
    return _("%(name)s (%(body)s, authorised to fill in)", name=known, body=body) if body else known


def _joined(people: Iterable[str]) -> str:
    return _("; ").join(people)


def _saved_by(submission: Submission) -> sa.Select[str, str, str | None]:
    """Section, person and body of each first save by a person."""
    return (
        sa.select(DraftChange.section, User.name, Membership.body)
        .join(User, User.id == DraftChange.changed_by)
        .outerjoin(
            Membership,
            (Membership.user_id == User.id) & (Membership.organisation_id == submission.organisation_id),
        )
        .where(DraftChange.submission_id == submission.id)
        .group_by(DraftChange.section, User.id, User.name, Membership.body)
        .order_by(sa.func.min(DraftChange.id))
    )
