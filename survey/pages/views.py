"""The pages that everybody may read."""

from datetime import UTC, datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.access import public
from survey.database import reading
from survey.languages import keep, page_language
from survey.pages import policy_reports
from survey.pages.navigation import LARGE_PRINT, VIEW_COOKIE
from survey.pages.open_parts import open_parts
from survey.privacy.notices import NOTICES
from survey.redirects import local_path

bp = Blueprint("pages", __name__)


@bp.get("/")
@public
def start() -> str:
    """What the assessment is, and what its result is and is not good for."""
    parts = open_parts(reading(), datetime.now(UTC), page_language())
    return render_template("pages/start.html", parts=parts)


@bp.get("/help", endpoint="help")
@public
def help_page() -> str:
    return render_template("pages/help.html")


@bp.get("/privacy")
@public
def privacy() -> str:
    current = NOTICES[0]
    return render_template("pages/privacy.html", notice=current, current=current.version, notices=NOTICES)


bp.add_url_rule("/csp-report", "policy_report", policy_reports.take, methods=["POST"])


@bp.get("/accessibility")
@public
def accessibility() -> str:
    return render_template("pages/accessibility.html")


@bp.get("/view/<view>")
@public
def view(view: str) -> Response:
    """Switch between the standard view and large print, and go back to the page that was open."""
    if view not in ("standard", LARGE_PRINT):
        abort(404)
    answer = redirect(local_path(request.args.get("next")) or url_for("pages.start"))
    keep(answer, VIEW_COOKIE, view)
    return answer


@bp.get("/health")
@public
def health() -> tuple[str, dict[str, str]]:
    """For the load balancer: the process answers. Says nothing about the site."""
    return "ok\n", {"Content-Type": "text/plain; charset=utf-8"}
