"""The catalogues hold every text of the site, in Chinese and English, complete and compiled."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from survey.languages import TAGS

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "survey" / "translations"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def catalogue(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def texts(of: object) -> list[str]:
    return list(of) if isinstance(of, (list, tuple)) else [str(of)]


def entries(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


@pytest.mark.parametrize("language", TAGS)
def test_it_translates_every_text(language: str) -> None:
    missing = [message.id for message in entries(language) if message.fuzzy or not all(texts(message.string))]
    assert not missing, f"no {language} for: {missing}"


@pytest.mark.parametrize("language", TAGS)
def test_it_keeps_every_placeholder(language: str) -> None:
    for message in entries(language):
        wanted = {name for text in texts(message.id) for name in PLACEHOLDER.findall(text)}
        for said in filter(None, texts(message.string)):
            assert set(PLACEHOLDER.findall(said)) == wanted, message.id


def test_it_says_it_in_chinese_with_chinese_punctuation() -> None:
    for message in entries("zh_CN"):
        for said in texts(message.string):
            assert not re.search("[\u4e00-\u9fff][,;:?!]", said), said
            assert not re.search("[,;?!][\u4e00-\u9fff]", said), said


def test_it_knows_every_text_of_the_site(tmp_path: Path) -> None:
    found = tmp_path / "messages.pot"
    command = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "extract",
        "-F",
        "babel.cfg",
        "-k",
        "lazy_gettext",
        "-k",
        "_l",
    ]
    subprocess.run([*command, "-o", str(found), "."], cwd=ROOT, check=True, capture_output=True)
    with found.open("rb") as file:
        wanted = {message.id for message in read_po(file) if message.id}
    for language in TAGS:
        known = {message.id for message in entries(language)}
        assert wanted <= known, f"not in the {language} catalogue: {wanted - known}"
        assert known <= wanted, f"no longer used: {known - wanted}"


@pytest.mark.parametrize("language", TAGS)
def test_it_is_compiled_as_it_is_written(language: str) -> None:
    with (FOLDER / language / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        compiled = {str(texts(message.id)[0]): texts(message.string) for message in read_mo(file) if message.id}
    written = {
        str(texts(message.id)[0]): texts(message.string) for message in entries(language) if all(texts(message.string))
    }
    assert compiled == written
