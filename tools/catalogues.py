"""Keep the catalogues of page texts in step with code and templates: `python tools/catalogues.py [--check]`.

Without `--check`: collect, update each language, fill English with the message itself, compile. With it: change
nothing, answer 1 where a text is missing from a catalogue, not translated, or fuzzy.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = Path("survey/translations")
SOURCE_LANGUAGE = "en"
LANGUAGES = (SOURCE_LANGUAGE, "zh_CN")


def babel(*arguments: str) -> None:
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", *arguments]
    subprocess.run(command, cwd=ROOT, check=True)


def extract(into: Path) -> None:
    babel(
        *("extract", "-F", "babel.cfg", "-k", "lazy_gettext", "-k", "_l", "--add-location=file"),
        *("--sort-output", "--no-wrap", "--project=sme-assessment", "--version=1", "-o", str(into), "."),
    )


def catalogue_of(language: str) -> Path:
    return ROOT / TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def read(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def refresh() -> int:
    template = TRANSLATIONS / "messages.pot"
    extract(template)
    for language in LANGUAGES:
        path = catalogue_of(language)
        if not path.exists():
            babel("init", "-i", str(template), "-d", str(TRANSLATIONS), "-l", language, "--no-wrap")
        options = ["--no-wrap", "--ignore-obsolete", "--no-fuzzy-matching", "--ignore-pot-creation-date"]
        babel("update", "-i", str(template), "-d", str(TRANSLATIONS), "-l", language, *options)
        catalogue = read(path, language)
        if language == SOURCE_LANGUAGE:
            say_itself(catalogue)
        with path.open("wb") as file:
            write_po(file, catalogue, width=0, sort_output=True, ignore_obsolete=True)
    babel("compile", "-d", str(TRANSLATIONS))
    return 0


def say_itself(catalogue: Catalog) -> None:
    for message in messages(catalogue):
        message.string = tuple(message.id) if message.pluralizable else message.id


def messages(catalogue: Catalog) -> Iterator[Message]:
    """All messages but the header, which has an empty id."""
    return (message for message in catalogue if message.id)


def check() -> int:
    with tempfile.TemporaryDirectory() as folder:
        collected = Path(folder) / "messages.pot"
        extract(collected)
        wanted = read(collected)
    found = [f"{language}: no catalogue" for language in LANGUAGES if not catalogue_of(language).is_file()]
    for language in LANGUAGES if not found else ():
        found += [f"{language}: {fault}" for fault in faults(wanted, read(catalogue_of(language), language))]
    print("\n".join(found) or "catalogues: complete")
    return 1 if found else 0


def faults(wanted: Catalog, catalogue: Catalog) -> Iterator[str]:
    for message in messages(wanted):
        translated = catalogue.get(message.id, message.context)
        if translated is None:
            yield f"missing, run make catalogues: {message.id!r}"
        elif translated.fuzzy or not complete(translated):
            yield f"not translated: {message.id!r}"
    for message in messages(catalogue):
        if wanted.get(message.id, message.context) is None:
            yield f"no longer used, run make catalogues: {message.id!r}"


def complete(message: Message) -> bool:
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return bool(strings) and all(strings)


if __name__ == "__main__":
    sys.exit(check() if "--check" in sys.argv[1:] else refresh())
