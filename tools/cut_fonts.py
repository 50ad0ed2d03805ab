"""Cut the report's fonts from the full Noto Sans CJK: `python tools/cut_fonts.py SOURCE_FOLDER TARGET_FOLDER`.

The report embeds only what it prints, but the renderer opens the whole font for each report; a cut to the characters
that Chinese reports hold makes that twice as fast and needs a third of the memory. The cut takes another name than the
full font, which stays at hand as the second family: two fonts of one name in one document print wrong characters while
the text beneath stays right.

Written to TARGET_FOLDER, the same bytes each time:
* `ReportSansSC-Regular.otf`, `ReportSansSC-Bold.otf`: family "Report Sans SC";
* `NotoSansCJK-Regular.ttc`, `NotoSansCJK-Bold.ttc`: links to the full fonts, family "Noto Sans CJK SC";
* `characters.json`: `{"cut": [[first, last], …], "full": [[first, last], …]}`, code points both fonts hold;
* `fonts.conf`: the private fontconfig file; with it a program sees these fonts and no others.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

FACE = "Noto Sans CJK SC"
FAMILY = "Report Sans SC"
POSTSCRIPT = "ReportSansSC"
STYLES = ("Regular", "Bold")
NAME_CHARACTERS = Path(__file__).with_name("name_characters.txt")
# Latin with its accents, Greek, Cyrillic, punctuation, sub- and superscripts, currencies, units, numbers in circles,
# arrows, mathematics, shapes, ticks, CJK punctuation, kana, full-width forms.
RANGES = (
    (0x0020, 0x007E),
    (0x00A0, 0x017F),
    (0x0391, 0x03C9),
    (0x0401, 0x0451),
    (0x2000, 0x206F),
    (0x2070, 0x209C),
    (0x20A0, 0x20BF),
    (0x2100, 0x214F),
    (0x2150, 0x218B),
    (0x2190, 0x21FF),
    (0x2200, 0x22FF),
    (0x2460, 0x24FF),
    (0x2500, 0x257F),
    (0x25A0, 0x25FF),
    (0x2605, 0x2612),
    (0x2713, 0x2717),
    (0x3000, 0x303F),
    (0x3041, 0x30FF),
    (0x3200, 0x33FF),
    (0xFF01, 0xFFEE),
)
FEATURES = ["kern", "liga", "ccmp", "mark", "mkmk", "palt", "halt"]
# Copyright, version, licence and its address travel with every copy; all other names would say whose font it was.
KEPT_NAMES = {0, 5, 13, 14}
CONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


def main(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(len(STYLES)) as pool:
        # Both weights hold the same characters, so either answer will do.
        held, _ = pool.map(cut_style, [source] * len(STYLES), [target] * len(STYLES), STYLES)
    ranges = {name: list(as_ranges(points)) for name, points in held.items()}
    (target / "characters.json").write_text(json.dumps(ranges, separators=(",", ":")), encoding="ascii")
    configure(target)


def cut_style(source: Path, target: Path, style: str) -> dict[str, set[int]]:
    """Write one weight; answer the code points that the cut and the full font hold."""
    file = source / f"NotoSansCJK-{style}.ttc"
    font = face(file)
    full = set(font.getBestCmap())
    held = cut(font, characters())
    rename(font, style)
    font.save(target / f"{POSTSCRIPT}-{style}.otf")
    link(target / file.name, file)
    return {"cut": held, "full": full}


def characters() -> set[int]:
    """The code points to keep: GB2312, the ranges above, and rare characters of personal and firm names."""
    names = [line for line in NAME_CHARACTERS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    ranged = {point for first, last in RANGES for point in range(first, last + 1)}
    return ranged | set(gb2312()) | {ord(character) for line in names for character in line if not character.isspace()}


def gb2312() -> Iterator[int]:
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                yield ord(bytes((row, cell)).decode("gb2312"))
            except UnicodeDecodeError:
                continue


def face(file: Path) -> TTFont:
    for font in TTCollection(file, lazy=True, recalcTimestamp=False):
        if font["name"].getDebugName(1) == FACE or font["name"].getDebugName(16) == FACE:
            return font
    raise SystemExit(f"{file} holds no face called {FACE}")


def cut(font: TTFont, wanted: Iterable[int]) -> set[int]:
    """Cut the font in place; answer the code points it still holds."""
    options = subset.Options(layout_features=FEATURES, hinting=False, desubroutinize=True, notdef_outline=True)
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted(wanted))
    cutter.subset(font)
    return set(font.getBestCmap())


def rename(font: TTFont, style: str) -> None:
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in KEPT_NAMES]
    postscript = f"{POSTSCRIPT}-{style}"
    names = {1: FAMILY, 2: style, 3: postscript, 4: f"{FAMILY} {style}", 6: postscript}
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    outlines = font["CFF "].cff
    outlines.fontNames = [postscript]
    top = outlines.topDictIndex[0]
    top.FullName, top.FamilyName = f"{FAMILY} {style}", FAMILY
    for number, private in enumerate(top.FDArray):
        private.FontName = f"{postscript}-{number}"


def as_ranges(points: set[int]) -> Iterator[tuple[int, int]]:
    """Runs of neighbouring code points as (first, last)."""
    ordered = sorted(points)
    first = ordered[0]
    for one, following in pairwise([*ordered, sys.maxsize]):
        if following != one + 1:
            yield first, one
            first = following


def link(name: Path, file: Path) -> None:
    name.unlink(missing_ok=True)
    name.symlink_to(file)


def configure(target: Path) -> None:
    """Write the private fontconfig file and fill its cache, so that no report pays for reading the full fonts."""
    file = target / "fonts.conf"
    cache = target.parent / "fontconfig"
    cache.mkdir(exist_ok=True)
    file.write_text(CONFIG.format(fonts=escape(str(target)), cache=escape(str(cache))), encoding="utf-8")
    os.environ["FONTCONFIG_FILE"] = str(file)
    ctypes.CDLL("libfontconfig.so.1").FcInit()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
