"""Before and after: this round against the one before, and all rounds in a table."""

from typing import Any

from flask_babel import gettext as _

from survey.report.content import Report
from survey.report.svg import FIELDS, PRIMARY
from survey.report.waves import Waves
from survey.report.wording import sentences


def context(report: Report) -> dict[str, Any] | None:
    """title, lead, waves, rows (total and dimensions that stand in both), colour; None the first time."""
    waves = report.waves
    if waves is None:
        return None
    rows = [move for move in (waves.total, *waves.dimensions) if move and move.before and move.after]
    return {
        "title": _("Before and after"),
        "lead": sentences(report, _lead(waves)),
        "waves": waves,
        "rows": rows if any(not move.why for move in rows) else [],
        "colour": FIELDS.get(report.field, PRIMARY),
    }


def _lead(waves: Waves) -> list[str]:
    earlier = waves.lines[1].round
    told = []
    if waves.level and all(waves.level):
        before, now = waves.level
        same = _("The level is the same as in “%(round)s”: %(level)s.", round=earlier, level=now)
        moved = _("“%(round)s”: %(before)s; now: %(now)s.", round=earlier, before=before, now=now)
        told.append(same if before == now else moved)
    if waves.total and waves.total.change:
        told.append(_("Change of the total score: %(change)s points.", change=waves.total.change))
    if waves.why:
        told.append(waves.why)
    return told
