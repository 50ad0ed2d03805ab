"""Write requirements.txt and requirements-dev.txt from their .in files, or try that every wheel can be had.

    python tools/lock.py           compile both files with hashes, for Python 3.11 and newer
    python tools/lock.py --try     download every wheel for each supported Python and processor, checked by hash

Needs the network; run by a maintainer, never by set-up. uv is installed into var/lock for this alone.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "var" / "lock"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PROCESSORS = ("x86_64", "aarch64")
# The glibc of Debian 12 and Ubuntu 24.04 and everything older.
GLIBC_MINORS = range(17, 37)
LOCKS = ("requirements.txt", "requirements-dev.txt")


def main() -> int:
    if "--try" in sys.argv[1:]:
        return try_wheels()
    return compile_locks(upgrade="--upgrade" in sys.argv[1:])


def compile_locks(upgrade: bool) -> int:
    uv = uv_program()
    for lock in LOCKS:
        options = ["--universal", "--python-version", PYTHONS[0], "--generate-hashes", "--no-emit-index-url"]
        options += ["--no-header", "--quiet", *(["--upgrade"] if upgrade else [])]
        command = [str(uv), "pip", "compile", *options, Path(lock).with_suffix(".in").name, "--output-file", lock]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        print("wrote", lock)
    return 0


def uv_program() -> Path:
    uv = WORK / "bin" / "uv"
    if not uv.exists():
        subprocess.run([sys.executable, "-m", "venv", str(WORK)], check=True)
        subprocess.run([str(WORK / "bin" / "python"), "-m", "pip", "install", "--quiet", "uv"], check=True)
    return uv


def try_wheels() -> int:
    """Ask pip for every locked wheel as each target would; print one line per target, 1 if any has a gap."""
    gaps = 0
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        for python in PYTHONS:
            for processor in PROCESSORS:
                missing = missing_wheels(python, processor, folder)
                print(f"Python {python} {processor:8}", ", ".join(missing) or "every wheel is there", flush=True)
                gaps += len(missing)
    return min(gaps, 1)


def missing_wheels(python: str, processor: str, folder: str) -> list[str]:
    done = download(python, processor, folder, [str(ROOT / lock) for lock in LOCKS])
    if done.returncode == 0:
        return []
    names = re.findall(r"(?:No matching distribution found for|ERROR: .*for) ([\w.-]+==\S+)", done.stderr)
    return names or [done.stderr.strip().splitlines()[-1]]


def download(python: str, processor: str, folder: str, locks: list[str]) -> subprocess.CompletedProcess[str]:
    platforms = [f"manylinux_2_{minor}_{processor}" for minor in reversed(GLIBC_MINORS)]
    platforms += [f"manylinux2014_{processor}", f"linux_{processor}"]
    tags = [argument for name in platforms for argument in ("--platform", name)]
    abi = "cp" + python.replace(".", "")
    tags += ["--python-version", python, "--implementation", "cp", "--abi", abi, "--abi", "abi3", "--abi", "none"]
    files = [argument for lock in locks for argument in ("-r", lock)]
    strict = ["--only-binary=:all:", "--no-deps", "--require-hashes", "--quiet", "--dest", folder]
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", *strict, *tags, *files]
    return subprocess.run(command, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
