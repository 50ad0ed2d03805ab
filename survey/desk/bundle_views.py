"""Reports of many firms in one zip: ordering, looking how far it is, fetching it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, abort, current_app, jsonify, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey import audit, jobs, limits
from survey.access import acting, in_my_areas, requires
from survey.database import reading, write
from survey.desk import bundle_actions as actions
from survey.desk import bundle_queries as queries
from survey.desk.bundle_page import Standing, standing
from survey.desk.bundle_queries import MOST_REPORTS, Chosen
from survey.desk.bundle_selection import Selection, campaign_names, chosen_campaign, selected_firms
from survey.formatting import local_time
from survey.identity import signed_in
from survey.languages import TAGS, page_language
from survey.models import Bundle
from survey.settings import Settings
from survey.workbooks import disposition

MAKE: Final = "bundles:make"
REFRESH_SECONDS: Final = 3

bp = Blueprint("bundle", __name__, url_prefix="/bundles/<bundle_id>")


def add_to(bp_of_desk: Blueprint) -> None:
    """Give the desk its pages about orders of many reports."""
    bp_of_desk.add_url_rule("/bundles", "bundles", listed)
    bp_of_desk.add_url_rule("/bundles", "bundle_order", order, methods=["POST"])
    bp_of_desk.register_blueprint(bp)


@requires(MAKE)
def listed() -> str:
    """A person's own orders."""
    here = in_my_areas(MAKE)
    found = [
        standing(reading(), each, here, _folder(), datetime.now(UTC))
        for each in queries.own(reading(), signed_in().user_id)
    ]
    waits = any(each.state == "making" for each in found)
    return render_template("desk/bundles.html", found=found, most=MOST_REPORTS, refresh=REFRESH_SECONDS if waits else 0)


@requires(MAKE)
def order() -> Any:
    """Order the reports of the firms that were chosen in the list, or ask which reports where that is not said."""
    selection = selected_firms(reading(), request.form, in_my_areas(MAKE))
    campaign = chosen_campaign(reading(), request.form, datetime.now(UTC))
    chosen = queries.reports(reading(), selection.firm_ids, campaign.id) if campaign else []
    fault = _fault(selection, chosen) if campaign else _("Choose the questionnaire whose reports you want")
    if fault:
        return _ask(selection, fault), 422
    actor, now, who = audit.here(acting(MAKE)), datetime.now(UTC), signed_in().public_id
    with write() as session:
        if not limits.count(session, "bundles", who, now):
            abort(429)
        made = actions.order(session, chosen, _language(), _folder(), actor, now).public_id
    jobs.wake(current_app)
    without = len(selection.firm_ids) - len(chosen)
    return redirect(url_for("desk.bundle.page", bundle_id=made, without=without or None), 303)


def _fault(selection: Selection, chosen: Sequence[Chosen]) -> str | None:
    if not selection.firm_ids:
        return _("Choose at least one firm in the list")
    if not chosen:
        return _("None of these firms has handed in this questionnaire")
    if len(chosen) > MOST_REPORTS:
        return _(
            "At most %(most)s reports fit into one order; these are %(count)s. Narrow the list and order in parts",
            most=MOST_REPORTS, count=len(chosen),
        )  # fmt: skip
    return None


def _language() -> str:
    """The language of the reports: that of the page, unless another was chosen."""
    named = request.form.get("language", "")
    return named if named in TAGS else page_language()


def _ask(selection: Selection, fault: str) -> str:
    return render_template(
        "desk/bundle_new.html",
        selection=selection,
        campaigns=campaign_names(reading(), page_language(), datetime.now(UTC)),
        asked=request.form.get("campaign"),
        language_chosen=_language(),
        most=MOST_REPORTS,
        fault=fault,
    )


# -- one order ---------------------------------------------------------------------------------------------------------


@bp.get("")
@requires(MAKE)
def page(bundle_id: str) -> str:
    stands, without = _standing(_bundle(bundle_id)), request.args.get("without", "")
    return render_template(
        "desk/bundle.html",
        stands=stands,
        refresh=REFRESH_SECONDS if stands.state == "making" else 0,
        without=int(without) if without.isascii() and without.isdigit() and len(without) < 6 else 0,
    )


@bp.get("/state")
@requires(MAKE)
def state(bundle_id: str) -> Response:
    """For the page's script: how far it is."""
    stands = _standing(_bundle(bundle_id))
    return jsonify(state=stands.state, settled=stands.settled, total=stands.total)


@bp.post("/again")
@requires(MAKE)
def again(bundle_id: str) -> Response:
    """Make again what failed, without the firms that have left the person's areas."""
    bundle = _bundle(bundle_id)
    gone = [each.submission_id for each in _standing(bundle).left]
    actor, now = audit.here(acting(MAKE)), datetime.now(UTC)
    with write() as session:
        actions.order_again(session, bundle.id, gone, _folder(), actor, now)
    jobs.wake(current_app)
    return redirect(url_for("desk.bundle.page", bundle_id=bundle_id), 303)


@bp.post("/download")
@requires(MAKE)
def download(bundle_id: str) -> Any:
    """The zip, while every firm in it is still in the person's areas. Fetching it is recorded."""
    bundle = _bundle(bundle_id)
    if not _standing(bundle).may_fetch or bundle.file is None:
        return redirect(url_for("desk.bundle.page", bundle_id=bundle_id), 303)
    actor, now = audit.here(acting(MAKE)), datetime.now(UTC)
    with write() as session:
        audit.record(session, actor, "bundle.download", bundle.public_id, now=now)
    answer = send_file(_folder() / bundle.file, "application/zip", max_age=0)
    day = local_time(bundle.made_at).date().isoformat()
    answer.headers["Content-Disposition"] = disposition(f"{_('Reports')} {day}.zip", f"reports-{day}.zip")
    return answer


def _bundle(bundle_id: str) -> Bundle:
    """The person's own order; nobody else's, whatever the areas."""
    in_my_areas(MAKE)
    return queries.own_bundle(reading(), bundle_id, signed_in().user_id) or abort(404)


def _standing(bundle: Bundle) -> Standing:
    return standing(reading(), bundle, in_my_areas(MAKE), _folder(), datetime.now(UTC))


def _folder() -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.data_directory.resolve()
