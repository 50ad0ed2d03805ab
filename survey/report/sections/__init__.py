"""The sections of a report, in the order they are read: from the decision to its proof.

Each is a module with `context(report)`: what its two templates need (`templates/report/sections/<name>.html` for the
page, `templates/report/print/<name>.html` for the PDF), always with a `title`; or None where it has nothing to say.
Adding one is a module, two templates and one line here.
"""

from collections.abc import Mapping
from types import ModuleType
from typing import Any, Final

from survey.report.content import Report
from survey.report.sections import answers, benchmark, dimensions, method, roadmap, scenes, summary, verified, waves

SECTIONS: Final[Mapping[str, ModuleType]] = {
    "summary": summary,
    "verified": verified,
    "roadmap": roadmap,
    "dimensions": dimensions,
    "benchmark": benchmark,
    "waves": waves,
    "scenes": scenes,
    "answers": answers,
    "method": method,
}


def contexts(report: Report) -> dict[str, dict[str, Any]]:
    """What the sections that have something to say need, by name."""
    told = {name: section.context(report) for name, section in SECTIONS.items()}
    return {name: context for name, context in told.items() if context is not None}
