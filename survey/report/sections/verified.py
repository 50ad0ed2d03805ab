"""What was stated and what was found on site, side by side; the answers that changed, with what was looked at."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from survey import formatting
from survey.report.beside import Compared, Verified
from survey.report.content import Report
from survey.report.svg import FIELDS, PRIMARY
from survey.report.wording import sentences


def context(report: Report) -> dict[str, Any] | None:
    """title, lead, verified, word (the firm's), colour; None while nothing was verified."""
    found = report.verified
    if found is None:
        return None
    return {
        "title": _("Self-assessment and on-site assessment"),
        "lead": sentences(report, [_result(found), *_counted(found.compared)]),
        "verified": found,
        "who": _("An assessor named by the office; confirmed by a second person."),
        "word": _word(found),
        "colour": FIELDS.get(report.field, PRIMARY),
    }


def _result(found: Verified) -> str:
    on, both = formatting.date(found.on), found.compared
    if not both.found.verdict:
        return _("Verified on site on %(date)s.", date=on)
    if both.found.verdict == both.stated.verdict:
        return _("Verified on site on %(date)s: %(level)s, as self-assessed.", date=on, level=both.found.verdict)
    return _(
        "Verified on site on %(date)s: %(level)s. Self-assessed: %(stated)s.",
        date=on, level=both.found.verdict, stated=both.stated.verdict,
    )  # fmt: skip


def _counted(both: Compared) -> tuple[str, str]:
    """How many answers hold, and how many do not."""
    held = ngettext("%(num)d answer was found as stated.", "%(num)d answers were found as stated.", both.same)
    count = len(both.differences)
    return held, ngettext("%(num)d was not.", "%(num)d were not.", count) if count else ""


def _word(found: Verified) -> str:
    if found.agreed is None:
        return _("The firm said nothing within its five working days.")
    if found.agreed:
        return _("The firm agrees.")
    return _("The firm comments:")
