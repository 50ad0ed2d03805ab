"""Where browsers say that a page of ours wanted something that the content security policy forbids.

Either a fault of ours, or somebody tries something: one line in the log for each, and never more than a few from one
address. No token is needed: a page of another site cannot send these kinds of content without being asked first.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Request, abort, request

from survey import limits
from survey.access import public
from survey.database import write

log = logging.getLogger("survey.policy")

KINDS: Final = ("application/csp-report", "application/reports+json")
MOST_BYTES: Final = 20_000
MOST_REPORTS: Final = 5
MOST_SHOWN: Final = 100


@public
def take() -> tuple[str, int]:
    """Log what is reported. Answers the same whatever was in it."""
    if request.mimetype not in KINDS or (request.content_length or 0) > MOST_BYTES:
        abort(400)
    found = list(_violations(request))[:MOST_REPORTS]
    with write() as session:
        counted = found and limits.count(session, "policy reports", str(request.remote_addr), datetime.now(UTC))
    for violation in found if counted else ():
        log.warning("content security policy", extra=violation)
    return "", 204


def _violations(sent: Request) -> Iterator[dict[str, str]]:
    """Directive, where it happened (path alone) and what was refused (host alone), of each report in either form."""
    content = sent.get_json(force=True, silent=True)
    bodies = [content.get("csp-report")] if isinstance(content, dict) else content if isinstance(content, list) else []
    for each in bodies:
        body = each.get("body", each) if isinstance(each, dict) else None
        if isinstance(body, dict):
            yield {
                "directive": _short(body.get("effective-directive") or body.get("effectiveDirective")),
                "page": _short(urlsplit(str(body.get("document-uri") or body.get("documentURL") or "")).path),
                "refused": _short(_host(body.get("blocked-uri") or body.get("blockedURL"))),
            }


def _host(address: Any) -> str:
    text = str(address or "")
    return urlsplit(text).netloc or text.partition(":")[0]


def _short(text: Any) -> str:
    return str(text or "")[:MOST_SHOWN]
