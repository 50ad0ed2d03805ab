"""Items: what one question accepts. Adding a type is one class here and its line in `Item`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from questionnaires.faults import Fault, brief
from questionnaires.figures import Figures
from questionnaires.text import LANGUAGES, Strict, Text

Response = str | tuple[str, ...] | int  # an option, several options in the definition's order, or a scene's level


class Option(Strict):
    """One choice. `exclusive` stands alone ("none of these"); `requires` names options that must be chosen as well."""

    id: str
    label: Text
    note: Text | None = None
    exclusive: bool = False
    requires: tuple[str, ...] = ()
    requires_source: str | None = None
    requires_confidence: str | None = None


class Asked(Strict):
    """What every item tells its reader."""

    id: str
    number: str
    short: Text
    label: Text
    hint: Text | None = None
    why: Text
    definition: Text | None = None
    evidence: Text
    source: str
    confidence: str


class Single(Asked):
    """One option. With `figures`, figures of the firm decide or question the choice."""

    type: Literal["single"]
    options: tuple[Option, ...]
    figures: Figures | None = None

    def option(self, option_id: str) -> Option:
        return next(option for option in self.options if option.id == option_id)

    def clean(self, path: str, raw: object) -> str | Fault | None:
        if raw is None:
            return None
        if not isinstance(raw, str):
            return Fault(path, "not_one_option")
        return raw if any(raw == option.id for option in self.options) else _unknown(path, raw)

    def words(self, response: Response, language: str) -> list[str]:
        return [self.option(str(response)).label.say(language)]


class Multiple(Asked):
    """Any number of options that do not contradict each other. Choosing nothing is not an answer."""

    type: Literal["multiple"]
    options: tuple[Option, ...]

    def option(self, option_id: str) -> Option:
        return next(option for option in self.options if option.id == option_id)

    def clean(self, path: str, raw: object) -> tuple[str, ...] | Fault | None:
        if raw is None or raw == [] or raw == ():
            return None
        if not isinstance(raw, list | tuple):
            return Fault(path, "not_a_list")
        known = {option.id for option in self.options}
        for position, option_id in enumerate(raw):
            if not isinstance(option_id, str) or option_id not in known:
                return _unknown(f"{path}[{position}]", option_id)
            if option_id in raw[:position]:
                return Fault(f"{path}[{position}]", "option_twice", {"option": option_id})
        chosen = [option for option in self.options if option.id in raw]
        return self._contradiction(path, chosen) or tuple(option.id for option in chosen)

    def _contradiction(self, path: str, chosen: Sequence[Option]) -> Fault | None:
        ids = {option.id for option in chosen}
        for option in chosen:
            if option.exclusive and len(chosen) > 1:
                return Fault(path, "exclusive", _labels(label=[option.label]))
            missing = [self.option(needed).label for needed in option.requires if needed not in ids]
            if missing:
                return Fault(path, "requires", _labels(label=[option.label], missing=missing))
        return None

    def words(self, response: Response, language: str) -> list[str]:
        assert isinstance(response, tuple)
        return [self.option(option_id).label.say(language) for option_id in response]


class SceneLevel(Strict):
    """The description of one level of a scene; 0 is "not there yet"."""

    level: int
    label: Text
    note: Text | None = None


class Scene(Asked):
    """A business process rated 0–4 by the highest description that is fully met. It earns no points."""

    type: Literal["scene"]
    constrained: bool
    group: str
    levels: tuple[SceneLevel, ...]

    def clean(self, path: str, raw: object) -> int | Fault | None:
        if raw is None:
            return None
        if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw < len(self.levels):
            return Fault(path, "not_a_level")
        return raw

    def words(self, response: Response, language: str) -> list[str]:
        return [self.levels[int(str(response))].label.say(language)]


Item = Annotated[Single | Multiple | Scene, Field(discriminator="type")]


def _unknown(path: str, option: object) -> Fault:
    return Fault(path, "unknown_option", {"option": brief(option)})


def _labels(**texts: Sequence[Text]) -> Mapping[str, str]:
    """Each text in each language under `name_language`, for sentences that quote labels."""
    join: Mapping[str, Callable[[list[str]], str]] = {"zh_CN": "、".join, "en": "; ".join}
    return {
        f"{name}_{language}": join[language]([text.say(language) for text in labels])
        for name, labels in texts.items()
        for language in LANGUAGES
    }
