"""The table of the size classification of 2011, and which industries of GB/T 4754-2017 each of its rows covers.

工信部联企业〔2011〕300号, articles 3 (industries) and 4 (limits). A later wording is another table, not a change here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from questionnaires.text import Text

RULE: Final = Text(
    zh_CN="《中小企业划型标准规定》（工信部联企业〔2011〕300号）",
    en="the size classification rule for SMEs (MIIT and others, 2011, No. 300)",
)
SOURCE: Final = "PUB#13 rows 1–15, PUB#14 row 16"
CONFIDENCE: Final = "A"

Limits = Mapping[str, int]
"""Some of `staff` (persons), `revenue` and `assets` (万元), each with its limit."""


@dataclass(frozen=True, slots=True)
class Row:
    """A firm below any limit of `sme` is an SME; it is medium or small when it reaches all limits of that class."""

    id: str
    name: Text
    sme: Limits
    medium: Limits
    small: Limits
    source: str = SOURCE
    confidence: str = CONFIDENCE


def _row(row: str, zh: str, en: str, **limits: tuple[int, int, int]) -> Row:
    """`limits`: for each measure those of an SME, of a medium and of a small firm."""
    sme, medium, small = ({measure: three[step] for measure, three in limits.items()} for step in range(3))
    return Row(row, Text(zh_CN=zh, en=en), sme, medium, small)


ROWS: Final[Mapping[str, Row]] = {
    row.id: row
    for row in (
        _row("farming", "农、林、牧、渔业", "farming, forestry, fishery", revenue=(20_000, 500, 50)),
        _row("industry", "工业", "industry", staff=(1_000, 300, 20), revenue=(40_000, 2_000, 300)),
        _row("building", "建筑业", "construction", revenue=(80_000, 6_000, 300), assets=(80_000, 5_000, 300)),
        _row("wholesale", "批发业", "wholesale", staff=(200, 20, 5), revenue=(40_000, 5_000, 1_000)),
        _row("retail", "零售业", "retail", staff=(300, 50, 10), revenue=(20_000, 500, 100)),
        _row("transport", "交通运输业", "transport", staff=(1_000, 300, 20), revenue=(30_000, 3_000, 200)),
        _row("storage", "仓储业", "storage", staff=(200, 100, 20), revenue=(30_000, 1_000, 100)),
        _row("post", "邮政业", "postal services", staff=(1_000, 300, 20), revenue=(30_000, 2_000, 100)),
        _row("lodging", "住宿业", "accommodation", staff=(300, 100, 10), revenue=(10_000, 2_000, 100)),
        _row("catering", "餐饮业", "catering", staff=(300, 100, 10), revenue=(10_000, 2_000, 100)),
        _row(
            "telecom", "信息传输业", "information transmission", staff=(2_000, 100, 10), revenue=(100_000, 1_000, 100)
        ),
        _row(
            "software",
            "软件和信息技术服务业",
            "software and IT services",
            staff=(300, 100, 10),
            revenue=(10_000, 1_000, 50),
        ),
        _row(
            "property",
            "房地产开发经营",
            "property development",
            revenue=(200_000, 1_000, 100),
            assets=(10_000, 5_000, 2_000),
        ),
        _row("premises", "物业管理", "property management", staff=(1_000, 300, 100), revenue=(5_000, 1_000, 500)),
        _row(
            "business",
            "租赁和商务服务业",
            "leasing and business services",
            staff=(300, 100, 10),
            assets=(120_000, 8_000, 100),
        ),
        _row("other", "其他未列明行业", "other industries not listed", staff=(300, 100, 10)),
    )
}

# By division or, where a division is split, by group. The rule names industries by the words of the classification:
# transport without railways (53), of real estate only development (701) and property management (702), social work (85)
# without health (84). Finance (J), education (P), public bodies (S) and international organisations (T) are not in it.
_DIVISIONS: Final[Mapping[str, tuple[range, ...]]] = {
    "farming": (range(1, 6),),
    "industry": (range(6, 47),),
    "building": (range(47, 51),),
    "wholesale": (range(51, 52),),
    "retail": (range(52, 53),),
    "transport": (range(54, 59),),
    "storage": (range(59, 60),),
    "post": (range(60, 61),),
    "lodging": (range(61, 62),),
    "catering": (range(62, 63),),
    "telecom": (range(63, 65),),
    "software": (range(65, 66),),
    "business": (range(71, 73),),
    "other": (range(73, 83), range(85, 91)),
}
_SPLIT: Final[Mapping[str, Mapping[str, str]]] = {"70": {"701": "property", "702": "premises"}}
_ROW_OF_DIVISION: Final[Mapping[str, str]] = {
    f"{division:02}": row for row, spans in _DIVISIONS.items() for span in spans for division in span
}
_CODE: Final = re.compile(r"[A-T]?(\d{2})(\d?)\d?")


def row_for(industry_code: str) -> Row | None:
    """The row for a code of two to four digits, with or without its letter; `None` where the rule has none.

    Also `None` for a bare section letter and for a division that has to be told apart by its group.
    """
    match = _CODE.fullmatch(industry_code)
    if match is None:
        return None
    division, third = match.groups()
    row = _SPLIT.get(division, {}).get(division + third) or _ROW_OF_DIVISION.get(division)
    return ROWS[row] if row else None


def needs_group(industry_code: str) -> bool:
    """Whether the division alone does not say which row holds."""
    match = _CODE.fullmatch(industry_code)
    return match is not None and match[1] in _SPLIT and not match[2]
