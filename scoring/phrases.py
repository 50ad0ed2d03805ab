"""The phrases that sentences about a scorecard are made of, in both languages, and how numbers stand in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from questionnaires.exact import shown
from questionnaires.text import LANGUAGES

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
    "absent.answer": ("不涉及，不计分", "does not apply, not scored"),
    "absent.route": ("按前面的回答不问这一题，不计分", "not asked after the answers before, not scored"),
    "absent.reference": (
        "本市还没有录入所在行业的基准值和引领值，不计分",
        "not scored: the city has entered no base and lead values for the industry",
    ),
    "open_value": (
        "{title}还算不出来，可能得 {low}–{high} 分",
        "{title} cannot be worked out yet; worth {low} to {high} points",
    ),
    "open_case": ("还有未答的题，可能得 {low}–{high} 分", "some answers are open; worth {low} to {high} points"),
    "scene": ("处于“{label}”，得 {points} 分", "stands at “{label}”: {points} points"),
    "count": (
        "做到 {count} 项（满 {lead} 项得满分），得 {points} 分",
        "{count} done ({lead} earn full points): {points} points",
    ),
    "grid": ("{rows} 行平均，得 {points} 分", "mean over {rows} rows: {points} points"),
    "grid_open": (
        "{rows} 行中已答 {done} 行，可能得 {low}–{high} 分",
        "{done} of {rows} rows answered; worth {low} to {high} points",
    ),
    "band_between": (
        "{title} = {value}，在 {base} 与 {lead} 之间，得 {points} 分",
        "{title} = {value}, between {base} and {lead}: {points} points",
    ),
    "band_below": (
        "{title} = {value}，不超过 {lead}，得 {points} 分",
        "{title} = {value}, up to {lead}: {points} points",
    ),
    "band_above": (
        "{title} = {value}，{base} 以上，得 {points} 分",
        "{title} = {value}, from {base} up: {points} points",
    ),
    "band_all": ("{title} = {value}，得 {points} 分", "{title} = {value}: {points} points"),
    "linear": (
        "{title} = {value}（{base} 得 0 分，{lead} 得满分），得 {points} 分",
        "{title} = {value} ({base} earns 0, {lead} earns full points): {points} points",
    ),
    "part": ("{title} = {value}，按比例得 {points} 分", "{title} = {value}: {points} points in proportion"),
    "changed": (
        "{title}从 {base} 变为 {value}，得 {points} 分",
        "{title} went from {base} to {value}: {points} points",
    ),
    "case": ("符合“{text}”，得 {points} 分", "“{text}” holds: {points} points"),
    "case_number": ("符合第 {number} 种情形，得 {points} 分", "case {number} holds: {points} points"),
    "otherwise": ("不属于所列情形，得 {points} 分", "none of the cases holds: {points} points"),
    "value.count": ("“{name}”选中的项数", "number chosen in “{name}”"),
    "value.item": ("“{name}”", "“{name}”"),
    "value.year_earlier": ("{name}（前一年）", "{name} (a year earlier)"),
    "value.years_earlier": ("{name}（{count} 年前）", "{name} ({count} years earlier)"),
    "value.year_later": ("{name}（后一年）", "{name} (a year later)"),
    "value.years_later": ("{name}（{count} 年后）", "{name} ({count} years later)"),
    "value.inside": ("（{name}）", "({name})"),
    "value.growth": ("{name}的增长率", "growth of {name}"),
    "value.growth_years": ("{name} {count} 年间的增长率", "growth of {name} over {count} years"),
    "value.yearly_sum": ("{name}（{count} 年合计）", "{name} (sum of {count} years)"),
    "value.yearly_mean": ("{name}（{count} 年平均）", "{name} (mean of {count} years)"),
    "value.mean": ("平均值（{parts}）", "mean of ({parts})"),
    "value.least": ("其中最小的（{parts}）", "smallest of ({parts})"),
    "value.greatest": ("其中最大的（{parts}）", "largest of ({parts})"),
    "value.any": ("计算值", "the value"),
    "values.what": ("{title}", "{title}"),
    "values.need": ("达到“{value}”", "“{value}” or better"),
    "is.at_least": ("不低于 {need}", "at least {need}"),
    "is.above": ("高于 {need}", "above {need}"),
    "is.at_most": ("不高于 {need}", "at most {need}"),
    "is.below": ("低于 {need}", "below {need}"),
    "is.equal": ("等于 {need}", "equal to {need}"),
    "chosen.one": ("选“{options}”", "answered “{options}”"),
    "chosen.not_one": ("不选“{options}”", "not answered “{options}”"),
    "chosen.any": ("至少选其中一项（{options}）", "at least one of ({options})"),
    "chosen.all": ("全部选中（{options}）", "all of ({options})"),
    "chosen.none": ("一项也不选（{options}）", "none of ({options})"),
    "answered.need": ("已回答", "answered"),
    "row": ("{item}：{row}", "{item}: {row}"),
    "not.what": ("不属于（{parts}）", "not ({parts})"),
    "count_of.what": ("以下至少满足 {count} 项（{parts}）", "At least {count} of these ({parts})"),
    "count_of_range.what": (
        "以下满足 {count} 到 {most} 项（{parts}）",
        "From {count} to {most} of these ({parts})",
    ),
    "only_if.what": ("{parts}（仅当{asked}时）", "{parts} (only where {asked})"),
    "short_of": ("还差 {missing}", "{missing} short"),
    "too_much": ("超出 {missing}", "{missing} too much"),
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
    "manual": ("人工核定", "manual review"),
    "not_applicable": ("不适用", "not applicable"),
    "points_missing": ("差 {missing} 分", "{missing} points short"),
    "count_missing": ("差 {missing} 个", "{missing} short"),
    "open_answers": ("待核实：还有未答的题", "open: some items are not answered"),
    "condition": ("{what}：现在{now}，{state}", "{what}: now {now}, {state}"),
    "condition_short": ("{what}：{state}", "{what}: {state}"),
    "range": ("{low}–{high}", "{low}–{high}"),
    "list": ("、", "; "),
    "years": ("、", ", "),
}


def say(key: str, language: str, **values: object) -> str:
    """One sentence of the table in `language`."""
    return SENTENCES[key][LANGUAGES.index(language)].format(**values)


def points_text(points: str) -> str:
    """Points of one indicator: official ones have up to three decimals (1.875)."""
    return shown(points, 3)


def amount(value: str) -> str:
    """A figure with thousands separators: `48263517.4` → `48,263,517.4`."""
    return grouped(shown(value))


def grouped(number: str) -> str:
    whole, _, rest = number.partition(".")
    return f"{int(whole):,}" + (f".{rest}" if rest else "")
