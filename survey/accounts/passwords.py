"""Passwords: argon2id hashes, and which passwords are refused.

A password is the only factor of these accounts, so it has at least 15 characters. What counts against guessing is
what is left when common words, runs and repetitions are taken away: that must have some length too.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerifyMismatchError

SHORTEST = 15
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


def fault(password: str, context: Iterable[str]) -> str | None:
    """Why a new password is refused: "short", "long" or "common"; None if it is fine.

    `context` holds words an attacker knows: name, number, address, the site's names.
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    return "common" if len(_left(password.lower(), context)) < LEAST_LEFT else None


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
def common_words() -> frozenset[str]:
    """Words that stand in lists of much used passwords, and words of this field."""
    lines = Path(__file__).with_name("common_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
