"""Sentences for what a scorecard holds: how each indicator got its points, and how each condition stands.

The scorecard stores no text; page, PDF and command line all ask here, so they say the same in both languages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from questionnaires.answers import percent_text
from questionnaires.exact import shown
from questionnaires.figures import Bands, Change
from questionnaires.items import Single
from questionnaires.text import LANGUAGES
from scoring.conditions import Condition
from scoring.scorecard import ConditionScore, MeasuredTrace, Scorecard, Trace
from scoring.scorer import Scorer

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "open": ("未答，可能得 {low}–{high} 分", "not answered; worth {low} to {high} points"),
    "option": ("选“{label}”，得 {points} 分", "“{label}” earns {points} points"),
    "none": ("没有可得分的选项，得 0 分", "no option that earns points: 0 points"),
    "equal": ("选中 {count} 项，每项 {each} 分，得 {points} 分", "{count} chosen, {each} points each: {points} points"),
    "one": ("选中 1 项，得 {points} 分", "1 chosen: {points} points"),
    "mixed": ("选中 {count} 项，按各项分值相加，得 {points} 分", "{count} chosen, their points add up to {points}"),
    "share": (
        "{of} ÷ {per} = {value}，属于“{band}”一档，得 {points} 分",
        "{of} ÷ {per} = {value}, in the band “{band}”: {points} points",
    ),
    "share_years": (
        "{years} 合计 {of} ÷ {per} = {value}，属于“{band}”一档，得 {points} 分",
        "{years}: {of} ÷ {per} = {value}, in the band “{band}”: {points} points",
    ),
    "change": (
        "选“{label}”，得 {points} 分；按数据，从 {before} 变为 {after}",
        "“{label}” earns {points} points; by the figures, from {before} to {after}",
    ),
    "change_against": (
        "选“{label}”，得 {points} 分；按数据，从 {before} 变为 {after}，与所选不同，企业已说明原因",
        "“{label}” earns {points} points; the figures went from {before} to {after}, unlike the choice; reason given",
    ),
    "measure.what": ("{title}", "{title}"),
    "measure.need": ("不低于 {need} 分", "at least {need} points"),
    "scenes.what": ("{level}及以上的应用场景", "Scenes at {level} or above"),
    "scenes_constrained.what": ("其中约束性场景（★）", "of these, constrained (★)"),
    "scenes.need": ("至少 {need} 个", "at least {need}"),
    "level.what": ("等级", "Result"),
    "level.need": ("{level}及以上", "{level} or above"),
    "manual.need": ("人工核定", "decided by a person"),
    "all_of.what": ("以下各项都要满足（{parts}）", "All of these ({parts})"),
    "any_of.what": ("以下至少满足一项（{parts}）", "At least one of these ({parts})"),
    "met": ("达标", "met"),
    "unmet": ("未达标", "unmet"),
    "unknown": ("待核实", "unknown"),
    "manual": ("待核实", "to be reviewed"),
    "points_missing": ("差 {missing} 分", "{missing} points short"),
    "count_missing": ("差 {missing} 个", "{missing} short"),
    "open_answers": ("待核实：还有未答的题", "open: some items are not answered"),
    "condition": ("{what}{need}：现在{now}，{state}", "{what} {need}: now {now}, {state}"),
    "condition_short": ("{what}：{state}", "{what}: {state}"),
    "range": ("{low}–{high}", "{low}–{high}"),
    "list": ("、", "; "),
    "years": ("、", ", "),
}


def say(key: str, language: str, **values: object) -> str:
    """One sentence of the table in `language`."""
    return SENTENCES[key][LANGUAGES.index(language)].format(**values)


def explain(trace: Trace, scorer: Scorer, language: str) -> str:
    """How an indicator got its points."""
    if trace.response is None:
        return say("open", language, low=points_text(trace.low), high=points_text(trace.high))
    return EXPLAINED[trace.rule](trace, scorer, language)


def _explain_option(trace: Trace, scorer: Scorer, language: str) -> str:
    item = scorer.instrument.items[trace.item]
    assert isinstance(item, Single)
    label, points = item.option(str(trace.response)).label.say(language), points_text(trace.low)
    if isinstance(item.figures, Bands) and trace.after is not None:
        return _share(trace, trace.after, label, language)
    if isinstance(item.figures, Change) and trace.after is not None and trace.before is not None:
        key = "change" if trace.derived == trace.response else "change_against"
        before, after = (
            item.figures.shown.say(Fraction(measured.value), language) for measured in (trace.before, trace.after)
        )
        return say(key, language, label=label, points=points, before=before, after=after)
    return say("option", language, label=label, points=points)


def _share(trace: Trace, measured: MeasuredTrace, band: str, language: str) -> str:
    years = SENTENCES["years"][LANGUAGES.index(language)].join(str(year) for year in sorted(measured.years))
    value = percent_text(Fraction(measured.value))
    of, per = amount(measured.of), amount(measured.per or "1")
    key = "share" if len(measured.years) == 1 else "share_years"
    return say(key, language, of=of, per=per, value=value, band=band, points=points_text(trace.low), years=years)


def _explain_sum(trace: Trace, scorer: Scorer, language: str) -> str:
    earning = [points for _, points in trace.parts if Fraction(points)]
    total = points_text(trace.low)
    if not earning:
        return say("none", language)
    if len(earning) == 1:
        return say("one", language, points=total)
    if len(set(earning)) == 1:
        return say("equal", language, count=len(earning), each=points_text(earning[0]), points=total)
    return say("mixed", language, count=len(earning), points=total)


EXPLAINED: Final[Mapping[str, Callable[[Trace, Scorer, str], str]]] = {
    "option": _explain_option,
    "sum_of_options": _explain_sum,
}


def points_text(points: str) -> str:
    """Points of one indicator: official ones have up to three decimals (1.875)."""
    return shown(points, 3)


def amount(value: str) -> str:
    """A figure with thousands separators: `48263517.4` → `48,263,517.4`."""
    return grouped(shown(value))


def grouped(number: str) -> str:
    whole, _, rest = number.partition(".")
    return f"{int(whole):,}" + (f".{rest}" if rest else "")


@dataclass(frozen=True, slots=True)
class ConditionWords:
    """A condition in words: `what` is asked, the `need`, how it is `now`, its `state`, and what is `missing`."""

    what: str
    need: str
    now: str
    state: str
    missing: str

    def sentence(self, language: str) -> str:
        if not self.now:
            return say("condition_short", language, what=self.what, state=self.state)
        return say("condition", language, what=self.what, need=self.need, now=self.now, state=self.state)


def condition_words(score: ConditionScore, condition: Condition, scorer: Scorer, language: str) -> ConditionWords:
    """The words for one condition of a scorecard."""
    what, need = CONDITIONS[condition.kind](condition, scorer, language)
    now, state = _now(score, scorer, language), say(score.state, language)
    return ConditionWords(what, need, now, state, _missing(score, language))


def _now(score: ConditionScore, scorer: Scorer, language: str) -> str:
    """How it stands: points, a count, or the name of a level."""
    if score.low is None or score.high is None:
        return ""
    is_level = score.kind == "level_at_least"
    low, high = (
        scorer.ladder.level_name(int(number)).say(language) if is_level else shown(number)
        for number in (score.low, score.high)
    )
    return low if low == high else say("range", language, low=low, high=high)


def _missing(score: ConditionScore, language: str) -> str:
    """What is lacking: the gap from the most that is possible to the need; where answers are open, that they are."""
    if score.state != "unmet" or score.need is None or score.high is None:
        return say("open_answers", language) if score.state == "unknown" else say(score.state, language)
    gap = Fraction(score.need) - Fraction(score.high)
    key = "points_missing" if score.kind == "measure_at_least" else "count_missing"
    return say(key, language, missing=_up(gap)) if score.kind != "level_at_least" else say("unmet", language)


def _up(gap: Fraction) -> str:
    """A gap is rounded up: telling a firm it lacks less than it does would be wrong."""
    return shown(Fraction(-(-gap.numerator * 100 // gap.denominator), 100))


def _measure(condition: Any, scorer: Scorer, language: str) -> tuple[str, str]:
    title = scorer.measures[condition.measure].title.say(language)
    return say("measure.what", language, title=title), say("measure.need", language, need=shown(condition.points))


def _scenes(condition: Any, scorer: Scorer, language: str) -> tuple[str, str]:
    level = scorer.ladder.level_name(condition.level).say(language)
    what = "scenes_constrained.what" if condition.constrained else "scenes.what"
    return say(what, language, level=level), say("scenes.need", language, need=condition.count)


def _level(condition: Any, scorer: Scorer, language: str) -> tuple[str, str]:
    name = scorer.ladder.level_name(condition.level).say(language)
    return say("level.what", language), say("level.need", language, level=name)


def _manual(condition: Any, scorer: Scorer, language: str) -> tuple[str, str]:
    return condition.text.say(language), say("manual.need", language)


def _group(condition: Any, scorer: Scorer, language: str) -> tuple[str, str]:
    """A combined condition names its parts; how each stands is in the scorecard's `conditions`."""
    gap = {"zh_CN": "", "en": " "}[language]
    parts = (CONDITIONS[part.kind](part, scorer, language) for part in condition.conditions)
    named = {"zh_CN": "；", "en": "; "}[language].join(f"{what}{gap}{need}" if need else what for what, need in parts)
    return say(f"{condition.kind}.what", language, parts=named), ""


CONDITIONS: Final[Mapping[str, Callable[[Any, Scorer, str], tuple[str, str]]]] = {
    "measure_at_least": _measure,
    "scenes_at_least": _scenes,
    "level_at_least": _level,
    "manual": _manual,
    "all_of": _group,
    "any_of": _group,
}


def told(card: Scorecard, scorer: Scorer, language: str) -> dict[str, Any]:
    """A whole scorecard in sentences: the level, the conditions of each step and check, and each indicator."""
    steps = zip(card.ladder, scorer.ladder.steps, strict=True)
    checks = zip(card.checks, scorer.checks, strict=True)
    return {
        "level": scorer.ladder.level_name(card.level).say(language),
        "possible_level": scorer.ladder.level_name(card.possible_level).say(language),
        "ladder": {
            step.name.say(language): _sentences(score.conditions, step.conditions, scorer, language)
            for score, step in steps
        },
        "checks": {
            check.title.say(language): _sentences(score.conditions, check.conditions, scorer, language)
            for score, check in checks
        },
        "indicators": {trace.measure: explain(trace, scorer, language) for trace in card.trace},
    }


def _sentences(
    scores: Sequence[ConditionScore], conditions: Sequence[Condition], scorer: Scorer, language: str
) -> list[str]:
    pairs = zip(scores, conditions, strict=True)
    return [condition_words(score, condition, scorer, language).sentence(language) for score, condition in pairs]
