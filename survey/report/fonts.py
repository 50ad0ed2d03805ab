"""The characters our two fonts can draw. One that neither holds is printed as its code: no report is ever refused."""

from __future__ import annotations

import json
import logging
from bisect import bisect_right
from functools import cache
from pathlib import Path
from typing import Final

log = logging.getLogger("survey.report.fonts")

FONTS: Final = Path(__file__).resolve().parents[2] / "var" / "fonts"
CONFIGURATION: Final = FONTS / "fonts.conf"
IGNORED: Final = frozenset("\t\n\r\u200d\ufe0e\ufe0f")
"""Characters that draw nothing by themselves."""


@cache
def _ranges() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """First and last code point of every run that one of the fonts holds."""
    held: dict[str, list[tuple[int, int]]] = json.loads((FONTS / "characters.json").read_text(encoding="ascii"))
    runs = sorted((first, last) for ranges in held.values() for first, last in ranges)
    merged: list[list[int]] = []
    for first, last in runs:
        if merged and first <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    return tuple(first for first, _ in merged), tuple(last for _, last in merged)


def held(character: str) -> bool:
    """Whether one of the fonts draws the character."""
    firsts, lasts = _ranges()
    at = bisect_right(firsts, ord(character)) - 1
    return at >= 0 and ord(character) <= lasts[at]


def drawable(text: str) -> str:
    """The same text with `U+1F600` in place of each character that no font holds; those are logged."""
    strange = {character for character in set(text) if character not in IGNORED and not held(character)}
    if not strange:
        return text
    codes = {ord(character): f"U+{ord(character):04X}" for character in strange}
    log.warning("characters in no font", extra={"characters": sorted(codes.values())})
    return text.translate(codes)
