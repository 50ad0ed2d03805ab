"""One firm as its office sees it, and its contact in full."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, render_template

from survey import audit
from survey.access import acting, firm_in_area_or_404, requires
from survey.database import reading, write
from survey.desk.firm_page import firm_page
from survey.desk.queries import STATES, VIEW
from survey.formatting import local_time
from survey.languages import page_language
from survey.models import Organisation


def add_to(bp: Blueprint) -> None:
    """Give the desk its pages about one firm."""
    bp.add_url_rule("/firms/<public_id>", "firm", firm)
    bp.add_url_rule("/firms/<public_id>", "contact", contact, methods=["POST"])


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


def _firm(found: Organisation, *, in_full: bool = False) -> str:
    today = local_time(datetime.now(UTC)).date()
    shown = firm_page(reading(), found, today, page_language(), in_full=in_full)
    return render_template("desk/firm.html", firm=found, shown=shown, in_full=in_full, state=STATES[found.state])
