"""Ids that appear in addresses: long enough that nobody finds one by trying."""

import secrets
import string

# Letters and digits only: programs that turn text into links cut a trailing "-" or "_".
_ALPHABET = string.ascii_letters + string.digits

#: 22 characters of 62 kinds carry 131 bits.
LENGTH = 22


def new() -> str:
    """A random id of 22 letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))
