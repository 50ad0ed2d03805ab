"""How each indicator got its points, in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from questionnaires.answers import percent_text
from questionnaires.exact import Rational
from questionnaires.figures import Bands, Change
from questionnaires.items import Grid, Single
from questionnaires.text import LANGUAGES
from scoring.phrases import SENTENCES, amount, points_text, say
from scoring.scorecard import MeasuredTrace, Trace
from scoring.scorer import Scorer
from scoring.value_words import value_text, value_title


def explain(trace: Trace, scorer: Scorer, language: str) -> str:
    """How an indicator got its points."""
    if trace.absent is not None:
        return say(f"absent.{trace.absent}", language)
    return EXPLAINED[trace.rule](trace, scorer, language)


def _open(trace: Trace, key: str, language: str, **values: object) -> str:
    return say(key, language, low=points_text(trace.low), high=points_text(trace.high), **values)


def _explain_option(trace: Trace, scorer: Scorer, language: str) -> str:
    if trace.response is None:
        return _open(trace, "open", language)
    item = scorer.instrument.items[str(trace.item)]
    assert isinstance(item, Single)
    label, points = item.option(str(trace.response)).label.say(language), points_text(trace.low)
    if isinstance(item.figures, Bands) and trace.after is not None:
        return _share(trace, trace.after, label, language)
    if isinstance(item.figures, Change) and trace.after is not None and trace.before is not None:
        key = "change" if trace.derived == trace.response else "change_against"
        before, after = (
            item.figures.shown.say(Rational(measured.value), language) for measured in (trace.before, trace.after)
        )
        return say(key, language, label=label, points=points, before=before, after=after)
    return say("option", language, label=label, points=points)


def _share(trace: Trace, measured: MeasuredTrace, band: str, language: str) -> str:
    years = SENTENCES["years"][LANGUAGES.index(language)].join(str(year) for year in sorted(measured.years))
    value = percent_text(Rational(measured.value))
    of, per = amount(measured.of), amount(measured.per or "1")
    key = "share" if len(measured.years) == 1 else "share_years"
    return say(key, language, of=of, per=per, value=value, band=band, points=points_text(trace.low), years=years)


def _explain_sum(trace: Trace, scorer: Scorer, language: str) -> str:
    if trace.response is None:
        return _open(trace, "open", language)
    earning = [points for _, points in trace.parts if Rational(points)]
    total = points_text(trace.low)
    if not earning:
        return say("none", language)
    if len(earning) == 1:
        return say("one", language, points=total)
    if len(set(earning)) == 1:
        return say("equal", language, count=len(earning), each=points_text(earning[0]), points=total)
    return say("mixed", language, count=len(earning), points=total)


def _explain_scene(trace: Trace, scorer: Scorer, language: str) -> str:
    if trace.response is None:
        return _open(trace, "open", language)
    label = scorer.instrument.items[str(trace.item)].words(trace.response, language)[0]
    return say("scene", language, label=label, points=points_text(trace.low))


def _explain_count(trace: Trace, scorer: Scorer, language: str) -> str:
    if trace.response is None:
        return _open(trace, "open", language)
    return say("count", language, count=trace.value, lead=trace.lead, points=points_text(trace.low))


def _explain_grid(trace: Trace, scorer: Scorer, language: str) -> str:
    item = scorer.instrument.items[str(trace.item)]
    assert isinstance(item, Grid)
    if len(trace.parts) < len(item.rows):
        return _open(trace, "grid_open", language, rows=len(item.rows), done=len(trace.parts))
    return say("grid", language, rows=len(item.rows), points=points_text(trace.low))


def _explain_value(trace: Trace, scorer: Scorer, language: str) -> str:
    """A value in a band, between two limits, as a share, or against an earlier one."""
    rule: Any = scorer.measures[trace.measure].node.rule
    value, instrument = rule.measured(), scorer.instrument
    title = value_title(value, instrument, language)
    if trace.open or trace.value is None:
        return _open(trace, "open_value", language, title=title)
    said = {
        name: value_text(value, Rational(number), instrument, language)
        for name, number in (("value", trace.value), ("base", trace.base), ("lead", trace.lead))
        if number is not None
    }
    return say(VALUE_PHRASES[trace.rule](trace), language, title=title, points=points_text(trace.low), **said)


def _band(trace: Trace) -> str:
    if trace.base is None:
        return "band_all" if trace.lead is None else "band_below"
    return "band_above" if trace.lead is None else "band_between"


VALUE_PHRASES: Final[Mapping[str, Callable[[Trace], str]]] = {
    "bands": _band,
    "linear": lambda trace: "linear",
    "share": lambda trace: "part",
    "change": lambda trace: "changed",
}


def _explain_cases(trace: Trace, scorer: Scorer, language: str) -> str:
    rule: Any = scorer.measures[trace.measure].node.rule
    points = points_text(trace.low)
    if trace.case is None:
        return _open(trace, "open_case", language)
    if trace.case == len(rule.cases):
        return say("otherwise", language, points=points)
    text = rule.cases[trace.case].text or rule.cases[trace.case].if_.text
    if text is None:
        return say("case_number", language, number=trace.case + 1, points=points)
    return say("case", language, text=text.say(language), points=points)


EXPLAINED: Final[Mapping[str, Callable[[Trace, Scorer, str], str]]] = {
    "option": _explain_option,
    "sum_of_options": _explain_sum,
    "scene": _explain_scene,
    "count": _explain_count,
    "grid": _explain_grid,
    "bands": _explain_value,
    "linear": _explain_value,
    "share": _explain_value,
    "change": _explain_value,
    "cases": _explain_cases,
}
