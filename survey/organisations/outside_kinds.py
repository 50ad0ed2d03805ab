"""The kinds of results that firms hold elsewhere: one row each in `KINDS`, and what it must say to be one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, TypeAlias

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

Words: TypeAlias = str | LazyString


@dataclass(frozen=True, slots=True)
class OutsideKind:
    """What a result of this kind says.

    `values` are the choices of its level (empty: it has none), `score` the range of its score (None: it has none),
    `subject` what must be named beside it (None: nothing). `expires`: it is granted until a day, which must be given.
    """

    title: Words
    values: Mapping[str, Words] = field(default_factory=dict)
    value_required: bool = True
    score: tuple[Fraction, Fraction] | None = None
    score_required: bool = True
    subject: Words | None = None
    expires: bool = False
    issuer: Words = ""


GROUPS: Final[Mapping[str, Words]] = {
    "assessment": _l("Assessments elsewhere"),
    "title": _l("Titles of quality SMEs"),
    "recognition": _l("Other titles and certificates"),
}

MINISTRY_SITE: Final = _l("SME service site of the ministry (zjtx.miit.gov.cn)")
HUNDRED: Final = (Fraction(0), Fraction(100))
FIVE: Final = (Fraction(0), Fraction(5))


def _title(words: Words) -> OutsideKind:
    """A title of the tiered system: it holds three years and is then reviewed."""
    return OutsideKind(words, expires=True)


KINDS: Final[Mapping[str, Mapping[str, OutsideKind]]] = {
    "assessment": {
        "digital_level": OutsideKind(
            _l("Digital level, on the ministry's site"),
            {
                "0": _l("below level 1"),
                "1": _l("level 1"),
                "2": _l("level 2"),
                "3": _l("level 3"),
                "4": _l("level 4"),
            },
            score=HUNDRED,
            score_required=False,
            issuer=MINISTRY_SITE,
        ),
        "specialised_score": OutsideKind(
            _l("Development score of specialised and innovative SMEs"), score=HUNDRED, issuer=MINISTRY_SITE
        ),
        "smart_manufacturing": OutsideKind(
            _l("Smart manufacturing self-diagnosis (GB/T 39116)"),
            {
                "0": _l("below level 1"),
                "1": _l("level 1, planned"),
                "2": _l("level 2, regulated"),
                "3": _l("level 3, integrated"),
                "4": _l("level 4, optimised"),
                "5": _l("level 5, leading"),
            },
            score=FIVE,
            issuer=_l("Smart manufacturing assessment site (c3mep.cn)"),
        ),
        "integration_stage": OutsideKind(
            _l("Integration of informatisation and industrialisation: stage"),
            {
                "1": _l("starting"),
                "2": _l("single applications"),
                "3": _l("integrating"),
                "4": _l("breaking new ground"),
            },
            issuer=_l("Integration service site (cspiii.com)"),
        ),
    },
    "title": {
        "innovative": _title(_l("Innovative SME")),
        "technology_innovative": _title(_l("Technology-based and innovative SME")),
        "technology": _title(_l("Technology-based SME")),
        "seed": _title(_l("Specialised and innovative 'seed' firm")),
        "specialised": _title(_l("Specialised and innovative SME")),
        "little_giant": _title(_l("Specialised and innovative 'little giant' firm")),
    },
    "recognition": {
        "high_technology": OutsideKind(_l("High and new technology enterprise"), expires=True),
        "integration_certificate": OutsideKind(
            _l("Certificate of the integration management system"),
            {grade: grade for grade in ("A", "AA", "AAA", "AAAA", "AAAAA")},
            value_required=False,
            expires=True,
        ),
        "green_factory": OutsideKind(
            _l("Green factory"), {"city": _l("city"), "province": _l("province"), "national": _l("national")}
        ),
        "first_set": OutsideKind(
            _l("First set of major technical equipment"),
            {"city": _l("city"), "province": _l("province"), "national": _l("national")},
            subject=_l("Name of the equipment"),
        ),
        "other": OutsideKind(_l("Another title, certificate or result"), subject=_l("What it is called")),
    },
}

ALL: Final[Mapping[str, OutsideKind]] = {name: kind for group in KINDS.values() for name, kind in group.items()}
ORDER: Final = tuple(ALL)
