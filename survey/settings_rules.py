"""What settings must keep together, beyond being readable one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from survey.settings import Settings

LOCAL_HOSTS = ("127.0.0.1", "localhost")
_SECRET_BYTES = 32
_SAMPLE_WORDS = ("change", "example", "sample", "secret", "password")


def faults(settings: Settings) -> list[str]:
    """What is wrong with the settings taken together."""
    keys = {"SME_SECRET_KEY": (settings.secret_key,), "SME_SECRET_KEY_FALLBACKS": settings.secret_key_fallbacks}
    weak = [f"{name} {fault}." for name, texts in keys.items() for text in texts if (fault := _key_fault(text))]
    local = settings.host in LOCAL_HOSTS
    rules = {
        "SME_BASE_URL must begin with https:// unless its host is 127.0.0.1 or localhost.": (
            local or settings.base_url.startswith("https://")
        ),
        "SME_SECURE_COOKIES may be false only if the host of SME_BASE_URL is 127.0.0.1 or localhost.": (
            local or settings.secure_cookies
        ),
        "SME_DEMO needs the host of SME_BASE_URL and all of SME_TRUSTED_HOSTS to be 127.0.0.1 or localhost.": (
            not settings.demo or (local and set(settings.hosts) <= set(LOCAL_HOSTS))
        ),
        "SME_DEMO needs SME_PROXY_HOPS to be 0: demo accounts never stand behind a public proxy.": (
            not settings.demo or settings.proxy_hops == 0
        ),
    }
    rules |= _message_rules(settings, local)
    return weak + [sentence for sentence, kept in rules.items() if not kept]


def _message_rules(settings: Settings, local: bool) -> dict[str, bool]:
    """What the ways out for messages need; each sentence with whether it is kept."""
    by_mail, by_http = settings.mail_driver == "smtp", settings.sms_driver == "http"
    return {
        "SME_MAIL_DRIVER may be file only if the host of SME_BASE_URL is 127.0.0.1 or localhost; use smtp.": (
            local or by_mail
        ),
        "SME_SMS_DRIVER may be file only if the host of SME_BASE_URL is 127.0.0.1 or localhost; use http or none.": (
            local or settings.sms_driver != "file"
        ),
        "SME_MAIL_DRIVER=smtp needs SME_SMTP_HOST and SME_MAIL_FROM.": (
            not by_mail or bool(settings.smtp_host and settings.mail_from)
        ),
        "SME_SMTP_SECURITY may be none only if SME_SMTP_HOST is 127.0.0.1 or localhost.": (
            not by_mail or settings.smtp_security != "none" or settings.smtp_host in LOCAL_HOSTS
        ),
        "SME_SMS_DRIVER=http needs SME_SMS_URL and SME_SMS_TOKEN.": (
            not by_http or bool(settings.sms_url and settings.sms_token)
        ),
    }


def _key_fault(key: str) -> str | None:
    """Why a signing key is too weak, or None."""
    if not key:
        return 'is missing; make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
    if len(key.encode()) < _SECRET_BYTES:
        return f"must have at least {_SECRET_BYTES} bytes"
    if len(set(key)) < 10 or any(word in key.lower() for word in _SAMPLE_WORDS):
        return "looks like a sample; use random characters"
    return None
