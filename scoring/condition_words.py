"""How each condition stands, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from questionnaires.exact import Rational, shown
from questionnaires.statements import Compare
from scoring.conditions import Condition, parts_of
from scoring.phrases import say
from scoring.scorecard import ConditionScore
from scoring.scorer import Scorer
from scoring.value_words import value_text, value_title

GAP: Final[Mapping[str, str]] = {"zh_CN": "", "en": " "}  # between what is asked and how much of it


@dataclass(frozen=True, slots=True)
class ConditionWords:
    """A condition in words: `what` is asked, the `need`, how it is `now`, its `state`, and what is `missing`."""

    what: str
    need: str
    now: str
    state: str
    missing: str

    def sentence(self, language: str) -> str:
        key = "condition" if self.now else "condition_short"
        return say(key, language, what=self._asked(language), now=self.now, state=self.state)

    def _asked(self, language: str) -> str:
        """What and how much; that a person decides is said by the state."""
        said = not self.need or self.need == say("manual.need", language)
        return self.what if said else f"{self.what}{GAP[language]}{self.need}"


def condition_words(score: ConditionScore, condition: Condition, scorer: Scorer, language: str) -> ConditionWords:
    """The words for one condition of a scorecard. A definition's own `text` comes before made ones."""
    what, need = CONDITIONS[condition.kind](condition, scorer, language)
    if condition.text is not None and condition.kind != "manual":
        what, need = condition.text.say(language), ""
    now, state = _now(score, condition, scorer, language), say(score.state, language)
    return ConditionWords(what, need, now, state, _missing(score, condition, scorer, language))


def _now(score: ConditionScore, condition: Condition, scorer: Scorer, language: str) -> str:
    """How it stands: points, a count, a value with its unit, or the name of a level."""
    if score.low is None or score.high is None or _one_step(score, scorer):
        return ""
    low, high = (
        NOW.get(score.kind, _number)(Rational(number), condition, scorer, language)
        for number in (score.low, score.high)
    )
    return low if low == high else say("range", language, low=low, high=high)


def _one_step(score: ConditionScore, scorer: Scorer) -> bool:
    """Where a ladder has one step, whether it is reached is all there is to say, and the state says it."""
    return score.kind == "level_at_least" and scorer.ladder is not None and len(scorer.ladder.steps) == 1


def _number(number: Rational, condition: Any, scorer: Scorer, language: str) -> str:
    return shown(number)


def _level_name(number: Rational, condition: Any, scorer: Scorer, language: str) -> str:
    return "" if scorer.ladder is None else scorer.ladder.level_name(int(number)).say(language)


def _named_value(number: Rational, condition: Any, scorer: Scorer, language: str) -> str:
    return scorer.measures[condition.measure].node.values[int(number)].title.say(language)


def _value(number: Rational, condition: Any, scorer: Scorer, language: str) -> str:
    return value_text(condition.value, number, scorer.instrument, language)


NOW: Final[Mapping[str, Callable[[Rational, Any, Scorer, str], str]]] = {
    "level_at_least": _level_name,
    "measure_value": _named_value,
    "compare": _value,
}


def _missing(score: ConditionScore, condition: Condition, scorer: Scorer, language: str) -> str:
    """What is lacking: the gap from the most that is possible to the need; where answers are open, that they are."""
    if score.state != "unmet" or score.need is None or score.high is None:
        return say("open_answers", language) if score.state == "unknown" else say(score.state, language)
    gap = Rational(score.need) - Rational(score.high)
    if score.kind in GAPS:
        return say(GAPS[score.kind], language, missing=_up(gap))
    if isinstance(condition, Compare) and gap:
        missing = value_text(condition.value, abs(gap), scorer.instrument, language, up=True)
        return say("short_of" if gap > 0 else "too_much", language, missing=missing)
    return say("unmet", language)


GAPS: Final = {"measure_at_least": "points_missing", "scenes_at_least": "count_missing"}


def _up(gap: Rational) -> str:
    """A gap is rounded up: telling a firm it lacks less than it does would be wrong."""
    return shown(Rational(-(-gap.numerator * 100 // gap.denominator), 100))


def _measure(condition: Any, scorer: Scorer, language: str) -> tuple[str, str]:
    title = scorer.measures[condition.measure].title.say(language)
    return say("measure.what", language, title=title), say("measure.need", language, need=shown(condition.points))


def _scenes(condition: Any, scorer: Scorer, language: str) -> tuple[str, str]:
    level = _level_name(Rational(condition.level), condition, scorer, language)
    what = "scenes_constrained.what" if condition.constrained else "scenes.what"
    return say(what, language, level=level), say("scenes.need", language, need=condition.count)


def _level(condition: Any, scorer: Scorer, language: str) -> tuple[str, str]:
    name = _level_name(Rational(condition.level), condition, scorer, language)
    return say("level.what", language), say("level.need", language, level=name)


def _manual(condition: Any, scorer: Scorer, language: str) -> tuple[str, str]:
    return condition.text.say(language), say("manual.need", language)


def _compare_measure(condition: Any, scorer: Scorer, language: str) -> tuple[str, str]:
    title = scorer.measures[condition.measure].title.say(language)
    bounds = [say(f"is.{name}", language, need=shown(bound)) for name, bound in condition.bounds().items()]
    return say("measure.what", language, title=title), say("list", language).join(bounds)


def _measure_value(condition: Any, scorer: Scorer, language: str) -> tuple[str, str]:
    node = scorer.measures[condition.measure].node
    value = next(each.title for each in node.values if each.id == condition.at_least)
    what = say("values.what", language, title=node.title.say(language))
    return what, say("values.need", language, value=value.say(language))


def _compare(condition: Any, scorer: Scorer, language: str) -> tuple[str, str]:
    instrument = scorer.instrument
    needs = [
        say(
            f"is.{name}",
            language,
            need=value_text(condition.value, bound, instrument, language)
            if isinstance(bound, Rational)
            else value_title(bound, instrument, language),
        )
        for name, bound in condition.bounds().items()
    ]
    return value_title(condition.value, instrument, language), say("list", language).join(needs)


def _chosen(condition: Any, scorer: Scorer, language: str) -> tuple[str, str]:
    item: Any = scorer.instrument.items[condition.item]
    name = item.short.say(language)
    if condition.row is not None:
        row = next(each.label for each in item.rows if each.id == condition.row)
        name = say("row", language, item=name, row=row.say(language))
    several = "any" if condition.any else "all" if condition.all else "none"
    single = "not_one" if condition.none else "one"
    key = single if len(condition.options()) == 1 else several
    labels = (
        [item.words(option, language)[0] for option in condition.options()]
        if item.type == "figures"
        else [item.option(option).label.say(language) for option in condition.options()]
    )
    return name, say(f"chosen.{key}", language, options=say("list", language).join(labels))


def _answered(condition: Any, scorer: Scorer, language: str) -> tuple[str, str]:
    return scorer.instrument.items[condition.item].short.say(language), say("answered.need", language)


def _one_scene(condition: Any, scorer: Scorer, language: str) -> tuple[str, str]:
    item = scorer.instrument.items[condition.item]
    name = _level_name(Rational(condition.level), condition, scorer, language) or str(condition.level)
    return item.short.say(language), say("level.need", language, level=name)


def _group(condition: Any, scorer: Scorer, language: str) -> tuple[str, str]:
    """A combined condition names its parts; how each stands is in the scorecard's `conditions`."""
    return say(f"{condition.kind}.what", language, parts=_parts(condition, scorer, language)), ""


def _parts(condition: Any, scorer: Scorer, language: str) -> str:
    """The parts in words, one after the other."""
    gap = GAP[language]
    pairs = (_said(part, scorer, language) for part in parts_of(condition))
    return {"zh_CN": "；", "en": "; "}[language].join(f"{what}{gap}{need}" if need else what for what, need in pairs)


def _said(condition: Condition, scorer: Scorer, language: str) -> tuple[str, str]:
    if condition.text is not None:
        return condition.text.say(language), ""
    return CONDITIONS[condition.kind](condition, scorer, language)


def _count(condition: Any, scorer: Scorer, language: str) -> tuple[str, str]:
    key = "count_of.what" if condition.at_most is None else "count_of_range.what"
    parts = _parts(condition, scorer, language)
    return say(key, language, count=condition.at_least, most=condition.at_most, parts=parts), ""


def _only_if(condition: Any, scorer: Scorer, language: str) -> tuple[str, str]:
    gap = {"zh_CN": "", "en": " "}[language]
    asked, then = (gap.join(each for each in _said(part, scorer, language) if each) for part in parts_of(condition))
    return say("only_if.what", language, asked=asked, parts=then), ""


CONDITIONS: Final[Mapping[str, Callable[[Any, Scorer, str], tuple[str, str]]]] = {
    "measure_at_least": _measure,
    "measure_compare": _compare_measure,
    "measure_value": _measure_value,
    "scenes_at_least": _scenes,
    "scene_at_least": _one_scene,
    "level_at_least": _level,
    "compare": _compare,
    "chosen": _chosen,
    "answered": _answered,
    "manual": _manual,
    "all_of": _group,
    "any_of": _group,
    "not": _group,
    "count_of": _count,
    "only_if": _only_if,
}
