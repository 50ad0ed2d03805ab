"""Excel workbooks as proof, such as an equipment list: kept as they are if nothing in them could run or reach out.

A workbook is an archive of parts. Only parts that make up sheets, their look and their pictures are taken; macros,
embedded files, controls and links to other files are not, nor anything whose XML would unfold.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

from defusedxml import ElementTree  # type: ignore[import-untyped]  # it has no types

from survey.kept_files import FileKind, Refused
from survey.workbooks import XLSX, UnreadableFile, check_archive

NEEDED: Final = ("[Content_Types].xml", "xl/workbook.xml")
PARTS: Final = re.compile(
    r"\[Content_Types\]\.xml|(?:[\w/]*/)?_rels/[\w.-]*\.rels|docProps/\w+\.xml|customXml/\w+\.xml|xl/\w+\.xml"
    r"|docProps/thumbnail\.(?:jpe?g|png)"
    r"|xl/(?:worksheets|chartsheets|theme|tables|drawings|charts|comments|threadedComments|persons|richData"
    r"|pivotTables|pivotCache|slicers|slicerCaches|featurePropertyBag)/[\w.-]+\.xml"
    r"|xl/drawings/\w+\.vml|xl/printerSettings/\w+\.bin|xl/media/\w+\.(?:png|jpe?g|gif)"
)
XML: Final = (".xml", ".rels", ".vml")
PLAIN_LINK: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
ENDING: Final = b"PK\x05\x06"
ENDING_BYTES: Final = 22


def checked(content: bytes) -> bytes:
    """The workbook as it is. Raises `Refused`."""
    if content[-ENDING_BYTES:][:4] != ENDING:  # something stands behind the archive, or it says more at its end
        raise Refused("broken")
    try:
        check_archive(content)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check(archive)
    except Refused:
        raise
    except UnreadableFile:
        raise Refused("large") from None
    except Exception as fault:  # whatever a broken archive makes the libraries raise
        raise Refused("broken") from fault
    return content


def _check(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if any(name not in names for name in NEEDED) or len(names) != len(set(names)):
        raise Refused("broken")
    parts = [name for name in names if not name.endswith("/")]
    if not all(PARTS.fullmatch(name) for name in parts):
        raise Refused("active")
    for name in parts:
        if name.lower().endswith(XML):
            _check_xml(name, archive.read(name))


def _check_xml(name: str, content: bytes) -> None:
    """Well-formed, without entities; types and relations name nothing that runs or lies elsewhere."""
    root = ElementTree.fromstring(content, forbid_dtd=True)
    said = [value.lower() for element in root.iter() for value in element.attrib.values()]
    if name == NEEDED[0] and any("macroenabled" in value or "vba" in value for value in said):
        raise Refused("active")
    if name.endswith(".rels") and any(_reaches_out(dict(element.attrib)) for element in root.iter()):
        raise Refused("active")


def _reaches_out(relation: dict[str, str]) -> bool:
    """A link that somebody may click is none of these."""
    return relation.get("TargetMode") == "External" and relation.get("Type") != PLAIN_LINK


WORKBOOK_KIND: Final = FileKind((".xlsx",), re.compile(rb"PK\x03\x04"), checked, XLSX, ".xlsx")
