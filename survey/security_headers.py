"""Headers that every answer carries, and the refusal of requests sent by other sites."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; report-uri /csp-report; report-to policy"
)
REPORTS = 'policy="/csp-report"'
"""Where newer browsers find the name that `report-to` gives."""
FIXED = {
    "Reporting-Endpoints": REPORTS,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # not "no-referrer": the check of form tokens over HTTPS needs the Referer of our own pages
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
TRANSPORT_SECURITY = "max-age=31536000; includeSubDomains"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
STATIC_SECONDS = 365 * 24 * 3600


def csp_nonce() -> str:
    """The nonce of this answer: our own script tags carry it, nothing else does."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def came_from_here() -> bool:
    """Whether the browser says that one of our own pages sent this request (or says nothing at all)."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _refuse_other_sites() -> None:
    if request.method not in SAFE_METHODS and not came_from_here():
        abort(400)


def _add_headers(response: Response) -> Response:
    for name, value in FIXED.items():
        response.headers.setdefault(name, value)
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.format(nonce=csp_nonce())
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = TRANSPORT_SECURITY
    _set_caching(response)
    return response


def _set_caching(response: Response) -> None:
    """Static files carry their version in the address and may be kept; no page may be."""
    if request.endpoint and request.endpoint.endswith("static") and response.status_code < 400:
        response.headers["Cache-Control"] = (
            f"public, max-age={STATIC_SECONDS}, immutable" if request.args.get("v") else "public, max-age=3600"
        )
        return
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Cookie", "Accept-Language"))


def init_app(app: Flask) -> None:
    app.before_request(_refuse_other_sites)
    app.after_request(_add_headers)
    app.context_processor(lambda: {"csp_nonce": csp_nonce()})
