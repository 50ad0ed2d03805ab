"""The office's page: what to do, how far the list is, the firms; the list as a workbook."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey import audit, limits, workbooks
from survey.access import acting, requires
from survey.city.own_industries import by_code, own_industries, own_industry_name
from survey.database import reading, write
from survey.desk import queries, workbook
from survey.desk.queries import PER_PAGE, SORTS, STATES, VIEW, Filter
from survey.formatting import local_time
from survey.forms import tidy
from survey.identity import signed_in
from survey.languages import page_language
from survey.models import Area, Organisation, SubIndustry

MOST_TEXT = 100
MOST_PAGES = 10_000


def add_to(bp: Blueprint) -> None:
    """Give the desk its pages about firms."""
    bp.add_url_rule("", "home", home)
    bp.add_url_rule("/export", "export", export, methods=["POST"])


@requires(VIEW)
def home() -> Any:
    session = reading()
    areas, own = queries.areas(session), own_industries(session)
    wanted = _wanted(request.args, areas, own)
    firms, total = queries.firms(session, wanted)
    pages = max(1, -(-total // PER_PAGE))
    if wanted.page > pages:
        return redirect(url_for("desk.home", **_arguments(wanted, page=pages)))
    return render_template(
        "desk/home.html",
        counts=queries.counts(session),
        claims=queries.claims_waiting(session),
        areas=areas,
        own=own,
        wanted=wanted,
        firms=firms,
        own_names=_own_names(firms, own),
        total=total,
        pages=pages,
        first=(wanted.page - 1) * PER_PAGE + 1 if total else 0,
        states=STATES,
        sorts=SORTS,
        address=lambda **changes: url_for("desk.home", **_arguments(wanted, **changes)),
        imported=_imported(),
    )


def _own_names(firms: list[Organisation], own: list[SubIndustry]) -> dict[int, str]:
    """For each firm the own industry it falls in, as `sub_industry_of` finds it, without a query for each."""
    found = {firm.id: firm.sub_industry or by_code(own, firm.industry_code) for firm in firms}
    return {firm_id: own_industry_name(each, page_language()) if each else "" for firm_id, each in found.items()}


def _wanted(values: Any, areas: list[Area], own: list[SubIndustry]) -> Filter:
    """What was asked for; what cannot be is left out."""
    page = values.get("page", "1")
    return Filter(
        text=(tidy(values.get("q")) or "").replace("\0", "")[:MOST_TEXT],
        state=values.get("state", "") if values.get("state") in STATES else "",
        area=next((area for area in areas if area.public_id == values.get("area")), None),
        own=next((each for each in own if each.public_id == values.get("industry")), None),
        sort=values.get("sort", "name") if values.get("sort") in SORTS else "name",
        page=min(max(int(page), 1), MOST_PAGES) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
    )


def _arguments(wanted: Filter, **changes: Any) -> dict[str, Any]:
    """The same wish as values of an address, with some of them changed; what narrows nothing is left out."""
    values = {
        "q": wanted.text,
        "state": wanted.state,
        "area": wanted.area.public_id if wanted.area else "",
        "industry": wanted.own.public_id if wanted.own else "",
        "sort": "" if wanted.sort == "name" else wanted.sort,
        "page": "",
        **changes,
    }
    return {key: value for key, value in values.items() if value not in ("", 1)}


def _imported() -> dict[str, int] | None:
    """What the import that sent the person here did."""
    numbers = {key: request.args.get(f"import_{key}", "") for key in ("new", "changed", "same")}
    if not all(number.isascii() and number.isdigit() and len(number) < 6 for number in numbers.values()):
        return None
    return {key: int(number) for key, number in numbers.items()}


@requires(VIEW)
def export() -> Response:
    """The firms that the filters leave, as a workbook."""
    session, now = reading(), datetime.now(UTC)
    areas = queries.areas(session)
    wanted = _wanted(request.form, areas, own_industries(session))
    data = workbook.exported(session, queries.all_firms(session, wanted), areas)
    actor, who = audit.here(acting(VIEW)), signed_in().public_id
    with write() as writing:
        if not limits.count(writing, "exports", who, now):
            abort(429)
        audit.record(writing, actor, "firms.export", None, now=now)
    day, name = local_time(now).date().isoformat(), _("Firms of my area")
    return workbooks.sent(data, f"{name} {day}.xlsx", f"firms-{day}.xlsx")
