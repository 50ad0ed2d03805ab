"""Everything an operator can set, read once from the environment when the site starts.

Each setting is one field of `Settings`; its variable is the name in capitals after `SME_`. A setting marked secret may
instead be read from a file: `SME_SECRET_KEY_FILE=/run/secrets/key`. docs/operations.md lists them all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "SME_"
LOCAL_HOSTS = ("127.0.0.1", "localhost")
LOG_LEVELS = ("debug", "info", "warning", "error")
MESSAGE_DRIVERS = ("file",)
_SECRET_BYTES = 32
_SAMPLE_WORDS = ("change", "example", "sample", "secret", "password")


class SettingsError(Exception):
    """The settings cannot be used. `faults` holds one sentence for each thing to mend."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("The settings cannot be used:\n" + "\n".join(f"  - {fault}" for fault in faults))


def _truth(text: str) -> bool:
    values = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if text.lower() not in values:
        raise ValueError("must be true or false")
    return values[text.lower()]


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and lowest <= int(text) <= highest):
            raise ValueError(f"must be a whole number from {lowest} to {highest}")
        return int(text)

    return read


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"must be one of: {', '.join(choices)}")
        return text.lower()

    return read


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise ValueError("must be an address like https://assessment.example.gov.cn, without a path")
    return text.rstrip("/")


def _database(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    if text == "sqlite:///" or ":memory:" in text:
        raise ValueError("must name a file: a database in memory has no second connection")
    return text


def _setting(about: str, *, default: Any = "", read: Callable[[str], Any] = str, secret: bool = False) -> Any:
    return dataclasses.field(default=default, repr=not secret, metadata={"help": about, "read": read, "secret": secret})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one running site. Raises `SettingsError` with every fault if they do not fit together."""

    secret_key: str = _setting("Signs cookies and forms. At least 32 random bytes; there is no default.", secret=True)
    secret_key_fallbacks: tuple[str, ...] = _setting(
        "Former keys, separated by commas, still accepted while a key is being changed.",
        default=(), read=_listed, secret=True,
    )  # fmt: skip
    database_url: str = _setting(
        "Where the records are: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME.",
        default="sqlite:///data/platform.db", read=_database, secret=True,
    )  # fmt: skip
    data_directory: Path = _setting(  # noqa: RUF009 -- a path cannot change
        "Folder for reports, messages and job files.", default=Path("data"), read=Path
    )
    base_url: str = _setting(
        "The address people type, used in links that leave the site.", default="http://127.0.0.1:8000", read=_address
    )
    trusted_hosts: tuple[str, ...] = _setting(
        "Host names the site answers to, separated by commas. Empty: the host of the base address.",
        default=(), read=_listed,
    )  # fmt: skip
    secure_cookies: bool = _setting("Send cookies over https only.", default=True, read=_truth)
    proxy_hops: int = _setting(
        "How many reverse proxies of our own stand in front and set X-Forwarded-For.", default=0, read=_whole(0, 5)
    )
    demo: bool = _setting("Show synthetic firms and their accounts, on this machine only.", default=False, read=_truth)
    # Names are data in both languages, like an instrument's texts, and therefore not in the catalogues.
    platform_name_zh: str = _setting("Name of the site, Chinese.", default="企业转型自评")
    platform_name_en: str = _setting("Name of the site, English.", default="Enterprise Transformation Self-Assessment")
    city_zh: str = _setting("The city that runs the site, Chinese.", default="天津市")
    city_en: str = _setting("The city that runs the site, English.", default="Tianjin")
    contact_zh: str = _setting("Whom to ask, one line on every page, Chinese.")
    contact_en: str = _setting("Whom to ask, one line on every page, English.")
    message_driver: str = _setting(
        "How codes and notices leave the site; file: written into the data folder.",
        default="file", read=_one_of(*MESSAGE_DRIVERS),
    )  # fmt: skip
    log_level: str = _setting("The least important lines to log.", default="info", read=_one_of(*LOG_LEVELS))
    idle_minutes: int = _setting("Minutes without a request that end a sign-in.", default=120, read=_whole(5, 1440))
    absolute_hours: int = _setting("Hours after which a sign-in ends in any case.", default=12, read=_whole(1, 168))
    staff_idle_minutes: int = _setting(
        "The same for people of offices and providers.", default=30, read=_whole(5, 1440)
    )
    staff_absolute_hours: int = _setting(
        "Hours after which a sign-in of people of offices and providers ends.", default=8, read=_whole(1, 168)
    )
    worker_processes: int = _setting("Processes that make reports.", default=2, read=_whole(1, 64))

    def __post_init__(self) -> None:
        faults = _faults(self)
        if faults:
            raise SettingsError(faults)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read all `SME_*` variables. Raises `SettingsError` that lists every fault at once."""
        values, faults = _read(environ)
        try:
            settings = cls(**values)
        except SettingsError as error:
            raise SettingsError(faults + error.faults) from None
        if faults:
            raise SettingsError(faults)
        return settings

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names the site answers to."""
        return self.trusted_hosts or (self.host,)

    @property
    def host(self) -> str:
        """The host name of the base address."""
        return urlsplit(self.base_url).hostname or ""


def database_url(environ: Mapping[str, str]) -> str:
    """The database alone, for the migrations, which need no secret key. Raises `SettingsError`."""
    mine = {name: text for name, text in environ.items() if name.startswith(PREFIX + "DATABASE_URL")}
    values, faults = _read(mine)
    if faults:
        raise SettingsError(faults)
    return str(values.get("database_url", Settings.database_url))


def _read(environ: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """The values that can be read, and what is wrong with the others."""
    fields = {PREFIX + field.name.upper(): field for field in dataclasses.fields(Settings)}
    given, faults = _with_files(environ, {name for name, field in fields.items() if field.metadata["secret"]})
    values: dict[str, Any] = {}
    for name, text in sorted(given.items()):
        if name not in fields:
            faults.append(f"{name} is not a setting.")
            continue
        try:
            values[fields[name].name] = fields[name].metadata["read"](text)
        except ValueError as error:
            faults.append(f"{name} {error}.")
    return values, faults


def _with_files(environ: Mapping[str, str], secrets: set[str]) -> tuple[dict[str, str], list[str]]:
    """Our variables, each `…_FILE` of a secret replaced by what its file holds."""
    given = {name: text.strip() for name, text in environ.items() if name.startswith(PREFIX)}
    faults = []
    for name in sorted(secrets & {name.removesuffix("_FILE") for name in given if name.endswith("_FILE")}):
        path = given.pop(f"{name}_FILE")
        if name in given:
            faults.append(f"{name} and {name}_FILE are both set; keep one.")
            continue
        try:
            given[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            faults.append(f"{name}_FILE cannot be read: {path}.")
    return given, faults


def _faults(settings: Settings) -> list[str]:
    """What is wrong with the settings taken together."""
    keys = {"SME_SECRET_KEY": (settings.secret_key,), "SME_SECRET_KEY_FALLBACKS": settings.secret_key_fallbacks}
    faults = [f"{name} {fault}." for name, texts in keys.items() for text in texts if (fault := _key_fault(text))]
    local = settings.host in LOCAL_HOSTS
    rules = {
        "SME_BASE_URL must begin with https:// unless its host is 127.0.0.1 or localhost.": (
            local or settings.base_url.startswith("https://")
        ),
        "SME_SECURE_COOKIES may be false only if the host of SME_BASE_URL is 127.0.0.1 or localhost.": (
            local or settings.secure_cookies
        ),
        "SME_DEMO needs the host of SME_BASE_URL and all of SME_TRUSTED_HOSTS to be 127.0.0.1 or localhost.": (
            not settings.demo or (local and set(settings.hosts) <= set(LOCAL_HOSTS))
        ),
        "SME_DEMO needs SME_PROXY_HOPS to be 0: demo accounts never stand behind a public proxy.": (
            not settings.demo or settings.proxy_hops == 0
        ),
    }
    return faults + [sentence for sentence, kept in rules.items() if not kept]


def _key_fault(key: str) -> str | None:
    """Why a signing key is too weak, or None."""
    if not key:
        return 'is missing; make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
    if len(key.encode()) < _SECRET_BYTES:
        return f"must have at least {_SECRET_BYTES} bytes"
    if len(set(key)) < 10 or any(word in key.lower() for word in _SAMPLE_WORDS):
        return "looks like a sample; use random characters"
    return None
