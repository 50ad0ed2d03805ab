"""Industry codes of GB/T 4754-2017: reading what somebody typed, searching, and naming a code.

Sections and divisions ship with the product; a city imports groups and classes. Any well-formed code below a known
division is valid, imported or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.forms import tidy
from survey.models import Industry

MOST_MATCHES: Final = 20
_CODE: Final = re.compile(r"([A-T]?)(\d{2,4})")
_PREFIX: Final = re.compile(r"[A-T]?\d{0,4}")
_SCREEN: Final = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})
_SHORTER: Final = (4, 3, 1)  # from a class to its group, its division, its section


@dataclass(frozen=True, slots=True)
class Match:
    """An industry to choose from."""

    code: str
    name: str


def named(industry: Industry, language: str) -> Match:
    """Imported groups and classes have no English name; the Chinese one stands in."""
    return Match(industry.code, (industry.name_en or industry.name_zh) if language == "en" else industry.name_zh)


def resolve(session: Session, typed: str) -> str | None:
    """The code that was meant, with its letter, if the text is a valid code or exactly the name of one industry.

    A section alone is too coarse. A class with the same name as its group (3911 and 391) stands for the group.
    """
    text = tidy(typed) or ""
    return _code(session, text) or _by_name(session, text)


def _code(session: Session, text: str) -> str | None:
    match = _CODE.fullmatch(text.replace(" ", "").upper())
    if match is None:
        return None
    letter, digits = match.groups()
    division = session.scalar(
        sa.select(Industry.code).where(Industry.level == "division", Industry.code.like(f"_{digits[:2]}"))
    )
    if division is None or letter not in ("", division[0]):
        return None
    return division[0] + digits


def _by_name(session: Session, text: str) -> str | None:
    same_name = sa.or_(Industry.name_zh == text, sa.func.lower(Industry.name_en) == text.lower())
    codes = list(
        session.scalars(sa.select(Industry.code).where(same_name, Industry.level != "section").order_by(Industry.code))
    )
    top = codes[0] if codes else None
    return top if top and all(code.startswith(top) for code in codes) else None


def search(session: Session, typed: str, language: str) -> list[Match]:
    """Divisions, groups and classes whose code begins with the text or whose name holds it; at most 20, wider first."""
    text = tidy(typed) or ""
    if not text:
        return []
    query = sa.select(Industry).where(_fits(text), Industry.level != "section")
    rows = session.scalars(query.order_by(sa.func.length(Industry.code), Industry.code).limit(MOST_MATCHES))
    return [named(row, language) for row in rows]


def _fits(text: str) -> sa.ColumnElement[bool]:
    """What looks like the beginning of a code is taken for one: nearly every English name has a “c” in it."""
    code = text.replace(" ", "").upper()
    if _PREFIX.fullmatch(code):
        return Industry.code.like(f"{code}%" if code[0].isalpha() else f"_{code}%")
    pattern = f"%{_escaped(text.lower())}%"
    return sa.or_(*(sa.func.lower(name).like(pattern, escape="\\") for name in (Industry.name_zh, Industry.name_en)))


def _escaped(text: str) -> str:
    """Text for LIKE in which nothing is a wildcard."""
    return text.translate(_SCREEN)


def names(session: Session, codes: Iterable[str], language: str) -> dict[str, str]:
    """A name for each code: its own, or that of the nearest industry above it that is known; else empty."""
    return {code: said[language] for code, said in names_in(session, codes, (language,)).items()}


def names_in(session: Session, codes: Iterable[str], languages: Iterable[str]) -> dict[str, dict[str, str]]:
    """The same in several languages, by code and language, in one read."""
    wanted = set(codes)
    above = {code[:length] for code in wanted for length in (5, *_SHORTER)}
    known = {row.code: row for row in session.scalars(sa.select(Industry).where(Industry.code.in_(above)))}
    nearest = {
        code: next((known[code[:length]] for length in (5, *_SHORTER) if code[:length] in known), None)
        for code in wanted
    }
    said = tuple(languages)
    return {
        code: {language: named(row, language).name if row else "" for language in said} for code, row in nearest.items()
    }


def section_of(code: str) -> str:
    """The letter of the section: codes are kept with it."""
    return code[:1]
