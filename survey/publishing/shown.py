"""An instrument as lines of text, for the terminal: what is asked, what it is worth, what a level takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import ngettext

from questionnaires.answers import Answers
from questionnaires.exact import shown
from questionnaires.facts import FactKind
from questionnaires.instrument import Instrument
from questionnaires.text import Text
from scoring import Scorer, scorer_for
from scoring.condition_words import condition_words
from scoring.conditions import Condition
from scoring.scorecard import ConditionScore
from scoring.tree import Measure
from survey import formatting
from survey.models import Campaign, PublishedInstrument

Lines = Iterator[str]


def instrument_lines(instrument: Instrument, language: str) -> Lines:
    """Everything of an instrument, part by part."""
    scorer = scorer_for(instrument)
    yield f"{instrument.questionnaire}/{instrument.version}  {instrument.title.say(language)}"
    yield f"  {instrument.basis.title.say(language)}  {instrument.basis.number}  {instrument.basis.date}"
    yield _("  rules %(checksum)s", checksum=instrument.rules_checksum)
    yield _("  texts %(checksum)s", checksum=instrument.texts_checksum)
    for part in PARTS:
        lines = list(part(instrument, scorer, language))
        if lines:
            yield ""
            yield from lines


def _items(instrument: Instrument, scorer: Scorer, language: str) -> Lines:
    yield ngettext("Items: %(num)d", "Items: %(num)d", len(instrument.items))
    for section in instrument.sections:
        yield f"  {section.id}  {section.title.say(language)}{_route(section)}"
        for item in section.items:
            yield f"    {item.id:<16} {item.type:<9} {item.short.say(language)}{_route(item)}"


def _route(asked: Any) -> str:
    return "" if asked.when is None else "  " + _("[asked of some firms only]")


def _tree(instrument: Instrument, scorer: Scorer, language: str) -> Lines:
    if scorer.measures:
        yield _("Measures, with the most points each can have")
        yield from (_measure(measure, language) for measure in scorer.measures.values())


def _measure(measure: Measure, language: str) -> str:
    rule: Any = measure.node.rule
    how = measure.node.combine if rule is None else f"{rule.kind} {getattr(rule, 'item', '')}".strip()
    indent = "  " * (measure.depth + 1)
    return f"{indent}{measure.id}  {shown(measure.maximum, 3)}  {how}  {measure.title.say(language)}"


def _ladder(instrument: Instrument, scorer: Scorer, language: str) -> Lines:
    """Each step and check with its conditions, in the words of the report; they are judged for nobody in particular."""
    card = scorer.score(Answers({}))
    if scorer.ladder is not None:
        yield _("Levels")
        for step, judged in zip(scorer.ladder.steps, card.ladder, strict=True):
            yield from _conditions(step.name, step.conditions, judged.conditions, scorer, language)
    if scorer.checks:
        yield _("Checks")
        for check, found in zip(scorer.checks, card.checks, strict=True):
            yield from _conditions(check.title, check.conditions, found.conditions, scorer, language)


def _conditions(
    title: Text,
    conditions: Sequence[Condition],
    judged: Sequence[ConditionScore],
    scorer: Scorer,
    language: str,
) -> Lines:
    yield f"  {title.say(language)}"
    for condition, score in zip(conditions, judged, strict=True):
        words = condition_words(score, condition, scorer, language)
        yield f"    {words.what} {words.need}".rstrip()


def _facts(instrument: Instrument, scorer: Scorer, language: str) -> Lines:
    if instrument.facts:
        yield _("Figures, with the years asked for (0 is the reference year)")
        yield from (_fact(kind, instrument, language) for kind in instrument.facts)


def _fact(kind: FactKind, instrument: Instrument, language: str) -> str:
    years = sorted(year for name, year in instrument.figures_asked if name == kind.id)
    return f"  {kind.id:<20} {kind.unit:<12} {', '.join(map(str, years)) or '–':<10} {kind.label.say(language)}"


PARTS: Final[tuple[Callable[[Instrument, Scorer, str], Lines], ...]] = (_items, _tree, _ladder, _facts)
"""In the order of reading. A part without lines is left out."""


def revision_lines(
    rows: list[PublishedInstrument], campaigns: dict[int, list[Campaign]], now: datetime, instrument: Instrument | None
) -> Lines:
    """What is published, each revision with its campaigns; compared with `instrument`, where there is one."""
    if not rows:
        yield _("Nothing of it is published.")
    for row in rows:
        running = sum(1 for campaign in campaigns[row.id] if campaign.opens_at <= now < campaign.closes_at)
        asking = ngettext("%(num)d campaign", "%(num)d campaigns", len(campaigns[row.id]))
        open_ones = ngettext("%(num)d open now", "%(num)d open now", running)
        name = _("%(name)s revision %(revision)s", name=f"{row.questionnaire}/{row.version}", revision=row.revision)
        against = "" if instrument is None else f"  {_against(row, instrument)}"
        yield f"{name}  {formatting.datetime(row.published_at)}  {asking}, {open_ones}{against}"


def _against(row: PublishedInstrument, instrument: Instrument) -> str:
    if row.rules_checksum != instrument.rules_checksum:
        return _("other rules")
    return _("the same") if row.texts_checksum == instrument.texts_checksum else _("same rules, other wording")
