"""Where the firm stands among comparable firms, as of a dated release; and with whom it is compared."""

from typing import Any

from flask_babel import gettext as _

from survey.benchmark import words
from survey.report.content import Report
from survey.report.points import Points
from survey.report.svg import FIELDS, PRIMARY


def context(report: Report) -> dict[str, Any] | None:
    """title, lead, group, why (none narrower), rows (measure, own points or None, place in words), colour.

    None while no release counts the round.
    """
    told = report.compared
    if told is None:
        return None
    return {
        "title": _("Compared with similar firms"),
        "lead": words.place(told.measures[0]) if told.measures else "",
        "group": words.group(told),
        "why": words.why_wider(told),
        "method": words.method(),
        "rows": [(each, _own(report, place), words.place(each)) for place, each in enumerate(told.measures)],
        "words": words,
        "quartiles": any(each.quartiles for each in told.measures),
        "colour": FIELDS.get(report.field, PRIMARY),
    }


def _own(report: Report, place: int) -> Points | None:
    """The firm's own points as the other pages show them: the total, then the dimensions by title."""
    assert report.compared is not None
    if place == 0:
        return report.total
    title = report.compared.measures[place].title
    return next((each.points for each in report.dimensions if each.title == title), None)
