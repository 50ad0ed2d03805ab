"""Words that page, PDF and file name share: what the result is, and how sentences are put together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from flask_babel import gettext as _
from flask_babel import ngettext

from survey import formatting
from survey.formatting import local_time
from survey.organisations.size_names import SIZES
from survey.report.content import Condition, Firm, Report, Step
from survey.report.round_content import RoundReport

BETWEEN: Final = {"zh_CN": "", "en": " "}
GAP: Final = {"zh_CN": "", "en": ": "}


def sentences(report: Report, texts: Iterable[str]) -> str:
    """One paragraph of whole sentences."""
    return BETWEEN[report.language].join(text for text in texts if text)


def listed(texts: Iterable[str]) -> str:
    """Several things in one clause."""
    return _("; ").join(texts)


def title(report: Report) -> str:
    return _("%(questionnaire)s report", questionnaire=report.provenance.questionnaire)


def nature(report: Report) -> str:
    """What the result is: on the cover, at the head of every page, on the page and at the end."""
    if report.verified is not None and report.on_site:
        return verified_on(report.verified.on, in_house=report.in_house)
    if report.in_house:
        return _("In-house self-diagnosis, not an official rating")
    if report.firm.outside:
        return _("Self-declared, for reference only (outside manufacturing)")
    return _("Self-declared, for reference only")


def verified_on(day: date, *, in_house: bool) -> str:
    """What a result is that was found on site."""
    if in_house:
        return _("Verified on site on %(date)s; in-house rubric, not an official rating", date=formatting.date(day))
    return _("Verified on site on %(date)s", date=formatting.date(day))


def round_title() -> str:
    return _("Assessment report of the round")


def round_nature(report: RoundReport) -> str:
    """What the report on a whole round is; each part says the same of itself."""
    if report.in_house:
        return _("In-house self-diagnosis, not an official rating")
    return _("Self-declared, for reference only")


def round_lead(report: RoundReport) -> str:
    """The answer first: how many things the firm can apply for, and how many it cannot yet."""
    return _(
        "Conditions met for %(met)s, still to be checked for %(open)s, not met for %(unmet)s.",
        met=report.count("met"), open=report.count("unknown", "manual"), unmet=report.count("unmet"),
    )  # fmt: skip


def size(report: Report) -> str:
    return size_of(report.firm)


def size_of(firm: Firm) -> str:
    """The firm's size class, or nothing where it is open."""
    return str(SIZES.get(firm.size, ""))


def stamp(moment: datetime) -> str:
    """Date and minute in Shanghai, the same in every language: it identifies the report."""
    return f"{local_time(moment):%Y-%m-%d %H:%M}"


def hash_groups(checksum: str) -> str:
    """A checksum in groups of eight, so that two can be compared by eye."""
    return " ".join(checksum[at : at + 8] for at in range(0, len(checksum), 8))


def told(condition: Condition) -> str:
    """Where the firm stands with a condition, for a drawing's title."""
    return condition.what + _(": ") + _("now %(now)s, %(need)s", now=condition.now, need=condition.need)


def gap(report: Report, step: Step) -> str:
    """What is missing for a step, one clause after the other; only how many conditions where words would not do."""
    unmet = [condition for condition in step.conditions if condition.state == "unmet"]
    if not all(condition.simple for condition in unmet):
        return ngettext("%(num)d condition is missing", "%(num)d conditions are missing", len(unmet))
    return listed(f"{each.what}{GAP[report.language]}{each.missing}" for each in unmet)


def file_name(report: Report) -> str:
    """The name of the downloaded PDF."""
    return as_file(title(report), report.firm.name, report.provenance.reference)


def round_file_name(report: RoundReport) -> str:
    return as_file(round_title(), report.firm.name, f"{local_time(report.latest):%Y-%m-%d}")


def as_file(*parts: str) -> str:
    """A file name; characters that some system refuses become a dash."""
    name = "-".join(parts)
    return re.sub(r'[\x00-\x1f\x7f\\/:*?"<>|\s]+', "-", name)[:120] + ".pdf"
