"""The firm table of an office: filters, pages, and what they leave as a file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey import audit, limits
from survey.access import acting, may, requires
from survey.database import reading, write
from survey.desk import table_files, table_filters, table_page, table_queries
from survey.desk.home import home
from survey.desk.queries import VIEW
from survey.desk.table_filters import ALWAYS_SHOWN, FIELDS, Wanted
from survey.desk.table_sorts import SORTS
from survey.formatting import local_time
from survey.identity import signed_in
from survey.languages import page_language

BUNDLE = "desk.bundle_order"
"""Where a selection of the table is posted to have its reports made."""


def add_to(bp: Blueprint) -> None:
    """Give the desk its first page and its firm table."""
    bp.add_url_rule("", "home", home)
    bp.add_url_rule("/firms", "firms", firms)
    bp.add_url_rule("/export", "export", export, methods=["POST"])


@requires(VIEW)
def firms() -> Any:
    session, language, now = reading(), page_language(), datetime.now(UTC)
    today, per_page = local_time(now).date(), table_queries.PER_PAGE
    wanted = table_filters.wanted(session, request.args, language, now)
    found = table_queries.found(session, wanted, today, first=(wanted.page - 1) * per_page, most=per_page)
    pages = max(1, -(-found.total // per_page))
    if wanted.page > pages:
        return redirect(url_for("desk.firms", **wanted.arguments(page=pages)))
    lines = table_queries.lines(session, wanted, found.ids)
    rows = list(table_page.rows(session, wanted, lines, language, today))
    return render_template("desk/firms.html", found=found, rows=rows, pages=pages, **_frame(wanted, per_page))


def _frame(wanted: Wanted, per_page: int) -> dict[str, Any]:
    """What stands around the rows: filters, chips, links."""
    return {
        "wanted": wanted,
        "fields": {name: each for name, each in FIELDS.items() if each.kind != "select" or wanted.options[name]},
        "always_shown": ALWAYS_SHOWN,
        "chips": table_filters.chips(wanted),
        "sorts": SORTS,
        "highest": table_page.highest_score(wanted),
        "first": (wanted.page - 1) * per_page + 1,
        "address": lambda **changes: url_for("desk.firms", **wanted.arguments(**changes)),
        "more_are_on": bool(wanted.chosen.keys() - set(ALWAYS_SHOWN)),
        "campaign_name": next((each.text for each in wanted.campaigns if each.thing is wanted.campaign), ""),
        "hidden": wanted.arguments(campaign=wanted.campaign.public_id if wanted.campaign else ""),
        "imported": _imported(),
        "bundle": BUNDLE if BUNDLE in current_app.view_functions and may("bundles:make") else None,
        "most_exported": table_files.MOST_EXPORTED,
    }


def _imported() -> dict[str, int] | None:
    """What the import that sent the person here did."""
    numbers = {key: request.args.get(f"import_{key}", "") for key in ("new", "changed", "same")}
    if not all(number.isascii() and number.isdigit() and len(number) < 6 for number in numbers.values()):
        return None
    return {key: int(number) for key, number in numbers.items()}


@requires(VIEW)
def export() -> Response:
    """The firms that the filters leave, as a workbook or as CSV."""
    session, now = reading(), datetime.now(UTC)
    wanted = table_filters.wanted(session, request.form, page_language(), now)
    kind = request.form.get("format", "")
    answer = table_files.made(kind if kind in table_files.KINDS else "xlsx", session, wanted, now)
    actor, who = audit.here(acting(VIEW)), signed_in().public_id
    with write() as writing:
        if not limits.count(writing, "exports", who, now):
            abort(429)
        audit.record(writing, actor, "firms.export", None, now=now)
    return answer
