"""What every command at the terminal shares: how it refuses, and in which language it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from survey.languages import TAGS, speaking

FILE: Final = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


def refuse(faults: Iterable[str]) -> NoReturn:
    """List every fault and end with code 2."""
    for fault in faults:
        click.echo(fault, err=True)
    raise SystemExit(2)


def in_language(command: Callable[..., None]) -> Callable[..., None]:
    """An option for the language of what is said; the command is given it as `language`."""

    @click.option("--language", type=click.Choice(list(TAGS)), default="en", show_default=True, help="Of the answer.")
    @wraps(command)
    def spoken(language: str, **values: Any) -> None:
        with speaking(language):
            command(language=language, **values)

    return spoken
