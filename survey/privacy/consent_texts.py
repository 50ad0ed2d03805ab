"""What a firm is asked to permit, word for word. A new wording is a new `version`, and the firm is asked again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

FIELDS: Final[Mapping[str, LazyString]] = {
    "points": _l("points of each part"),
    "level": _l("level"),
    "industry": _l("industry"),
    "area": _l("area"),
    "size_class": _l("size class"),
    "firm_name": _l("name of the firm"),
    "account_holder": _l("name of the account holder"),
    "account_contact": _l("mobile number or e-mail address of the account holder"),
}
"""Every field that a permission may name."""


@dataclass(frozen=True, slots=True)
class ConsentText:
    """`fields` are keys of FIELDS; `purpose` is the word kept with the permission, `why` its sentence."""

    version: str
    title: LazyString
    fields: tuple[str, ...]
    purpose: str
    why: LazyString
    recipient: LazyString
    method: LazyString
    lasts: LazyString


TEXTS: Final[Mapping[str, ConsentText]] = {
    "benchmark": ConsentText(
        version="2026-11-24",
        title=_l("Count in comparisons"),
        fields=("points", "level", "industry", "area", "size_class"),
        purpose="comparison",
        why=_l("So that firms can compare themselves with similar ones. Yours is counted without its name."),
        recipient=_l("The city authority and every firm that looks at a comparison: they see groups, never your firm"),
        method=_l("Figures of groups of at least 10 firms, published from time to time"),
        lasts=_l("Until you withdraw. Comparisons already published stay as they are; the next ones leave you out."),
    ),
    "contact": ConsentText(
        version="2026-11-24",
        title=_l("Invitations to diagnosis, training and matching events"),
        fields=("firm_name", "account_holder", "account_contact", "level"),
        purpose="invitation",
        why=_l("So that the office can invite the firm to what fits its level."),
        recipient=_l("The competent office of your district and the city authority"),
        method=_l("By telephone, SMS or e-mail"),
        lasts=_l("Until you withdraw. Notices about your submission come in any case."),
    ),
}
"""The kinds that a firm can give at present: none is asked for before there is something to do under it."""
