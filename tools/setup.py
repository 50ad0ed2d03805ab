"""Set the project up: `python3 tools/setup.py [--dev]`. Safe to run again; done steps are skipped by their stamp.

Standard library only, Python 3.11 or newer. Everything is written inside the project folder, system packages excepted.
A stamp holds the hash of what a step reads; a step runs when its stamp differs or something it makes is gone.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from system_needs import (
    DEVELOPMENT_NEEDS,
    NOTO_FILES,
    RUNTIME_NEEDS,
    MissingError,
    Need,
    chromium_on_path,
    is_debian,
    noto_folder,
    provide,
)

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
VAR = ROOT / "var"
FONTS = VAR / "fonts"
BROWSERS = VAR / "browsers"
CHROMIUM = VAR / "chromium"
TRANSLATIONS = ROOT / "survey" / "translations"
FLOOR = (3, 11)
KEPT_PACKAGES = {"pip", "setuptools", "wheel"}


@dataclass(frozen=True)
class Step:
    """One thing to set up.

    `stamp` lies beside what the step makes, so that deleting the one forgets the other; `inputs` are hashed;
    `outputs` must all exist for the step to count as done.
    """

    name: str
    stamp: Path
    inputs: Callable[[], Iterable[Path | str]]
    outputs: Callable[[], Iterable[Path]]
    run: Callable[[], None]

    def digest(self) -> str:
        sha = hashlib.sha256()
        for part in self.inputs():
            content = part.read_bytes() if isinstance(part, Path) else part.encode()
            sha.update(len(content).to_bytes(8, "big") + content)
        return sha.hexdigest()

    def is_done(self, digest: str) -> bool:
        fresh = self.stamp.is_file() and self.stamp.read_text(encoding="ascii") == digest
        return fresh and all(path.exists() for path in self.outputs())


def perform(step: Step) -> None:
    digest = step.digest()
    if step.is_done(digest):
        return
    print(f"set up: {step.name}", flush=True)
    step.stamp.unlink(missing_ok=True)
    step.run()
    step.stamp.parent.mkdir(parents=True, exist_ok=True)
    step.stamp.write_text(digest, encoding="ascii")


# The virtual environment and its packages


def make_environment() -> None:
    if ENVIRONMENT.is_symlink():
        sys.exit(f"{ENVIRONMENT} is a link: making it anew would empty another folder. Remove the link first.")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)


def install(*requirements: str) -> None:
    files = [argument for name in requirements for argument in ("-r", str(ROOT / name))]
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check"]
    subprocess.run([str(PYTHON), "-m", "pip", "install", *quiet, "--require-hashes", *files], check=True)


def install_runtime() -> None:
    install("requirements.txt")
    remove_unlisted()


def install_development() -> None:
    install("requirements.txt", "requirements-dev.txt")
    remove_unlisted()


def remove_unlisted() -> None:
    """A package that was once required and still lies there would hide that the code needs it."""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]
    done = subprocess.run([*command, "list", "--format=freeze"], check=True, capture_output=True, text=True)
    listed = {canonical(name) for name in locked_names()} | KEPT_PACKAGES
    extra = [name for name in re.findall(r"^([\w.-]+)==", done.stdout, re.MULTILINE) if canonical(name) not in listed]
    if extra:
        subprocess.run([*command, "uninstall", "--quiet", "--yes", *extra], check=True)


def locked_names() -> list[str]:
    files = (ROOT / "requirements.txt", ROOT / "requirements-dev.txt")
    return [
        name for file in files for name in re.findall(r"^([\w.-]+)==", file.read_text(encoding="utf-8"), re.MULTILINE)
    ]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# Fonts, catalogues, browser


def font_inputs() -> list[Path | str]:
    folder = noto_folder()
    sizes = [f"{folder / name} {(folder / name).stat().st_size}" for name in NOTO_FILES] if folder else []
    tools = ROOT / "tools"
    return [tools / "cut_fonts.py", tools / "name_characters.txt", *sizes, str(ROOT)]


def font_outputs() -> list[Path]:
    names = ("ReportSansSC-Regular.otf", "ReportSansSC-Bold.otf", "characters.json", "fonts.conf")
    return [FONTS / name for name in names]


def cut_fonts() -> None:
    subprocess.run([str(PYTHON), str(ROOT / "tools" / "cut_fonts.py"), str(noto_folder()), str(FONTS)], check=True)


def catalogues() -> list[Path]:
    return sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))


def compiled_catalogues() -> list[Path]:
    return [path.with_suffix(".mo") for path in catalogues()]


def compile_catalogues() -> None:
    if catalogues():
        command = [str(PYTHON), "-m", "babel.messages.frontend", "--quiet", "compile", "-d", str(TRANSLATIONS)]
        subprocess.run(command, check=True)


def find_chromium() -> None:
    """Note where the browser for the tests is: the system's, else Debian's package, else the one Playwright fetches."""
    if not chromium_on_path() and is_debian():
        try:
            provide([Need("chromium", "Chromium (browser tests)", lambda: chromium_on_path() is not None)])
        except MissingError as missing:
            print(missing, file=sys.stderr)
    path = chromium_on_path() or fetched_chromium()
    CHROMIUM.write_text(path + "\n", encoding="utf-8")


def fetched_chromium() -> str:
    environment = {**os.environ, "PLAYWRIGHT_BROWSERS_PATH": str(BROWSERS)}
    options = ["--with-deps"] if os.geteuid() == 0 and shutil.which("apt-get") else []
    command = [str(PYTHON), "-m", "playwright", "install", *options, "chromium"]
    if subprocess.run(command, env=environment, check=False).returncode != 0:
        raise MissingError(
            "No Chromium was found and none could be installed. Install the package chromium and run again."
        )
    found = sorted(BROWSERS.glob("chromium-*/chrome-linux*/chrome"))
    if not found:
        raise MissingError(f"Playwright installed no Chromium in {BROWSERS}.")
    return str(found[-1])


def chromium_outputs() -> list[Path]:
    return [CHROMIUM, Path(CHROMIUM.read_text(encoding="utf-8").strip())] if CHROMIUM.is_file() else [CHROMIUM]


def interpreter() -> list[Path | str]:
    """An environment is bound to one interpreter and to its folder; move either and it must be made anew."""
    return [os.path.realpath(sys.executable), sys.version, str(ENVIRONMENT)]


def runtime_inputs() -> list[Path | str]:
    return [*interpreter(), ROOT / "requirements.txt"]


def development_inputs() -> list[Path | str]:
    return [*runtime_inputs(), ROOT / "requirements-dev.txt"]


RUNTIME_STEPS = (
    Step("virtual environment", ENVIRONMENT / "made.stamp", interpreter, lambda: [PYTHON], make_environment),
    Step("packages", ENVIRONMENT / "runtime.stamp", runtime_inputs, lambda: [PYTHON], install_runtime),
    Step("fonts", FONTS / "cut.stamp", font_inputs, font_outputs, cut_fonts),
    Step("catalogues", VAR / "catalogues.stamp", catalogues, compiled_catalogues, compile_catalogues),
)
DEVELOPMENT_STEPS = (
    Step("development packages", ENVIRONMENT / "dev.stamp", development_inputs, lambda: [PYTHON], install_development),
    Step("browser for the tests", VAR / "chromium.stamp", list, chromium_outputs, find_chromium),
)


@contextmanager
def alone() -> Iterator[None]:
    """Two set-ups at once would install over each other."""
    VAR.mkdir(exist_ok=True)
    with (VAR / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    parser = argparse.ArgumentParser(description="Set the project up; safe to run again.")
    parser.add_argument("--dev", action="store_true", help="also what the tests and checks need")
    wanted = parser.parse_args()
    if sys.version_info < FLOOR:
        print("Python 3.11 or newer is needed.", file=sys.stderr)
        return 1
    try:
        with alone():
            provide(RUNTIME_NEEDS + (DEVELOPMENT_NEEDS if wanted.dev else ()))
            for step in RUNTIME_STEPS + (DEVELOPMENT_STEPS if wanted.dev else ()):
                perform(step)
    except MissingError as missing:
        print(missing, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as failed:
        print(f"set-up stopped: {' '.join(map(str, failed.cmd))} failed", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
