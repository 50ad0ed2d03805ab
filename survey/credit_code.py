"""The unified social credit code (GB 32100-2015): reading, checking, and making codes for invented firms.

Positions 1–2 say who registered the firm and as what, 3–8 where, 9–17 are the older organisation code (GB 11714) with a
check digit of its own, 18 is the check digit of the whole.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH: Final = 18
_VALUES: Final = {symbol: value for value, symbol in enumerate(ALPHABET)}
_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(LENGTH - 1))  # 1, 3, 9, 27, 19, …
_INNER_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_INNER: Final = slice(8, 17)
_DASHES: Final = str.maketrans("", "", "-‐‑‒–—―−")


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A code whose outer check digit holds. Old organisation codes with a wrong inner digit exist on real licences."""

    text: str
    inner_matches: bool

    @property
    def area_code(self) -> str:
        """Positions 3–8: the district where the firm was registered, which is not always where it is now."""
        return self.text[2:8]


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why something is no credit code.

    `reason` is `length` (`count` characters), `symbol` (`symbol` at `place`, counted from 1) or `check`.
    """

    reason: str
    count: int = 0
    symbol: str = ""
    place: int = 0


def normal(typed: str) -> str:
    """The code as it is printed: full-width and small letters made plain, spaces and dashes left out."""
    return "".join(unicodedata.normalize("NFKC", typed).upper().translate(_DASHES).split())


def read(typed: str) -> CreditCode | Wrong:
    """The code somebody typed, or what is wrong with it. A symbol that cannot occur is named before the length."""
    text = normal(typed)
    for place, symbol in enumerate(text[:LENGTH], start=1):
        if symbol not in _VALUES:
            return Wrong("symbol", symbol=symbol, place=place)
    if len(text) != LENGTH:
        return Wrong("length", count=len(text))
    if check_symbol(text) != text[-1]:
        return Wrong("check")
    return CreditCode(text, inner_check_symbol(text[_INNER]) == text[_INNER][-1])


def check_symbol(code: str) -> str:
    """The 18th symbol for the 17 before it."""
    total = sum(_VALUES[symbol] * weight for symbol, weight in zip(code, _WEIGHTS, strict=False))
    return ALPHABET[-total % 31]


def inner_check_symbol(organisation_code: str) -> str:
    """The 9th symbol of an organisation code for the 8 before it; here letters count A = 10 … Z = 35."""
    pairs = zip(organisation_code, _INNER_WEIGHTS, strict=False)
    rest = (11 - sum(int(symbol, 36) * weight for symbol, weight in pairs) % 11) % 11
    return "X" if rest == 10 else str(rest)


def make_credit_code(area_code: str, serial: int) -> str:
    """A valid code for an invented firm registered in that district.

    It is plainly invented: the organisation code begins with DEMA, which no register issues, and counts on from there.
    `serial` is 0 to 9999.
    """
    if not 0 <= serial <= 9999:
        raise ValueError("a serial has at most four digits")
    body = f"DEMA{serial:04}"
    first = f"91{area_code}{body}{inner_check_symbol(body)}"
    return first + check_symbol(first)
