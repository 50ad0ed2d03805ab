"""The build keeps its promises: two commands, pinned packages, a repository that names no machine, fonts that fit."""

import importlib.metadata
import importlib.util
import json
import os
import re
import subprocess
import sys
import time
import tomllib
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "var" / "fonts"
LOCKS = ("requirements.txt", "requirements-dev.txt")
TOP_LEVEL = {
    *(".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "alembic.ini", "babel.cfg"),
    *("benchmarks", "deploy", "docs", "migrations", "pyproject.toml", "questionnaires"),
    *("requirements-dev.in", "requirements-dev.txt", "requirements.in", "requirements.txt", "scoring", "survey"),
    *("templates", "tests", "tools", "wsgi.py"),
}
# Hosts that serve packages, by the part of their name that nothing else has, and folders of one machine. Written with
# a class for one letter, so that this file does not hold what it forbids.
FORBIDDEN = re.compile(
    r"p[y]pi\.org|p[y]thonhosted|n[p]mjs\.(org|com)|d[e]b\.debian\.org|--index-ur[l]|--extra-inde[x]|--find-link[s]"
    r"|/wor[k]/(main|shared)|/hom[e]/\w|\.pyen[v]"
)
SETUP_SECONDS = 5


def tool(name: str) -> ModuleType:
    """A program of tools/, loaded as a module."""
    spec = importlib.util.spec_from_file_location(f"tools_{name}", ROOT / "tools" / f"{name}.py")
    assert spec
    assert spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def tracked() -> tuple[str, ...]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return tuple(name for name in done.stdout.split("\0") if name)


def make(*arguments: str) -> str:
    # A make above this one would hand down its own flags.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    command = ["make", "--no-print-directory", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def locked(lock: str) -> dict[str, str]:
    """Requirement line → everything that belongs to it, of one lock file."""
    joined = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return {line.split(" ")[0]: line for line in lines}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_hashes(lock: str) -> None:
    faults = [
        name
        for name, line in locked(lock).items()
        if not re.fullmatch(r"[\w.-]+==[\w.]+", name) or not re.search(r"--hash=sha256:[0-9a-f]{64}", line)
    ]
    assert locked(lock)
    assert not faults


@pytest.mark.parametrize("lock", LOCKS)
def test_every_wanted_package_is_in_the_lock(lock: str) -> None:
    wanted = re.findall(
        r"^([A-Za-z][\w.-]*)", (ROOT / lock).with_suffix(".in").read_text(encoding="utf-8"), re.MULTILINE
    )
    held = {name.split("==")[0] for name in locked(lock)}
    assert {re.sub(r"[-_.]+", "-", name).lower() for name in wanted} <= held


def test_the_tests_run_on_the_pinned_versions() -> None:
    both = {**locked(LOCKS[0]), **locked(LOCKS[1])}
    for name in ("flask", "sqlalchemy", "weasyprint", "pytest"):
        assert f"{name}=={importlib.metadata.version(name)}" in both


def test_the_two_commands_start_what_they_promise() -> None:
    assert "tools/setup.py" in make("-n", "demo")
    assert "-m survey.demo" in make("-n", "demo")
    assert re.search(r"tools/setup\.py --dev(.|\n)*ruff(.|\n)*mypy(.|\n)*lint-imports(.|\n)*pytest", make("-n", "test"))


def test_make_alone_lists_every_target() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    listed = set(re.findall(r"^  ([a-z-]+) ", make(), re.MULTILINE))
    assert targets == listed
    assert {"setup", "demo", "test", "check", "catalogues", "benchmarks", "lock", "clean"} <= listed


def test_continuous_integration_runs_the_same_command() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert re.search(r"^(exec )?make test\b", script.read_text(encoding="utf-8"), re.MULTILINE)
    subprocess.run(["bash", "-n", str(script)], check=True)


@pytest.mark.parametrize("file", ["Makefile", *(f"deploy/{path.name}" for path in sorted((ROOT / "deploy").iterdir()))])
def test_every_module_that_is_started_exists(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    modules = set(re.findall(r"python[\"',]* -m ((?:survey|scoring)[\w.]*)", text.replace("$(RUN)", "python")))
    modules |= {"wsgi" for _ in re.findall(r"wsgi:app", text)}
    assert not [module for module in modules if importlib.util.find_spec(module) is None]


def test_only_known_entries_stand_at_the_top() -> None:
    assert {name.split("/")[0] for name in tracked()} <= TOP_LEVEL


def test_every_test_is_collected() -> None:
    """testpaths names folders, for their order; a test elsewhere would never run."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = tuple(f"{path}/" for path in settings["tool"]["pytest"]["ini_options"]["testpaths"])
    tests = [name for name in tracked() if re.search(r"(^|/)test_[^/]*\.py$", name)]
    assert not [name for name in tests if not name.startswith(folders)]


def test_nothing_generated_is_tracked() -> None:
    assert not [name for name in tracked() if name.endswith((".mo", ".pyc", ".db", ".pot")) or name.startswith("var/")]


def test_no_file_names_a_registry_or_a_machine() -> None:
    faults = []
    for name in tracked():
        path = ROOT / name
        if not path.is_file() or b"\0" in (content := path.read_bytes()):
            continue
        faults += [f"{name}: {hit[0]}" for hit in FORBIDDEN.finditer(content.decode("utf-8"))]
    assert not faults


def test_a_second_set_up_is_quick() -> None:
    make("setup-dev")
    start = time.monotonic()
    assert "set up:" not in make("setup-dev")
    assert time.monotonic() - start < SETUP_SECONDS


def test_set_up_names_exactly_the_packages_that_are_missing() -> None:
    system = tool("system_needs")
    absent = system.Need("libnothing7", "a library that is nowhere", system.loads("libnothing.so.7"))
    assert not absent.present()
    assert all(need.present() for need in system.RUNTIME_NEEDS + system.DEVELOPMENT_NEEDS)
    said = system.explanation([absent])
    assert "apt-get install --no-install-recommends libnothing7\n" in said
    assert "libpango" not in said


@pytest.mark.parametrize("style", ["Regular", "Bold"])
def test_the_report_font_holds_what_reports_print(style: str) -> None:
    font = TTFont(FONTS / f"ReportSansSC-{style}.otf")
    names = (ROOT / "tools" / "name_characters.txt").read_text(encoding="utf-8").splitlines()
    cells = [bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)]
    hanzi = {cell.decode("gb2312", "ignore") for cell in cells} - {""}
    assert len(hanzi) == 6763
    rare = {character for line in names if not line.startswith("#") for character in line}
    assert set("喆堃玥祎镕旸珺瑄翀赟") <= rare
    symbols = set("·–−★→÷×≥≤〔〕“”‘’…•●○▲▼✓ AZaz09%￥。，：；（）《》①")
    held = {chr(point) for point in font.getBestCmap()}
    assert not (hanzi | rare | symbols) - held


@pytest.mark.parametrize("style", ["Regular", "Bold"])
def test_the_report_font_bears_a_name_of_its_own(style: str) -> None:
    font = TTFont(FONTS / f"ReportSansSC-{style}.otf")
    names = {record.nameID: str(record) for record in font["name"].names}
    assert (names[1], names[2], names[6]) == ("Report Sans SC", style, f"ReportSansSC-{style}")
    assert not [text for number, text in names.items() if number not in (0, 13, 14) and "Noto" in text]
    assert font["CFF "].cff.fontNames == [f"ReportSansSC-{style}"]
    assert "Open Font Licen" in names[13]


def test_the_list_of_characters_tells_what_the_fonts_hold() -> None:
    listed = json.loads((FONTS / "characters.json").read_text(encoding="ascii"))
    held = {
        name: {point for first, last in ranges for point in range(first, last + 1)} for name, ranges in listed.items()
    }
    assert held["cut"] == set(TTFont(FONTS / "ReportSansSC-Bold.otf").getBestCmap())
    assert held["cut"] < held["full"]
    assert ord("𠮷") in held["full"] - held["cut"]


def test_the_private_font_file_shows_the_two_families_alone() -> None:
    environment = {**os.environ, "FONTCONFIG_FILE": str(FONTS / "fonts.conf")}
    code = """
import ctypes
library = ctypes.CDLL("libfontconfig.so.1")
pointer = ctypes.c_void_p
library.FcConfigGetFonts.restype = library.FcInitLoadConfigAndFonts.restype = pointer
library.FcConfigGetFonts.argtypes = [pointer, ctypes.c_int]
library.FcPatternGetString.argtypes = [pointer, ctypes.c_char_p, ctypes.c_int, ctypes.POINTER(ctypes.c_char_p)]
class Fonts(ctypes.Structure):
    _fields_ = [("count", ctypes.c_int), ("room", ctypes.c_int), ("fonts", ctypes.POINTER(pointer))]
fonts = ctypes.cast(library.FcConfigGetFonts(library.FcInitLoadConfigAndFonts(), 0), ctypes.POINTER(Fonts)).contents
for number in range(fonts.count):
    file = ctypes.c_char_p()
    library.FcPatternGetString(fonts.fonts[number], b"file", 0, ctypes.byref(file))
    print(file.value.decode())
"""
    command = [str(ROOT / ".venv" / "bin" / "python"), "-c", code]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    names = {"ReportSansSC-Regular.otf", "ReportSansSC-Bold.otf", "NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"}
    assert set(done.stdout.split()) == {str(FONTS / name) for name in names}


def test_templates_and_catalogues_agree_on_line_breaks() -> None:
    """babel.cfg collects `{% trans %}` texts trimmed; a site that looks them up untrimmed finds none of them."""
    assert re.search(r"^trimmed = true$", (ROOT / "babel.cfg").read_text(encoding="utf-8"), re.MULTILINE)
    assert '.policies["ext.i18n.trimmed"] = True' in (ROOT / "survey" / "app.py").read_text(encoding="utf-8")
