"""Every answer with its points and the sentence that explains them, and the figures used."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from survey.report.content import Report
from survey.report.wording import sentences

UNITS: Mapping[str, LazyString] = {
    "yuan": _l("10,000 yuan"),
    "person": _l("people"),
    "machine": _l("machines"),
    "tce": _l("tonnes of standard coal"),
    "percent": _l("percent"),
}
"""What figures are shown in; amounts of money are converted."""


def context(report: Report) -> dict[str, Any] | None:
    """title, lead, groups, years, figures (label with its unit, values by year, definition)."""
    if not report.answers:
        return None
    count = sum(len(group.answers) for group in report.answers)
    return {
        "title": _("Answers and how they earned points"),
        "lead": sentences(
            report, [_("%(count)s scored questions, each with its points and the reason.", count=count), _open(report)]
        ),
        "groups": report.answers,
        "years": report.years,
        "figures": [(figure, str(UNITS.get(figure.unit, figure.unit))) for figure in report.figures],
    }


def _open(report: Report) -> str:
    if not report.open_answers:
        return ""
    return ngettext(
        "%(num)d is not answered; it is not counted as zero.",
        "%(num)d are not answered; they are not counted as zero.",
        report.open_answers,
    )
