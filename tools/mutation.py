"""Mutation testing of the scoring package: does a test notice when one thing in the code is changed?

    python tools/mutation.py                     400 mutants, seed 2024, two at a time
    python tools/mutation.py --sample 60         fewer
    python tools/mutation.py --list              only say what would be tried
    python tools/mutation.py --again report.json [--tests tests/scoring/test_x.py …]
                                                 only the survivors of a former run, wherever they stand by now

A seeded sample of all mutants is tried, each in a copy of the project, against tests/scoring and tests/questionnaires,
the quickest files first, until a test fails. Survivors are listed with their place; docs/mutation.md explains them.
Exit code 1 if fewer than 85 % are killed.

Why not a library: mutmut 3 tries everything or mutants by name, but has no seeded sample; cosmic-ray filters by
operator, comment or changed line, but has no sample either and does not order the tests. What is needed besides is
small: a table of changes over the syntax tree, and pytest.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import queue
import random
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "var" / "mutation"
PACKAGE = "scoring"
COPIED = ("questionnaires", "scoring", "benchmarks", "docs", "tests/questionnaires", "tests/scoring")
SUITES = ("tests/scoring", "tests/questionnaires")
ELSEWHERE = ("test_hostile.py", "test_changes.py", "test_digital_texts.py")  # of other packages, and slow
LEAST = 85  # percent killed
FIRST, SECOND = 4, 10  # how many test files are tried first, and next
NAME = re.compile(r"[a-z_]{1,24}")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: bytes `begin` to `end` of a file become `after`. `marked`: the line, with the changed part marked."""

    file: str
    line: int
    begin: int
    end: int
    before: str
    after: str
    marked: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {' '.join(self.before.split())[:70]}  →  {' '.join(self.after.split())[:70]}"


# -- what is changed: by type of node, the nodes that may stand there instead

COMPARED: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
RECKONED: dict[type, type] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult,
}  # fmt: skip
CALLED = {"min": "max", "max": "min", "any": "all", "all": "any"}


def compared(node: ast.Compare) -> Iterator[ast.AST]:
    for place, operator in enumerate(node.ops):
        other = COMPARED[type(operator)]()
        yield ast.Compare(node.left, [*node.ops[:place], other, *node.ops[place + 1 :]], node.comparators)


def joined(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def reckoned(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in RECKONED:
        yield ast.BinOp(node.left, RECKONED[type(node.op)](), node.right)


def signed(node: ast.UnaryOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.Not | ast.USub):
        yield node.operand


def written(node: ast.Constant) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
    elif isinstance(value, str) and NAME.fullmatch(value):
        yield ast.Constant(f"{value}_")


def called(node: ast.Call) -> Iterator[ast.AST]:
    if isinstance(node.func, ast.Name) and node.func.id in CALLED:
        yield ast.Call(ast.Name(CALLED[node.func.id]), node.args, node.keywords)


def chosen(node: ast.IfExp) -> Iterator[ast.AST]:
    yield ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)


def returned(node: ast.Return) -> Iterator[ast.AST]:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield ast.Return(ast.Constant(None))


def done(node: ast.Expr) -> Iterator[ast.AST]:
    """A call for its effect, or something yielded, is left out."""
    if isinstance(node.value, ast.Call):
        yield ast.Pass()
    elif isinstance(node.value, ast.Yield | ast.YieldFrom):
        yield ast.Expr(ast.YieldFrom(ast.Tuple([], ast.Load())))


CHANGES: dict[type, Callable[..., Iterator[ast.AST]]] = {
    ast.Compare: compared, ast.BoolOp: joined, ast.BinOp: reckoned, ast.UnaryOp: signed, ast.Constant: written,
    ast.Call: called, ast.IfExp: chosen, ast.Return: returned, ast.Expr: done,
}  # fmt: skip


def mutants(package: Path) -> list[Mutant]:
    """Every mutant of the package, in a fixed order."""
    return [mutant for path in sorted(package.rglob("*.py")) for mutant in mutants_of(path)]


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of one file."""
    source = path.read_bytes()
    name = str(path.relative_to(ROOT))
    for line, begin, end, after in changes_of(source):
        marked = marked_line(source, begin, end)
        yield Mutant(name, line, begin, end, source[begin:end].decode(), after, marked)


def marked_line(source: bytes, begin: int, end: int) -> str:
    """What stands from the begin of the first changed line to the end of the last, which tells a mutant for good."""
    first, last = source.rfind(b"\n", 0, begin) + 1, source.find(b"\n", end)
    parts = (source[first:begin], source[begin:end], source[end : last if last >= 0 else len(source)])
    before, changed, after = (" ".join(part.decode().split()) for part in parts)
    return f"{before}«{changed}»{after}"


def changes_of(source: bytes) -> Iterator[tuple[int, int, int, str]]:
    """For each change its line, the bytes it takes the place of, and what stands there then."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for node in visited(ast.parse(source)):
        begin = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        for other in CHANGES[type(node)](node):
            text = ast.unparse(ast.fix_missing_locations(other))
            after = text if isinstance(other, ast.stmt) else f"({text})"
            yield node.lineno, begin, end, after
    yield from conditions(source, starts)


def conditions(source: bytes, starts: list[int]) -> Iterator[tuple[int, int, int, str]]:
    """Every `if` the other way round."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.unparse(node.test):
            begin = starts[node.test.lineno - 1] + node.test.col_offset
            end = starts[(node.test.end_lineno or 0) - 1] + (node.test.end_col_offset or 0)
            yield node.lineno, begin, end, f"not ({source[begin:end].decode()})"


def visited(node: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """The nodes that can be changed: not types, imports, docstrings, or parts of formatted text."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "bases") or isinstance(node, ast.JoinedStr):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.Import | ast.ImportFrom | ast.JoinedStr):
                continue
            if isinstance(child, ast.expr | ast.stmt) and type(child) in CHANGES:
                yield child
            yield from visited(child)


# -- those of a former run


def again(former: list[Mutant], found: list[Mutant]) -> tuple[list[Mutant], list[Mutant]]:
    """Former mutants as they stand now, and those whose code is gone.

    One is known by its file, its line with the changed part marked, and the change; of several the nearest line is it.
    """
    now, gone = list[Mutant](), list[Mutant]()
    for mutant in former:
        alike = [each for each in found if _told(each) == _told(mutant)]
        nearest = min(alike, key=lambda each: abs(each.line - mutant.line), default=None)
        (gone if nearest is None else now).append(nearest or mutant)
    return now, gone


def _told(mutant: Mutant) -> tuple[str, str, str]:
    return mutant.file, mutant.marked, mutant.after


# -- trying them


def copy_project(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)


def failing(folder: Path, files: list[str], seconds: float, unchanged: bool = False) -> str | None:
    """The first test file that fails; an empty name where none is to blame, such as when time is up. None: all pass.

    Compiled code is kept from the `unchanged` project only: a mutant must never be taken for what it was made of.
    """
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *files]
    environment = dict(os.environ) if unchanged else {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return ""
    blamed = re.search(r"^(?:FAILED|ERROR) (tests/[\w/]+\.py)", done.stdout.decode(errors="replace"), re.MULTILINE)
    return None if done.returncode == 0 else blamed[1] if blamed else ""


def test_files(folder: Path) -> list[str]:
    paths = sorted(path for suite in SUITES for path in (folder / suite).rglob("test_*.py"))
    return [str(path.relative_to(folder)) for path in paths if path.name not in ELSEWHERE]


def quickest_first(folder: Path, names: list[str]) -> tuple[list[str], float]:
    """The test files by how long they take, and how long all take; ends the run where one fails unchanged."""
    taken: dict[str, float] = {}
    for name in names:
        begin = time.monotonic()
        if failing(folder, [name], 600, unchanged=True) is not None:
            sys.exit(f"{name} fails without any mutant; mend that first")
        taken[name] = time.monotonic() - begin
    return sorted(taken, key=lambda name: taken[name]), sum(taken.values())


def noticed(mutant: Mutant, folder: Path, files: list[str], seconds: float) -> str | None:
    """Which test file notices a mutant, as `failing` tells it."""
    path = folder / mutant.file
    source, times = path.read_bytes(), path.stat()
    path.write_bytes(source[: mutant.begin] + mutant.after.encode() + source[mutant.end :])
    try:
        for some in (files[:FIRST], files[FIRST:SECOND], files[SECOND:]):  # few are collected quickly
            found = failing(folder, some, seconds) if some else None
            if found is not None:
                return found
        return None
    finally:
        path.write_bytes(source)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def likely_first(files: list[str], mutant: Mutant, kills: Counter[str]) -> list[str]:
    """First the tests named after the changed file, then those that noticed most so far, then the quickest."""
    stem = Path(mutant.file).stem.rstrip("s")
    return sorted(files, key=lambda name: (stem not in name, -kills[name]))


def try_all(sample: list[Mutant], workers: int, names: list[str]) -> list[Mutant]:
    """The mutants that no test noticed, of those in the files named, or of all where none is named."""
    folders = [WORK / str(number) for number in range(workers)]
    copy_project(folders[0])
    files, whole = quickest_first(folders[0], names or test_files(folders[0]))
    for folder in folders[1:]:  # with what was compiled
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(folders[0], folder)
    print(f"{len(sample)} mutants, {len(files)} test files, {whole:.0f} s without any mutant", flush=True)
    waiting: queue.SimpleQueue[Mutant] = queue.SimpleQueue()
    for mutant in sample:
        waiting.put(mutant)
    survivors, kills = list[Mutant](), Counter[str]()
    begin, lock, tried = time.monotonic(), threading.Lock(), 0

    def work(folder: Path) -> None:
        nonlocal tried
        while True:
            try:
                mutant = waiting.get_nowait()
            except queue.Empty:
                return
            found = noticed(mutant, folder, likely_first(files, mutant, kills), 2 * whole + 30)
            alive = found is None
            with lock:
                tried += 1
                kills.update([found] if found else [])
                survivors.extend([mutant] if alive else [])
                told = f"{tried}/{len(sample)}, {len(survivors)} survived, {time.monotonic() - begin:.0f} s"
                print(f"survived: {mutant}" if alive else f"  {told}", flush=True)

    threads = [threading.Thread(target=work, args=(folder,)) for folder in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(survivors, key=lambda mutant: (mutant.file, mutant.begin))


def main() -> int:
    options = _options()
    found = mutants(ROOT / PACKAGE)
    sample, report = _former(options.again, found) if options.again else _drawn(found, options)
    if options.list:
        print("\n".join(map(str, sample)), f"\n{len(sample)} of {len(found)} mutants")
        return 0
    survivors = try_all(sample, options.workers, options.tests)
    tried, killed = report["tried"], report["tried"] - len(survivors)
    share = 100 * killed / tried
    print("", *survivors, sep="\n")
    noticed_now = f"{len(sample) - len(survivors)} of {len(sample)} former survivors noticed; " if options.again else ""
    print(f"{noticed_now}{killed} of {tried} killed ({share:.1f} %), seed {report['seed']}")
    report |= {"killed": killed, "survivors": list(map(asdict, survivors))}
    name = "again.json" if options.again else "report.json"
    (WORK / name).write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0 if share >= LEAST else 1


def _drawn(found: list[Mutant], options: argparse.Namespace) -> tuple[list[Mutant], dict[str, Any]]:
    dice = random.Random(options.seed)  # noqa: S311  # a sample, no secret
    sample = dice.sample(found, min(options.sample, len(found)))
    return sample, {"seed": options.seed, "tried": len(sample), "possible": len(found)}


def _former(path: Path, found: list[Mutant]) -> tuple[list[Mutant], dict[str, Any]]:
    """The survivors of a report; those whose code is gone are no longer counted."""
    report = json.loads(path.read_text(encoding="utf-8"))
    sample, gone = again([Mutant(**each) for each in report["survivors"]], found)
    print(*(f"gone: {mutant}" for mutant in gone), sep="\n")
    return sample, {**report, "tried": report["tried"] - len(gone)}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Mutation testing of the scoring package.")
    parser.add_argument("--sample", type=int, default=400, help="how many mutants to try")
    parser.add_argument("--seed", type=int, default=2024, help="another number tries others")
    parser.add_argument("--workers", type=int, default=2, help="how many at a time")
    parser.add_argument("--list", action="store_true", help="only list the sample")
    parser.add_argument("--again", type=Path, metavar="REPORT", help="try only the survivors of a former report")
    parser.add_argument("--tests", nargs="+", default=[], metavar="FILE", help="only these test files")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
