"""Look for what security tools find: bandit, our own rules, secrets, and known faults in the packages we pin.

    python tools/audit/run.py           everything; semgrep is installed into var/audit, pip-audit needs the network
    python tools/audit/run.py --quick   what needs no network and no other environment; `make test` runs the same
    python tools/audit/run.py --accept-secrets   note in secrets.json what is found now, after somebody has looked at it

A finding is a fault unless tools/audit/waivers.yaml says why it is none; a waiver that waives nothing is a fault too.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = ROOT / "tools" / "audit"
PROGRAMS = Path(sys.executable).parent
OWN = ROOT / "var" / "audit"
LOCKS = ("requirements.txt", "requirements-dev.txt", "tools/audit/requirements.txt")
SOURCES = ("survey", "scoring", "questionnaires", "templates", "tools", "migrations", "benchmarks", "wsgi.py")
MADE_UP = re.compile(r"Secret Keyword|High Entropy|Basic Auth")
"""Kinds of secrets that tests are full of: passwords and keys of people who do not exist."""


class Finding(NamedTuple):
    """One finding of a tool: the rule, the file below the top, the line, and what the tool says."""

    rule: str
    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.text}"


class Unavailable(Exception):
    """A tool cannot be asked here; the text says why and what to do."""


# -- the tools ---------------------------------------------------------------------------------------------------------


def bandit() -> list[Finding]:
    """What bandit finds in our Python files, with the settings of pyproject.toml."""
    folders = [name for name in SOURCES if name != "templates"]
    command = [PROGRAMS / "bandit", "-q", "-r", "-f", "json", "-c", "pyproject.toml", *folders]
    found = json.loads(_run(command, accept=(0, 1)))["results"]
    return [Finding(each["test_id"], each["filename"], each["line_number"], each["issue_text"]) for each in found]


def own_rules() -> list[Finding]:
    """What the patterns of rules.yaml find, line by line: the same rules that semgrep reads with more understanding."""
    return [found for rule in rules() for path in _files(rule) for found in _matches(rule, path)]


def semgrep() -> list[Finding]:
    """What semgrep finds with our own rules."""
    command = [_semgrep_program(), "scan", "--config", HERE / "rules.yaml", "--metrics=off", "--json", "--quiet"]
    command += ["--disable-version-check", "--no-git-ignore", *SOURCES]
    said = json.loads(_run(command, accept=(0, 1)))
    if said["errors"]:
        raise Unavailable("\n".join(each["message"] for each in said["errors"]))
    return [
        Finding(each["check_id"].rpartition(".")[2], each["path"], each["start"]["line"], each["extra"]["message"])
        for each in said["results"]
    ]


def secrets() -> list[Finding]:
    """What looks like a secret in a tracked file and is not in secrets.json, which lists what was looked at."""
    known = _known_secrets()
    return [
        Finding(each["type"], file, each["line_number"], f"is this a secret? ({each['hashed_secret'][:8]})")
        for file, found in _looked_up()["results"].items()
        for each in found
        if (file, each["hashed_secret"]) not in known
    ]


def accept_secrets() -> None:
    """Write down everything that looks like a secret now."""
    text = json.dumps(_looked_up(), indent=2, ensure_ascii=False)
    (HERE / "secrets.json").write_text(f"{text}\n", encoding="utf-8")


def _looked_up() -> dict[str, Any]:
    """What detect-secrets says, without the passwords of people in tests."""
    said: dict[str, Any] = json.loads(
        _run([PROGRAMS / "detect-secrets", "scan", *_settings("detect-secrets")["options"]])
    )
    del said["generated_at"]
    for file in [name for name in said["results"] if name.startswith("tests/")]:
        said["results"][file] = [each for each in said["results"][file] if not MADE_UP.search(each["type"])]
    said["results"] = {file: found for file, found in said["results"].items() if found}
    return said


def packages() -> list[Finding]:
    """Known faults of pinned packages. Asks the public lists, so it needs the network."""
    found = []
    for lock in LOCKS:
        command = [PROGRAMS / "pip-audit", "-r", lock, "--require-hashes", "--disable-pip", "-f", "json"]
        done = subprocess.run(
            [*command, "--progress-spinner=off"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode not in (0, 1) or not done.stdout.startswith("{"):
            raise Unavailable("the lists of known faults cannot be reached: run this again where there is a network")
        answered = json.loads(done.stdout)["dependencies"]
        if any("skip_reason" in each for each in answered):
            raise Unavailable("the lists of known faults do not answer for every package: run this again elsewhere")
        found += [
            Finding(fault["id"], lock, 0, f"{each['name']} {each['version']}: mended in {fault['fix_versions']}")
            for each in answered
            for fault in each["vulns"]
        ]
    return found


QUICK: dict[str, Callable[[], list[Finding]]] = {"bandit": bandit, "own rules": own_rules, "secrets": secrets}
ALL: dict[str, Callable[[], list[Finding]]] = {**QUICK, "semgrep": semgrep, "known faults of packages": packages}


# -- our own rules -----------------------------------------------------------------------------------------------------


@cache
def rules() -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load((HERE / "rules.yaml").read_text(encoding="utf-8"))["rules"])


def _files(rule: dict[str, Any]) -> Iterator[Path]:
    for pattern in rule["paths"]["include"]:
        for path in ROOT.glob(pattern):
            name = path.relative_to(ROOT).as_posix()
            if not any(Path(name).match(each) for each in rule["paths"].get("exclude", [])):
                yield path


def _matches(rule: dict[str, Any], path: Path) -> Iterator[Finding]:
    line_of = re.compile(rule["metadata"]["line"])
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line_of.search(line) and not line.lstrip().startswith("#"):
            yield Finding(rule["id"], path.relative_to(ROOT).as_posix(), number, rule["message"])


# -- waivers -----------------------------------------------------------------------------------------------------------


def waivers() -> list[dict[str, Any]]:
    """Rule, file, reason, and for faults of packages a day until which the waiver holds."""
    return list(yaml.safe_load((HERE / "waivers.yaml").read_text(encoding="utf-8")))


def unexplained(found: list[Finding], today: date) -> list[Finding]:
    """The findings that no waiver explains."""
    held = [each for each in waivers() if each.get("until", today) >= today]
    return [each for each in found if not any(explains(waiver, each) for waiver in held)]


def explains(waiver: dict[str, Any], finding: Finding) -> bool:
    return waiver["rule"] == finding.rule and fnmatch(finding.file, waiver["file"])


def useless(found: list[Finding]) -> list[dict[str, Any]]:
    """The waivers that explain none of these findings."""
    return [
        waiver for waiver in waivers() if "until" not in waiver and not any(explains(waiver, each) for each in found)
    ]


# -- running -----------------------------------------------------------------------------------------------------------


def main() -> int:
    """Ask every tool; 1 if something is unexplained, 2 if a tool could not be asked."""
    if "--accept-secrets" in sys.argv[1:]:
        accept_secrets()
        return 0
    tools = QUICK if "--quick" in sys.argv[1:] else ALL
    worst, everything = 0, []
    for name, ask in tools.items():
        try:
            found = ask()
        except Unavailable as why:
            print(f"{name:<26} NOT ASKED: {why}")
            worst = max(worst, 2)
            continue
        everything += found
        left = unexplained(found, date.today())  # noqa: DTZ011 -- a day is a day
        print(f"{name:<26} {len(found) - len(left)} explained, {len(left)} not")
        print("".join(f"  {each}\n" for each in left), end="")
        worst = max(worst, 1 if left else 0)
    for each in useless(everything):
        print(f"waives nothing: {each['rule']} in {each['file']}")
        worst = max(worst, 1)
    return worst


def _run(command: list[Any], accept: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run([str(each) for each in command], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in accept:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def _semgrep_program() -> Path:
    """semgrep wants other versions of our packages, so it lives in an environment of its own."""
    lock, program = HERE / "requirements.txt", OWN / "bin" / "semgrep"
    stamp, wanted = OWN / "stamp", hashlib.sha256(lock.read_bytes()).hexdigest()
    if not (program.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == wanted):
        install = [OWN / "bin" / "python", "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock]
        try:
            _run([sys.executable, "-m", "venv", OWN])
            _run(install)
        except RuntimeError as error:
            raise Unavailable(f"semgrep cannot be installed here ({str(error).splitlines()[-1]})") from error
        stamp.write_text(wanted, encoding="ascii")
    return program


def _known_secrets() -> set[tuple[str, str]]:
    looked_at = json.loads((HERE / "secrets.json").read_text(encoding="utf-8"))["results"]
    return {(file, each["hashed_secret"]) for file, found in looked_at.items() for each in found}


def _settings(tool: str) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][tool]
    return found


if __name__ == "__main__":
    sys.exit(main())
