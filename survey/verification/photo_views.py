"""Photos and files that an assessor took on site, added to one item: many in a go, each kept on its own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import abort, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _

from questionnaires.items import Item
from survey import audit
from survey.access import acting, requires, wants_json
from survey.database import reading
from survey.evidence.kinds import ACCEPT, MOST_AT_ONCE
from survey.evidence.taking import sent_files, take
from survey.languages import page_language
from survey.verification import entering_actions, office_page, sheet
from survey.verification.rights import ENTER, assessor_visit_or_404
from survey.verification.sheet import Case


@requires(ENTER)
def photos(visit_id: str, item_id: str) -> str:
    """What there is for an item, and the form for more."""
    told, item = _item(visit_id, item_id)
    return _page(told, item, [])


def _item(visit_id: str, item_id: str) -> tuple[Case, Item]:
    told = sheet.case(reading(), assessor_visit_or_404(visit_id, ENTER))
    return told, told.instrument.items[item_id] if item_id in told.numbers else abort(404)


def _page(told: Case, item: Item, faults: list[str]) -> str:
    home = next(section for section in told.sections if item in section.items)
    return render_template(
        "verification/photos.html",
        title=item.short.say(page_language()),
        visit=told.visit,
        line=sheet.line(told, item, page_language()),
        section=home,
        files=office_page.reader(told.visit.submission.public_id),
        faults=[("files", text) for text in faults],
        accept=ACCEPT,
        most=MOST_AT_ONCE,
        editable=told.visit.state == "planned",
    )


@requires(ENTER)
def add_photos(visit_id: str, item_id: str) -> Any:
    """Keep the files of the form; what is not taken is named with the reason, the rest is kept."""
    told, item = _item(visit_id, item_id)
    entering_actions.writable(told.visit)
    files = sent_files()
    if not files or len(files) > MOST_AT_ONCE:
        fault = (
            _("Choose at most %(most)s files at a time; none of these was kept", most=MOST_AT_ONCE)
            if files
            else _("Choose at least one photo or file")
        )
        return _answer(told, item, [], [fault])
    actor, now = audit.here(acting(ENTER)), datetime.now(UTC)
    taken = take(files, told.visit.submission, item.id, "office", actor, now)
    refused = [_("%(file)s: %(what)s", file=each.name, what=each.fault) for each in taken if each.fault]
    return _answer(told, item, [each.name for each in taken if not each.fault], refused)


def _answer(told: Case, item: Item, kept: list[str], faults: list[str]) -> Any:
    """To the script, or as the page."""
    if wants_json():
        return jsonify(kept=kept, faults=faults), 422 if faults else 200
    if faults:
        reading().rollback()
        told, item = _item(told.visit.public_id, item.id)
        return _page(told, item, faults), 422
    return redirect(url_for(".photos", visit_id=told.visit.public_id, item_id=item.id, added=len(kept)), 303)
