"""Large, medium, small or micro, by the official table of 2011, with reasons. Missing figures leave classes open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from questionnaires.exact import Rational, shown
from questionnaires.text import Text
from scoring.size_table import RULE, Limits, Row, needs_group, row_for

SIZES: Final = ("micro", "small", "medium", "large")
"""From the smallest to the largest."""


@dataclass(frozen=True, slots=True)
class SizeClass:
    """`size` is the class, `None` while it is open; `possible` are the classes that remain, from the smallest.

    `row` is `None` where the rule has no row for the industry; nothing is possible then.
    `figures` are those the row asks for: staff in persons, revenue and assets in 万元, `None` where missing.
    """

    industry_code: str
    row: Row | None
    figures: Mapping[str, Rational | None]
    possible: tuple[str, ...]

    @property
    def size(self) -> str | None:
        return self.possible[0] if len(self.possible) == 1 else None

    @property
    def missing(self) -> tuple[str, ...]:
        """Measures that the row asks for and that are not known."""
        return tuple(measure for measure, value in self.figures.items() if value is None)


def size_class(
    industry_code: str, staff: int | None, revenue: Rational | int | None, assets: Rational | int | None
) -> SizeClass:
    """The class of a firm; `staff` in persons, `revenue` and `assets` in 万元, exact; `None` for what is not known.

    A firm is an SME below EITHER upper limit; medium and small firms reach ALL limits of their class, otherwise the
    next class down holds.
    """
    row = row_for(industry_code)
    if row is None:
        return SizeClass(industry_code, None, {}, ())
    known = {"staff": staff, "revenue": revenue, "assets": assets}
    figures = {measure: _exact(known[measure]) for measure in row.sme}
    return SizeClass(industry_code, row, figures, _possible(row, figures))


def _exact(value: Rational | int | None) -> Rational | None:
    return None if value is None else Rational(int(value.numerator), int(value.denominator))


def _possible(row: Row, figures: Mapping[str, Rational | None]) -> tuple[str, ...]:
    """Walks down from large: a class remains unless its limits surely fail or a larger class surely holds."""
    open_classes = []
    for size, limits in (("large", row.sme), ("medium", row.medium), ("small", row.small)):
        holds = _reaches_all(limits, figures)
        if holds is not False:
            open_classes.append(size)
        if holds:
            return tuple(reversed(open_classes))
    return ("micro", *reversed(open_classes))


def _reaches_all(limits: Limits, figures: Mapping[str, Rational | None]) -> bool | None:
    """`None` while a missing figure decides. Not being below either upper limit is reaching all of them."""
    reached = [None if (value := figures[measure]) is None else value >= limit for measure, limit in limits.items()]
    if False in reached:
        return False
    return None if None in reached else True


# -- in words ----------------------------------------------------------------------------------------------------------

NAMES: Final[Mapping[str, Text]] = {
    "large": Text(zh_CN="大型企业", en="large firm"),
    "medium": Text(zh_CN="中型企业", en="medium-sized firm"),
    "small": Text(zh_CN="小型企业", en="small firm"),
    "micro": Text(zh_CN="微型企业", en="micro firm"),
}
_MEASURES: Final[Mapping[str, Text]] = {
    "staff": Text(zh_CN="从业人员", en="staff"),
    "revenue": Text(zh_CN="营业收入", en="revenue"),
    "assets": Text(zh_CN="资产总额", en="total assets"),
}
_YUAN: Final = 10_000  # in 万元, the unit of the limits, for which English has no word
_SENTENCES: Final[Mapping[str, Text]] = {
    "basis": Text(zh_CN="按{rule}中“{row}”的标准划分。", en="By {rule}, row '{row}'."),
    "none": Text(
        zh_CN="{rule}没有给出这个行业的标准，不划分大中小微。",
        en="{Rule} gives no limits for this industry, so no size class is determined.",
    ),
    "group": Text(
        zh_CN="{rule}把这个行业大类分成几种情况，选到中类（三位代码）后才能划分。",
        en="{Rule} splits this division; choose its group (three digits) to get a size class.",
    ),
    "persons": Text(zh_CN="{figure} 人", en="{figure}"),
    "amount": Text(zh_CN="{figure} 万元", en="{yuan} yuan"),
    "reached": Text(zh_CN="{name} {value}，达到 {limit}", en="{name} {value} reaches {limit}"),
    "short": Text(zh_CN="{name} {value}，未达到 {limit}", en="{name} {value} is below {limit}"),
    "missing": Text(zh_CN="{name}未填，标准是 {limit}", en="{name} is not known, the limit is {limit}"),
    "step": Text(zh_CN="{size}的标准：{checks}。", en="Limits of a {size}: {checks}."),
    "not_large": Text(zh_CN="没有全部达到，属于中小微企业。", en="Not all are reached, so this is an SME."),
    "not_reached": Text(zh_CN="须全部达到，所以往下划一档。", en="All must be reached, so the next class down holds."),
    "result": Text(zh_CN="所以是{size}。", en="So this is a {size}."),
    "open": Text(zh_CN="还缺{missing}，可能是{sizes}。", en="Still missing: {missing}. It may be a {sizes}."),
    "and": Text(zh_CN="；", en="; "),
    "list": Text(zh_CN="、", en=", "),
    "or": Text(zh_CN="或", en=" or "),
}


def name(size: str, language: str) -> str:
    """What a class is called, in `zh_CN` or `en`."""
    return NAMES[size].say(language)


def explain(size: SizeClass, language: str) -> tuple[str, ...]:
    """Sentences in `zh_CN` or `en`: the rule and its row, each class down to the one that holds, the result."""
    if size.row is None:
        return (_say("group" if needs_group(size.industry_code) else "none", language),)
    steps = [
        _step(step, limits, size.figures, language)
        for step, limits in (("large", size.row.sme), ("medium", size.row.medium), ("small", size.row.small))
        if step in size.possible or SIZES.index(step) > SIZES.index(size.possible[-1])
    ]
    basis = _say("basis", language, row=size.row.name.say(language))
    return (basis, *steps, _result(size, language))


def _step(step: str, limits: Limits, figures: Mapping[str, Rational | None], language: str) -> str:
    checks = [_check(measure, figures[measure], limit, language) for measure, limit in limits.items()]
    said = _say("step", language, size=name(step, language), checks=_say("and", language).join(checks))
    if _reaches_all(limits, figures) is not False:
        return said
    space = "" if language == "zh_CN" else " "
    return said + space + _say("not_large" if step == "large" else "not_reached", language)


def _check(measure: str, value: Rational | None, limit: int, language: str) -> str:
    outcome = "missing" if value is None else "reached" if value >= limit else "short"
    said = "" if value is None else _amount(measure, value, language)
    return _say(
        outcome,
        language,
        name=_MEASURES[measure].say(language),
        value=said,
        limit=_amount(measure, limit, language),
    )


def _amount(measure: str, value: Rational | int, language: str) -> str:
    if measure == "staff":
        return _say("persons", language, figure=figure(value))
    return _say("amount", language, figure=figure(value), yuan=figure(value * _YUAN))


def _result(size: SizeClass, language: str) -> str:
    if size.size is not None:
        return _say("result", language, size=name(size.size, language))
    labels = [_MEASURES[measure].say(language) for measure in size.missing]
    *first, last = (name(each, language) for each in size.possible)
    sizes = _say("list", language).join(first) + _say("or", language) + last
    return _say("open", language, missing=_say("list", language).join(labels), sizes=sizes)


def figure(value: Rational | int) -> str:
    """A figure with separators and at most two decimals, cut so that it never crosses a limit: `1,999.99`."""
    whole, _, decimals = shown(value).partition(".")
    return f"{int(whole):,}" + (f".{decimals}" if decimals else "")


def _say(sentence: str, language: str, **values: str) -> str:
    rule = RULE.say(language)
    return _SENTENCES[sentence].say(language).format(rule=rule, Rule=rule[:1].upper() + rule[1:], **values)
