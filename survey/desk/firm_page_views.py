"""One firm as its office sees it (一企一档), its contact in full; call notes, chains and clusters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey import audit
from survey.access import acting, firm_in_area_or_404, requires
from survey.database import reading, write
from survey.desk import note_actions as actions
from survey.desk.firm_page import firm_page
from survey.desk.firm_page_queries import groups as firm_groups
from survey.desk.note_forms import GroupsForm, NoteForm
from survey.desk.queries import STATES, VIEW
from survey.languages import page_language
from survey.models import Organisation

NOTE: Final = "firms:note"
GROUP_KINDS: Final[Mapping[str, LazyString]] = {"chain": _l("Industry chains"), "cluster": _l("Clusters")}


def add_to(bp: Blueprint) -> None:
    """Give the desk its pages about one firm."""
    bp.add_url_rule("/firms/<public_id>", "firm", firm)
    bp.add_url_rule("/firms/<public_id>", "contact", contact, methods=["POST"])
    bp.add_url_rule("/firms/<public_id>/notes", "add_note", add_note, methods=["POST"])
    bp.add_url_rule("/firms/<public_id>/groups", "set_groups", set_groups, methods=["POST"])


@requires(VIEW)
def firm(public_id: str) -> str:
    return _firm(firm_in_area_or_404(public_id, VIEW))


@requires(VIEW)
def contact(public_id: str) -> str:
    """The firm with its contact in full: looking at it is recorded."""
    found, now, actor = firm_in_area_or_404(public_id, VIEW), datetime.now(UTC), audit.here(acting(VIEW))
    with write() as session:
        audit.record(session, actor, "firm.view", found.public_id, now=now, organisation_id=found.id, detail="contact")
    return _firm(firm_in_area_or_404(public_id, VIEW), in_full=True)


@requires(NOTE)
def add_note(public_id: str) -> Any:
    found, form = firm_in_area_or_404(public_id, NOTE), NoteForm()
    if not form.validate_on_submit():
        return _firm(found, note=form), 422
    actor, now = audit.here(acting(NOTE)), datetime.now(UTC)
    with write() as session:
        actions.add_note(session, found.id, form.kind.data, form.text.data or "", actor, now)
    return redirect(url_for("desk.firm", public_id=public_id, _anchor="notes"), 303)


@requires(NOTE)
def set_groups(public_id: str) -> Any:
    found, form = firm_in_area_or_404(public_id, NOTE), GroupsForm()
    form.offer([group for group, _held in firm_groups(reading(), found.id)])
    if not form.validate_on_submit():
        return _firm(found), 422
    actor, now = audit.here(acting(NOTE)), datetime.now(UTC)
    with write() as session:
        actions.set_groups(session, found.id, form.groups.data or [], actor, now)
    return redirect(url_for("desk.firm", public_id=public_id, _anchor="groups"), 303)


def _firm(found: Organisation, *, in_full: bool = False, note: NoteForm | None = None) -> str:
    shown = firm_page(reading(), found, datetime.now(UTC), page_language(), in_full=in_full)
    return render_template(
        "desk/firm.html",
        firm=found,
        shown=shown,
        in_full=in_full,
        state=STATES[found.state],
        note=note or NoteForm(formdata=None),
        kind_names=GROUP_KINDS,
    )
