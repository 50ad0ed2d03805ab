"""From a record to HTML: the print document, for the PDF and for its preview."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask, current_app

from survey.languages import TAGS
from survey.report import print_charts, wording
from survey.report.build import build
from survey.report.content import Report
from survey.report.queries import Record
from survey.report.sections import contexts
from survey.settings import Settings

QUOTES: Final[dict[str, dict[int, str]]] = {"zh_CN": {}, "en": dict.fromkeys(map(ord, "“”"), "&#34;")}
"""The report's fonts draw curly quotes as wide as a Chinese character: English takes straight ones."""
LONG_NAME: Final = {True: 91, False: 67}
"""From how many characters on a firm's name is set smaller on the cover: Latin, Chinese."""


def shared(report: Report) -> dict[str, Any]:
    """What page and PDF both use: the report, its sections, and the words about the whole."""
    return {
        "report": report,
        "sections": contexts(report),
        "report_title": wording.title(report),
        "nature": wording.nature(report),
        "size": wording.size(report),
        "stamp": wording.stamp(report.provenance.submitted_at),
        "told": wording.told,
        "space": wording.BETWEEN[report.language],
    }


def print_html(record: Record, language: str, back: str | None = None) -> str:
    """The printed report as HTML, inside an application context in that language.

    With `back`, the address of the report page, it is the preview. No context processor of the site runs: a report
    needs no request and is the same for everybody.
    """
    report = build(record, language)
    app: Flask = current_app
    settings: Settings = app.config["SETTINGS"]
    name = report.firm.name
    html = app.jinja_env.get_template("report/print/report.html").render(
        **shared(report),
        charts=print_charts,
        tag=TAGS[language],
        issuer={"zh_CN": settings.platform_name_zh, "en": settings.platform_name_en}[language],
        created=report.provenance.submitted_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        long_name=len(name) >= LONG_NAME[name.isascii()],
        back=back,
    )
    return html.translate(QUOTES[language])
