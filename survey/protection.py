"""Everything that hashes, signs or encrypts, in one place, so that other algorithms can be put in its stead (G-20).

Keys are derived from the site's secret key, one for each purpose; former keys still open what they sealed.
"""

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from survey.settings import Settings


class CannotOpen(Exception):
    """What was sealed cannot be read: the secret key was changed without keeping the former one, or it is damaged."""


def token() -> str:
    """A random token of 256 bits for a link or a cookie; the database keeps only its hash."""
    return secrets.token_urlsafe(32)


def token_hash(text: str) -> str:
    """What the database keeps of a token: random tokens need no salt."""
    return hashlib.sha256(text.encode()).hexdigest()


def digits(count: int = 6) -> str:
    """A random code of digits, for people to type."""
    return f"{secrets.randbelow(10**count):0{count}}"


def keyed_hashes(settings: Settings, purpose: str, text: str) -> tuple[str, ...]:
    """Hashes that only this site can make, under today's key (the first, to be kept) and each former one.

    For short codes, which whoever reads the database could otherwise try out.
    """
    keys = (settings.secret_key, *settings.secret_key_fallbacks)
    return tuple(hmac.new(_key(key, purpose), text.encode(), hashlib.sha256).hexdigest() for key in keys)


def same(one: str, other: str) -> bool:
    """Whether two hashes are equal, in a time that tells nothing."""
    return hmac.compare_digest(one, other)


def sealed(settings: Settings, text: str) -> str:
    """The text encrypted, for a column that must not be read in a copy of the database."""
    return _box(settings).encrypt(text.encode()).decode()


def opened(settings: Settings, box: str) -> str:
    """What was sealed. Raises `CannotOpen`."""
    try:
        return _box(settings).decrypt(box.encode()).decode()
    except InvalidToken as error:
        raise CannotOpen from error


def _box(settings: Settings) -> MultiFernet:
    keys = (settings.secret_key, *settings.secret_key_fallbacks)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_key(key, "seal"))) for key in keys])


def _key(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(secret.encode())
