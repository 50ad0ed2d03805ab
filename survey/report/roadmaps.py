"""The improvement path of a report: worked out from what was frozen, whenever it is shown. Nothing of it is stored."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from questionnaires.answers import Answers
from scoring.making import scorer_for
from scoring.roadmap import roadmap
from scoring.roadmap_changes import can_improve, read_lock
from scoring.roadmap_sentences import lock_words, told
from survey.answering.queries import responses_from
from survey.publishing.references import thawed
from survey.report import content
from survey.report.queries import Record

MOST_SECONDS: Final = 1.7
"""After which the best path found so far counts; what has begun by then is finished, within 2 seconds in all."""


def improvement(record: Record, locks: Sequence[str], language: str) -> content.Improvement | None:
    """The path to the next level, without what the firm calls not possible (`locks`, as in an address).

    `None` at the highest level, and where the definition does not say what changes take.
    """
    instrument, snapshot = record.instrument, record.snapshot
    if not can_improve(instrument):
        return None
    scorer = scorer_for(instrument)
    known = {text: lock for text in dict.fromkeys(locks) if (lock := read_lock(text, instrument)) is not None}
    facts = {(fact["id"], int(fact["year"])): int(fact["value"]) for fact in snapshot.facts}
    answers = Answers(
        responses_from({"responses": snapshot.responses}),
        facts,
        snapshot.reference_year,
        references=thawed(snapshot.reference_values),
    )
    end = time.monotonic() + MOST_SECONDS
    found = roadmap(scorer, answers, list(known.values()), lambda: time.monotonic() > end)
    if found is None:
        return None
    locked = tuple((text, lock_words(text, scorer, language)) for text in known)
    return content.Improvement(told(found, scorer, language), locked)
