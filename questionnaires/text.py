"""Text in every language of the site, kept together, and the strict model that all definitions are made of."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, ConfigDict

LANGUAGES: Final = ("zh_CN", "en")


class Strict(BaseModel):
    """A frozen record that refuses keys it does not know, so that a misspelt key is found when loading.

    Names may look like numbers (`version: 2024`, an option `0`), which YAML reads as numbers: they stay names.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class Text(Strict):
    """One text in every language. A missing language blocks publishing, not loading."""

    zh_CN: str | None = None  # noqa: N815  # the language's own code, as in the YAML files
    en: str | None = None

    def say(self, language: str) -> str:
        """The text in `language`; where that is missing, the other language rather than nothing."""
        return getattr(self, language) or self.zh_CN or self.en or ""

    def missing(self) -> list[str]:
        return [language for language in LANGUAGES if not getattr(self, language)]


def is_text(value: Any) -> bool:
    """Whether a plain mapping is a dumped `Text`: only language keys, at least one."""
    return isinstance(value, dict) and bool(value) and set(value) <= set(LANGUAGES)
