"""Codes for claiming: by SMS, shown once, or printed as letters. A code is told once and never again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import segno
from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _

from survey import audit, jobs
from survey.access import acting, firm_in_area_or_404, in_my_areas, requires
from survey.accounts.recipients import masked
from survey.claims import codes, standing
from survey.database import reading, write
from survey.desk import code_queries as queries
from survey.errors import Problem
from survey.languages import DEFAULT
from survey.messages import outbox
from survey.models import ListedContact, Organisation
from survey.settings import Settings

MAKE = "claim_codes:make"

bp = Blueprint("codes", __name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: to whom, the code in two groups, and the picture to scan."""

    firm: Organisation
    contact: str
    code: str
    picture: str


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


@bp.get("/firms/<public_id>/codes")
@requires(MAKE)
def page(public_id: str) -> str:
    return _page(firm_in_area_or_404(public_id, MAKE), sent=request.args.get("sent") == "1")


def _page(firm: Organisation, code: str | None = None, *, sent: bool = False) -> str:
    now = datetime.now(UTC)
    return render_template(
        "desk/claims_code.html",
        firm=firm,
        code=code,
        sent=sent,
        valid_until=codes.valid_until(reading(), firm.public_id, now),
        has_owner=bool(standing.owners(reading(), firm.id)),
        mobile=masked(mobile) if (mobile := _mobile(queries.contact_of(reading(), firm.id))) else None,
        address=_address(),
    )


def _mobile(contact: ListedContact | None) -> str | None:
    """Where an SMS can go, if the site sends any."""
    return contact.mobile if contact and _settings().sms_driver != "none" else None


def _address() -> str:
    """Where codes are entered: from the configured address, never from the request."""
    return _settings().base_url + url_for("claims.home")


@bp.post("/firms/<public_id>/codes")
@requires(MAKE)
def make(public_id: str) -> Any:
    """Make a code; those made before are good no more. It is told in this answer, or by SMS, and kept nowhere."""
    firm, way = firm_in_area_or_404(public_id, MAKE), request.form.get("way", "")
    if way not in WAYS:
        abort(400)
    if standing.owners(reading(), firm.id):
        raise Problem(
            409, _("This firm has somebody already"), _("No code was made. Who else acts for it may join it.")
        )
    return WAYS[way](firm)


def _by_sms(firm: Organisation) -> Any:
    mobile = _mobile(queries.contact_of(reading(), firm.id)) or abort(400)
    now, actor = datetime.now(UTC), audit.here(acting(MAKE))
    with write() as session:
        code = codes.issue(session, _settings(), [firm], "sms", actor, now)[firm.id]
        values = {"firm": firm.name, "code": codes.shown(code), "address": _address()}
        outbox.post(session, _settings(), "claim_code", mobile, DEFAULT, values, now, codes.LIFE)
    jobs.wake(current_app)
    return redirect(url_for("desk.codes.page", public_id=firm.public_id, sent="1"), 303)


def _on_screen(firm: Organisation) -> str:
    (code,) = _issued([firm], "screen").values()
    return _page(firm, codes.shown(code))


def _as_letter(firm: Organisation) -> str:
    return _letters([firm])


WAYS = {"sms": _by_sms, "screen": _on_screen, "letter": _as_letter}


def _issued(firms: Sequence[Organisation], way: str) -> dict[int, str]:
    now, actor = datetime.now(UTC), audit.here(acting(MAKE))
    with write() as session:
        return codes.issue(session, _settings(), firms, way, actor, now)


def _letters(firms: Sequence[Organisation]) -> str:
    made, names = _issued(firms, "letter"), queries.contacts(reading(), [firm.id for firm in firms])
    letters = [
        Letter(firm, names.get(firm.id, ""), codes.shown(made[firm.id]), _picture(firm, made[firm.id]))
        for firm in firms
    ]  # fmt: skip
    until: date = datetime.now(UTC) + codes.LIFE
    return render_template("desk/claims_letters.html", letters=letters, address=_address(), until=until)


def _picture(firm: Organisation, code: str) -> str:
    """Both codes stand behind the #, which browsers keep to themselves: they are in no log of any server."""
    scanned = segno.make(f"{_address()}#{firm.credit_code}/{code}", error="m", micro=False)
    return str(scanned.svg_data_uri(border=2, svgversion=None))


# -- many at once ------------------------------------------------------------------------------------------------------


@bp.get("/codes")
@requires(MAKE)
def choose() -> str:
    return _choose_page()


def _choose_page(fault: str | None = None) -> str:
    firms, count = queries.waiting_for_code(reading(), in_my_areas(MAKE), datetime.now(UTC))
    faults = [("firm-1" if firms else "main", fault)] if fault else []
    return render_template(
        "desk/claims_codes.html", firms=firms, count=count, most=queries.MOST_LETTERS, faults=faults
    )  # fmt: skip


@bp.post("/codes")
@requires(MAKE)
def print_letters() -> Any:
    """Letters for the firms chosen, or for all on the page; firms of others and those with somebody are left out."""
    if request.form.get("all"):
        firms, _count = queries.waiting_for_code(reading(), in_my_areas(MAKE), datetime.now(UTC))
    else:
        firms = queries.chosen(reading(), in_my_areas(MAKE), request.form.getlist("firm"))
    if not firms:
        return _choose_page(_("Choose at least one firm that has nobody yet")), 422
    return _letters(firms)
