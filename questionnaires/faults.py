"""What can be wrong with a definition or an answer: data with a path, and one sentence per language for each kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Final

from pydantic_core import PydanticCustomError

from questionnaires.text import LANGUAGES


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `path` says where, `code` is a key of `SENTENCES`, `values` fill its gaps."""

    path: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


MOST_FAULTS: Final = 500
MOST_SIGNS: Final = 300  # of one value in a sentence


class DefinitionError(ValueError):
    """A definition cannot be used; carries every fault found, not just the first; beyond `MOST_FAULTS` their number."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        found = tuple(faults)
        more = len(found) - MOST_FAULTS
        self.faults = found if more <= 0 else (*found[:MOST_FAULTS], Fault("", "more_faults", {"count": more}))
        super().__init__("\n".join(f"{fault.path}: {sentence(fault, 'en')}" for fault in self.faults))


def sentence(fault: Fault, language: str) -> str:
    """What is wrong and what to do, in `language` (`zh_CN` or `en`)."""
    values = {
        name: f"{value[:MOST_SIGNS]}…" if isinstance(value, str) and len(value) > MOST_SIGNS else value
        for name, value in fault.values.items()
    }
    return SENTENCES[fault.code][LANGUAGES.index(language)].format(**values)


def refusal(code: str, **values: object) -> PydanticCustomError:
    """What a model's own check raises: the fault of that code, worded like all others."""
    return PydanticCustomError(code, SENTENCES[code][LANGUAGES.index("en")], values)


def some(names: Iterable[str], most: int = 30) -> str:
    """The names with commas between, of many the first ones."""
    listed = list(islice(names, most + 1))
    return (", ".join(listed[:most]) + (", …" if len(listed) > most else "")) or "–"


def brief(value: object, most: int = 40) -> str:
    """What somebody sent, short and safe to show and store, whatever it is: nested data only by its type."""
    text = str(value) if isinstance(value, str | int | float | Decimal) else type(value).__name__
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:most])


SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    # a definition
    "yaml": ("不是合格的 YAML：{message}", "is not valid YAML: {message}"),
    "anchors": (
        "不能使用锚点（&）和别名（*），请把内容写全",
        "anchors (&) and aliases (*) are not allowed; write it out",
    ),
    "too_large": ("文件超过 {megabytes} MB", "is larger than {megabytes} MB"),
    "too_deep": ("嵌套超过 {most} 层", "is nested more than {most} levels deep"),
    "too_many_items": ("题目超过 {most} 道", "has more than {most} items"),
    "too_costly": (
        "这个值要算 {most} 步以上，请拆分或减少年份",
        "takes more than {most} steps to work out; use fewer parts or years",
    ),
    "more_faults": ("另有 {count} 处问题未列出", "{count} more faults are not listed"),
    "shape": ("{message}", "{message}"),
    "yaml_tab": ("行首不能用制表符（Tab）缩进，请用空格", "is indented with a tab; use spaces"),
    "key_missing": ("缺少键“{name}”", "needs the key “{name}”"),
    "key_like": ("没有这个键，是不是“{like}”？", "is not a key here; did you mean “{like}”?"),
    "key_unknown": ("没有这个键，可用的有：{known}", "is not a key here; known are: {known}"),
    "tag_missing": ("缺少键“{name}”，可用的值有：{known}", "needs the key “{name}”, one of: {known}"),
    "bool_text": (
        "这里要写文字；YAML 会把 yes、no、on、off 当作真假值，请加引号",
        "must be text; YAML reads yes/no/on/off as true/false: put it in quotes",
    ),
    "needs_text": ("这里要写文字；如是日期等，请加引号", "must be text; put it in quotes"),
    "needs_languages": ("这里要按语言写：{example}", "must be a text by language: {example}"),
    "needs_keys": ("这里要写键与值", "must have keys and values"),
    "needs_list": ("这里要写列表", "must be a list"),
    "needs_bool": ("只能是 true 或 false", "must be true or false"),
    "needs_whole": ("这里要写整数", "must be a whole number"),
    "needs_number": ("这里要写数字", "must be a number"),
    "not_exact": (
        "“{typed}”不是数字，请写成 59.975 或 97/3 这样的数",
        "“{typed}” is not a number; write it out, such as 59.975 or 97/3",
    ),
    "not_a_value": (
        "这不是一个值，请写数字，或用其中之一：{known}",
        "is not a value; write a number or one of: {known}",
    ),
    "too_few": ("至少要有 {needed} 项", "needs at least {needed} entries"),
    "too_many": ("最多 {most} 项", "can have at most {most} entries"),
    "either": ("{one} 与 {other} 须有且只有一个", "needs either {one} or {other}"),
    "one_of_keys": ("须有且只有其中一个：{keys}", "needs exactly one of {keys}"),
    "one_or_two_keys": ("须有其中一个或两个：{keys}", "needs one or two of {keys}"),
    "years_differ": ("年份不能重复，且不能少于 at_least", "needs at_least different years, each once"),
    "twice": ("“{name}”出现了两次", "“{name}” is given twice"),
    "unlisted": (
        "{under} 中没有列出“{name}”，请先列出；已列出的有：{known}",
        "“{name}” is not listed: list it under {under}; listed so far: {known}",
    ),
    "fact_unknown": (
        "公用的数据里没有“{name}”，请写明它是什么，或用其中之一：{known}",
        "there is no shared figure “{name}”: describe it here, or use one of: {known}",
    ),
    "unknown_name": ("没有“{name}”，可用的有：{known}", "there is no “{name}”; known are: {known}"),
    "band_count": (
        "{edges} 个分界需要 {needed} 个选项，现有 {bands} 个",
        "{edges} edges need {needed} options, not {bands}",
    ),
    "band_order": ("分界须从小到大", "edges must rise"),
    "scene_levels": ("应用场景须依次写出 0 到 4 级", "a scene needs the levels 0 to 4 in this order"),
    "no_options": ("至少要有一个选项", "needs at least one option"),
    "weights": ("须给出且只给出这些选项的分值：{needed}", "must give a weight for exactly these options: {needed}"),
    "wrong_type": ("“{name}”的题型是 {type}，这里需要 {needed}", "“{name}” is of type {type}; needed here: {needed}"),
    "band_weights": (
        "{edges} 个分界需要 {needed} 个分值，现有 {bands} 个",
        "{edges} edges need {needed} weights, not {bands}",
    ),
    "share_range": (
        "{share} 不在 0 到 100 之间：这里是指标满分的百分比",
        "{share} is not between 0 and 100: it is a share of the indicator's points",
    ),
    "share_over_100": ("各选项合计 {sum}，不能超过 100", "the options add up to {sum}, which is more than 100"),
    "rule_or_children": ("须有 rule 或 children，且只能有一种", "needs either a rule or children, not both"),
    "weight_missing": ("weighted_mean 的每个下级都要有 weight", "every child of a weighted_mean needs a weight"),
    "maximum_missing": ("maximum 须大于 0", "needs a maximum above 0"),
    "weights_total": (
        "下级权重合计 {found}，应为 {needed}；若本就不是，请写明 weights_total",
        "the children's weights add up to {found}, not {needed}; state weights_total for any other whole",
    ),
    "negative_weight": (
        "有负分值时须写明 at_least（通常为 0）",
        "with negative weights, at_least must be stated (mostly 0)",
    ),
    "over_options": ("要求 {count} 项，但只有 {most} 个选项", "asks for {count}, but there are only {most} options"),
    "base_is_lead": ("base 与 lead 不能相同，lead 须更好", "lead must differ from base and be the better one"),
    "value_order": ("values 的 from 须从 0 起依次递增", "the values' from must start at 0 and rise"),
    "values_missing": ("规则表的节点及其下级都要有 values", "a table and each of its children need values"),
    "rows_without_table": ("只有 combine: table 才有 rows", "only combine: table has rows"),
    "row_missing": ("没有一行对应：{values}", "no row is for {values}"),
    "table_too_large": (
        "组合有 {count} 种，超过 {most} 种，请分成几级",
        "has {count} combinations, more than {most}; split it into several levels",
    ),
    "tables_too_large": (
        "规则表的行与组合要比对 {count} 次，超过 {most} 次，请分成几级",
        "its tables compare rows and combinations {count} times, more than {most}; split them into levels",
    ),
    "too_fine": (
        "数值的公分母太大，请用较简单的小数或分数",
        "the numbers have no common denominator of a usable size; use plainer ones",
    ),
    "table_redistributes": (
        "规则表不能用 redistribute，请用 zero 或 unknown",
        "a table cannot redistribute; use zero or unknown",
    ),
    "policy_missing": (
        "下级可能不适用，须写明 not_applicable：zero、redistribute 或 unknown",
        "something below may not apply; state not_applicable: zero, redistribute or unknown",
    ),
    "level_drops": (
        "{points} 分时等级从 {before} 降到 {level}：各级的分数段之间有空档，或最高一级有上限",
        "at {points} points the level falls from {before} to {level}: the bands leave a gap, or the top one ends",
    ),
    "never_holds": ("没有数能同时满足这两个界限", "no number is within these bounds"),
    "weight_unused": (
        "combine: {combine} 不用 weight；请删去，或改用 weighted_mean",
        "combine: {combine} does not use a weight; take it out, or use weighted_mean",
    ),
    "row_dead": ("前面的行已包含这一行的所有情况", "the rows before leave no case for this one"),
    "never_reached": ("无论怎样回答都达不到这一级", "no answers ever reach this level"),
    "passed_over": (
        "达到这一级就一定达到 {level} 级，所以永远不会停在这一级",
        "whoever meets it meets level {level} as well, so it is never the result",
    ),
    "weight_below_0": ("权重 {weight} 小于 0", "a weight cannot be below 0, as {weight} is"),
    "weight_sum": ("下级权重之和须大于 0", "the children's weights must add up to more than 0"),
    "levels_order": ("等级须从 1 起依次排列", "levels must be 1, 2, 3 … in this order"),
    "later_item": (
        "“{name}”排在后面，只能引用前面的题",
        "“{name}” comes later; only items before this one can be spoken of",
    ),
    "later_value": ("“{name}”须写在这个值之前", "“{name}” must stand before this value"),
    "value_cycle": ("这些值互相引用，永远算不出来：{loop}", "these values lead back to each other: {loop}"),
    "not_asked": (
        "用到 {name}（参考年 {year}），但没有题目问它",
        "uses the figure {name} (reference year {year}), which no item asks for",
    ),
    "no_bounds": ("须有 at_least 或 at_most", "needs at_least or at_most"),
    "only_single": ("只有单选题的选项可以是 not_applicable", "only options of a single can be not_applicable"),
    "over_conditions": (
        "要求 {count} 个，但只有 {most} 个条件",
        "asks for {count}, but there are only {most} conditions",
    ),
    "unreachable": ("任何回答都走不到这道题", "no answers ever lead to this item"),
    "no_conditions": ("至少要有一个条件", "needs at least one condition"),
    "own_level": ("等级条件不能引用等级本身", "a level cannot depend on the level itself"),
    "not_a_step": ("等级是 1 到 {most} 的整数", "a level is a whole number from 1 to {most}"),
    "maximum_differs": (
        "写明的满分是 {stated}，但按权重或下级合计是 {found}：请删去 maximum，或改正",
        "states a maximum of {stated}, but by weights or children it is {found}: leave it out or correct it",
    ),
    "over_maximum": ("{points} 不在 0 到满分 {maximum} 之间", "{points} is not between 0 and the maximum {maximum}"),
    "over_count": ("要求 {count} 个场景，但只有 {most} 个", "asks for {count} scenes, but there are only {most}"),
    "rules_changed": (
        "{version} 版已发布，评分规则不能再改；请用新的版本号",
        "version {version} is published and its rules cannot change; use a new version",
    ),
    "source_missing": ("须写明来源和可信度", "must say its source and how sure that is"),
    "text_missing": ("缺少 {language} 文字", "the text in {language} is missing"),
    # an answer
    "not_an_object": ("这里需要一个对象（键与值）", "must be an object with keys and values"),
    "unknown_key": ("不认识“{name}”", "“{name}” is not known here"),
    "unknown_item": ("问卷里没有“{name}”这道题", "the questionnaire has no item “{name}”"),
    "unknown_fact": ("问卷不用“{name}”这项数据", "the questionnaire does not use the figure “{name}”"),
    "not_one_option": ("只能选一项", "choose one option"),
    "not_a_list": ("多选题的回答是选项的列表", "a multiple choice is a list of options"),
    "unknown_option": ("没有“{option}”这个选项", "there is no option “{option}”"),
    "option_twice": ("选项“{option}”重复", "option “{option}” is given twice"),
    "exclusive": ("选了“{label_zh_CN}”，就不能再选其他项", "“{label_en}” cannot be chosen together with other options"),
    "requires": (
        "选“{label_zh_CN}”之前，须先做到：{missing_zh_CN}",
        "“{label_en}” needs these to be chosen as well: {missing_en}",
    ),
    "not_a_level": ("场景等级是 0 到 4 的整数", "a scene's level is a whole number from 0 to 4"),
    "not_a_number": ("“{typed}”不是数字，请只填数字", "“{typed}” is not a number; enter digits only"),
    "not_finite": ("数字太大", "the number is too large"),
    "too_small": ("不能小于 {minimum}", "cannot be less than {minimum}"),
    "too_big": ("不能大于 {maximum}", "cannot be more than {maximum}"),
    "too_precise": ("最多 {decimals} 位小数", "at most {decimals} decimal places"),
    "unknown_unit": ("没有“{unit}”这个单位", "there is no unit “{unit}”"),
    "not_a_year": ("年份须是四位整数", "the year must be a whole number such as 2025"),
    "no_reference_year": ("缺少 reference_year", "reference_year is missing"),
    "fact_twice": ("{year} 年的“{name}”给了两次", "“{name}” for {year} is given twice"),
    "part_over_whole": (
        "“{part_zh_CN}”比“{whole_zh_CN}”多，请核对",
        "“{part_en}” is more than “{whole_en}”; check both",
    ),
    "whole_is_zero": (
        "“{whole_zh_CN}”是 0，算不出占比，请核对",
        "“{whole_en}” is 0, so no share can be worked out; check it",
    ),
    "slip": ("{text}", "{text}"),  # the site words it, with both figures
    "band_disagrees": (
        "按填写的数字计算是 {value}，应选“{right_zh_CN}”，与所选的“{chosen_zh_CN}”不一致",
        "the figures give {value}, which is “{right_en}”, but “{chosen_en}” was chosen",
    ),
    "needs_reason": (
        "按填写的数字计算是“{right_zh_CN}”，与所选的“{chosen_zh_CN}”不一致，请改正或说明原因",
        "the figures say “{right_en}”, but “{chosen_en}” was chosen; change one of them or give a reason",
    ),
    "reason_too_long": ("说明最多 {most} 个字", "a reason has at most {most} characters"),
    "unsure_and_more": (
        "选了“暂不清楚”，就不能再选其他项",
        "“Do not know yet” cannot be chosen together with other options",
    ),
    "cross_error": ("{message_zh_CN}", "{message_en}"),
    "cross_warning": ("{message_zh_CN}请改正，或说明原因", "{message_en} Change an answer or give a reason"),
    "not_a_pair": ("须有且只有 base 和 lead 两个值", "needs exactly the two values base and lead"),
    "lead_not_lower": (
        "越低越好的指标，引领值（{lead}）须小于基准值（{base}）",
        "where lower is better, the lead value ({lead}) must be below the base value ({base})",
    ),
    "lead_not_higher": (
        "越高越好的指标，引领值（{lead}）须大于基准值（{base}）",
        "where higher is better, the lead value ({lead}) must be above the base value ({base})",
    ),
    "unanswered": ("请选一项；不确定可选“暂不清楚”", "choose an answer; if unsure, choose “Do not know yet”"),
    "unanswered_number": ("请填数字；不确定可选“暂不清楚”", "enter a number; if unsure, choose “Do not know yet”"),
    "unanswered_rows": (
        "请给每一行选一项；不确定可选“暂不清楚”",
        "choose an answer on each line; if unsure, choose “Do not know yet”",
    ),
    "unanswered_figures": (
        "请填齐这些数字；不确定可选“暂不清楚”",
        "enter all of these figures; if unsure, choose “Do not know yet”",
    ),
}
