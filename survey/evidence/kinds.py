"""What is taken as proof, how photos are drawn anew, and what is said of files that are not taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey.evidence.workbooks import WORKBOOK_KIND
from survey.kept_files import (
    HEIC_PHOTO,
    JPEG,
    JPEG_PHOTO,
    PDF,
    PDF_KIND,
    PNG_PHOTO,
    WEBP_PHOTO,
    Drawing,
)
from survey.workbooks import XLSX

MEBIBYTE: Final = 1024 * 1024
MOST_BYTES: Final = 10 * MEBIBYTE
MOST_AT_ONCE: Final = 20
MOST_FILES: Final = 300
MOST_TOGETHER: Final = 500 * MEBIBYTE
"""Of one firm, for each side."""

DRAWING: Final = Drawing(longest_side=2000, qualities=(82, 75, 65, 55), most_bytes=500_000)
"""A name plate or a screen is legible, at some 200 to 500 KB a photo."""
SMALL: Final = Drawing(longest_side=320, qualities=(70,))
"""What lists show."""

PHOTOS: Final = (JPEG_PHOTO, PNG_PHOTO, WEBP_PHOTO, HEIC_PHOTO)
EVIDENCE_KINDS: Final = (
    # Phones and chat apps give photos the name of another format than they have: any photo may bear any photo's name.
    *(DRAWING.kind(photo, named=named) for photo in PHOTOS for named in PHOTOS),
    PDF_KIND,
    WORKBOOK_KIND,
)
ACCEPT: Final = "image/*,.heic,.heif,.pdf,.xlsx"
"""For the control that chooses files: a hint to the browser, never a check."""

PHOTO: Final = "photo"
TYPES: Final[Mapping[str, str]] = {PHOTO: JPEG, "pdf": PDF, "workbook": XLSX}
"""What a file is, and the media type it is handed out with."""
NAMES: Final[Mapping[str, LazyString]] = {PHOTO: _l("Photo"), "pdf": _l("PDF"), "workbook": _l("Excel workbook")}

FAULTS: Final[Mapping[str, LazyString]] = {
    "missing": _l("The file is empty. Choose it again"),
    "type": _l("Only photos (JPEG, PNG, WebP, HEIC), PDF and Excel (.xlsx) are taken. Take a photo or save it as PDF"),
    "large": _l("Larger than 10 MB, or too many dots. Take the photo with fewer dots, or divide the file"),
    "broken": _l("Cannot be read as what its name says. Open it once on your device and save it anew"),
    "active": _l("Holds more than pages or sheets, such as a program or other files. Save it as a plain PDF"),
    "virus": _l("The virus scanner refuses it. Check your device, then take a photo instead"),
    "unchecked": _l("Cannot be checked for viruses at the moment. Try again in a few minutes"),
    "full": _l("There is no more room: a firm may keep 300 files or 500 MB. Remove files that are not needed"),
    "today": _l("Too many files within a day. Go on tomorrow"),
}
"""Why a file is not taken, and what to do about it; said behind its name."""
