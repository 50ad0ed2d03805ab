"""What the words of a list of firms mean: names of columns, titles and answers, in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from questionnaires.plain_yaml import read_yaml
from survey.forms import tidy

FILE: Final = Path(__file__).with_name("list_words.yaml")
REQUIRED: Final = ("credit_code", "name", "area")
"""The columns that every list must have, filled in every row."""
_LEFT_OUT: Final = re.compile(r"[\s“”‘’\"'\u300c\u300d*]|\(.*?\)")


@cache
def _words() -> Mapping[str, Mapping[str, Mapping[str, list[str]]]]:
    words: Any = read_yaml(FILE.read_text(encoding="utf-8"))
    return words


@cache
def _known(kind: str) -> Mapping[str, str]:
    return {
        plain(name): key for key, languages in _words()[kind].items() for names in languages.values() for name in names
    }


def plain(text: str) -> str:
    """The word without what does not matter: case, spaces, quotation marks, remarks in brackets."""
    return _LEFT_OUT.sub("", tidy(text) or "").casefold()


def meaning(kind: str, text: str) -> str | None:
    """What a word of this kind (`columns`, `titles`, `above`, `checked`, `nothing`) means, None if nothing."""
    return _known(kind).get(plain(text))


def word(kind: str, key: str, language: str) -> str:
    """What we call it."""
    return _words()[kind][key][language][0]


def keys(kind: str) -> list[str]:
    return list(_words()[kind])
