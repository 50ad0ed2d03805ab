"""What people see when something is refused or goes wrong: how it is, whether it matters, what to do next.

Actions raise a `Problem`; the framework raises its own exceptions; both end on one page with a reference.
The page for our own faults is drawn when the site starts, so that showing it needs no database, no template
and no catalogue.
"""

import logging
from dataclasses import dataclass

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError, Unauthorized

from survey.access import wants_json
from survey.languages import TAGS, language_of_browser, speaking
from survey.logs import reference
from survey.security_headers import came_from_here

log = logging.getLogger("survey.errors")

PLACE_OF_REFERENCE = "E-0000-0000"
NEVER_KEPT = ("password", "csrf_token", "code")
"""A form field with one of these in its name is not written into the page that offers to send the form again."""


class Problem(Exception):
    """A refusal that the person can do something about. `status` is the HTTP status, texts are translated."""

    def __init__(self, status: int, title: str, text: str, href: str | None = None, deed: str | None = None) -> None:
        super().__init__(title)
        self.status, self.title, self.text, self.href, self.deed = status, title, text, href, deed


@dataclass(frozen=True)
class Wording:
    """The two sentences of a refusal, translated when shown."""

    title: LazyString
    text: LazyString


WORDINGS: dict[int, Wording] = {
    400: Wording(
        _l("This request could not be understood"),
        _l("Nothing was changed. Go back and open the page again; if the address was typed by hand, check it."),
    ),
    401: Wording(
        _l("Your sign-in has ended"),
        _l("What was saved before is kept. Sign in again to go on."),
    ),
    403: Wording(
        _l("You may not do this"),
        _l("Nothing was changed. Ask the colleague who manages the firm's account whether you need another role."),
    ),
    404: Wording(
        _l("This page does not exist"),
        _l("The address may be wrong or out of date, or the page belongs to a firm that your account is not part of."),
    ),
    405: Wording(
        _l("This page cannot be opened like this"),
        _l("Nothing was changed. Go back to the start and follow the links from there."),
    ),
    409: Wording(
        _l("Somebody else has changed this in the meantime"),
        _l("What either of you saved is kept. Open the page again and repeat your change if it is still needed."),
    ),
    413: Wording(
        _l("What you sent is too large"),
        _l("Nothing was changed. Shorten the text or choose a smaller file, then send it again."),
    ),
    429: Wording(
        _l("Too many attempts"),
        _l("Nothing was changed. Wait a quarter of an hour, then try again."),
    ),
}
OTHER = 400
"""The wording for a status that has none of its own."""


def _show(status: int, title: object, text: object, href: str | None = None, deed: str | None = None) -> Response:
    log.warning("refused", extra={"status": status, "route": request.url_rule.rule if request.url_rule else None})
    if wants_json():
        answer = make_response({"title": str(title), "text": str(text), "reference": reference()})
    else:
        answer = make_response(
            render_template("errors/error.html", title=title, text=text, href=href, deed=deed, reference=reference())
        )
    answer.status_code = status
    return answer


def _problem(problem: Problem) -> Response:
    return _show(problem.status, problem.title, problem.text, problem.href, problem.deed)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return error.get_response()  # type: ignore[return-value]  # a redirect of the router, sent as it is
    if status >= 500:
        return _our_fault(error)
    wording = WORDINGS.get(status, WORDINGS[OTHER])
    answer = _show(status, wording.title, wording.text)
    if status == 405:
        answer.headers["Allow"] = ", ".join(error.valid_methods or ())  # type: ignore[attr-defined]
    return answer


def _unknown_host(_error: SecurityError) -> Response:
    """Somebody called the server by a name that is not the site's: no page, since no address can be made."""
    log.warning("unknown host")
    answer = make_response("This server does not answer to that name.\n", 400)
    answer.content_type = "text/plain; charset=utf-8"
    return answer


def _form_token_failed(error: CSRFError) -> Response:
    """Offer to send the same form again, with a fresh token: what was typed is not lost.

    Only for forms that came from our own pages: another site must not get its form in front of the person.
    """
    return _offer_again(error, "errors/send_again.html")


def _sign_in_ended(error: Unauthorized) -> Response:
    """The same where the sign-in has ended while a form was being filled in; signing in happens in another tab."""
    return _offer_again(error, "errors/sign_in_again.html")


def _offer_again(error: HTTPException, template: str) -> Response:
    if not came_from_here() or not request.form or wants_json():
        return _http_error(error)
    kept = [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if not any(word in name for word in NEVER_KEPT)
    ]
    log.warning("form kept", extra={"status": error.code, "route": request.url_rule.rule if request.url_rule else None})
    return make_response(render_template(template, kept=kept), error.code)


def _our_fault(error: Exception) -> Response:
    log.error("fault", exc_info=getattr(error, "original_exception", None) or error, extra={"route": request.endpoint})
    pages: dict[str, str] = current_app.extensions["survey.errors"]
    page = pages[language_of_browser()]
    return make_response(page.replace(PLACE_OF_REFERENCE, reference()), 500)


def _draw_our_fault(app: Flask) -> dict[str, str]:
    """The page for our own faults, ready in each language."""
    pages = {}
    host = app.config["TRUSTED_HOSTS"][0]
    for language, tag in TAGS.items():
        with app.test_request_context(base_url=f"https://{host}"), speaking(language):
            pages[language] = render_template("errors/500.html", language_tag=tag, reference=PLACE_OF_REFERENCE)
    return pages


def init_app(app: Flask) -> None:
    """Called last: the page for our own faults links to others."""
    # Flask would log the fault a second time, with the address in it
    app.log_exception = lambda *_: None  # type: ignore[method-assign]
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(CSRFError, _form_token_failed)
    app.register_error_handler(Unauthorized, _sign_in_ended)
    app.register_error_handler(SecurityError, _unknown_host)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(InternalServerError, _our_fault)
    app.extensions["survey.errors"] = _draw_our_fault(app)
