"""Letters of authorisation that people upload: a photo or a PDF.

Only the office that decides ever gets a letter, as a download. How files are checked and kept: survey/kept_files.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey import kept_files
from survey.kept_files import JPEG_PHOTO, PDF_KIND, PNG_PHOTO, Drawing, Refused
from survey.settings import Settings

__all__ = ["FAULTS", "FOLDER", "MOST_BYTES", "Kept", "Refused", "checked", "keep", "path_of", "remove"]

FOLDER: Final = "letters"
MOST_BYTES: Final = 8 * 1024 * 1024

DRAWING: Final = Drawing(longest_side=2600, qualities=(85,))
"""A page of A4 is legible with 220 dots per inch."""
FILE_KINDS: Final = (DRAWING.kind(JPEG_PHOTO), DRAWING.kind(PNG_PHOTO), PDF_KIND)

FAULTS: Final[Mapping[str, LazyString]] = {
    "missing": _l("Choose the photo or the scan of the letter"),
    "type": _l("Choose a photo (JPEG or PNG) or a PDF; other files are not taken"),
    "large": _l("The file is larger than 8 MB. Take the photo again with fewer dots, or scan in black and white"),
    "broken": _l("The file cannot be read as what its name says. Open it once on your device and save it anew"),
    "active": _l("The PDF holds more than pages: a program or other files. Print the letter and take a photo of it"),
    "virus": _l("The virus scanner refuses the file. Check your device, then take a photo of the letter"),
    "unchecked": _l("The file cannot be checked for viruses at the moment. Try again in a few minutes"),
}
"""Why a file is not taken, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the letter lies, relative to the data folder, and its media type."""

    file: str
    type: str


def checked(name: str, content: bytes) -> tuple[bytes, str]:
    """What is kept of an uploaded file, and its type. Raises `Refused`."""
    kept, kind = kept_files.checked(FILE_KINDS, MOST_BYTES, name, content)
    return kept, kind.kept_as


def keep(settings: Settings, name: str, content: bytes) -> Kept:
    """Check the file, have it scanned, and keep it under a name of ours. Raises `Refused`, and nothing is left then."""
    kept, kind = kept_files.checked(FILE_KINDS, MOST_BYTES, name, content)
    return Kept(kept_files.keep(settings, FOLDER, kept, kind.ending), kind.kept_as)


def path_of(settings: Settings, file: str) -> Path | None:
    """The letter's file, if it is still there; only ever one in the folder of letters."""
    return kept_files.path_of(settings, FOLDER, file)


def remove(settings: Settings, file: str | None) -> None:
    """Remove a letter that is needed no more."""
    kept_files.remove(settings, FOLDER, file)
