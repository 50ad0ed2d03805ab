"""The PDF itself: what it says, how it is made up, and what each character looks like."""

import io
from collections.abc import Iterator
from functools import cache
from typing import Any

import pypdfium2
import pytest
from flask import Flask
from PIL import Image, ImageChops, ImageDraw, ImageFont
from pypdf import PdfReader

from survey.app import create_app
from survey.languages import speaking
from survey.report import pdf
from survey.report.fonts import FONTS
from survey.report.rendering import print_html
from survey.settings import Settings
from tests.survey.report.made import LEAST, OPEN, make_record

RARE = "喆堃龘𬭎"
"""Two in the cut, two only in the full font."""
NAME = f"天津{RARE}<img src=file:///etc/passwd>😀厂"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("site")
    settings = Settings(
        secret_key="x9Qm2Lr7Tz4Vb8Nk1Wd6Hs3Jf5Gc0Pya-for-tests",
        database_url=f"sqlite:///{folder / 'none.db'}",
        data_directory=folder,
        base_url="http://localhost",
        secure_cookies=False,
    )
    app = create_app(settings)
    yield app
    app.extensions["database"].close()


def printed(site: Flask, language: str, **firm: Any) -> bytes:
    responses = firm.pop("responses", None)
    record = make_record(responses, **firm) if responses else make_record(**firm)
    with site.app_context(), speaking(language):
        return pdf.pdf(print_html(record, language), "test")


@pytest.fixture(scope="module")
def chinese(site: Flask) -> bytes:
    return printed(site, "zh_CN", name=NAME)


@pytest.fixture(scope="module")
def english(site: Flask) -> bytes:
    return printed(site, "en", in_scope=False)


@cache
def pages(made: bytes) -> tuple[str, ...]:
    return tuple(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


def squeezed(made: bytes) -> str:
    """All text without spaces and line breaks."""
    return "".join("".join(pages(made)).split())


def test_it_says_level_score_and_nature(chinese: bytes, english: bytes) -> None:
    assert "一级" in pages(chinese)[0]
    assert "48.5" in pages(chinese)[0]
    assert all("企业自评结果，仅供参考" in "".join(page.split()) for page in pages(chinese))
    assert all("outside manufacturing" in " ".join(page.split()) for page in pages(english))
    assert "written for factories" in " ".join(pages(english)[0].split())


def test_it_is_tagged_and_names_its_language_and_title(chinese: bytes, english: bytes) -> None:
    for made, language in ((chinese, "zh-CN"), (english, "en")):
        reader = PdfReader(io.BytesIO(made))
        catalogue: Any = reader.trailer["/Root"]
        assert catalogue["/Lang"] == language
        assert catalogue["/MarkInfo"]["/Marked"]
        assert reader.metadata is not None
        assert reader.metadata.title


def test_it_embeds_our_two_fonts_alone(chinese: bytes, english: bytes) -> None:
    for made in (chinese, english):
        assert {name.split("+")[-1] for name in fonts_in(made)} <= {
            *("Report-Sans-SC", "Report-Sans-SC-Bold", "ReportSansSC-Regular", "ReportSansSC-Bold"),
            *("Noto-Sans-CJK-SC", "Noto-Sans-CJK-SC-Bold", "NotoSansCJKsc-Regular", "NotoSansCJKsc-Bold"),
        }


def fonts_in(made: bytes) -> set[str]:
    found = set()
    for page in PdfReader(io.BytesIO(made)).pages:
        resources: Any = page["/Resources"]
        for font in resources.get("/Font", {}).values():
            below = font.get_object()
            embedded = below["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert "/FontFile3" in embedded or "/FontFile2" in embedded
            found.add(below["/BaseFont"].lstrip("/"))
    assert found
    return found


def test_it_makes_the_same_bytes_of_the_same_report(site: Flask, english: bytes) -> None:
    assert printed(site, "en", in_scope=False) == english


def test_it_prints_markup_in_a_name_as_text(chinese: bytes) -> None:
    assert "<imgsrc=file:///etc/passwd>" in squeezed(chinese)
    assert "U+1F600" in squeezed(chinese)
    assert "root:" not in squeezed(chinese)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1/", "data:text/css,a{}", "packaged:../x"])
def test_it_loads_nothing_but_what_is_packaged(url: str) -> None:
    with pytest.raises(pdf.Refused):
        pdf.PackagedFiles().fetch(url)
    with pytest.raises(pdf.Refused):
        pdf.pdf(f"<html lang=en><title>x</title><img src='{url}'>", "x")
    assert pdf.PackagedFiles().fetch("packaged:report.css").read().startswith(b"/*")


def test_it_refuses_a_report_without_end() -> None:
    with pytest.raises(ValueError, match="pages"):
        pdf.pdf("<html lang=en><title>x</title>" + "<p style='break-before: page'>x" * 90, "x")


@pytest.mark.parametrize("place", range(len(RARE)))
def test_it_draws_a_rare_character_as_the_font_has_it(chinese: bytes, place: int) -> None:
    """Text extraction proves nothing: a wrong or blank glyph still gives the right text."""
    character, other = RARE[place], RARE[place - 1]
    drawn = on_cover(chinese, character)
    assert likeness(drawn, reference(character)) > 0.85
    assert likeness(drawn, reference(other)) < 0.75


def on_cover(made: bytes, character: str) -> Image.Image:
    """The character as it is drawn on the cover, trimmed."""
    page = pypdfium2.PdfDocument(made)[0]
    text = page.get_textpage()
    whole = text.get_text_range()
    units = len(whole[: whole.index(character)].encode("utf-16-le")) // 2
    place = min((at for at in range(text.count_chars()) if text.get_text_range(at, 1) == character), default=units)
    left, bottom, right, top = text.get_charbox(place, loose=True)
    scale = 8
    picture = page.render(scale=scale).to_pil().convert("L")
    height = picture.height / scale
    return trimmed(picture.crop([round(scale * edge) for edge in (left, height - top, right, height - bottom)]))


def reference(character: str) -> Image.Image:
    font = ImageFont.truetype(str(FONTS / "NotoSansCJK-Bold.ttc"), 152, index=2)
    assert "SC" in font.getname()[0]
    picture = Image.new("L", (220, 260), 255)
    ImageDraw.Draw(picture).text((20, 20), character, font=font, fill=27)
    return trimmed(picture)


def trimmed(picture: Image.Image) -> Image.Image:
    ink = picture.point(lambda value: 255 if value < 128 else 0)
    box = ink.getbbox()
    assert box, "nothing is drawn"
    return ink.crop(box).resize((48, 48)).point(lambda value: 255 if value > 127 else 0)


def likeness(one: Image.Image, other: Image.Image) -> float:
    """The share of points that are the same."""
    return ImageChops.difference(one, other).histogram()[0] / (48 * 48)


@pytest.mark.parametrize(
    ("responses", "words"),
    [(LEAST, ("未达一级", "各维度目前都没有得分")), (OPEN, ("40.5–58", "有题未答", "不按零分算"))],
)
def test_it_prints_every_state(site: Flask, responses: Any, words: tuple[str, ...]) -> None:
    text = squeezed(printed(site, "zh_CN", responses=responses))
    assert all("".join(word.split()) in text for word in words)


def test_the_summary_is_one_page(chinese: bytes, english: bytes) -> None:
    assert "结果摘要" in pages(chinese)[1]
    assert "提升路径" in pages(chinese)[2]
    assert "各维度得分" in pages(chinese)[3]
    assert "Improvement path" in pages(english)[2]
    assert "Score by dimension" in pages(english)[3]
