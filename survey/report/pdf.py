"""HTML to PDF. Imported in a process of its own, with FONTCONFIG_FILE set: threads that share fonts crash.

Decisions and figures: docs/adr/0004-report-pdf.md.
"""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

from survey.report.fonts import CONFIGURATION, drawable

# Before WeasyPrint is imported: fontconfig reads them once.
os.environ.setdefault("FONTCONFIG_FILE", str(CONFIGURATION))
os.environ.setdefault("SOURCE_DATE_EPOCH", "1704067200")  # no time of making inside: same report, same bytes

from weasyprint import CSS, HTML
from weasyprint.text.ffi import harfbuzz_subset
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

STYLESHEET: Final = Path(__file__).resolve().parents[1] / "static" / "report.css"
SCHEME: Final = "packaged:"
PACKAGED: Final = {
    "report.css": (STYLESHEET, "text/css"),
    "visit_form.css": (STYLESHEET.with_name("visit_form.css"), "text/css"),
}
"""Everything a report may ask for, by name. Nothing else is read, on this machine or any other."""
MOST_PAGES: Final = 80

logging.getLogger("weasyprint").setLevel(logging.ERROR)  # warns of screen rules that it leaves out
logging.getLogger("fontTools").setLevel(logging.ERROR)


class Refused(FatalURLFetchingError):  # type: ignore[misc]  # it has no types
    """A report asked for something that is not packaged: no such PDF is made."""


class PackagedFiles(URLFetcher):  # type: ignore[misc]  # it has no types
    """Serves `packaged:report.css` and refuses every other address."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        name = url.removeprefix(SCHEME)
        if not url.startswith(SCHEME) or name not in PACKAGED:
            raise Refused(f"a report may not load {url[:80]}")
        path, kind = PACKAGED[name]
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


@cache
def _dressing() -> tuple[FontConfiguration, CSS]:
    """Fonts and stylesheet, once in a process."""
    if harfbuzz_subset is None:
        raise RuntimeError("libharfbuzz-subset is missing: reports would take ten times as long; run make setup")
    fonts = FontConfiguration()
    return fonts, CSS(string=STYLESHEET.read_text(encoding="utf-8"), font_config=fonts, url_fetcher=PackagedFiles())


def warm_up() -> None:
    """Do once what every later report would wait for: fonts, stylesheet, a first line of text."""
    pdf("<html lang=zh-CN><title>.</title><p>&#19968;<strong>&#20108;</strong>", "warm-up")


def pdf(html: str, identifier: str) -> bytes:
    """The PDF of a whole HTML document; the same bytes for the same HTML and identifier."""
    fonts, stylesheet = _dressing()
    source = HTML(string=drawable(html), base_url=SCHEME, url_fetcher=PackagedFiles())
    with _undisturbed():
        document = source.render(stylesheets=[stylesheet], font_config=fonts)
        if len(document.pages) > MOST_PAGES:
            raise ValueError(f"a report of {len(document.pages)} pages is not printed; {MOST_PAGES} are allowed")
        made: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier.encode())
    return made


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without garbage collection, which would look through the growing document again and again in vain."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
