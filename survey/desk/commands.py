"""Commands for the list of firms: `flask firms import`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
import sqlalchemy as sa
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import audit
from survey.access import GRANTS
from survey.accounts.recipients import recipient
from survey.database import reading, write
from survey.desk.import_actions import import_list
from survey.desk.import_checks import check, read
from survey.desk.import_rows import ListFault, ListFaults
from survey.models import Area, RoleGrant, User
from survey.terminal import FILE, in_language, refuse

firms = AppGroup("firms", help="The city's list of firms.")


@firms.command("import")
@FILE
@click.option("--by", required=True, help="Mobile number or address of the account that imports: its areas count.")
@click.option("--dry-run", is_flag=True, help="Only check the list.")
@in_language
def import_file(file: Path, by: str, dry_run: bool, language: str) -> None:
    """Import the list of firms in FILE, XLSX or CSV with the columns of the template, all of it or nothing."""
    grants = _grants(reading(), by)
    if not grants:
        refuse([_("%(account)s: no account whose role may import lists", account=by)])
    allowed, actor = _allowed(reading(), grants), _actor(grants)
    try:
        lines = read(file.read_bytes(), file.name)
        if dry_run:
            checked = check(reading(), lines, allowed)
            counts, warnings = checked.counts, checked.warnings
        else:
            with write() as session:
                counts, warnings = import_list(session, lines, allowed, actor, datetime.now(UTC)), []
    except ListFaults as refused:
        refuse(_said(file, fault) for fault in refused.faults)
    for warning in warnings:
        click.echo(_said(file, warning), err=True)
    click.echo(_("%(new)s new, %(changed)s brought up to date, %(same)s unchanged", **counts))


def _said(file: Path, fault: ListFault) -> str:
    place = _("row %(row)s, column “%(column)s”: ", row=fault.row, column=fault.column) if fault.row else ""
    return f"{file.name}: {place}{fault.text}"


def _grants(session: Session, account: str) -> list[tuple[RoleGrant, Area]]:
    """The roles of an active account that may import, each with its area, the widest first."""
    found = recipient(account)
    if found is None:
        return []
    kind, to = found
    query = (
        sa.select(RoleGrant, Area)
        .join(User, User.id == RoleGrant.user_id)
        .join(Area, Area.id == RoleGrant.area_id)
        .where(getattr(User, kind) == to, User.state == "active", RoleGrant.ended_at.is_(None))
        .order_by(sa.func.length(Area.path), RoleGrant.id)
    )
    return [(grant, area) for grant, area in session.execute(query) if "firms:import" in GRANTS[grant.role]]


def _allowed(session: Session, grants: list[tuple[RoleGrant, Area]]) -> frozenset[int]:
    below = (Area.path.startswith(area.path, autoescape=True) for _grant, area in grants)
    return frozenset(session.scalars(sa.select(Area.id).where(sa.or_(*below))))


def _actor(grants: list[tuple[RoleGrant, Area]]) -> audit.Actor:
    grant, area = grants[0]
    return audit.Actor(grant.user_id, role=grant.role, area_id=area.id)
