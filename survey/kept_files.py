"""Files that people upload and that are kept: checked by what is in them, scanned, and stored under a name of ours.

Photos are drawn anew, so that place and device are not in them and nothing but the picture is. A PDF is kept as it is,
once its frame holds and nothing in it would run. What a kind of upload takes is a table of `FileKind` in its own
module. Nothing kept here lies where the web server would hand it out by itself.
"""

from __future__ import annotations

import io
import logging
import os
import re
import shlex
import subprocess
import threading
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

import pillow_heif
from PIL import Image, ImageOps

from survey import public_ids
from survey.settings import Settings

log = logging.getLogger("survey.kept_files")

MOST_PIXELS: Final = 64_000_000
SCAN_SECONDS: Final = 60
JPEG, PDF = "image/jpeg", "application/pdf"


class Refused(Exception):
    """The file is not taken; `why` is missing, type, large, broken, active, virus or unchecked."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class FileKind:
    """Files that begin like this and end in one of these names; `read` gives what is kept, of type `kept_as`."""

    names: tuple[str, ...]
    begins: re.Pattern[bytes]
    read: Callable[[bytes], bytes]
    kept_as: str
    ending: str


def checked(kinds: Sequence[FileKind], most_bytes: int, name: str, content: bytes) -> tuple[bytes, FileKind]:
    """What is kept of an uploaded file, and as what. Raises `Refused`."""
    if not content:
        raise Refused("missing")
    if len(content) > most_bytes:
        raise Refused("large")
    ending = PurePath(name).suffix.lower()
    mine = [kind for kind in kinds if ending in kind.names]
    if not mine:
        raise Refused("type")
    kind = next((each for each in mine if each.begins.match(content)), None)
    if kind is None:
        raise Refused("broken")
    return kind.read(content), kind


# -- pictures ----------------------------------------------------------------------------------------------------------


def _pillow(form: str) -> Callable[[io.BytesIO], Image.Image]:
    return lambda file: Image.open(file, formats=[form])


@dataclass(frozen=True, slots=True)
class Photo:
    """A way in which cameras write: `opens` reads the head alone, never guessing another format."""

    names: tuple[str, ...]
    begins: re.Pattern[bytes]
    opens: Callable[[io.BytesIO], Image.Image]


JPEG_PHOTO: Final = Photo((".jpg", ".jpeg"), re.compile(rb"\xff\xd8\xff"), _pillow("JPEG"))
PNG_PHOTO: Final = Photo((".png",), re.compile(rb"\x89PNG\r\n\x1a\n"), _pillow("PNG"))
WEBP_PHOTO: Final = Photo((".webp",), re.compile(rb"RIFF....WEBP", re.DOTALL), _pillow("WEBP"))
HEIC_PHOTO: Final = Photo(
    (".heic", ".heif"),
    re.compile(rb"\0\0..ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1)", re.DOTALL),
    pillow_heif.HeifImageFile,
)

_DRAWING = threading.Lock()
"""One picture at a time in each process: twenty photos may take longer, the pages of others never much."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """How pictures are drawn anew: longest side in dots, and the qualities to try until `most_bytes` are enough."""

    longest_side: int
    qualities: tuple[int, ...]
    most_bytes: int | None = None

    def kind(self, photo: Photo, named: Photo | None = None) -> FileKind:
        """The row of a table for photos of this kind, by their own names or those of another kind."""
        names = (named or photo).names
        return FileKind(names, photo.begins, lambda content: self.drawn(content, photo), JPEG, ".jpg")

    def drawn(self, content: bytes, photo: Photo) -> bytes:
        """The picture as JPEG: upright, no larger than needed, without anything that was written beside it."""
        with _DRAWING:
            picture = _upright(content, photo, self.longest_side)
            written = b""
            for quality in self.qualities:
                written = _jpeg(picture, quality)
                if self.most_bytes is None or len(written) <= self.most_bytes:
                    break
            return written


def _upright(content: bytes, photo: Photo, side: int) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            image = photo.opens(io.BytesIO(content))
            if image.width * image.height > MOST_PIXELS:
                raise Refused("large")
            image.draft("RGB", (side, side))  # a JPEG is read at about the size that is kept
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((side, side))
            drawn = Image.new("RGB", upright.size, "white")
            full = upright.convert("RGBA")
            drawn.paste(full, mask=full)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("large") from None
    except (OSError, ValueError, SyntaxError, RuntimeError, EOFError, Warning):
        raise Refused("broken") from None
    return drawn


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=quality, optimize=True)
    return written.getvalue()


# -- PDF ---------------------------------------------------------------------------------------------------------------

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


PDF_KIND: Final = FileKind((".pdf",), re.compile(rb"%PDF-[12]\.\d\s"), _pdf, PDF, ".pdf")


# -- keeping -----------------------------------------------------------------------------------------------------------


def keep(settings: Settings, folder: str, content: bytes, ending: str) -> str:
    """Scan what was checked and keep it; gives where, relative to the data folder. Raises `Refused`, nothing is left.

    `folder`: below the data folder, such as "letters".
    """
    place = settings.data_directory.resolve() / folder
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{public_ids.new()}{ending}"
    new = place / f"{name}.new"
    try:
        write_new(new, content)
        _scan(settings.antivirus_command, new)
        new.rename(place / name)
    finally:
        new.unlink(missing_ok=True)
    return f"{folder}/{name}"


def write_new(path: Path, content: bytes) -> None:
    """Write a file that was not there, readable for the site alone."""
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
        log.warning("upload refused by the virus scanner", extra={"status": done.returncode})
        raise Refused("virus")


def path_of(settings: Settings, folder: str, file: str) -> Path | None:
    """The file, if it is still there; only ever one in this folder."""
    place = settings.data_directory.resolve() / folder
    path = (settings.data_directory.resolve() / file).resolve()
    return path if path.is_relative_to(place) and path.is_file() else None


def remove(settings: Settings, folder: str, file: str | None) -> None:
    """Remove a file that is needed no more."""
    path = path_of(settings, folder, file) if file else None
    if path is not None:
        path.unlink(missing_ok=True)
