"""Commands for questionnaires: `flask instruments check | show | diff | publish | correct`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import ngettext

from questionnaires import catalogue
from questionnaires.changes import Change, changes, only_texts
from questionnaires.faults import DefinitionError, Fault, sentence
from questionnaires.instrument import Instrument
from survey import audit
from survey.database import reading, write
from survey.publishing.actions import correct_running, publish
from survey.publishing.queries import campaigns_with, revisions
from survey.publishing.shown import instrument_lines, revision_lines
from survey.publishing.sources import Source, faults_of, found, from_file
from survey.publishing.two_people import two_people
from survey.terminal import FILE, in_language, refuse

ALL = "all"

instruments = AppGroup("instruments", help="Questionnaires in their published versions.")


@instruments.command("check")
@click.argument("file")
@in_language
def check(file: str, language: str) -> None:
    """Say whether the definition in FILE could be published, and list every fault with its path.

    "all" checks every definition that is shipped. A text missing in a language blocks publishing, not scoring.
    """
    if file != ALL and not Path(file).is_file():
        refuse([_("%(file)s: there is no such file", file=file)])
    files = list(catalogue.shipped()) if file == ALL else [Path(file)]
    sound = [_sound(each, _file_name(each, file), language) for each in files]
    if not all(sound):
        raise SystemExit(2)


def _file_name(file: Path, given: str) -> str:
    return str(file.relative_to(catalogue.DEFINITIONS)) if given == ALL else given


def _sound(file: Path, name: str, language: str) -> bool:
    """Tell what is in a file; whether it could be published."""
    instrument, faults, unfinished = faults_of(file)
    for line in _fault_lines(name, faults, language):
        click.echo(line, err=True)
    for line in _fault_lines(name, unfinished, language):
        click.echo(_("%(fault)s (blocks publishing)", fault=line), err=True)
    if instrument is None or faults or unfinished:
        return False
    count = ngettext("no faults, %(num)d item", "no faults, %(num)d items", len(instrument.items))
    click.echo(f"{_label(instrument)}: {count}")
    return True


@instruments.command("show")
@click.argument("name")
@in_language
def show(name: str, language: str) -> None:
    """Show what NAME asks, what it is worth, what a level takes, and what of it is published.

    NAME is a file, a questionnaire such as digital, a version such as digital/2024 (the newest published revision, else
    the one shipped) or a revision such as digital/2024/2.
    """
    if not Path(name).is_file() and "/" not in name:
        _show_versions(name)
        return
    instrument = _find(name, language).instrument
    for line in instrument_lines(instrument, language):
        click.echo(line)
    click.echo()
    _show_published(instrument.questionnaire, instrument.version, instrument)


def _show_versions(questionnaire: str) -> None:
    files = [file for file in catalogue.shipped() if file.parent.name == questionnaire]
    if not files and not revisions(reading(), questionnaire):
        known = sorted({file.parent.name for file in catalogue.shipped()})
        refuse([_("%(name)s: there is no such questionnaire; shipped are %(known)s", name=questionnaire,
                  known=", ".join(known))])  # fmt: skip
    for file in files:
        click.echo(_("%(name)s as shipped", name=f"{questionnaire}/{file.stem}"))
    _show_published(questionnaire, None, None)


def _show_published(questionnaire: str, version: str | None, instrument: Instrument | None) -> None:
    rows = revisions(reading(), questionnaire, version)
    campaigns = campaigns_with(reading(), [row.id for row in rows])
    for line in revision_lines(rows, campaigns, datetime.now(UTC), instrument):
        click.echo(line)


@instruments.command("diff")
@click.argument("before")
@click.argument("after")
@in_language
def diff(before: str, after: str, language: str) -> None:
    """List what changed from BEFORE to AFTER, and say whether that may be published as a revision of wording.

    Each is a file, a version such as digital/2024, or a published revision such as digital/2024/1.
    """
    old, new = _find(before, language), _find(after, language)
    click.echo(f"--- {old.label}\n+++ {new.label}")
    listed = changes(old.instrument, new.instrument)
    _show_changes(_("Rules"), [each for each in listed if each.part == "rules"], language)
    _show_changes(_("Wording"), [each for each in listed if each.part == "texts"], language)
    click.echo(_verdict(old.instrument, new.instrument))


def _show_changes(title: str, listed: list[Change], language: str) -> None:
    if listed:
        click.echo(f"{title} ({len(listed)})")
    for each in listed:
        click.echo(f"  {each.sentence(language)}")


def _verdict(old: Instrument, new: Instrument) -> str:
    if not only_texts(old, new):
        return _("The rules differ: only a new version may be published with them.")
    if old.texts_checksum == new.texts_checksum:
        return _("No difference.")
    return _("The wording alone differs: it may be published as a revision, also for campaigns that are open.")


@instruments.command("publish")
@FILE
@in_language
def publish_file(file: Path, language: str) -> None:
    """Publish the definition in FILE for good; publishing the same again changes nothing.

    Other wording with the same rules becomes a revision; campaigns keep asking in theirs until `correct`. Two city
    administrators prove who they are, but on a site of this machine alone.
    """
    try:
        instrument = from_file(file)
        by, confirmed_by = two_people()
        with write() as session:
            row, now = publish(session, instrument, datetime.now(UTC), by), datetime.now(UTC)
            if confirmed_by is not None:
                audit.record(session, confirmed_by, "instrument.confirm", _label(instrument), now=now)
    except DefinitionError as error:
        _refuse(str(file), error.faults, language)
    told = _("%(name)s: published as revision %(revision)s", name=_label(instrument), revision=row.revision)
    click.echo(told)


@instruments.command("correct")
@click.argument("name")
@in_language
def correct(name: str, language: str) -> None:
    """Ask in the newest wording of NAME, such as digital/2024, in every campaign that has not ended.

    Only wording can change so. Answers given so far stay; what is submitted keeps the wording it was submitted under.
    Two city administrators prove who they are, as for `publish`.
    """
    questionnaire, _slash, version = name.partition("/")
    by, confirmed_by = two_people()
    try:
        with write() as session:
            behind = correct_running(session, questionnaire, version, by, datetime.now(UTC))
            if confirmed_by is not None:
                audit.record(session, confirmed_by, "instrument.confirm", name, now=datetime.now(UTC))
            told = [f"{campaign.round.title_zh} / {campaign.round.title_en}" for campaign, _revision in behind]
            before = [revision for _campaign, revision in behind]
    except DefinitionError as error:
        _refuse(name, error.faults, language)
    for title, revision in zip(told, before, strict=True):
        click.echo(_("%(round)s: until now revision %(revision)s", round=title, revision=revision))
    click.echo(ngettext("%(num)d campaign corrected", "%(num)d campaigns corrected", len(behind)))


def _find(name: str, language: str) -> Source:
    try:
        return found(name)
    except DefinitionError as error:
        _refuse(name, error.faults, language)


def _refuse(name: str, faults: Iterable[Fault], language: str) -> NoReturn:
    refuse(_fault_lines(name, faults, language))


def _fault_lines(name: str, faults: Iterable[Fault], language: str) -> list[str]:
    whole = _("file")
    return [f"{name}: {fault.path or whole}: {sentence(fault, language)}" for fault in faults]


def _label(instrument: Instrument) -> str:
    return f"{instrument.questionnaire}/{instrument.version}"
