"""The languages of the pages: which one a request gets, and how it is changed.

Order: what the person has set, the cookie, what the browser asks for, Chinese.
"""

from babel import Locale
from flask import Blueprint, Flask, abort, current_app, redirect, request, url_for
from flask_babel import Babel, get_locale
from werkzeug.wrappers import Response

from survey.access import person, public
from survey.redirects import here, local_path

babel = Babel()
bp = Blueprint("languages", __name__)

DEFAULT = "zh_CN"
TAGS = {"zh_CN": "zh-CN", "en": "en"}
"""The languages offered, each with the tag that pages carry in `lang`."""
COOKIE = "language"
YEAR = 365 * 24 * 3600


def chosen_language() -> str:
    """The language of this request: a key of TAGS."""
    who = person()
    wishes = (who.language if who else None, request.cookies.get(COOKIE))
    return next((wish for wish in wishes if wish in TAGS), None) or _asked_by_browser()


def _asked_by_browser() -> str:
    for wish, _ in request.accept_languages:
        for language in TAGS:
            if wish.lower().split("-")[0] == language.lower().split("_")[0]:
                return language
    return DEFAULT


def page_language() -> str:
    """The language in use, also outside a request: a key of TAGS."""
    locale = get_locale()
    return DEFAULT if locale is None or str(locale).startswith("zh") else str(locale)


@bp.get("/language/<language>")
@public
def switch(language: str) -> Response:
    """Remember the language in a cookie and go back to the page that was open."""
    if language not in TAGS:
        abort(404)
    answer = redirect(local_path(request.args.get("next")) or url_for("pages.start"))
    keep(answer, COOKIE, language)
    return answer


def keep(answer: Response, name: str, value: str) -> None:
    """Set a cookie that remembers a taste for a year; it holds nothing about the person."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(name, value, YEAR, httponly=True, samesite="Lax", secure=secure)


def _for_templates() -> dict[str, object]:
    language = page_language()
    other = next(name for name in TAGS if name != language)
    return {
        "language": language,
        "language_tag": TAGS[language],
        "other_language": {
            "tag": TAGS[other],
            "name": Locale.parse(other).get_language_name(other.split("_")[0]),
            "href": url_for("languages.switch", language=other, next=here()),
        },
    }


def init_app(app: Flask) -> None:
    app.config.update(BABEL_DEFAULT_LOCALE=DEFAULT, BABEL_DEFAULT_TIMEZONE="Asia/Shanghai")
    babel.init_app(app, locale_selector=chosen_language)
    app.context_processor(_for_templates)
