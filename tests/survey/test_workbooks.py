"""Reading and writing tables: hostile files are refused before they are read, and nothing we write is a formula."""

import io
import time
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import openpyxl.xml
import pytest
from flask import Flask

from survey import workbooks
from survey.languages import speaking
from survey.workbooks import Sheet, UnreadableFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")', "'=1"]


@pytest.fixture(autouse=True)
def context() -> object:
    """Sentences are in English; no database is asked."""
    app = Flask("plain")
    from flask_babel import Babel

    Babel(app)
    with app.test_request_context(), speaking("en"):
        yield


def book(*lines: list[object]) -> bytes:
    made = openpyxl.Workbook()
    for line in lines:
        made.active.append(line)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def changed(data: bytes, part: str, text: str) -> bytes:
    """The workbook with one of its parts replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, text if info.filename == part else old.read(info))
    return target.getvalue()


def cells(data: bytes, name: str = "list.xlsx", most_rows: int = 100, **values: int) -> list[list[str]]:
    return [line.cells for line in workbooks.rows(data, name, most_rows=most_rows, **values)]


# -- reading -----------------------------------------------------------------------------------------------------------


def test_it_reads_a_workbook_as_text_with_the_numbers_of_its_rows() -> None:
    moment = datetime(2026, 1, 2, 3, 4, tzinfo=UTC).replace(tzinfo=None)
    data = book(["code", "day"], [], [123.0, date(2027, 6, 30)], ["  x ", None, 1.5], [moment])
    lines = workbooks.rows(data, "List.XLSX", most_rows=10)
    assert [(line.number, line.cells) for line in lines] == [
        (1, ["code", "day"]),
        (3, ["123", "2027-06-30"]),
        (4, ["x", "", "1.5"]),
        (5, ["2026-01-02 03:04"]),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_it_reads_csv_as_chinese_offices_save_it(encoding: str) -> None:
    data = '企业名称,代码\r\n\r\n"和悦,精密","=1"\r\n'.encode(encoding)
    lines = workbooks.rows(data, "list.csv", most_rows=10)
    assert [(line.number, line.cells) for line in lines] == [(1, ["企业名称", "代码"]), (3, ["和悦,精密", "=1"])]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_it_reads_csv_with_other_delimiters(delimiter: str) -> None:
    data = f"a{delimiter}b\n1{delimiter}2,5\n".encode()
    assert cells(data, "list.csv") == [["a", "b"], ["1", "2,5"]]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"a,b\n", "list.xlsx"),
        (book(["a"]), "list.csv"),
        (book(["a"]), "list.xlsx.exe"),
        (b"%PDF-1.7", "list.pdf"),
        (b"\xd0\xcf\x11\xe0old", "list.xls"),
        (b"a\0b", "list.csv"),
        (b"\xff\xfea\0,\0b\0", "list.csv"),
        (b"PK\x03\x04 not an archive", "list.xlsx"),
        (b'a,"' + b"b" * 200_000, "list.csv"),
    ],
)
def test_it_refuses_what_is_not_what_its_name_says(data: bytes, name: str) -> None:
    with pytest.raises(UnreadableFile):
        workbooks.rows(data, name, most_rows=10)


def test_it_refuses_a_bomb_in_less_than_a_second() -> None:
    """20 MB of nothing in 20 KB; and the same said to be small, which then is cut off at what it claims."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 20_000_000)
    began = time.perf_counter()
    with pytest.raises(UnreadableFile, match="too large when unpacked"):
        workbooks.rows(target.getvalue(), "bomb.xlsx", most_rows=10)
    assert time.perf_counter() - began < 1


def test_it_never_unpacks_more_than_a_part_claims() -> None:
    sheet = "xl/worksheets/sheet1.xml"
    huge = changed(book(["a"]), sheet, "<worksheet>" + " " * 20_000_000 + "</worksheet>")
    with zipfile.ZipFile(io.BytesIO(huge)) as archive:
        real = archive.getinfo(sheet).file_size
    lying = huge.replace(real.to_bytes(4, "little"), (500).to_bytes(4, "little"))
    assert lying != huge
    workbooks.check_archive(lying)  # it looks small
    began = time.perf_counter()
    with pytest.raises(UnreadableFile):
        workbooks.rows(lying, "bomb.xlsx", most_rows=10)
    assert time.perf_counter() - began < 1


def test_it_refuses_an_archive_of_very_many_parts() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(workbooks.MOST_PARTS + 1):
            archive.writestr(f"{number}.xml", "")
    with pytest.raises(UnreadableFile, match="too large when unpacked"):
        workbooks.rows(target.getvalue(), "many.xlsx", most_rows=10)


@pytest.mark.parametrize(
    "prologue",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY e "&a;&a;&a;&a;">]>',
    ],
)
def test_it_refuses_entities(prologue: str) -> None:
    assert openpyxl.xml.DEFUSEDXML is True
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>'
    sheet = f'{prologue}<worksheet xmlns="{MAIN}"><sheetData>{row}</sheetData></worksheet>'
    with pytest.raises(UnreadableFile):
        workbooks.rows(changed(book(["a"]), "xl/worksheets/sheet1.xml", sheet), "list.xlsx", most_rows=10)


def test_it_keeps_to_its_caps() -> None:
    assert len(cells(book(*[["x"]] * 10), most_rows=10)) == 10
    for name, data in (("list.xlsx", book(*[["x"]] * 11)), ("list.csv", b"x\n" * 11)):
        with pytest.raises(UnreadableFile, match="more than 10 rows"):
            cells(data, name, most_rows=10)
        wide = book(["x"] * 6) if name.endswith("x") else b"a,b,c,d,e,f"
        with pytest.raises(UnreadableFile, match="more than 5 columns"):
            cells(wide, name, most_columns=5)


def test_it_is_not_led_astray_by_a_row_that_claims_to_be_far_away() -> None:
    row = '<row r="9999999999"><c r="A9999999999"><v>1</v></c></row>'
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{row}</sheetData></worksheet>'
    assert cells(changed(book(["a"]), "xl/worksheets/sheet1.xml", sheet)) == []


# -- writing -----------------------------------------------------------------------------------------------------------


def test_it_writes_no_formula_whatever_the_text() -> None:
    data = workbooks.write([Sheet("=title", NASTY, [NASTY, ["x\x00y\x0b", *NASTY]])])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert all(b"<f>" not in archive.read(name) for name in archive.namelist())
    assert [cell.quotePrefix for cell in sheet[2]][:4] == [True] * 4
    assert sheet["A3"].value == "xy"


def test_it_reads_back_what_it_wrote() -> None:
    lines = [["和悦", 3, Decimal("1.5"), date(2027, 6, 30), None, "=1+1"], ["", -1, None, None, "x"]]
    data = workbooks.write([Sheet("List", list("abcdef"), lines), Sheet("Words", ["w"], [["x"]])])
    assert cells(data) == [list("abcdef"), ["和悦", "3", "1.5", "2027-06-30", "", "=1+1"], ["", "-1", "", "", "x"]]


def test_it_writes_moments_only_in_words() -> None:
    with pytest.raises(TypeError):
        workbooks.write([Sheet("x", ["a"], [[datetime(2026, 1, 1, tzinfo=UTC)]])])


def test_it_offers_choices_from_another_sheet() -> None:
    sheets = [Sheet("List", ["a", "b"], [], choices={1: "It's"}, blank=9), Sheet("It's", ["w"], [["x"], ["y"]])]
    sheet = openpyxl.load_workbook(io.BytesIO(workbooks.write(sheets)))["List"]
    (choice,) = sheet.data_validations.dataValidation
    assert (choice.formula1, str(choice.sqref)) == ("'It''s'!$A$2:$A$3", "B2:B10")
    assert sheet.column_dimensions["A"].number_format == "@"


def test_it_names_a_download_in_chinese_without_a_way_out() -> None:
    answer = workbooks.sent(b"x", '企业"名录\r\nX: y.xlsx', 'firms"\r\n.xlsx')
    header = answer.headers["Content-Disposition"]
    assert header == (
        "attachment; filename=\"firms.xlsx\"; filename*=UTF-8''"
        "%E4%BC%81%E4%B8%9A%22%E5%90%8D%E5%BD%95%0D%0AX%3A%20y.xlsx"
    )
    assert answer.mimetype == workbooks.XLSX
