"""What items are made of: their words, their options and levels, and what a person may choose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field, model_validator

from questionnaires.faults import Fault, brief
from questionnaires.statements import Statement
from questionnaires.text import LANGUAGES, Strict, Text


class Improvable(Strict):
    """What it takes to get here: `effort` in the definition's own points, in `work` done or only on paper."""

    effort: int | None = Field(default=None, ge=1, le=100)
    work: Literal["practice", "paper"] | None = None
    advice: Text | None = None


class Option(Improvable):
    """One choice. `exclusive` stands alone ("none of these"); `requires` names options that must be chosen as well.

    Whoever chooses a `not_applicable` option is not scored on the item at all.
    """

    id: str
    label: Text
    note: Text | None = None
    exclusive: bool = False
    not_applicable: bool | None = None
    requires: tuple[str, ...] = ()
    requires_source: str | None = None
    requires_confidence: str | None = None


class Asked(Strict):
    """What every item tells its reader. What is left out here can be tried, but not published."""

    id: str
    number: str = ""
    short: Text = Text()  # the label, where nothing is said
    label: Text
    hint: Text | None = None
    why: Text = Text()
    definition: Text | None = None
    evidence: Text = Text()
    when: Statement | None = None  # asked only where it holds
    source: str = ""
    confidence: str = ""

    @model_validator(mode="before")
    @classmethod
    def _short(cls, raw: Any) -> Any:
        return {"short": raw.get("label"), **raw} if isinstance(raw, dict) else raw


class SceneLevel(Improvable):
    """The description of one level of a scene; 0 is "not there yet"."""

    level: int
    label: Text
    note: Text | None = None


def named(option: object) -> object:
    """An option that is called by a number may be given as one."""
    return str(option) if isinstance(option, int) and not isinstance(option, bool) else option


def unknown_option(path: str, option: object) -> Fault:
    return Fault(path, "unknown_option", {"option": brief(option)})


def labels(**texts: Sequence[Text]) -> Mapping[str, str]:
    """Each text in each language under `name_language`, for sentences that quote labels."""
    join: Mapping[str, Callable[[list[str]], str]] = {"zh_CN": "、".join, "en": "; ".join}
    return {
        f"{name}_{language}": join[language]([text.say(language) for text in labels])
        for name, labels in texts.items()
        for language in LANGUAGES
    }
