"""A comparison in sentences, for page and PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from scoring.percentile import HIGHEST as HIGH
from scoring.percentile import LOWEST, Standing, Word
from survey.benchmark.queries import Compared, Comparison, Span
from survey.formatting import date, number, points

PLACES: Final[Mapping[Word, Callable[[Standing], str]]] = {
    "below_middle": lambda told: _("Below the middle of the group"),
    "middle": lambda told: _("In the middle of the group"),
    "above_middle": lambda told: _("Above the middle of the group"),
    "quarter_1": lambda told: _("In the lowest quarter of the group"),
    "quarter_2": lambda told: _("In the second quarter of the group from below"),
    "quarter_3": lambda told: _("In the second quarter of the group from above"),
    "quarter_4": lambda told: _("In the upper quarter of the group"),
    "under_percent": lambda told: _("Higher than less than %(percent)s%% of the group", percent=LOWEST),
    "percent": lambda told: _("Higher than %(percent)s%% of the group", percent=told.percent),
    "over_percent": lambda told: _("Higher than at least %(percent)s%% of the group", percent=HIGH),
}
"""One for each place that `scoring.percentile` tells of."""

REASONS: Final[Mapping[str, Callable[[Comparison], str]]] = {
    "few": lambda told: _("fewer than %(count)s comparable firms", count=told.minimum),
    "would_reveal": lambda told: _("figures could reveal single firms"),
}


CAUSES: Final[Mapping[str, LazyString]] = {
    "quarter": _l("Start of a quarter"),
    "campaign_end": _l("End of the period"),
    "command": _l("By order"),
}
WITHHELD: Final[Mapping[str, LazyString]] = {
    "few": _l("too few firms"),
    "difference": _l("a few firms could be worked out"),
    "sibling": _l("the few firms left over could be worked out"),
    "change": _l("too little changed since an earlier release"),
    "concentrated": _l("nearly all have the same points"),
}
"""Why a group is not shown, for the city administrator."""


def group(told: Comparison) -> str:
    """With whom and as of when."""
    day = date(told.as_of)
    if told.cohort is None:
        return _("As of %(date)s there are too few comparable firms.", date=day)
    return _(
        "Compared with at least %(count)s other firms (%(group)s) as of %(date)s.",
        count=number(told.firms),
        group=told.name,
        date=day,
    )


def place(compared: Compared) -> str:
    """Where the firm stands; empty while its own points are open."""
    word = compared.standing.word
    return PLACES[word](compared.standing) if word else ""


def median(compared: Compared) -> str:
    """ "Median: 42 to 44 points"."""
    return _("Median: %(span)s points", span=span(compared.median))


def quartiles(compared: Compared) -> str:
    """Empty where the group is too small for quartiles."""
    if compared.quartiles is None:
        return ""
    lower, upper = compared.quartiles
    return _("The middle half lies between %(lower)s and %(upper)s points", lower=span(lower), upper=span(upper))


def span(between: Span) -> str:
    return _("%(low)s to %(high)s", low=points(between[0]), high=points(between[1]))


def why_wider(told: Comparison) -> str:
    """Why no narrower group was used: the narrowest ones by reason; empty where the narrowest was."""
    if not told.passed:
        return ""
    reasons = dict.fromkeys(each.reason for each in told.passed)
    said = _("; ").join(
        _("%(group)s: %(reason)s", group=next(each.name for each in told.passed if each.reason == reason),
          reason=REASONS[reason](told))
        for reason in reasons
    )  # fmt: skip
    return _("Narrower groups cannot be shown (%(reasons)s).", reasons=said)


def method() -> str:
    """How the figures came about, in one paragraph."""
    return _(
        "Only firms confirmed by an office that permitted it are counted, each once; your own is left out. Figures of "
        "others are given in steps of two points of a hundred and numbers of firms are rounded down, so that nothing "
        "can be told of a single firm."
    )
