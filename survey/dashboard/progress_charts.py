"""Charts of progress: the funnel of the whole area, and where the firms of each part stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey.dashboard.figures import STAGES, Wanted
from survey.dashboard.shapes import Bar, Bars, Chart, Part, nothing
from survey.dashboard.told import Told, share
from survey.formatting import number
from survey.report.svg import INK, WHITE

NAMES: Final[Mapping[str, tuple[LazyString, str, str]]] = {
    "listed": (_l("On the list, not claimed"), "#e8ecf0", INK),
    "claimed": (_l("Claimed, not started"), "#c2d9ee", INK),
    "started": (_l("Filling in now"), "#84b4de", INK),
    "submitted": (_l("Submitted, not yet reviewed"), "#2f76b3", WHITE),
    "returned": (_l("Returned, to be corrected"), WHITE, INK),
    "accepted": (_l("Accepted"), "#0a4580", WHITE),
    "verified": (_l("Verified on site"), INK, WHITE),
}
"""Every stage in words with its colours; the returned ones are framed."""

FUNNEL: Final[tuple[tuple[LazyString, frozenset[str]], ...]] = (
    (_l("On the register"), frozenset(STAGES)),
    (_l("Have claimed"), frozenset(STAGES) - {"listed"}),
    (_l("Have started"), frozenset(STAGES) - {"listed", "claimed"}),
    (_l("Have submitted"), frozenset({"submitted", "returned", "accepted", "verified"})),
    (_l("Have been accepted"), frozenset({"accepted", "verified"})),
    (_l("Verified on site"), frozenset({"verified"})),
)
"""The steps of the funnel, each with the stages that have come so far."""


def _wanted(told: Told) -> Wanted:
    """A firm's size is known only once it has submitted, so progress is never narrowed to a size."""
    return Wanted(told.wanted.industry)


def funnel(told: Told) -> Chart:
    topic, about = _("How far the round is"), _("Number of firms, and share of those on the register. Of all sizes.")
    stages = told.figures.sum("stages", _wanted(told))
    everybody = stages.total()
    if not everybody:
        return nothing("funnel", topic, about, _("No firm is on the register here."))
    steps = [(str(name), _come(stages, reached)) for name, reached in FUNNEL]
    submitted = steps[3][1]
    finding = _(
        "%(count)s of %(all)s firms have submitted: %(share)s",
        count=number(submitted), all=number(everybody), share=share(submitted, everybody),
    )  # fmt: skip
    bars = tuple(Bar(name, (count,)) for name, count in steps)
    shape = Bars(bars, (Part(_("Number of firms"), "#2f76b3", WHITE),), everybody)
    rows = tuple((name, count, share(count, everybody)) for name, count in steps)
    return Chart(
        "funnel",
        topic,
        finding,
        about,
        everybody,
        shape,
        (_("Step"), _("Number of firms"), _("Share of the register")),
        rows,
    )


def _come(stages: Counter[int], reached: frozenset[str]) -> int:
    return sum(count for number, count in stages.items() if STAGES[number] in reached)


def areas(told: Told) -> Chart:
    """The parts of the area in the city's order: never sorted by a value, no league table."""
    topic = _("Progress by area")
    about = _("Share of the firms on the register at each stage, number of firms at the end. In the order of the city, not a ranking; of all sizes.")  # fmt: skip  # noqa: E501  # one sentence for translators
    found = told.figures.by("place", "stages", _wanted(told))
    known = {place for place, _name in told.areas}
    rest = sum((counter for place, counter in found.items() if place not in known), Counter[int]())
    places = [(name, found[place]) for place, name in told.areas if place in found]
    if rest:
        places.append((_("%(area)s, no part named", area=told.here) if places else told.here, rest))
    if not places:
        return nothing("areas", topic, about, _("No firm is on the register here."))
    bars = tuple(Bar(name, tuple(counter[number] for number in range(len(STAGES)))) for name, counter in places)
    parts = tuple(Part(str(NAMES[stage][0]), *NAMES[stage][1:], outlined=stage == "returned") for stage in STAGES)
    return Chart(
        "areas",
        topic,
        _("Where the firms of each area stand"),
        about,
        sum(bar.total for bar in bars),
        Bars(bars, parts),
        (_("Area"), *(part.name for part in parts), _("Number of firms")),
        tuple((bar.name, *bar.counts, bar.total) for bar in bars),
    )
