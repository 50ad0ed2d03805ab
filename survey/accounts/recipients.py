"""Where a code can be sent: a Chinese mobile number or an e-mail address, as people type them."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

MOBILE = re.compile(r"1[3-9]\d{9}")
COUNTRY_CODE = re.compile(r"(\+|00)?86(?=1[3-9]\d{9}$)")


def recipient(text: str) -> tuple[str, str] | None:
    """("mobile", "13800138000") or ("email", "name@example.cn"), or None if it is neither.

    Understands full-width signs, spaces, hyphens and the country code.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if "@" in plain:
        return _address(plain)
    digits = COUNTRY_CODE.sub("", re.sub(r"[-–—().]", "", plain))
    return ("mobile", digits) if MOBILE.fullmatch(digits) and digits.isascii() else None


def _address(text: str) -> tuple[str, str] | None:
    try:
        valid = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return None
    return "email", valid.normalized.lower()


def masked(recipient: str) -> str:
    """A recipient as it may be shown to whoever typed it: 138****8000, na***@example.cn."""
    name, at, host = recipient.partition("@")
    return f"{name[:2]}***@{host}" if at else f"{recipient[:3]}****{recipient[-4:]}"
