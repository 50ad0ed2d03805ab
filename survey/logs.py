"""Log lines as JSON, one per request and one per fault, joined by the request's reference.

Nothing a person typed is logged: the line names the route, not the address, and never a body, a query or a
cookie. JSON escapes line breaks, so that no value can forge a line.
"""

import logging
import secrets
import sys
import time

from flask import Flask, Response, g, has_request_context, request
from pythonjsonlogger.json import JsonFormatter

log = logging.getLogger("survey.requests")

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No I, L, O or U: the reference is read out on the telephone."""


def reference() -> str:
    """The reference of this request, such as E-7Q2K-0419: shown on error pages, written in every log line."""
    if "reference" not in g:
        signs = [secrets.choice(SIGNS) for _ in range(8)]
        g.reference = "E-" + "".join(signs[:4]) + "-" + "".join(signs[4:])
    return str(g.reference)


class _WithReference(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.reference = reference() if has_request_context() else None
        return True


def _start() -> None:
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    if request.endpoint and request.endpoint.endswith("static"):
        return response
    who = g.get("person")
    log.info(
        "request",
        extra={
            "method": request.method,
            "route": request.url_rule.rule if request.url_rule else None,
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
            "user_id": who.user_id if who else None,
            "address": request.remote_addr,
        },
    )
    return response


def init_app(app: Flask, level: str = "INFO") -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter("%(levelname)s %(name)s %(message)s %(reference)s", timestamp=True))
    handler.addFilter(_WithReference())
    root = logging.getLogger("survey")
    root.handlers[:] = [handler]
    root.setLevel(level)
    root.propagate = app.testing
    app.before_request(_start)
    app.after_request(_finish)
