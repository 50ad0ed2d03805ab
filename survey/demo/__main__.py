"""`python -m survey.demo`: make the demonstration if it is not there, print its accounts, serve it on this machine."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Final

from survey.database import Database
from survey.demo.firms import MOST_FIRMS
from survey.demo.load import last_day, load
from survey.demo.place import TOP, Place, Refused, listing, refuse_settings, write_private
from survey.demo.serve import free_port, serve
from survey.demo.staff import codes_now
from survey.settings import Settings

FIRMS: Final = 1600
FEWEST: Final = 3
"""The firms of the printed accounts are always there."""
SEED: Final = 1
BAR: Final = 30


def main(arguments: list[str] | None = None) -> int:
    """0 when stopped, 1 when something broke, 2 when it could not start."""
    wish = _options().parse_args(arguments)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # names of firms on a terminal that has no Chinese
    try:
        refuse_settings(os.environ)
        place = Place(wish.folder.resolve())
        if wish.codes:
            _print_codes(place)
            return 0
        with place.held():
            port = free_port(wish.port)
            _prepare(place, port, wish)
            return serve(place.environment(port), port)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped before the demo was complete; the next start begins anew.", file=sys.stderr)
        return 130


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m survey.demo", description=__doc__)
    parser.add_argument("--port", type=_whole(0, 65535), default=8000, help="default 8000; 0 takes any free port")
    parser.add_argument("--firms", type=_whole(FEWEST, MOST_FIRMS), help=f"how many firms to invent (default {FIRMS})")
    parser.add_argument("--seed", type=int, help=f"another number gives other firms (default {SEED})")
    parser.add_argument("--fresh", action="store_true", help="forget everything and make the demo anew")
    parser.add_argument("--codes", action="store_true", help="only print the codes of the second step, as they are now")
    parser.add_argument("--folder", type=Path, default=TOP / "data" / "demo", help="default data/demo")
    return parser


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"must be a whole number from {least} to {most}")
        return int(text)

    return read


def _prepare(place: Place, port: int, wish: argparse.Namespace) -> None:
    """Make the demonstration, or take the one that is there, and print its accounts."""
    if wish.fresh or not place.accounts.exists():
        place.empty()
        _make(place, port, SEED if wish.seed is None else wish.seed, FIRMS if wish.firms is None else wish.firms)
    else:
        _take(place, wish)
    print(f"\nAccounts (kept in {place.accounts}):\n{place.accounts.read_text(encoding='utf-8')}", end="")
    print("\nPeople of offices and providers also need the code of a second step:")
    _print_codes(place)
    print("  again at any time, in another terminal: make demo-codes", flush=True)


def _print_codes(place: Place) -> None:
    lines = place.factors.read_text(encoding="ascii").splitlines() if place.factors.exists() else []
    print("\n".join(codes_now(dict(line.split() for line in lines), datetime.now(UTC))))


def _make(place: Place, port: int, seed: int, count: int) -> None:
    print(f"Making the demo in {place.folder} …", flush=True)
    place.secret()
    place.migrate()
    settings = Settings.from_environment(place.environment(port))
    database = Database.connect(place.database_url)
    try:
        accounts = load(database, settings, seed, count, datetime.now(UTC), _progress(count))
    finally:
        database.close()
    write_private(place.factors, "".join(f"{each.address} {each.factor}\n" for each in accounts if each.factor))
    write_private(place.accounts, listing(accounts))


def _take(place: Place, wish: argparse.Namespace) -> None:
    place.migrate()
    if wish.firms is not None or wish.seed is not None:
        print("The demo is there already and is kept as it is. Add --fresh to make it anew with these options.")
    database = Database.connect(place.database_url)
    try:
        closes = last_day(database)
    finally:
        database.close()
    if closes is not None and closes < datetime.now(UTC):
        print(f"Its round ended on {closes:%Y-%m-%d}: nothing can be filled in. Add --fresh to make it anew.")


def _progress(count: int) -> Callable[[int], None]:
    """A bar on a terminal; elsewhere one line at the end."""
    begun = time.monotonic()

    def show(done: int) -> None:
        line = f"[{'#' * (BAR * done // count):<{BAR}}] {done}/{count} firms, {time.monotonic() - begun:.0f} s"
        if sys.stdout.isatty():
            print(f"\r{line}", end="\n" if done == count else "", flush=True)
        elif done == count:
            print(line, flush=True)

    return show


if __name__ == "__main__":
    raise SystemExit(main())
