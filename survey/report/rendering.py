"""From a record to HTML: the print document, for the PDF and for its preview."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from flask import Flask, current_app

from survey.languages import TAGS
from survey.publishing import fields
from survey.report import print_charts, steps, wording
from survey.report.build import build
from survey.report.content import Firm, Report
from survey.report.queries import Record
from survey.report.round_build import build_round
from survey.report.round_content import RoundReport
from survey.report.round_queries import RoundRecord
from survey.report.sections import contexts
from survey.settings import Settings

QUOTES: Final[dict[str, dict[int, str]]] = {"zh_CN": {}, "en": dict.fromkeys(map(ord, "“”"), "&#34;")}
"""The report's fonts draw curly quotes as wide as a Chinese character: English takes straight ones."""
LONG_NAME: Final = {True: 91, False: 67}
"""From how many characters on a firm's name is set smaller on the cover: Latin, Chinese."""


def shared(report: Report, anchor: str = "", *, combined: bool = False) -> dict[str, Any]:
    """What page and PDF both use: the report, its sections, and the words about the whole.

    Within the report on a round it is one of several: `combined`, with `anchor` before the names of its places.
    """
    return {
        "report": report,
        "sections": contexts(report),
        "report_title": wording.title(report),
        "nature": wording.nature(report),
        "words": steps.words(report),
        "result": steps.result(report),
        "size": wording.size(report),
        "stamp": wording.stamp(report.provenance.submitted_at),
        "told": wording.told,
        "space": wording.BETWEEN[report.language],
        "anchor": anchor,
        "combined": combined,
    }


def shared_round(report: RoundReport) -> dict[str, Any]:
    """The same for a whole round: `parts` holds for each part what `shared` gives for a report."""
    first = report.parts[0].report
    return {
        "whole": report,
        "parts": [shared(part.report, part.anchor, combined=True) for part in report.parts],
        "field_name": fields.name,
        "report_title": wording.round_title(),
        "nature": wording.round_nature(report),
        "lead": wording.round_lead(report),
        "size": wording.size_of(report.firm),
        "stamp": wording.stamp(report.latest),
        "stamp_of": wording.stamp,
        "told": wording.told,
        "space": wording.BETWEEN[first.language],
    }


def print_html(record: Record, language: str, back: str | None = None) -> str:
    """The printed report as HTML, inside an application context in that language.

    With `back`, the address of the report page, it is the preview. No context processor of the site runs: a report
    needs no request and is the same for everybody.
    """
    report = build(record, language)
    told = shared(report) | {"field": report.field, "reference": report.provenance.reference}
    return _printed("report", told, report.firm, report.provenance.submitted_at, language, back)


def print_round_html(record: RoundRecord, language: str, back: str | None = None) -> str:
    """The printed report on a whole round, likewise."""
    report = build_round(record, language)
    return _printed("round", shared_round(report), report.firm, report.latest, language, back)


def _printed(
    name: str, told: dict[str, Any], firm: Firm, submitted_at: datetime, language: str, back: str | None
) -> str:
    app: Flask = current_app
    settings: Settings = app.config["SETTINGS"]
    html = app.jinja_env.get_template(f"report/print/{name}.html").render(
        **told,
        charts=print_charts,
        firm=firm,
        tag=TAGS[language],
        issuer={"zh_CN": settings.platform_name_zh, "en": settings.platform_name_en}[language],
        created=submitted_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        long_name=len(firm.name) >= LONG_NAME[firm.name.isascii()],
        back=back,
    )
    return html.translate(QUOTES[language])
