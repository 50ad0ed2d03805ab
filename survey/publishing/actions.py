"""Publishing an instrument, opening a round and its campaigns."""

from __future__ import annotations

from datetime import date, datetime, time

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from questionnaires.faults import DefinitionError, Fault
from questionnaires.instrument import Instrument
from questionnaires.places import named
from questionnaires.references import listed
from questionnaires.text import LANGUAGES, Text, is_text
from scoring import scorer_for
from survey import audit
from survey.formatting import SHANGHAI
from survey.models import Campaign, PublishedInstrument, Round
from survey.publishing.queries import latest, older_campaigns


def publish(
    session: Session, instrument: Instrument, now: datetime, actor: audit.Actor = audit.SYSTEM
) -> PublishedInstrument:
    """Publish an instrument for good. Publishing the same again changes nothing; other wording is a new revision.

    Raises `DefinitionError` with every fault: rules that cannot be scored, texts missing in a language, or rules that
    differ from those already published under this version.
    """
    scorer_for(instrument)
    before = latest(session, instrument.questionnaire, instrument.version)
    faults = unfinished(instrument) + _changed_rules(instrument, before)
    if faults:
        raise DefinitionError(faults)
    if before is not None and before.texts_checksum == instrument.texts_checksum:
        return before
    row = PublishedInstrument(
        questionnaire=instrument.questionnaire,
        version=instrument.version,
        revision=before.revision + 1 if before else 1,
        rules_checksum=instrument.rules_checksum,
        texts_checksum=instrument.texts_checksum,
        definition=instrument.to_json(),
        published_at=now,
    )
    session.add(row)
    session.flush()
    name = f"{row.questionnaire}/{row.version}/{row.revision}"
    audit.record(session, actor, "instrument.publish", name, now=now)
    return row


def correct_wording(
    session: Session, campaign: Campaign, instrument: PublishedInstrument, actor: audit.Actor, now: datetime
) -> None:
    """Ask in better words from now on, in a campaign that may be running: answers given so far stay as they are.

    Snapshots keep the wording they were submitted under; a check page that is open must be looked at again. Raises
    `DefinitionError` for any instrument but a revision of the campaign's own, with the same rules.
    """
    now_asked = session.get_one(PublishedInstrument, campaign.instrument_id)
    same = ("questionnaire", "version", "rules_checksum")
    if any(getattr(now_asked, name) != getattr(instrument, name) for name in same):
        raise DefinitionError([Fault("version", "rules_changed", {"version": now_asked.version})])
    if instrument.id == now_asked.id:
        return
    campaign.instrument_id = instrument.id
    audit.record(session, actor, "campaign.correct_wording", campaign.public_id, now=now)


def correct_running(
    session: Session, questionnaire: str, version: str, actor: audit.Actor, now: datetime
) -> list[tuple[Campaign, int]]:
    """Put the newest wording of a version into every campaign that has not ended; gives each with its revision before.

    Raises `DefinitionError` where that version is not published.
    """
    newest = latest(session, questionnaire, version)
    if newest is None:
        raise DefinitionError([Fault("", "shape", {"message": _("is not published")})])
    behind = older_campaigns(session, newest, now)
    for campaign, _revision in behind:
        correct_wording(session, campaign, newest, actor, now)
    return behind


def _changed_rules(instrument: Instrument, before: PublishedInstrument | None) -> list[Fault]:
    if before is None or before.rules_checksum == instrument.rules_checksum:
        return []
    return [Fault("version", "rules_changed", {"version": instrument.version})]


def unfinished(instrument: Instrument) -> list[Fault]:
    """What keeps an instrument that can be scored from being published: texts and sources that are missing."""
    return missing_texts(instrument) + _unsourced(instrument)


def _unsourced(instrument: Instrument) -> list[Fault]:
    """Items that do not say where they come from, or how sure that is; figures whose source is not listed."""
    figures = [
        fault
        for kind in instrument.facts
        if kind.source
        for fault in listed(f"facts.{kind.id}.source", [kind.source], "sources", instrument.sources)
    ]
    return figures + [
        Fault(f"sections.{section.id}.{item.id}.{name}", "source_missing")
        for section in instrument.sections
        for item in section.items
        for name in ("source", "confidence")
        if not getattr(item, name)
    ]


def missing_texts(instrument: Instrument) -> list[Fault]:
    """A fault for every text that is missing in one of the languages, also where it is left out altogether."""
    plain, scorer = instrument.model_dump(mode="json", by_alias=True), scorer_for(instrument)
    if scorer.ladder is not None:
        plain["ladder"] = scorer.ladder.model_dump(mode="json", by_alias=True)
    plain["checks"] = [check.model_dump(mode="json", by_alias=True) for check in scorer.checks]
    return untranslated(plain)


def untranslated(plain: object) -> list[Fault]:
    """The same for a definition as plain data, whatever else may be wrong with it."""
    faults: list[Fault] = []

    def look(value: object, path: str) -> None:
        if isinstance(value, dict) and is_text(value):
            missing = [language for language in LANGUAGES if not value.get(language)]
            faults.extend(Fault(path, "text_missing", {"language": language}) for language in missing)
        elif isinstance(value, dict):
            for key, entry in value.items():
                below = f"{path}.{key}" if path else key
                look(entry, named(below, entry) if below == "tree" else below)
        elif isinstance(value, list | tuple):
            for place, entry in enumerate(value):
                look(entry, named(path, entry, place, path.rpartition(".")[2]))

    look(plain, "")
    return faults


def open_round(
    session: Session,
    title: Text,
    reference_year: int,
    opens: date,
    closes: date,
    instruments: list[PublishedInstrument],
) -> Round:
    """A round with one campaign per instrument, open from the first to the last minute of these days in Shanghai."""
    row = Round(
        title_zh=title.say("zh_CN"),
        title_en=title.say("en"),
        reference_year=reference_year,
        opens_on=opens,
        closes_on=closes,
    )
    session.add(row)
    session.flush()
    for instrument in instruments:
        session.add(
            Campaign(
                round_id=row.id,
                questionnaire=instrument.questionnaire,
                instrument_id=instrument.id,
                opens_at=datetime.combine(opens, time.min, SHANGHAI),
                closes_at=datetime.combine(closes, time.max, SHANGHAI),
            )
        )
    session.flush()
    return row
