"""Settings stop the start when something is wrong, and say everything that is wrong at once."""

import dataclasses
from pathlib import Path

import pytest

from survey import settings
from survey.settings import Settings, SettingsError

KEY = "x9Qm2Lr7Tz4Vb8Nk1Wd6Hs3Jf5Gc0Pya"
WAYS_OUT = {
    "SME_MAIL_DRIVER": "smtp",
    "SME_SMTP_HOST": "mail.example.gov.cn",
    "SME_MAIL_FROM": "noreply@example.gov.cn",
    "SME_SMS_DRIVER": "none",
}
PUBLIC = {"SME_SECRET_KEY": KEY, "SME_BASE_URL": "https://sme.example.gov.cn", **WAYS_OUT}
OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


def faults(**changes: str) -> list[str]:
    """What is said about these settings, and nothing if they can be used."""
    try:
        Settings.from_environment({**PUBLIC, **changes})
    except SettingsError as error:
        return error.faults
    return []


def test_it_works_with_a_key_alone() -> None:
    made = Settings.from_environment({"SME_SECRET_KEY": KEY, "PATH": "/bin"})
    assert made.database_url == "sqlite:///data/platform.db"
    assert made.secure_cookies
    assert made.hosts == ("127.0.0.1",)


def test_it_reads_every_kind_of_value() -> None:
    made = Settings.from_environment(
        PUBLIC
        | {
            "SME_DATABASE_URL": "postgresql://me:pw@db/sme",
            "SME_TRUSTED_HOSTS": "a.example.cn, b.example.cn",
            "SME_PROXY_HOPS": "1",
            "SME_DATA_DIRECTORY": "/srv/sme",
            "SME_LOG_LEVEL": "WARNING",
            "SME_CITY_EN": "Elsewhere",
        }
    )
    assert (made.hosts, made.proxy_hops, made.data_directory) == (("a.example.cn", "b.example.cn"), 1, Path("/srv/sme"))
    assert (made.log_level, made.city_en) == ("warning", "Elsewhere")


def test_it_lists_all_faults_at_once() -> None:
    environ = {"SME_NONSENSE": "1", "SME_DEMO": "maybe", "SME_WORKER_PROCESSES": "0", "SME_BASE_URL": "http://sme.cn"}
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(environ | WAYS_OUT)
    named = [fault.split()[0] for fault in caught.value.faults]
    assert named == ["SME_DEMO", "SME_NONSENSE", "SME_WORKER_PROCESSES", "SME_SECRET_KEY", "SME_BASE_URL"]
    assert all(fault in str(caught.value) for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SME_IDLE_MINUTES", "4"),
        ("SME_IDLE_MINUTES", "１２"),
        ("SME_IDLE_MINUTES", "-5"),
        ("SME_ABSOLUTE_HOURS", "169"),
        ("SME_PROXY_HOPS", "one"),
        ("SME_SECURE_COOKIES", ""),
        ("SME_SECURE_COOKIES", "false"),
        ("SME_LOG_LEVEL", "loud"),
        ("SME_MAIL_DRIVER", "pigeon"),
        ("SME_SMS_DRIVER", "smoke"),
        ("SME_SMS_URL", "http://gateway.example.cn/send"),
        ("SME_MAIL_DRIVER", "file"),
        ("SME_SMS_DRIVER", "file"),
        ("SME_SMTP_SECURITY", "none"),
        ("SME_BASE_URL", "sme.example.gov.cn"),
        ("SME_BASE_URL", "https://sme.example.gov.cn/path"),
        ("SME_DATABASE_URL", "mysql://db/sme"),
        ("SME_DATABASE_URL", "sqlite://"),
        ("SME_DATABASE_URL", "sqlite:///:memory:"),
        ("SME_SECRET_KEY", ""),
        ("SME_SECRET_KEY", KEY[:31]),
        ("SME_SECRET_KEY", "a" * 64),
        ("SME_SECRET_KEY", "please-change-me-0123456789-abcdefgh"),
        ("SME_SECRET_KEY_FALLBACKS", f"{KEY}1,short"),
        ("SME_CITY_EN_FILE", "/etc/hostname"),
    ],
)
def test_it_refuses(name: str, value: str) -> None:
    assert {fault.split()[0] for fault in faults(**{name: value})} == {name}


@pytest.mark.parametrize(
    ("name", "needed"),
    [("SME_MAIL_DRIVER=smtp", "SME_SMTP_HOST"), ("SME_MAIL_DRIVER=smtp", "SME_MAIL_FROM")],
)
def test_it_names_what_mail_needs(name: str, needed: str) -> None:
    assert [fault.split()[0] for fault in faults(**{needed: ""})] == [name]


def test_it_wants_a_token_for_the_gateway() -> None:
    gateway = {"SME_SMS_DRIVER": "http", "SME_SMS_URL": "https://sms.example.cn/send"}
    assert [fault.split()[0] for fault in faults(**gateway)] == ["SME_SMS_DRIVER=http"]
    assert not faults(**gateway, SME_SMS_TOKEN="t0ken")


def test_it_reads_secrets_from_files(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEY}-filed\n")
    environ = {"SME_SECRET_KEY_FILE": str(tmp_path / "key")}
    assert Settings.from_environment(environ).secret_key == f"{KEY}-filed"
    assert faults(**environ) == ["SME_SECRET_KEY and SME_SECRET_KEY_FILE are both set; keep one."]
    assert faults(SME_DATABASE_URL_FILE="/nowhere") == ["SME_DATABASE_URL_FILE cannot be read: /nowhere."]


@pytest.mark.parametrize(
    "production",
    [{"SME_TRUSTED_HOSTS": "sme.example.gov.cn"}, {"SME_PROXY_HOPS": "1"}, PUBLIC],
)
def test_it_never_runs_the_demo_where_others_can_reach_it(production: dict[str, str]) -> None:
    demo = {"SME_SECRET_KEY": KEY, "SME_DEMO": "true", "SME_BASE_URL": "http://localhost:8000"}
    assert Settings.from_environment(demo).demo
    with pytest.raises(SettingsError, match="SME_DEMO needs"):
        Settings.from_environment(demo | production)


def test_it_shows_no_secret_when_printed() -> None:
    shown = repr(Settings.from_environment(PUBLIC | {"SME_DATABASE_URL": "postgresql://me:hidden@db/sme"}))
    assert KEY not in shown
    assert "hidden" not in shown


def test_it_needs_no_key_for_migrations() -> None:
    assert settings.database_url({}) == "sqlite:///data/platform.db"
    assert settings.database_url({"SME_DATABASE_URL": "postgresql:///a", "SME_OTHER": "1"}) == "postgresql:///a"
    with pytest.raises(SettingsError):
        settings.database_url({"SME_DATABASE_URL": "oracle:///a"})


@pytest.mark.parametrize("field", dataclasses.fields(Settings), ids=lambda field: str(field.name))
def test_it_is_explained_to_operators(field: "dataclasses.Field[object]") -> None:
    name = settings.PREFIX + field.name.upper()
    lines = [line for line in OPERATIONS.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{name}` |")]
    assert len(lines) == 1, f"docs/operations.md needs one row for {name}"
    assert field.metadata["help"] in lines[0]
    assert f"| {shown(field.default)} |" in lines[0]


def shown(default: object) -> str:
    """A default as docs/operations.md prints it."""
    text = str(default).lower() if isinstance(default, bool) else str(default)
    return f"`{text}`" if default not in ("", ()) else "none"
