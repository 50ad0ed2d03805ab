"""Commands for the city's reference values: `flask references import | show`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import ngettext

from survey import audit
from survey.database import reading, write
from survey.models import ReferenceValue
from survey.organisations.industries import names
from survey.publishing.reference_import import READERS, ReferenceFaults, import_references, read
from survey.publishing.references import current
from survey.terminal import in_language

references = AppGroup("references", help="The city's base and lead values per industry.")


@references.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only check the file.")
@in_language
def import_file(file: Path, dry_run: bool, language: str) -> None:
    """Enter the values in FILE, CSV or YAML, all of them or none.

    Columns: questionnaire, reference, industry (such as C34 or C3484), year (from which it holds), base, lead, source,
    and perhaps unit. Base and lead both empty: from that year on there is no value.
    """
    kind = file.suffix.lower()
    if kind not in READERS:
        _refuse(file, [_("the name must end with one of: %(ends)s", ends=", ".join(READERS))])
    try:
        if dry_run:
            count = len(read(reading(), file.read_bytes(), kind))
            click.echo(ngettext("%(num)d value checked, no faults", "%(num)d values checked, no faults", count))
            return
        with write() as session:
            new, same = import_references(session, file.read_bytes(), kind, audit.SYSTEM, datetime.now(UTC))
    except ReferenceFaults as refused:
        _refuse(file, refused.faults)
    click.echo(_("%(new)s values entered, %(same)s were there already", new=new, same=same))


def _refuse(file: Path, faults: list[str]) -> NoReturn:
    for fault in faults:
        click.echo(f"{file.name}: {fault}", err=True)
    raise SystemExit(2)


@references.command("show")
@click.option("--questionnaire", help="Only of this one, such as green.")
@click.option("--industry", help="Only of codes that begin with this, such as C34.")
@in_language
def show(questionnaire: str | None, industry: str | None, language: str) -> None:
    """List what counts now: reference, industry, first year, base, lead and source, with tabs between."""
    rows = [
        row
        for row in current(reading())
        if row.questionnaire == (questionnaire or row.questionnaire) and row.industry.startswith(industry or "")
    ]
    called = names(reading(), {row.industry for row in rows}, language)
    for row in rows:
        click.echo("\t".join(_cells(row, called[row.industry])))
    click.echo(ngettext("%(num)d value", "%(num)d values", len(rows)), err=True)


def _cells(row: ReferenceValue, industry: str) -> list[str]:
    values = [row.base, row.lead] if row.base and row.lead else [_("taken away"), ""]
    return [
        f"{row.questionnaire}/{row.reference}",
        f"{row.industry} {industry}",
        str(row.year_from),
        *values,
        row.source,
    ]
