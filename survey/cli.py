"""Commands for those who run the site: `flask --app wsgi …`. Each calls the action that a page would call.

Exit codes: 0 done, 1 a check found a difference, 2 refused; every fault is then listed, and nothing was changed.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from questionnaires.text import Text
from survey.accounts.commands import accounts
from survey.auditing.commands import audit
from survey.benchmark.commands import benchmark
from survey.dashboard.commands import dashboard
from survey.database import reading, write
from survey.desk.commands import firms
from survey.messages.commands import messages
from survey.models import PublishedInstrument
from survey.organisations.industry_import import ImportFaults, import_industries
from survey.privacy.commands import privacy
from survey.publishing.actions import open_round
from survey.publishing.commands import instruments
from survey.publishing.queries import latest
from survey.publishing.reference_commands import references
from survey.rescoring import rescored
from survey.terminal import FILE, refuse

DAY = click.DateTime(["%Y-%m-%d"])
EARLIEST, LATEST = 2000, 2100
MOST_TITLE = 200

rounds = AppGroup("rounds", help="Periods in which firms answer.")
industries = AppGroup("industries", help="The classification of industries.")
scores = AppGroup("scores", help="What submissions are worth.")

GROUPS = (
    instruments, rounds, industries, scores, references, messages, audit, privacy, accounts, firms, benchmark,
    dashboard,
)  # fmt: skip
"""Every group of commands. A new one is one line here."""


def init_app(app: Flask) -> None:
    for group in GROUPS:
        app.cli.add_command(group)


# -- rounds ------------------------------------------------------------------------------------------------------------


@rounds.command("open")
@click.option("--title-zh", required=True, help="Title, Chinese.")
@click.option("--title-en", required=True, help="Title, English.")
@click.option("--year", required=True, type=click.IntRange(EARLIEST, LATEST), help="The year whose figures are asked.")
@click.option("--opens", required=True, type=DAY, help="First day, such as 2026-03-01.")
@click.option("--closes", required=True, type=DAY, help="Last day; answers are taken until its end.")
@click.argument("questionnaires", nargs=-1, required=True)
def open_(
    title_zh: str, title_en: str, year: int, opens: datetime, closes: datetime, questionnaires: tuple[str, ...]
) -> None:
    """Open a round with one campaign for each of QUESTIONNAIRES, named like digital/2024; days are those of China."""
    title = Text(zh_CN=title_zh.strip(), en=title_en.strip())
    faults = _round_faults(title, opens.date(), closes.date(), questionnaires)
    found = {name: _published(reading(), name) for name in questionnaires}
    faults += [f"{name}: is not published; known are names like digital/2024" for name, row in found.items() if not row]
    if faults:
        refuse(faults)
    rows = [row for row in found.values() if row is not None]
    with write() as session:
        opened = open_round(session, title, year, opens.date(), closes.date(), rows)
    click.echo(f"round {opened.public_id}: {', '.join(found)}, {opened.opens_on} to {opened.closes_on}")


def _round_faults(title: Text, opens: date, closes: date, questionnaires: tuple[str, ...]) -> list[str]:
    families = [name.partition("/")[0] for name in questionnaires]
    rules = {
        "--title-zh: is empty": bool(title.zh_CN),
        "--title-en: is empty": bool(title.en),
        f"a title has more than {MOST_TITLE} characters": max(len(title.zh_CN or ""), len(title.en or ""))
        <= MOST_TITLE,
        "--closes: lies before --opens": opens <= closes,
    }
    twice = sorted({family for family in families if families.count(family) > 1})
    return [fault for fault, kept in rules.items() if not kept] + [
        f"{family}: a round holds each questionnaire once" for family in twice
    ]


def _published(session: Session, name: str) -> PublishedInstrument | None:
    questionnaire, _slash, version = name.partition("/")
    return latest(session, questionnaire, version)


# -- industries --------------------------------------------------------------------------------------------------------


@industries.command("import")
@FILE
def import_file(file: Path) -> None:
    """Add or rename the industries in FILE, a CSV with the columns code, level and name; all of them or none."""
    try:
        with write() as session:
            count = import_industries(session, file.read_bytes())
    except ImportFaults as refused:
        refuse(f"{file.name}: {fault}" for fault in refused.faults)
    click.echo(f"{count} industries imported")


# -- scores ------------------------------------------------------------------------------------------------------------


@scores.command("recompute")
@click.option("--check", is_flag=True, help="Compare only; frozen scorecards are never changed.")
def recompute(check: bool) -> None:
    """Score every submission again from its snapshot and report each difference to its scorecard."""
    if not check:
        refuse(["--check: is needed; frozen scorecards can only be compared"])
    count = differing = 0
    for checked in rescored(reading()):
        count += 1
        differing += bool(checked.differences)
        for difference in checked.differences:
            click.echo(f"{checked.reference} (scorecard {checked.scorecard_id}): {difference}", err=True)
    click.echo(f"{count} scorecards, {differing} differ")
    if differing:
        raise SystemExit(1)
