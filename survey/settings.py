"""Everything an operator can set, read once from the environment when the site starts.

Each setting is one field of `Settings`; its variable is the name in capitals after `SME_`. A setting marked secret may
instead be read from a file: `SME_SECRET_KEY_FILE=/run/secrets/key`. docs/operations.md lists them all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from survey.settings_rules import LOCAL_HOSTS, faults

PREFIX = "SME_"
LOG_LEVELS = ("debug", "info", "warning", "error")
MAIL_DRIVERS = ("file", "smtp")
SMS_DRIVERS = ("file", "http", "none")
PASSWORD_PROFILES = ("asvs", "mlps")
SMTP_SECURITY = ("starttls", "tls", "none")


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


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part) for part in _listed(text))
    except ValueError:
        raise ValueError("must name networks like 10.1.0.0/16, separated by commas") from None


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise ValueError("must be an address like https://assessment.example.gov.cn, without a path")
    return text.rstrip("/")


def _gateway(text: str) -> str:
    parts = urlsplit(text)
    if not parts.hostname or (parts.scheme != "https" and parts.hostname not in LOCAL_HOSTS):
        raise ValueError("must begin with https:// unless its host is 127.0.0.1 or localhost")
    return text


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
    mail_driver: str = _setting(
        "How mail leaves the site; file: written into the data folder, on this machine only.",
        default="file", read=_one_of(*MAIL_DRIVERS),
    )  # fmt: skip
    mail_from: str = _setting("The sender of mail, such as noreply@example.gov.cn.")
    smtp_host: str = _setting("The mail server.")
    smtp_port: int = _setting("Its port.", default=587, read=_whole(1, 65535))
    smtp_security: str = _setting(
        "starttls or tls; none only for a server on this machine.", default="starttls", read=_one_of(*SMTP_SECURITY)
    )
    smtp_user: str = _setting("The name for the mail server, if it wants one.")
    smtp_password: str = _setting("The password for the mail server.", secret=True)
    sms_driver: str = _setting(
        "How SMS leave the site; file: as for mail; http: through a gateway; none: only addresses are taken.",
        default="file", read=_one_of(*SMS_DRIVERS),
    )  # fmt: skip
    sms_url: str = _setting("The gateway that takes each SMS as a POST of JSON.", read=_gateway)
    sms_token: str = _setting("The token for the gateway.", secret=True)
    log_level: str = _setting("The least important lines to log.", default="info", read=_one_of(*LOG_LEVELS))
    idle_minutes: int = _setting("Minutes without a request that end a sign-in.", default=120, read=_whole(5, 1440))
    absolute_hours: int = _setting("Hours after which a sign-in ends in any case.", default=12, read=_whole(1, 168))
    staff_idle_minutes: int = _setting(
        "The same for people of offices and providers.", default=30, read=_whole(5, 1440)
    )
    staff_absolute_hours: int = _setting(
        "Hours after which a sign-in of people of offices and providers ends.", default=8, read=_whole(1, 168)
    )
    password_profile: str = _setting(
        "asvs: long passwords, changed when there is a reason; mlps: three kinds of signs, changed every 90 days.",
        default="asvs", read=_one_of(*PASSWORD_PROFILES),
    )  # fmt: skip
    staff_networks: tuple[IPv4Network | IPv6Network, ...] = _setting(
        "Networks from which roles of offices and providers count, such as 10.1.0.0/16. Empty: from everywhere.",
        default=(), read=_networks,
    )  # fmt: skip
    antivirus_command: str = _setting(
        "Looks at each uploaded letter and proof: run with the file's path added; any exit code but 0 refuses it."
    )
    audit_months: int = _setting("Months for which the record of deeds is kept.", default=12, read=_whole(6, 600))
    benchmark_minimum: int = _setting(
        "The least number of firms of which a comparison tells anything.", default=10, read=_whole(5, 1000)
    )
    worker_processes: int = _setting("Processes that make reports.", default=2, read=_whole(1, 64))

    def __post_init__(self) -> None:
        found = faults(self)
        if found:
            raise SettingsError(found)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read all `SME_*` variables. Raises `SettingsError` that lists every fault at once."""
        values, unread = _read(environ)
        try:
            settings = cls(**values)
        except SettingsError as error:
            raise SettingsError(unread + error.faults) from None
        if unread:
            raise SettingsError(unread)
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
