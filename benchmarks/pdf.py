"""The report's PDF against the same content in WeasyPrint without tuning, by processor time.

Untuned means: tagged like ours (pdf/ua-1) and with harfbuzz-subset present, but the system's font, automatic table
widths and a new FontConfiguration each time. Each side has a process of its own, warmed up; rounds alternate.
"""

from __future__ import annotations

import os
import resource
import statistics
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks._site import hand_in, site
from survey import database
from survey.languages import speaking
from survey.report.queries import record
from survey.report.rendering import print_html

ROUNDS = 5
TARGET = 0.7


def tuned(html: str) -> tuple[float, int]:
    """Processor seconds and bytes of our PDF."""
    from survey.report.pdf import pdf  # only in its process: it sets the fonts

    begin = _spent()
    made = pdf(html, "benchmark")
    return _spent() - begin, len(made)


def untuned(html: str, stylesheet: str) -> tuple[float, int]:
    """The same by WeasyPrint as it comes."""
    from weasyprint import CSS, HTML  # only in its process, without our fonts
    from weasyprint.text.ffi import harfbuzz_subset
    from weasyprint.text.fonts import FontConfiguration

    assert harfbuzz_subset is not None
    begin = _spent()
    fonts = FontConfiguration()
    style = CSS(string=stylesheet, font_config=fonts)
    made = HTML(string=html).write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
    return _spent() - begin, len(made)


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        app, _submission = site(Path(name))
        scorecard = hand_in(app)
        with app.app_context(), speaking("zh_CN"):
            found = record(database.reading(), scorecard)
            assert found is not None
            html = print_html(found, "zh_CN")
    stylesheet = (Path(__file__).parent.parent / "survey" / "static" / "report.css").read_text(encoding="utf-8")
    plain = stylesheet.replace("table-layout: fixed", "table-layout: auto").replace('"Report Sans SC", ', "")
    plain_html = html.replace("Report Sans SC", "Noto Sans CJK SC")
    os.environ.pop("FONTCONFIG_FILE", None)
    spawn = get_context("spawn")
    ours, theirs = [], []
    with ProcessPoolExecutor(1, mp_context=spawn) as mine, ProcessPoolExecutor(1, mp_context=spawn) as other:
        mine.submit(tuned, html).result()
        other.submit(untuned, plain_html, plain).result()
        for _round in range(ROUNDS):
            ours.append(mine.submit(tuned, html).result())
            theirs.append(other.submit(untuned, plain_html, plain).result())
    ratio = statistics.median(own / theirs for (own, _), (theirs, _) in zip(ours, theirs, strict=True))
    for label, side in (("untuned WeasyPrint", theirs), ("report PDF", ours)):
        seconds = statistics.median(spent for spent, _ in side)
        print(f"  {label:<24} {seconds:6.2f} s of processor   {side[0][1] / 1000:7.0f} kB")
    print(f"  ratio {ratio:.2f}, target at most {TARGET}: {'reached' if ratio <= TARGET else 'missed'}")


if __name__ == "__main__":
    main()
