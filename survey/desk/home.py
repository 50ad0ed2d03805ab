"""The first page of an office: what waits, and how far its firms are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from survey import formatting
from survey.access import requires
from survey.database import reading
from survey.desk import funnel as funnels
from survey.desk import queries, table_filters, todo
from survey.desk.funnel import STEPS, Funnel
from survey.desk.queries import VIEW
from survey.formatting import local_time
from survey.identity import signed_in
from survey.languages import page_language
from survey.models import Area
from survey.organisations.queries import area_name


@requires(VIEW)
def home() -> str:
    session, language, now = reading(), page_language(), datetime.now(UTC)
    wanted = table_filters.wanted(session, {"campaign": request.args.get("campaign", "")}, language, now)
    found = funnels.funnel(session, wanted.campaign, funnels.whole(session, request.args.get("of", "")))
    rows = todo.tasks(session, signed_in().user_id, language, now)
    return render_template(
        "desk/home.html",
        title=rows[0].name if rows else _("Nothing waits for you"),
        places=", ".join(area_name(area, language) for area in queries.tops(session)),
        now=now,
        tasks=todo.shown(session, rows, local_time(now).date()),
        counts=queries.counts(session),
        wanted=wanted,
        funnel=found,
        steps=_steps(found),
        wholes=funnels.OF,
        names=STEPS,
        parts=[(area, _part_name(area, found, language), counts) for area, counts in found.areas],
    )


def _steps(found: Funnel) -> list[dict[str, Any]]:
    """The steps in words and bars. Returned is no step on the way: those firms are still among the submitted."""
    whole = found.total["firms"]
    made = []
    for step, name in STEPS.items():
        count, aside = found.total[step], step == "returned"
        share = formatting.percent(f"{count}/{whole}" if whole else None)
        words = _(
            "%(step)s: %(count)s of %(all)s", step=name, count=formatting.number(count), all=formatting.number(whole)
        )
        made.append(
            {"key": step, "name": name, "count": count, "share": share, "aside": aside,
             "bar": funnels.bar(count, whole, words, aside=aside)}
        )  # fmt: skip
    return made


def _part_name(area: Area, found: Funnel, language: str) -> str:
    """The area that others lie in stands for its firms that lie in none of those."""
    name = area_name(area, language)
    around = any(other.parent_id == area.id for other, _counts in found.areas)
    return _("%(area)s, in no part of it", area=name) if around else name
