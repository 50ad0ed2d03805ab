"""Letters of authorisation that people upload: a photo or a PDF, looked at from all sides before it is kept.

Photos are drawn anew, so that place and device are not in them and nothing but the picture is. A PDF is kept as it is,
once its frame holds and nothing in it would run. Only the office that decides ever gets a letter, as a download.
"""

from __future__ import annotations

import io
import logging
import os
import re
import shlex
import subprocess
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from PIL import Image, ImageOps

from survey import public_ids
from survey.settings import Settings

log = logging.getLogger("survey.claims")

FOLDER: Final = "letters"
MOST_BYTES: Final = 8 * 1024 * 1024
MOST_PIXELS: Final = 64_000_000
LONGEST_SIDE: Final = 2600
"""A page of A4 is legible with 220 dots per inch."""
SCAN_SECONDS: Final = 60

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


class Refused(Exception):
    """The file is not taken; `why` is a key of FAULTS."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the letter lies, relative to the data folder, and its media type."""

    file: str
    type: str


# -- looking at it -----------------------------------------------------------------------------------------------------


def _picture(content: bytes, form: str) -> bytes:
    """The picture drawn anew as JPEG: upright, no larger than needed, without anything that was written beside it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            image = Image.open(io.BytesIO(content), formats=[form])
            if image.width * image.height > MOST_PIXELS:
                raise Refused("large")
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is read at about the size that is kept
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            drawn = Image.new("RGB", upright.size, "white")
            full = upright.convert("RGBA")
            drawn.paste(full, mask=full)
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        raise Refused("broken") from None
    written = io.BytesIO()
    drawn.save(written, "JPEG", quality=85, optimize=True)
    return written.getvalue()


def _jpeg(content: bytes) -> bytes:
    return _picture(content, "JPEG")


def _png(content: bytes) -> bytes:
    return _picture(content, "PNG")


_START = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF\s*\Z")
_TABLE = re.compile(rb"\s*(xref\s|\d+\s+\d+\s+obj\b)")
_ACTIVE = re.compile(rb"/(JavaScript|Launch|EmbeddedFile|RichMedia|SubmitForm|ImportData|XFA\b)")


def _pdf(content: bytes) -> bytes:
    """The PDF, if its end points to its table of parts, it has pages, and nothing in it would run."""
    end = _START.search(content[-2048:].rstrip(b"\0"))
    if end is None or not _TABLE.match(content, int(end.group(1))):
        raise Refused("broken")
    if b"endobj" not in content or not re.search(rb"/Root\b", content):
        raise Refused("broken")
    if _ACTIVE.search(re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes.fromhex(found.group(1).decode()), content)):
        raise Refused("active")
    return content


@dataclass(frozen=True, slots=True)
class FileKind:
    """Files that begin like this and end in one of these names; `read` gives what is kept, of type `kept_as`."""

    names: tuple[str, ...]
    begins: re.Pattern[bytes]
    read: Callable[[bytes], bytes]
    kept_as: str


JPEG, PDF = "image/jpeg", "application/pdf"
FILE_KINDS: Final = (
    FileKind((".jpg", ".jpeg"), re.compile(rb"\xff\xd8\xff"), _jpeg, JPEG),
    FileKind((".png",), re.compile(rb"\x89PNG\r\n\x1a\n"), _png, JPEG),
    FileKind((".pdf",), re.compile(rb"%PDF-[12]\.\d\s"), _pdf, PDF),
)
ENDINGS: Final[Mapping[str, str]] = {JPEG: ".jpg", PDF: ".pdf"}


def checked(name: str, content: bytes) -> tuple[bytes, str]:
    """What is kept of an uploaded file, and its type. Raises `Refused`."""
    if not content:
        raise Refused("missing")
    if len(content) > MOST_BYTES:
        raise Refused("large")
    ending = PurePath(name).suffix.lower()
    kind = next((each for each in FILE_KINDS if ending in each.names), None)
    if kind is None:
        raise Refused("type")
    if not kind.begins.match(content):
        raise Refused("broken")
    return kind.read(content), kind.kept_as


# -- keeping it --------------------------------------------------------------------------------------------------------


def keep(settings: Settings, name: str, content: bytes) -> Kept:
    """Check the file, have it scanned, and keep it under a name of ours. Raises `Refused`, and nothing is left then."""
    checked_content, kind = checked(name, content)
    folder = settings.data_directory.resolve() / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = f"{public_ids.new()}{ENDINGS[kind]}"
    new = folder / f"{kept}.new"
    try:
        _write(new, checked_content)
        _scan(settings.antivirus_command, new)
        new.rename(folder / kept)
    finally:
        new.unlink(missing_ok=True)
    return Kept(f"{FOLDER}/{kept}", kind)


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _scan(command: str, path: Path) -> None:
    """Run the operator's scanner on the file; no file is kept that it did not pass."""
    if not command:
        return
    try:
        done = subprocess.run(  # noqa: S603  # the command is the operator's own setting; no shell reads it
            [*shlex.split(command), str(path)], capture_output=True, timeout=SCAN_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        log.exception("virus scanner cannot be run")
        raise Refused("unchecked") from None
    if done.returncode:
        log.warning("letter refused by the virus scanner", extra={"status": done.returncode})
        raise Refused("virus")


def path_of(settings: Settings, file: str) -> Path | None:
    """The letter's file, if it is still there; only ever one in the folder of letters."""
    folder = settings.data_directory.resolve() / FOLDER
    path = (settings.data_directory.resolve() / file).resolve()
    return path if path.parent == folder and path.is_file() else None


def remove(settings: Settings, file: str | None) -> None:
    """Remove a letter that is needed no more."""
    path = path_of(settings, file) if file else None
    if path is not None:
        path.unlink(missing_ok=True)
