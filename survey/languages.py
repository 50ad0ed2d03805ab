"""The languages of the pages: which one a request gets, and how it is changed.

Order: what was chosen on this device (a cookie), the person's language, what the browser asks for, Chinese. The choice
on the device comes first, so that the switch on the page always does what it says; the person's language is the one
they registered in, for a new device and for messages.
"""

from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import Blueprint, Flask, abort, current_app, has_request_context, redirect, request, url_for
from flask_babel import Babel, Domain, force_locale, get_locale
from werkzeug.wrappers import Response

from survey.access import public
from survey.identity import cookie_name, person
from survey.redirects import here, local_path

bp = Blueprint("languages", __name__)

DEFAULT = "zh_CN"
TAGS = {"zh_CN": "zh-CN", "en": "en"}
"""The languages offered, each with the tag that pages carry in `lang`."""
COOKIE = "language"
YEAR = 365 * 24 * 3600


_LOCALES = {language: Locale.parse(language) for language in TAGS}
NAMES = {language: str(locale.get_language_name(language.split("_")[0])) for language, locale in _LOCALES.items()}
"""Each language by its own name."""


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(str(Path(__file__).with_name("translations")), [language])


class _Catalogues(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """Our catalogues by our names: Babel turns "zh_CN" into "zh_Hans_CN" and finds no folder of that name."""

    def get_translations(self) -> NullTranslations:
        return _catalogue(page_language())


class _Babel(Babel):  # type: ignore[misc]
    domain_instance = _Catalogues()


babel = _Babel()


def chosen_language() -> str:
    """The language of this request: a key of TAGS."""
    kept = kept_word(COOKIE)
    if kept in TAGS:
        return kept
    who = person()
    return who.language if who and who.language in TAGS else _asked_by_browser()


def speaking(language: str) -> AbstractContextManager[None]:
    """Everything inside is said in this language: for messages and reports that are not for the page being shown."""
    said: AbstractContextManager[None] = force_locale(_LOCALES[language])
    return said


def _locale() -> Locale:
    """Babel takes 50 µs to understand "zh_CN" each time, so it is given what it would make of it."""
    return _LOCALES[chosen_language() if has_request_context() else DEFAULT]


def language_of_browser() -> str:
    """What the cookie or the browser asks for, without looking at who is signed in."""
    kept = kept_word(COOKIE)
    return kept if kept in TAGS else _asked_by_browser()


def _asked_by_browser() -> str:
    for wish, _ in request.accept_languages:
        for language in TAGS:
            if wish.lower().split("-")[0] == language.lower().split("_")[0]:
                return language
    return DEFAULT


def page_language() -> str:
    """The language in use, also outside a request: a key of TAGS."""
    locale = get_locale()
    return DEFAULT if locale is None or locale.language == "zh" else str(locale.language)


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
    settings = current_app.config["SETTINGS"]
    called = cookie_name(name, settings)
    answer.set_cookie(called, value, YEAR, httponly=True, samesite="Lax", secure=settings.secure_cookies)


def kept_word(name: str) -> str:
    """What `keep` has set, or nothing."""
    return request.cookies.get(cookie_name(name, current_app.config["SETTINGS"]), "")


def _for_templates() -> dict[str, object]:
    language = page_language()
    other = next(name for name in TAGS if name != language)
    return {
        "language": language,
        "language_tag": TAGS[language],
        "other_language": {
            "code": other,
            "tag": TAGS[other],
            "name": NAMES[other],
            "href": url_for("languages.switch", language=other, next=here()),
        },
    }


def init_app(app: Flask) -> None:
    app.config.update(BABEL_DEFAULT_LOCALE=DEFAULT, BABEL_DEFAULT_TIMEZONE="Asia/Shanghai")
    babel.init_app(app, locale_selector=_locale)
    app.context_processor(_for_templates)
