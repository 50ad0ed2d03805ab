"""Publishing: complete in both languages, rules fixed for good, wording corrected even while a campaign runs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from questionnaires import catalogue
from questionnaires.faults import DefinitionError
from questionnaires.instrument import Instrument
from survey import audit
from survey.database import Database
from survey.models import AuditEvent, PublishedInstrument
from survey.publishing.actions import correct_wording, publish
from tests.cast import make_campaign

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DIGITAL = catalogue.builtin("digital", "2024")


def varied(**changes: Any) -> Instrument:
    """The digital questionnaire with other values at these places: `sections.0.items.0.label.en`."""
    definition = json.loads(DIGITAL.to_json())
    for path, value in changes.items():
        *way, last = path.split(".")
        place: Any = definition
        for step in way:
            place = place[int(step) if step.isdigit() else step]
        place[int(last) if last.isdigit() else last] = value
    return catalogue.from_json(json.dumps(definition))


REWORDED = {"sections.0.items.0.label.en": "In better words?"}


def count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(PublishedInstrument)) or 0


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_missing_text_is_refused_with_its_path(database: Database, language: str) -> None:
    instrument = varied(**{f"sections.0.items.0.label.{language}": "", f"ladder.steps.1.name.{language}": None})
    with pytest.raises(DefinitionError) as refused, database.write() as session:
        publish(session, instrument, NOW)
    assert {(fault.code, fault.path) for fault in refused.value.faults} == {
        ("text_missing", "sections.foundation.q1.label"),
        ("text_missing", "ladder.steps.2.name"),
    }
    assert {fault.values["language"] for fault in refused.value.faults} == {language}
    assert count(database) == 0


def test_publishing_asks_for_the_sources_of_shared_figures_as_well(database: Database) -> None:
    sources = {name: text for name, text in DIGITAL.sources.items() if name != DIGITAL.facts[0].source}
    with pytest.raises(DefinitionError) as refused, database.write() as session:
        publish(session, DIGITAL.model_copy(update={"sources": sources}), NOW)
    found = {(fault.code, fault.path) for fault in refused.value.faults}
    assert ("unlisted", f"facts.{DIGITAL.facts[0].id}.source") in found
    assert {code for code, _ in found} == {"unlisted"}


def test_publishing_the_same_again_changes_nothing(database: Database) -> None:
    with database.write() as session:
        first = publish(session, DIGITAL, NOW).id
    with database.write() as session:
        assert publish(session, DIGITAL, NOW).id == first
    assert count(database) == 1


def test_rules_of_a_published_version_cannot_change(database: Database) -> None:
    with database.write() as session:
        publish(session, DIGITAL, NOW)
    other = varied(**{"sections.0.items.0.options.1.exclusive": not DIGITAL.sections[0].items[0].options[1].exclusive})
    assert other.rules_checksum != DIGITAL.rules_checksum
    with pytest.raises(DefinitionError) as refused, database.write() as session:
        publish(session, other, NOW)
    assert [fault.code for fault in refused.value.faults] == ["rules_changed"]
    assert count(database) == 1


def test_better_words_are_a_new_revision(database: Database) -> None:
    with database.write() as session:
        publish(session, DIGITAL, NOW)
        second = publish(session, varied(**REWORDED), NOW)
        assert (second.revision, second.rules_checksum) == (2, DIGITAL.rules_checksum)
        assert second.texts_checksum != DIGITAL.texts_checksum
        third = publish(session, DIGITAL, NOW)
        assert third.revision == 3, "back to the first wording is a correction, too"


def test_only_a_revision_of_the_same_rules_goes_into_a_running_campaign(database: Database) -> None:
    with database.write() as session:
        campaign = make_campaign(session)
        before = campaign.instrument_id
        actor = audit.Actor(None)
        later = publish(session, varied(version="2024b"), NOW)
        with pytest.raises(DefinitionError):
            correct_wording(session, campaign, later, actor, NOW)
        assert campaign.instrument_id == before
        correct_wording(session, campaign, session.get_one(PublishedInstrument, before), actor, NOW)
        second = publish(session, varied(**REWORDED), NOW)
        correct_wording(session, campaign, second, actor, NOW)
        session.flush()
        assert campaign.instrument_id == second.id
        events = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "campaign.correct_wording"))
        assert [event.object_id for event in events] == [campaign.public_id]
