"""Pages about a firm: entering it, what is known of it, changing it, its figures."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from survey import audit, limits
from survey.access import ACCOUNT, organisation_or_404, requires
from survey.claims.queries import has_claims
from survey.claims.views import CLAIMING
from survey.database import reading, write
from survey.errors import Problem
from survey.formatting import local_time
from survey.identity import signed_in
from survey.languages import page_language
from survey.models import Organisation
from survey.organisations import actions, figures_page, industries, outside_views, paper_list, queries, saved_figures
from survey.organisations.actions import CreditCodeTaken, Details
from survey.organisations.figures_page import Group
from survey.organisations.firm_page import firm_page
from survey.organisations.forms import DetailsForm, NewForm
from survey.organisations.parts import Part, asked, kinds_of, parts

bp = Blueprint("organisations", __name__, url_prefix="/organisation")
bp.register_blueprint(outside_views.bp)


@bp.get("")
@requires(ACCOUNT)
def home() -> Any:
    """The person's firm; a list if there are several; if there is none, what became of claims, or the first form."""
    firms = queries.organisations_of(reading(), signed_in().user_id, _today())
    if not firms:
        claimed = has_claims(reading(), signed_in().user_id)
        return redirect(url_for("claims.home" if claimed else "organisations.new"))
    if len(firms) == 1:
        return redirect(url_for("organisations.firm", public_id=firms[0].public_id))
    return render_template("organisations/home.html", firms=firms)


@bp.get("/new")
@requires(ACCOUNT)
def new() -> str:
    form = NewForm()
    form.offer_areas()
    return _new_page(form)


def _new_page(form: NewForm) -> str:
    return render_template("organisations/new.html", form=form, most=industries.MOST_MATCHES)


@bp.post("/new")
@requires(ACCOUNT)
def enter() -> Any:
    """Enter a firm and go on to the questionnaire. Sending the form twice enters it once.

    A firm that is there already needs a claim; whether it is on the list or somebody's is not said.
    """
    form = NewForm()
    form.offer_areas()
    if not form.validate_on_submit():
        return _new_page(form), 422
    assert form.code is not None
    known = queries.by_credit_code(reading(), form.code.text)
    if known is not None and queries.is_member(reading(), known.id, signed_in().user_id, _today()):
        return redirect(url_for("organisations.firm", public_id=known.public_id), 303)
    details, actor, now = _details(form), audit.here(), datetime.now(UTC)
    firm = None
    try:
        with write() as db:
            allowed = limits.count(db, "firms entered", str(actor.user_id), now)
            if allowed and known is None:
                firm = actions.create_organisation(db, form.code, details, actor, now)
    except CreditCodeTaken:
        return _needs_claim(form)
    if not allowed:
        raise Problem(429, _("Too many firms"), _("You have entered twenty firms within a day. Go on tomorrow."))
    return redirect(_first_deed(firm), 303) if firm else _needs_claim(form)


def _needs_claim(form: NewForm) -> Any:
    """On to the claim, with what was typed: it is kept in the person's own browser."""
    fields = ("credit_code", "name", "area", "industry")
    session[CLAIMING] = {name: form[name].data for name in fields}
    return redirect(url_for("claims.needed"), 303)


def _first_deed(firm: Organisation) -> str:
    if "answering.home" in current_app.view_functions:
        return url_for("answering.home")
    return url_for("organisations.firm", public_id=firm.public_id)


def _details(form: DetailsForm) -> Details:
    area = queries.area_by_public_id(reading(), form.area.data)
    assert area is not None  # the form offers only areas that are there
    return Details(form.name.data or "", area.id, form.industry_code)


@bp.get("/industries")
@requires(ACCOUNT)
def found_industries() -> dict[str, object]:
    """Industries for a text, for the script that offers them while typing."""
    matches = industries.search(reading(), request.args.get("q", "")[:60], page_language())
    return {"matches": [{"code": match.code, "name": match.name} for match in matches]}


@bp.get("/<public_id>")
@requires("organisation:view")
def firm(public_id: str) -> str:
    organisation = organisation_or_404(public_id, "organisation:view")
    shown = firm_page(reading(), organisation, _year(), _today(), page_language())
    come = next((how for how in ("claimed", "joined") if request.args.get(how) == "1"), "")
    return render_template(
        "organisations/firm.html", firm=organisation, shown=shown, saved=_saved(organisation), come=come
    )


def _saved(firm: Organisation) -> saved_figures.Saved | None:
    """What to say about the figures named in the address, just after they were saved."""
    names = request.args.getlist("changed")
    if not names:
        return None
    asking = _parts(firm)
    page = _page(firm, asking)
    keys = saved_figures.keys_in(names, page.keys)
    return saved_figures.saved(page, asking, keys, page_language()) if keys else None


@bp.get("/<public_id>/edit")
@requires("organisation:edit")
def edit(public_id: str) -> str:
    firm = organisation_or_404(public_id, "organisation:edit")
    form = DetailsForm(data={"name": firm.name, "area": firm.operating_area.public_id, "industry": firm.industry_code})
    form.offer_areas()
    return _edit_page(firm, form)


def _edit_page(firm: Organisation, form: DetailsForm) -> str:
    language = page_language()
    name = industries.names(reading(), [firm.industry_code], language)[firm.industry_code]
    return render_template(
        "organisations/edit.html", firm=firm, form=form, industry_name=name, most=industries.MOST_MATCHES
    )


@bp.post("/<public_id>/edit")
@requires("organisation:edit")
def change(public_id: str) -> Any:
    firm = organisation_or_404(public_id, "organisation:edit")
    form = DetailsForm()
    form.offer_areas()
    if not form.validate_on_submit():
        return _edit_page(firm, form), 422
    details, actor, now = _details(form), audit.here(), datetime.now(UTC)
    with write() as session:
        actions.update_organisation(session, firm.id, details, actor, now)
    return redirect(url_for("organisations.firm", public_id=public_id), 303)


@bp.get("/<public_id>/figures")
@requires("organisation:edit")
def figures(public_id: str) -> str:
    """All figures, or with `?show=missing` only the kinds of which one is missing."""
    firm = organisation_or_404(public_id, "organisation:edit")
    asking = _parts(firm)
    page, only = _page(firm, asking), request.args.get("show") == "missing"
    groups = figures_page.groups(page.open() if only else page, _uses(asking), page_language())
    return _figures_page(firm, groups, page, only=only)


def _parts(firm: Organisation) -> list[Part]:
    return parts(reading(), firm.id, datetime.now(UTC))


def _page(firm: Organisation, asking: list[Part]) -> figures_page.Page:
    session, year = reading(), _year()
    lost = queries.lost_verifications(session, firm.id)
    stored = queries.facts_of(session, firm.id)
    return figures_page.page(asked(asking, year), kinds_of(asking), stored, lost, year)


def _uses(asking: list[Part]) -> dict[str, list[str]]:
    """The titles of the open questionnaires that use a kind."""
    found: dict[str, list[str]] = {}
    for part in asking:
        for kind in {kind for kind, _year in part.figures()} if part.open else ():
            found.setdefault(kind, []).append(part.instrument.title.say(page_language()))
    return found


def _figures_page(firm: Organisation, groups: list[Group], page: figures_page.Page, *, only: bool = False) -> str:
    missing = len(page.keys - set(page.stored))
    return render_template("organisations/figures.html", firm=firm, groups=groups, missing=missing, only=only)


@bp.post("/<public_id>/figures")
@requires("organisation:edit")
def save_figures(public_id: str) -> Any:
    """Save all figures or none: a doubtful or contested one brings the page back as it was typed."""
    firm = organisation_or_404(public_id, "organisation:edit")
    asking, language = _parts(firm), page_language()
    page = _page(firm, asking)
    entry = figures_page.read(request.form, page, language)
    if entry.faults or entry.conflicts or entry.warnings:
        groups = figures_page.groups(page, _uses(asking), language, request.form, entry)
        return _figures_page(firm, groups, page), 409 if entry.conflicts else 422
    changed = figures_page.changes(entry, page.stored)
    seen = {each[:2]: page.stored[each[:2]].rev if each[:2] in page.stored else 0 for each in changed}
    actor, now, user_id = audit.here(), datetime.now(UTC), signed_in().user_id
    with write() as session:
        actions.save_facts(session, firm.id, changed, user_id, now, seen=seen, sources=entry.sources, actor=actor)
    names = saved_figures.names(seen)
    return redirect(url_for("organisations.firm", public_id=public_id, changed=names), 303)


@bp.get("/<public_id>/figures/list")
@requires("organisation:view")
def figures_list(public_id: str) -> str:
    """The figures to fetch from the bookkeeper, on one page of paper; `?parts=green` asks for some parts only."""
    firm = organisation_or_404(public_id, "organisation:view")
    open_parts = [part for part in _parts(firm) if part.open]
    shown = paper_list.paper_list(open_parts, request.args.getlist("parts"), _page(firm, open_parts))
    return render_template("organisations/figures_list.html", firm=firm, shown=shown)


def _year() -> int:
    return queries.reference_year(reading(), _today())


def _today() -> date:
    return local_time(datetime.now(UTC)).date()
