"""Every answer with its points and the sentence that explains them, and the figures used."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from survey.organisations.figures import UNIT_NAMES
from survey.report.content import Report
from survey.report.wording import sentences

UNITS: Mapping[str, LazyString] = {
    "yuan": _l("10,000 yuan"),
    "tce": _l("tonnes of standard coal"),
    "percent": _l("percent"),
}
"""What figures are shown in, where that is not the unit they are kept in; amounts of money are converted."""


def context(report: Report) -> dict[str, Any] | None:
    """title, text, lead, groups, years, figures (label with its unit, values by year, definition), city_values."""
    if not report.answers and not report.figures:
        return None
    scored = any(group.points for group in report.answers)
    return {
        "title": _("Answers and how they earned points") if scored else _("Answers"),
        "text": _("Where every point comes from") if scored else _("As the firm gave them"),
        "lead": _lead(report, scored=scored),
        "groups": report.answers,
        "years": report.years,
        "figures": [(figure, _unit(figure.unit)) for figure in report.figures],
        "city_values": report.city_values,
    }


def _unit(unit: str) -> str:
    return str(UNITS.get(unit) or UNIT_NAMES.get(unit, unit))


def _lead(report: Report, *, scored: bool) -> str:
    count = sum(len(group.answers) for group in report.answers if group.points)
    if not scored:
        count = sum(len(group.answers) for group in report.answers)
        return ngettext("%(num)d answer, without points.", "%(num)d answers, without points.", count)
    return sentences(
        report, [_("%(count)s scored questions, each with its points and the reason.", count=count), _open(report)]
    )


def _open(report: Report) -> str:
    if not report.open_answers:
        return ""
    return ngettext(
        "%(num)d is not answered; it is not counted as zero.",
        "%(num)d are not answered; they are not counted as zero.",
        report.open_answers,
    )
