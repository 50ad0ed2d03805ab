"""Passwords: argon2id hashes, and which passwords are refused.

A password that is the only factor has at least 15 characters; where a second factor is enforced, 8 are enough. What
counts against guessing is what is left when common words, runs and repetitions are taken away: that must have some
length too. Which rules hold besides is the operator's choice (`PROFILES`): standards contradict each other.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

SHORTEST = 15
SHORTEST_WITH_FACTOR = 8
"""For people who never sign in without a second factor."""
LONGEST = 128
LEAST_LEFT = 6
"""Characters that must be left of a password without the words in it that everybody tries."""

hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1, type=Type.ID)

RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
RUN = 4
"""So many signs in the order of the alphabet, the digits or the keyboard are a run, forwards or backwards."""


@dataclass(frozen=True, slots=True)
class Profile:
    """`kinds`: how many of the four kinds of signs a password must have; `lasts`: when it must be changed."""

    kinds: int
    lasts: timedelta | None


PROFILES: Final[Mapping[str, Profile]] = {
    # OWASP ASVS 6.2.5 and 6.2.10 forbid both rules, since they make passwords worse
    "asvs": Profile(0, None),
    # GB/T 22239 asks for complexity and periodic change
    "mlps": Profile(3, timedelta(days=90)),
}


def hashed(password: str) -> str:
    """The hash to keep; parameters and salt are part of it."""
    return hasher.hash(password)


@cache
def _hash_of_nobody() -> str:
    return hasher.hash("the password of an account that does not exist")


def matches(password: str, kept: str | None) -> bool:
    """Whether the password is right. Without a hash the same work is done for nothing, so that time tells nothing."""
    try:
        hasher.verify(kept or _hash_of_nobody(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return hasher.check_needs_rehash(kept)


def is_too_old(profile: str, set_at: datetime, now: datetime) -> bool:
    """Whether the operator's rules ask for another password by now."""
    lasts = PROFILES[profile].lasts
    return lasts is not None and now - set_at > lasts


def shortest(*, second_factor: bool) -> int:
    """The least length; `second_factor`: whether the person can never sign in without one."""
    return SHORTEST_WITH_FACTOR if second_factor else SHORTEST


def fault(password: str, context: Iterable[str], *, profile: str = "asvs", second_factor: bool = False) -> str | None:
    """Why a new password is refused: a key of PASSWORD_FAULTS in forms.py; None if it is fine.

    `context` holds words an attacker knows: name, number, address, firm, the site's names.
    """
    if len(password) < shortest(second_factor=second_factor):
        return "short with factor" if second_factor else "short"
    if len(password) > LONGEST:
        return "long"
    if _kinds(password) < PROFILES[profile].kinds:
        return "kinds"
    easy = _bare(password) in leaked() or len(_left(password.lower(), context)) < LEAST_LEFT
    return "common" if easy else None


def _bare(password: str) -> str:
    """The password as it stands in lists: small letters, without the digits and signs that people append."""
    return password.lower().rstrip("0123456789!?.*#@_- ") or password.lower()


def _kinds(password: str) -> int:
    """How many of: capitals, small letters (and letters without case), digits, other signs."""
    kinds = set()
    for sign in password:
        category = unicodedata.category(sign)
        kinds.add("Lu" if category == "Lu" else {"L": "Ll", "N": "N"}.get(category[0], "other"))
    return len(kinds)


def _left(password: str, context: Iterable[str]) -> str:
    """What nobody can guess easily: the password without known words and runs, repeated signs written once."""
    words = {part for word in context for part in re.split(r"[\s@.·-]+", word.lower()) if len(part) > 1}
    for word in sorted(words | common_words(), key=len, reverse=True):
        password = password.replace(word, "")
    if any(password in word for word in words):
        return ""
    return _without_repetition(_without_runs(password))


def _without_runs(text: str) -> str:
    rows = RUNS + tuple(row[::-1] for row in RUNS)
    position, kept = 0, ""
    while position < len(text):
        length = max(_run_length(text[position:], row) for row in rows)
        kept += "" if length >= RUN else text[position]
        position += length if length >= RUN else 1
    return kept


def _run_length(text: str, row: str) -> int:
    """How many signs at the start of `text` follow each other in `row`."""
    start = row.find(text[0])
    both = list(zip(text, row[start:], strict=False)) if start >= 0 else []
    return next((n for n, (mine, its) in enumerate(both) if mine != its), len(both))


def _without_repetition(text: str) -> str:
    """Each group of signs that follows itself is written once: aaaaaa → a, ab1ab1ab1 → ab1."""
    return re.sub(r"(.+?)\1+", r"\1", text)


@cache
def leaked() -> frozenset[str]:
    """The 30,000 passwords found most often in what was stolen from other sites, as they are and without an ending."""
    listed = FREQUENCY_LISTS["passwords"]
    return frozenset(listed) | {_bare(each) for each in listed if len(_bare(each)) >= LEAST_LEFT}


@cache
def common_words() -> frozenset[str]:
    """Words that stand in lists of much used passwords, and words of this field."""
    lines = Path(__file__).with_name("common_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
