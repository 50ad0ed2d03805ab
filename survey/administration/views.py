"""Pages of the security administrator: the list of accounts, those not used, ending all sign-ins, requests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from survey import audit, jobs, kept_filter
from survey.access import acting, requires
from survey.administration import account_views, actions, queries, request_views, role_views
from survey.administration.forms import SearchForm
from survey.administration.queries import PAGE
from survey.administration.shown import listed
from survey.database import reading, write
from survey.identity import signed_in
from survey.languages import page_language

bp = Blueprint("administration", __name__, url_prefix="/security")
bp.register_blueprint(account_views.bp)
bp.register_blueprint(role_views.bp)
request_views.add_to(bp)

ACCOUNTS: Final = "accounts"


@bp.get("")
@requires("accounts:view")
def home() -> str:
    """People with roles; by the form, others."""
    settings, user_id = current_app.config["SETTINGS"], signed_in().user_id
    view = request.args.get("view", "")
    wish = kept_filter.kept(settings, ACCOUNTS, user_id, view, datetime.now(UTC)) or {"who": "staff", "text": ""}
    after = kept_filter.place(request.args.get("after")) or 0
    found = queries.accounts(reading(), **wish, after=after, most=PAGE + 1)
    return _page(SearchForm(formdata=None, data=wish), found, view)


@bp.post("")
@requires("accounts:view")
def search() -> Any:
    """Keeps what was typed out of the address."""
    form, now = SearchForm(), datetime.now(UTC)
    if not form.validate_on_submit():
        return _page(form, [], ""), 422
    wish = {"who": form.who.data, "text": form.text.data or ""}
    view = kept_filter.keep(current_app.config["SETTINGS"], ACCOUNTS, signed_in().user_id, wish, now)
    return redirect(url_for(".home", view=view), 303)


def _page(form: SearchForm, found: list[queries.Account], view: str) -> str:
    more = found[PAGE - 1].user.id if len(found) > PAGE else None
    rows = listed(found[:PAGE], page_language())
    return render_template("administration/home.html", form=form, rows=rows, view=view, more=more)


# -- accounts that nobody uses -----------------------------------------------------------------------------------------


@bp.get("/unused")
@requires("accounts:manage")
def unused() -> str:
    found = queries.unused(reading(), datetime.now(UTC))
    return render_template(
        "administration/unused.html",
        rows=listed(found, page_language()),
        days=queries.UNUSED.days,
        mine=signed_in().public_id,
    )


@bp.post("/unused")
@requires("accounts:manage", fresh=True)
def lock_unused() -> Any:
    """Lock those that were ticked, as far as they are still unused."""
    ticked, now = set(request.form.getlist("account")), datetime.now(UTC)
    ids = [each.user.id for each in queries.unused(reading(), now) if each.user.public_id in ticked]
    with write() as session:
        actor = audit.here(acting("accounts:manage"))
        actions.lock_unused(session, current_app.config["SETTINGS"], ids, actor, now)
    jobs.wake(current_app)
    return redirect(url_for(".unused"), 303)


# -- everybody ---------------------------------------------------------------------------------------------------------


@bp.get("/end-sign-ins")
@requires("accounts:manage", fresh=True)
def ask_to_end() -> str:
    return render_template("administration/end_sign_ins.html")


@bp.post("/end-sign-ins")
@requires("accounts:manage", fresh=True)
def end_sign_ins() -> Any:
    """End every sign-in, the own one too."""
    with write() as session:
        actions.end_all(session, audit.here(acting("accounts:manage")), datetime.now(UTC))
    return redirect(url_for("accounts.sign_in"), 303)
