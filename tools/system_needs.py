"""What the system itself must bring, how it is looked for, and how apt brings it.

Standard library only: this runs before any package is installed. Each need is looked for by using it (loading the
library, opening the file), since a package manager's list says nothing about libraries that came another way.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

NOTO_FOLDERS = (
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts/noto-cjk"),
    Path("/usr/share/fonts/google-noto-cjk"),
)
NOTO_FILES = ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


class MissingError(Exception):
    """The system lacks something that this program may not install; the message says what to do."""


@dataclass(frozen=True)
class Need:
    """One thing the system brings: the Debian package that holds it, and whether it is there now."""

    package: str
    what: str
    present: Callable[[], bool]


def loads(*sonames: str) -> Callable[[], bool]:
    def present() -> bool:
        try:
            for soname in sonames:
                ctypes.CDLL(soname)
        except OSError:
            return False
        return True

    return present


def noto_folder() -> Path | None:
    """The folder that holds both weights of the full Noto Sans CJK font, None where it is not installed."""
    return next((folder for folder in NOTO_FOLDERS if all((folder / name).is_file() for name in NOTO_FILES)), None)


def can_make_environments() -> bool:
    """Debian splits venv's pip out of its Python; the module without it makes environments without pip."""
    importlib.invalidate_caches()
    return bool(importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"))


RUNTIME_NEEDS = (
    Need(f"python3.{sys.version_info.minor}-venv", "Python's venv module", can_make_environments),
    Need("libpango-1.0-0", "Pango (text of the PDF)", loads("libpango-1.0.so.0", "libgobject-2.0.so.0")),
    Need("libpangoft2-1.0-0", "Pango FreeType", loads("libpangoft2-1.0.so.0", "libfontconfig.so.1")),
    # Without it WeasyPrint still works, eleven times slower, and says so nowhere.
    Need("libharfbuzz-subset0", "HarfBuzz subset (font embedding)", loads("libharfbuzz-subset.so.0")),
    Need("fonts-noto-cjk", "the font Noto Sans CJK", lambda: noto_folder() is not None),
)
DEVELOPMENT_NEEDS = (
    # Playwright brings a Node of its own that links against it; without it browser tests end before a browser starts.
    Need("libatomic1", "the library Playwright's driver loads (browser tests)", loads("libatomic.so.1")),
)


def provide(needs: Iterable[Need]) -> None:
    """Install what is missing through apt where that is allowed, else raise `MissingError` with the exact command."""
    missing = [need for need in needs if not need.present()]
    if not missing:
        return
    packages = [need.package for need in missing]
    root = root_prefix()
    if shutil.which("apt-get") and root is not None:
        apt_install(packages, root)
    still = [need for need in missing if not need.present()]
    if still:
        raise MissingError(explanation(still))


def explanation(missing: list[Need]) -> str:
    listed = "\n".join(f"  {need.package:22} {need.what}" for need in missing)
    command = "sudo apt-get install --no-install-recommends " + " ".join(need.package for need in missing)
    return f"These system packages are missing:\n{listed}\nInstall them with\n  {command}\nand run make again."


def root_prefix() -> list[str] | None:
    """What to put before a command to run it as root without being asked anything; None where that is not allowed."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and run_quietly(["sudo", "-n", "true"]).returncode == 0:
        return ["sudo", "-n"]
    return None


def apt_install(packages: list[str], root: list[str]) -> None:
    """Try with the package lists at hand; where those are absent or old, fetch them and try once more."""
    print("installing system packages:", " ".join(packages), flush=True)
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    install = [*root, *quiet, "install", "--yes", "--no-install-recommends", *packages]
    if run_quietly(install).returncode == 0:
        return
    run_quietly([*root, *quiet, "update"])
    done = run_quietly(install)
    if done.returncode != 0:
        print(done.stdout[-2000:], file=sys.stderr)


def run_quietly(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


def chromium_on_path() -> str | None:
    """A Chromium of the system. Ubuntu's `chromium-browser` is a stub for a snap, so each is asked for its version."""
    for name in CHROMIUM_NAMES:
        path = shutil.which(name)
        if path and "Chrom" in run_quietly([path, "--version"]).stdout:
            return path
    return None


def is_debian() -> bool:
    """Only Debian's own `chromium` is a browser; its descendants often ship a stub."""
    try:
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return "ID=debian" in lines
