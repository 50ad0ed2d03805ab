"""One report as somebody reads it: page, PDF, preview. Whoever may read it has been found out before, by the views.

The same for the firm's own people and for its office; only the addresses differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import abort, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from survey import audit, jobs
from survey.database import reading, write
from survey.languages import TAGS, page_language, speaking
from survey.report import charts, files, queries
from survey.report.actions import order_again
from survey.report.build import build
from survey.report.rendering import print_html, shared
from survey.report.wording import file_name

MOST_LOCKS: Final = 200
"""Changes that somebody may call not possible in one address."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the parts of one report are: its page; for a language its file, the form that orders it, its preview."""

    page: str
    pdf: Callable[[str], str]
    again: Callable[[str], str]
    preview: Callable[[str], str]

    def links(self, language: str) -> dict[str, str]:
        return {
            "page": self.page,
            "pdf": self.pdf(language),
            "again": self.again(language),
            "preview": self.preview(language),
        }


def addresses(blueprint: str, **values: Any) -> Addresses:
    """The addresses below a blueprint that has the views page, pdf, make_again and preview."""

    def of(view: str) -> Callable[[str], str]:
        return lambda language: url_for(f"{blueprint}.{view}", language=language, **values)

    return Addresses(url_for(f"{blueprint}.page", **values), of("pdf"), of("make_again"), of("preview"))


@dataclass(frozen=True, slots=True)
class Other:
    """Another time the same was submitted. `current`: the one on the page."""

    number: int
    submitted_at: datetime
    href: str
    current: bool


def page(
    scorecard_id: int,
    at: Addresses,
    locks: Sequence[str],
    *,
    back: tuple[str, str] | None = None,
    others: Sequence[Other] = (),
    more: Mapping[str, Any] | None = None,
) -> str:
    """The report page. `back`: address and words of the way back; `others`: every time it was submitted."""
    language = page_language()
    report = build(_record(scorecard_id), language, locks[:MOST_LOCKS])
    return render_template(
        "report/page.html",
        **shared(report),
        charts=charts,
        pdf_links={each: at.pdf(each) for each in TAGS},
        preview_link=at.preview(language),
        back_link=back,
        others=others if len(others) > 1 else (),
        languages=TAGS,
        **(more or {}),
    )


def pdf(scorecard_id: int, at: Addresses, language: str, *, ordered: bool = True) -> Any:
    """The file when it is ready, else the page that waits for it or says what went wrong.

    `ordered`: a file that nobody has ordered is missing by a fault of ours.
    """
    known(language)
    item = queries.newest_item(reading(), scorecard_id, language)
    path = files.finished(item)
    if path is None:
        return files.waiting(item, at.links(language), ordered=ordered or item is not None)
    with speaking(language):
        report = build(_record(scorecard_id), language)
        return files.sent(path, file_name(report), f"report-{report.provenance.reference}.pdf")


def make_again(
    scorecard_id: int, at: Addresses, language: str, submission_public_id: str, actor: audit.Actor, now: datetime
) -> Response:
    known(language)
    with write() as session:
        order_again(session, scorecard_id, language, submission_public_id, actor, now)
    jobs.wake(current_app)
    return redirect(at.pdf(language), 303)


def preview(scorecard_id: int, at: Addresses, language: str) -> str:
    """The pages of the PDF as HTML: WeChat's browser does not download."""
    known(language)
    with speaking(language):
        return print_html(_record(scorecard_id), language, at.page)


def known(language: str) -> None:
    """404 for a language that reports are not made in."""
    if language not in TAGS:
        abort(404)


def _record(scorecard_id: int) -> queries.Record:
    record = queries.record(reading(), scorecard_id)
    assert record is not None
    return record
