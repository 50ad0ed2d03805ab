"""The job that makes a release, in a process of the worker."""

from __future__ import annotations

from datetime import UTC, datetime

from survey import audit, database
from survey.benchmark.build import NotReleased, release
from survey.report.make import application
from survey.settings import Settings


def make(settings: Settings, campaign_id: int, language: str) -> str:
    """Release now, by order of an administrator. Makes no file; nothing at all where nothing may be released."""
    with application(settings).app_context():
        try:
            release(
                database.current(), campaign_id, "command", settings.benchmark_minimum, audit.SYSTEM, datetime.now(UTC)
            )
        except NotReleased:
            return ""
    return ""
