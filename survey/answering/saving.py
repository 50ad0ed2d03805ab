"""Saving one section: what it held, what was sent, what a colleague did meanwhile, and what is stored in the end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from survey import formatting
from survey.answering import actions, conflicts, fields, queries
from survey.answering.entry import Entry, read_entry
from survey.answering.open_times import Times
from survey.answering.work import Work
from survey.database import reading, write
from survey.errors import Problem
from survey.organisations.actions import FactsChanged, save_facts
from survey.organisations.figures import Form


def window(times: Times, now: datetime) -> None:
    """Refuse outside the time for answering."""
    if not times.hold(now):
        raise Problem(
            403,
            _("This assessment is not open now"),
            _(
                "It is open from %(first)s to %(last)s. What was saved is kept. "
                "Ask your district office if you need more time.",
                first=formatting.datetime(times.opens_at),
                last=formatting.datetime(times.closes_at),
            ),
        )


def already_submitted(public_id: str) -> Problem:
    return Problem(
        409,
        _("This assessment has been submitted"),
        _("The answers are frozen and nothing was changed. The receipt and the report are where they were."),
        url_for("answering.receipt", submission_id=public_id),
        _("Open the receipt"),
    )


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a save: the revision and content of the section now.

    With `conflicts` (texts by path, where a colleague was faster) nothing was stored, and `data` is what would be
    stored if the person saved again: both people's changes, this person's where both changed the same.
    """

    entry: Entry
    rev: int
    at: datetime
    data: dict[str, Any]
    conflicts: dict[str, str] = field(default_factory=dict)


def store(work: Work, form: Form, user_id: int, now: datetime) -> Stored:
    """Save the valid part of a posted section. Where a colleague changed other items meanwhile, both are kept."""
    complete = form.get("then", "continue") == "continue"
    entry = read_entry(form, work, complete)
    data, both, base = entry.data, list[str](), _base(form)
    if base != work.page.rev:
        before = queries.page_as_of(reading(), work.submission.id, work.section.id, base)
        data, both = conflicts.merged(before, entry.data, work.data)
        entry = _answered_by_colleague(entry, data)
    if both or entry.contested:
        items = [work.instrument.items[item] for item in both]
        return Stored(entry, work.page.rev, now, data, conflicts.notices(work.page, items, entry.contested, work.known))
    rev = _write(work, entry, data, user_id, now)
    if rev is None:
        return store(_again(work), form, user_id, now)
    return Stored(entry, rev, now, data)


def _answered_by_colleague(entry: Entry, data: dict[str, Any]) -> Entry:
    """The entry without the reproach that an item has no answer, where a colleague gave one meanwhile."""
    answered = {f"responses.{item}" for item in (*data["responses"], *data["open"])}
    faults = {
        path: fault for path, fault in entry.faults.items() if fault.code not in fields.OPEN or path not in answered
    }
    return replace(entry, faults=faults)


def _base(form: Form) -> int:
    """The revision that the page was drawn with; anything else is taken as that of an empty page."""
    typed = form.get("rev", "0")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _again(work: Work) -> Work:
    """The same section, read anew because somebody saved it between our reading and our writing."""
    reading().rollback()
    again = Work.load(work.submission.public_id, work.section.id, "answers:edit")
    if again.submission.state not in actions.OPEN_STATES:
        raise already_submitted(again.submission.public_id)
    return again


def _write(work: Work, entry: Entry, data: dict[str, Any], user_id: int, now: datetime) -> int | None:
    """The new revision; `None`, and nothing stored, if anything has changed since it was read."""
    base, submission = work.page.rev, work.submission
    if base and not entry.facts and not entry.reasons and actions.same(work.data, data):
        return base
    changed = [(*typed.asked.key, typed.value, typed.unit) for typed in entry.facts]
    seen = {key: work.known[key].rev if key in work.known else 0 for key in (fact[:2] for fact in changed)}
    try:
        with write() as session:
            rev = actions.save_page(session, submission.id, work.section.id, base, data, user_id, now)
            if rev is not None and changed:
                save_facts(session, submission.organisation_id, changed, user_id, now, seen=seen)
            if rev is not None:
                actions.save_notes(session, submission.id, entry.reasons, user_id, now)
    except FactsChanged:
        return None
    return rev
