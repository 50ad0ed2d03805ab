"""Importing the list of firms: the template, the check, the import of exactly what was checked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from survey import audit, limits, workbooks
from survey.access import acting, in_my_areas, requires
from survey.database import reading, write
from survey.desk import import_store, workbook
from survey.desk.import_actions import import_list
from survey.desk.import_checks import Checked, check, read
from survey.desk.import_rows import ListFault, ListFaults
from survey.errors import Problem
from survey.identity import signed_in
from survey.models import Area
from survey.settings import Settings

IMPORT: Final = "firms:import"
MOST_SHOWN: Final = 500
"""Faults on one page; the count says how many there are in all."""

GONE = _l("The checked file is no longer there")
SEND_AGAIN = _l("A checked file is kept for an hour, and once it was imported it is removed. Choose it again.")


def add_to(bp: Blueprint) -> None:
    """Give the desk its pages of the import."""
    bp.add_url_rule("/import", "import_list", page)
    bp.add_url_rule("/import", "check_list", check_list, methods=["POST"])
    bp.add_url_rule("/import/confirm", "confirm_list", confirm, methods=["POST"])
    bp.add_url_rule("/import/template", "list_template", template)


def _folder() -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.data_directory.resolve()


def _allowed() -> frozenset[int]:
    """Ids of the areas for which the person may list firms: from the account, never from the request."""
    return frozenset(reading().scalars(sa.select(Area.id).where(in_my_areas(IMPORT))))


@requires(IMPORT)
def page() -> str:
    _allowed()
    return _page()


def _page(faults: list[ListFault] | None = None, checked: Checked | None = None, key: str = "", name: str = "") -> str:
    return render_template(
        "desk/import.html", faults=faults or [], checked=checked, key=key, name=name, most=MOST_SHOWN
    )


@requires(IMPORT)
def template() -> Response:
    _allowed()
    areas = list(reading().scalars(sa.select(Area).where(Area.active, in_my_areas(IMPORT)).order_by(Area.path)))
    name = _("List of firms")
    return workbooks.sent(workbook.template(reading(), areas), f"{name}.xlsx", "list-of-firms.xlsx")


@requires(IMPORT)
def check_list() -> Any:
    """Check an uploaded list and keep it for the import. Nothing of it is written yet."""
    allowed, who, now = _allowed(), signed_in().public_id, datetime.now(UTC)
    with write() as session:
        if not limits.count(session, "imports", who, now):
            abort(429)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page([ListFault(0, "", _("Choose the file"))]), 422
    data, name = file.read(), Path(file.filename.replace("\\", "/")).name
    try:
        checked = check(reading(), read(data, name), allowed)
    except ListFaults as refused:
        return _page(refused.faults, name=name), 422
    return _page(checked=checked, key=import_store.keep(_folder(), who, data, name, now), name=name)


@requires(IMPORT)
def confirm() -> Any:
    """Import the list that was checked, all of it or nothing."""
    allowed, who, now = _allowed(), signed_in().public_id, datetime.now(UTC)
    key = request.form.get("key", "")
    data = import_store.kept(_folder(), who, key, now)
    if data is None:
        raise Problem(409, str(GONE), str(SEND_AGAIN), url_for("desk.import_list"), _("Back to the import"))
    lines, actor = read(data, key), audit.here(acting(IMPORT))
    try:
        with write() as session:
            counts = import_list(session, lines, allowed, actor, now)
    except ListFaults as refused:  # something changed since the check
        return _page(refused.faults), 422
    import_store.forget(_folder(), who, key)
    done: dict[str, Any] = {f"import_{name}": count for name, count in counts.items()}
    return redirect(url_for("desk.firms", **done), 303)
