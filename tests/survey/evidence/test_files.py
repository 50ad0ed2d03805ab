"""What is kept of the files that people bring: nothing but the picture, and nothing that could run."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from survey import kept_files
from survey.evidence import keeping, kinds, workbooks
from survey.evidence.kinds import EVIDENCE_KINDS, MOST_BYTES
from survey.kept_files import JPEG, PDF, Refused
from survey.settings import Settings
from survey.workbooks import XLSX
from tests.survey.claims.conftest import pdf
from tests.survey.evidence.conftest import files, photo, workbook


@pytest.fixture
def folder(tmp_path: Path) -> Settings:
    """Settings of a site whose database is never asked."""
    return Settings(
        secret_key="x9Qm2Lr7Tz4Vb8Nk1Wd6Hs3Jf5Gc0Pya-for-tests", database_url=f"sqlite:///{tmp_path}/none.db",
        data_directory=tmp_path / "data", base_url="http://localhost", secure_cookies=False,
    )  # fmt: skip


def checked(name: str, content: bytes) -> tuple[bytes, str]:
    kept, kind = kept_files.checked(EVIDENCE_KINDS, MOST_BYTES, name, content)
    return kept, kind.kept_as


ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "HEIF": "heic"}


@pytest.mark.parametrize("form", ENDINGS)
def test_a_photo_is_drawn_anew_upright_without_place_and_device(form: str) -> None:
    brought = photo(form)
    assert b"Wang Fang" in brought or b"GPSLatitude" in brought or form == "PNG"
    kept, kind = checked(f"IMG_1.{ENDINGS[form]}", brought)
    image = Image.open(io.BytesIO(kept))
    assert (kind, image.format) == (JPEG, "JPEG")
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for trace in (b"Exif", b"Wang Fang", b"GPS", b"xmpmeta", b"http://ns.adobe.com"):
        assert trace not in kept
    assert image.size == (80, 120)  # 120 × 80 held sideways
    assert checked(f"IMG_1.{ENDINGS[form]}", brought)[0] == kept  # the same photo is the same file


def test_a_photo_may_bear_the_name_of_another_kind_of_photo() -> None:
    assert checked("mmexport1.jpg", photo("WEBP"))[1] == JPEG
    assert checked("IMG_2.jpeg", photo("HEIF"))[1] == JPEG


def test_a_large_photo_shrinks_to_what_can_be_read() -> None:
    noise = Image.effect_noise((2400, 1800), 80).convert("RGB")
    written = io.BytesIO()
    noise.save(written, "JPEG", quality=90)
    kept = checked("x.jpg", written.getvalue())[0]
    assert Image.open(io.BytesIO(kept)).size == (2000, 1500)
    finest = io.BytesIO()
    noise.resize((2000, 1500)).save(finest, "JPEG", quality=kinds.DRAWING.qualities[0])
    assert len(finest.getvalue()) > kinds.DRAWING.most_bytes > len(kept) or len(kept) < len(finest.getvalue()) * 0.7


def test_a_pdf_and_a_workbook_stay_as_they_are() -> None:
    assert checked("设备清单.PDF", pdf()) == (pdf(), PDF)
    made = workbook()
    assert checked("设备清单.xlsx", made) == (made, XLSX)


def bomb_png() -> bytes:
    made = bytearray(photo("PNG"))
    made[16:24] = (60_000).to_bytes(4, "big") * 2
    made[29:33] = zlib.crc32(bytes(made[12:29])).to_bytes(4, "big")
    return bytes(made)


def bomb_zip() -> bytes:
    return workbook(**{"xl/media/image1.png": bytes(40_000_000)})


def with_relation(type_: str, mode: str = "External") -> bytes:
    text = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId9" Type="{type_}" Target="https://example.com/x" TargetMode="{mode}"/></Relationships>'
    )
    return workbook(**{"xl/worksheets/_rels/sheet1.xml.rels": text.encode()})


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
MACRO = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
    b'Extension="xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
)
REFUSED = {
    "nothing": ("x.jpg", b"", "missing"),
    "another kind": ("x.docx", workbook(), "type"),
    "a table as text": ("x.csv", b"a,b", "type"),
    "double extension": ("proof.pdf.exe", pdf(), "type"),
    "page with script": ("x.html", b"<script>", "type"),
    "drawing with script": ("x.svg", b"<svg onload='x'/>", "type"),
    "program named as a photo": ("x.heic", b"MZ\x90\x00" + bytes(200), "broken"),
    "film named as a photo": ("x.heic", b"\0\0\0\x18ftypmp42" + bytes(200), "broken"),
    "photo named as a PDF": ("x.pdf", photo(), "broken"),
    "half a HEIC": ("x.heic", photo("HEIF")[:300], "broken"),
    "half a WebP": ("x.webp", photo("WEBP", (300, 300))[:200], "broken"),
    "PDF with more behind": ("x.pdf", pdf() + workbook(), "broken"),
    "PDF with a program": ("x.pdf", pdf(b"<< /S /JavaScript /JS (x) >>\n"), "active"),
    "too many dots": ("x.png", bomb_png(), "large"),
    "too large": ("x.jpg", bytes(MOST_BYTES + 1), "large"),
    "workbook that unfolds": ("x.xlsx", bomb_zip(), "large"),
    "workbook with macros": ("x.xlsx", workbook(**{"xl/vbaProject.bin": b"x"}), "active"),
    "workbook of the kind with macros": ("x.xlsx", workbook(**{"[Content_Types].xml": MACRO}), "active"),
    "workbook with a file in it": ("x.xlsx", workbook(**{"xl/embeddings/oleObject1.bin": b"x"}), "active"),
    "workbook with another's cells": ("x.xlsx", workbook(**{"xl/externalLinks/externalLink1.xml": b"<x/>"}), "active"),
    "workbook that loads a picture": ("x.xlsx", with_relation("http://x/relationships/image"), "active"),
    "workbook with an old macro sheet": ("x.xlsx", workbook(**{"xl/macrosheets/sheet1.xml": b"<x/>"}), "active"),
    "workbook with entities": ("x.xlsx", workbook(**{"xl/theme/theme1.xml": ENTITY}), "broken"),
    "workbook with more behind": ("x.xlsx", workbook() + b"%PDF-1.4", "broken"),
    "workbook behind a page": ("x.xlsx", b"<html>" + workbook(), "broken"),
    "archive without sheets": ("x.xlsx", b"PK\x05\x06" + bytes(18), "broken"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_refuses(case: str) -> None:
    name, content, why = REFUSED[case]
    with pytest.raises(Refused) as caught:
        checked(name, content)
    assert caught.value.why == why
    assert caught.value.why in kinds.FAULTS


def test_a_workbook_may_have_links_to_click_and_what_excel_writes_itself() -> None:
    linked = with_relation(workbooks.PLAIN_LINK)
    printed = workbook(**{"xl/printerSettings/printerSettings1.bin": b"x", "xl/media/image1.jpeg": photo()})
    assert checked("x.xlsx", linked)[0] == linked
    assert checked("x.xlsx", printed)[0] == printed


def test_what_is_kept_lies_in_the_firms_folder_with_its_small_picture(folder: Settings) -> None:
    ready = keeping.prepare(folder, "firm1", "..\\..\\IMG\u202e_1.HEIC", photo("HEIF", (900, 600)))
    assert ready.name == "IMG_1.HEIC"
    kept, small = sorted(files(folder), key=lambda path: len(path.name))
    assert folder.data_directory / ready.file == kept
    assert kept.parent.name == "firm1"
    assert stat.S_IMODE(kept.stat().st_mode) == stat.S_IMODE(small.stat().st_mode) == 0o600
    with Image.open(small) as picture:
        assert picture.size == (213, 320)
    assert kept.stat().st_size == ready.bytes
    keeping.discard(folder, ready.file)
    assert files(folder) == []


@pytest.mark.parametrize(("code", "why"), [(0, None), (1, "virus"), (None, "unchecked")])
def test_the_virus_scanner_is_asked_and_nothing_refused_is_left(
    folder: Settings, tmp_path: Path, code: int | None, why: str | None
) -> None:
    script, seen = tmp_path / "scan.sh", tmp_path / "seen"
    if code is not None:
        script.write_text(f'#!/bin/sh\nhead -c 4 "$2" > {seen}\nexit {code}\n')
        script.chmod(0o700)
    scanning = replace(folder, antivirus_command=f"{script} --file")
    if why is None:
        keeping.prepare(scanning, "firm1", "x.pdf", pdf())
        assert len(files(folder)) == 1
    else:
        with pytest.raises(Refused) as caught:
            keeping.prepare(scanning, "firm1", "x.pdf", pdf())
        assert caught.value.why == why
        assert files(folder) == []
    if code is not None:
        assert seen.read_bytes() == b"%PDF"


def test_a_name_that_is_too_long_keeps_its_ending() -> None:
    assert keeping.plain_name("a" * 300 + ".jpeg") == "a" * 195 + ".jpeg"
    assert keeping.plain_name("证书/../../专利 证书.pdf") == "专利 证书.pdf"


def test_a_path_outside_the_folder_is_never_handed_out(folder: Settings) -> None:
    (folder.data_directory / "evidence").mkdir(parents=True)
    (folder.data_directory / "secret").write_text("x")
    assert kept_files.path_of(folder, "evidence", "evidence/../secret") is None


def test_the_bombs_are_what_they_say() -> None:
    assert len(bomb_zip()) < 200_000
    assert sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(bomb_zip())).infolist()) > 40_000_000
