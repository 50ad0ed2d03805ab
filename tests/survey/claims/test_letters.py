"""Claiming a firm with a letter of authorisation, and what happens to the file."""

import io
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import ExifTags, Image

from survey.claims import letters
from survey.claims.letters import Refused
from survey.models import Area, Claim, Organisation, User
from survey.settings import Settings
from tests.survey.browsing import Browser
from tests.survey.claims.conftest import XIQING, pdf, photo


def files(settings: Settings) -> list[Path]:
    return sorted((settings.data_directory / "letters").glob("*"))


def claims(app: Flask) -> list[Claim]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(sa.select(Claim).order_by(Claim.id)))


def with_place() -> bytes:
    """A photo that says where and with what it was taken, on its side."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Model] = "Phone of Wang Fang"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (39.0, 7.0, 5.0)
    return photo(exif=exif, comment=b"a comment")


def test_a_letter_waits_and_nothing_is_seen(
    app: Flask, settings: Settings, browser: Browser, listed: Organisation, send_letter: Callable[..., Any],
    states: Callable[..., Any], events: Callable[..., Any],
) -> None:  # fmt: skip
    page = send_letter(browser, listed.credit_code)
    assert browser.path.startswith("/claim/")
    assert "It has reached the office, which decides by" in page.text
    assert listed.name not in page.html
    assert states(listed) == ("claimed", {"Wang Fang": ("owner", "claimed")}, [("letter", "waiting", False)])
    assert events() == [("claim.make", "done", "letter")]
    browser.get(f"/organisation/{listed.public_id}", status=404)
    browser.get("/organisation")
    assert browser.path == "/claim"
    (file,) = files(settings)
    assert (claims(app)[0].letter_file, claims(app)[0].letter_type) == (f"letters/{file.name}", "image/jpeg")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "letter.jpg" not in file.name


def test_the_page_is_the_same_for_listed_owned_and_unknown_firms(
    app: Flask, make_person: Callable[..., User], browse_as: Callable[..., Browser], listed: Organisation,
    owned: Organisation, send_letter: Callable[..., Any],
) -> None:  # fmt: skip
    pages = []
    for number, code in enumerate([listed.credit_code, owned.credit_code, "91120116MA0000007N"]):
        browser = browse_as(make_person("Wang Fang", f"1370013700{number}"))
        pages.append(send_letter(browser, code).one("main").text.replace(code, "CODE"))
    assert len(set(pages)) == 1


def test_a_firm_that_nobody_listed_is_the_office_of_its_area_to_decide(
    app: Flask, browser: Browser, desk: Browser, send_letter: Callable[..., Any], events: Callable[..., Any]
) -> None:
    send_letter(browser, "91120116MA0000007N")
    with app.extensions["database"].read() as session:
        firm = session.scalars(sa.select(Organisation).where(Organisation.credit_code == "91120116MA0000007N")).one()
    assert (firm.state, firm.listed_at) == ("claimed", None)
    desk.get("/desk/claims")
    page = desk.get(f"/desk/claims/{claims(app)[0].public_id}")
    assert "Not on the list" in page.text
    browser.get(f"/organisation/{firm.public_id}", status=404)


def test_sending_a_second_letter_leads_to_the_first(
    app: Flask, settings: Settings, browser: Browser, listed: Organisation, send_letter: Callable[..., Any]
) -> None:
    send_letter(browser, listed.credit_code)
    first = browser.path
    send_letter(browser, listed.credit_code)
    assert browser.path == first
    assert len(claims(app)) == len(files(settings)) == 1


def test_a_claim_can_be_withdrawn_and_the_letter_goes_at_once(
    app: Flask, settings: Settings, browser: Browser, owned: Organisation, send_letter: Callable[..., Any],
    states: Callable[..., Any],
) -> None:  # fmt: skip
    send_letter(browser, owned.credit_code)
    assert states(owned)[0] == "disputed"
    path = browser.path
    page = browser.post(f"{path}/withdraw")
    assert "Withdrawn" in page.text
    assert files(settings) == []
    assert states(owned) == (
        "confirmed",
        {"Li Wei": ("owner", "confirmed"), "Wang Fang": ("owner", "ended")},
        [("letter", "withdrawn", True)],
    )
    browser.get(path)
    browser.post(f"{path}/withdraw", status=409)


def test_nobody_else_sees_or_withdraws_a_claim(
    browser: Browser, listed: Organisation, make_person: Callable[..., User], browse_as: Callable[..., Browser],
    send_letter: Callable[..., Any],
) -> None:  # fmt: skip
    send_letter(browser, listed.credit_code)
    other = browse_as(make_person("Chen Jie", "13900139000"))
    other.get(browser.path, status=404)
    other.get("/claim")
    other.post(f"{browser.path}/withdraw", status=404)


def test_ten_letters_a_day(
    browser: Browser, listed: Organisation, list_firm: Callable[..., Organisation], send_letter: Callable[..., Any],
    settings: Settings,
) -> None:  # fmt: skip
    for serial in range(10, 20):
        send_letter(browser, list_firm(serial).credit_code)
    send_letter(browser, listed.credit_code, status=429)
    assert len(files(settings)) == 10


# -- the file ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_photo_is_drawn_anew_without_place_and_device(form: str) -> None:
    content = with_place() if form == "JPEG" else photo("PNG")
    kept, kind = letters.checked(f"x.{form.lower()}", content)
    image = Image.open(io.BytesIO(kept))
    assert (kind, image.format) == ("image/jpeg", "JPEG")
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Wang" not in kept
    assert b"a comment" not in kept
    assert image.size == ((40, 60) if form == "JPEG" else (60, 40))  # upright


def test_a_see_through_picture_lies_on_white_and_a_large_one_shrinks() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (5000, 100), (0, 0, 0, 0)).save(written, "PNG")
    image = Image.open(io.BytesIO(letters.checked("x.PNG", written.getvalue())[0]))
    assert image.size == (2600, 52)
    assert image.getpixel((0, 0)) == (255, 255, 255)


def test_a_pdf_stays_as_it_is() -> None:
    assert letters.checked("授权委托书.pdf", pdf()) == (pdf(), "application/pdf")


REFUSED = {
    "nothing": ("x.jpg", b"", "missing"),
    "another kind": ("x.docx", b"PK\x03\x04", "type"),
    "double extension": ("letter.pdf.exe", pdf(), "type"),
    "page with script": ("x.html", b"<script>", "type"),
    "drawing with script": ("x.svg", b"<svg onload='x'/>", "type"),
    "no extension": ("letter", photo(), "type"),
    "program named as a photo": ("letter.exe.jpg", b"MZ\x90\x00" + bytes(200), "broken"),
    "photo named as a PDF": ("x.pdf", photo(), "broken"),
    "PDF named as a photo": ("x.jpg", pdf(), "broken"),
    "first bytes alone": ("x.jpg", b"\xff\xd8\xff\xe0" + bytes(500), "broken"),
    "half a photo": ("x.jpg", photo(size=(400, 400))[:300], "broken"),
    "half a PDF": ("x.pdf", pdf()[:-60], "broken"),
    "PDF whose table is elsewhere": ("x.pdf", pdf().replace(b"xref\n0", b"xxxx\n0"), "broken"),
    "PDF behind something": ("x.pdf", b"<html>" + pdf(), "broken"),
    "PDF with more behind": ("x.pdf", pdf() + b"PK\x03\x04 an archive", "broken"),
    "PDF with a program": ("x.pdf", pdf(b"<< /S /JavaScript /JS (x) >>\n"), "active"),
    "PDF with a program in disguise": ("x.pdf", pdf(b"<< /S /Java#53cript >>\n"), "active"),
    "PDF with a file in it": ("x.pdf", pdf(b"<< /Type /EmbeddedFile >>\n"), "active"),
    "too large": ("x.pdf", bytes(letters.MOST_BYTES + 1), "large"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_refuses(case: str) -> None:
    name, content, why = REFUSED[case]
    with pytest.raises(Refused) as caught:
        letters.checked(name, content)
    assert caught.value.why == why


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_read() -> None:
    bomb = bytearray(photo("PNG"))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    import zlib

    bomb[29:33] = zlib.crc32(bytes(bomb[12:29])).to_bytes(4, "big")
    with pytest.raises(Refused):
        letters.checked("x.png", bytes(bomb))


@pytest.mark.parametrize("name", ["../../../etc/cron.d/x.jpg", "..\\..\\x.jpg", "/etc/x.jpg", "a/../../x.jpg"])
def test_the_name_of_the_file_is_never_used(
    app: Flask, settings: Settings, browser: Browser, listed: Organisation, send_letter: Callable[..., Any], name: str
) -> None:
    send_letter(browser, listed.credit_code, name=name)
    (file,) = files(settings)
    assert file.suffix == ".jpg"
    assert len(file.stem) == 22


def test_a_fault_keeps_what_was_typed_and_leaves_no_file(
    app: Flask, settings: Settings, browser: Browser, listed: Organisation, send_letter: Callable[..., Any]
) -> None:
    page = send_letter(browser, listed.credit_code, b"MZ", "letter.jpg", status=422)
    assert "The file cannot be read as what its name says" in page.text
    values = {each.get("id"): each.get("value") for each in page.all("input")}
    assert values["credit_code"] == listed.credit_code
    assert files(settings) == []
    assert claims(app) == []
    page = send_letter(browser, listed.credit_code, b"", "", status=422)
    assert "Choose the photo or the scan of the letter" in page.text


def multipart(fields: dict[str, str], content: bytes) -> dict[str, Any]:
    """A form with a file, in bytes: the test client would leave a temporary file open."""
    edge = b"--edge\r\nContent-Disposition: form-data; name="
    body = b"".join(edge + f'"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items())
    body += edge + b'"letter"; filename="letter.pdf"\r\n\r\n' + content + b"\r\n--edge--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=edge"}


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/claim/letter", 7, 303),
        ("/claim/letter", 9, 413),
        ("/claim", 7, 413),
        ("/organisation/new", 7, 413),
        ("/organisation/new", 3, 413),
    ],
)
def test_eight_megabytes_are_let_through_here_and_nowhere_else(
    browser: Browser, listed: Organisation, area_of: Callable[..., Area], path: str, size: int, status: int
) -> None:
    large = pdf(b"% " + b"x" * (size * 1024 * 1024) + b"\n")
    page = browser.get("/claim/letter")
    token = next(each.get("value") for each in page.all("input") if each.get("name") == "csrf_token")
    fields = {"credit_code": listed.credit_code, "name": "x", "area": area_of().public_id, "industry": "C3484"}
    answer = browser.client.post(path, **multipart({"csrf_token": token, **fields}, large))
    assert answer.status_code == status


@pytest.fixture
def scanner(tmp_path: Path) -> str:
    """A scanner that finds something in every PDF with EICAR in it, and needs the file to be there."""
    program = tmp_path / "scan.sh"
    program.write_text('#!/bin/sh\ntest "$1" = --quiet || exit 2\ngrep -q EICAR "$2" && exit 1\ntest -s "$2"\n')
    program.chmod(0o700)
    return f"'{program}' --quiet"


def test_only_what_the_virus_scanner_lets_through_is_kept(settings: Settings, scanner: str) -> None:
    scanning = replace(settings, antivirus_command=scanner)
    assert letters.keep(scanning, "x.pdf", pdf()).type == "application/pdf"
    with pytest.raises(Refused) as caught:
        letters.keep(scanning, "x.pdf", pdf(b"% EICAR\n"))
    assert caught.value.why == "virus"
    assert len(files(settings)) == 1


@pytest.mark.parametrize("command", ["/nowhere/scan", "sh -c 'exit 3' scan"])
def test_a_scanner_that_fails_lets_nothing_through(settings: Settings, command: str) -> None:
    with pytest.raises(Refused) as caught:
        letters.keep(replace(settings, antivirus_command=command), "x.pdf", pdf())
    assert caught.value.why in ("unchecked", "virus")
    assert files(settings) == []


@pytest.mark.parametrize("file", ["letters/../platform.db", "../x", "/etc/passwd", "reports/x.pdf", "letters/none.jpg"])
def test_no_other_file_is_ever_handed_out(settings: Settings, file: str) -> None:
    (settings.data_directory / "letters").mkdir(parents=True)
    (settings.data_directory / "platform.db").write_text("x")
    assert letters.path_of(settings, file) is None


# -- the office and the file -------------------------------------------------------------------------------------------


def test_only_the_deciding_office_gets_the_letter_and_that_is_on_record(
    app: Flask, browser: Browser, desk: Browser, listed: Organisation, make_staff: Callable[..., User],
    browse_as: Callable[..., Browser], send_letter: Callable[..., Any], events: Callable[..., Any],
) -> None:  # fmt: skip
    send_letter(browser, listed.credit_code)
    claim = claims(app)[0]
    path = f"/desk/claims/{claim.public_id}"
    desk.get(path)
    desk.post(f"{path}/letter")
    answer = desk.response
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert listed.credit_code in disposition
    assert answer.mimetype == "image/jpeg"
    answer.close()
    assert ("claim.letter", "done", None) in events()
    for role, area, status in (("officer", "120114", 404), ("assessor", XIQING, 403), ("auditor", None, 403)):
        other = browse_as(make_staff(role, area))
        other.get("/claim")
        other.post(f"{path}/letter", status=status)
        other.get(path, status=status)
    browser.get("/claim")
    browser.post(f"{path}/letter", status=403)
    assert browser.client.get(f"/{claim.letter_file}").status_code == 404


def test_the_name_of_the_download_is_chinese_on_chinese_pages(
    app: Flask, browser: Browser, desk: Browser, listed: Organisation, send_letter: Callable[..., Any]
) -> None:
    send_letter(browser, listed.credit_code, pdf(), "a.pdf")
    desk.language = "zh"
    desk.get(f"/desk/claims/{claims(app)[0].public_id}")
    desk.post(f"/desk/claims/{claims(app)[0].public_id}/letter")
    assert "filename*=UTF-8''%E6%8E%88%E6%9D%83" in desk.response.headers["Content-Disposition"]
    assert desk.response.data == pdf()
    desk.response.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_wording_of_the_letter_can_be_printed(browser: Browser, language: str) -> None:
    browser.language = language
    page = browser.get("/claim/letter/template")
    assert "Wang Fang" in page.text
    assert browser.page.all("dd")
