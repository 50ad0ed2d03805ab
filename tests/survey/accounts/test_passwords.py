import pytest

from survey.accounts import passwords

CONTEXT = (
    "李伟 Li Wei",
    "13800138000",
    "wei.li@heyue-precision.cn",
    "Enterprise Transformation Self-Assessment",
    "Tianjin",
)


@pytest.mark.parametrize(
    "password",
    [
        "kettle marble orbit fern",
        "水壶 弹珠 轨道 蕨类 橘子 台灯 雨伞",
        "x7#Qm!pL2vRz9&tK",
        "é" * 7 + "käfig-ölzweig-17",
    ],
)
def test_it_takes_long_passwords_of_any_signs(password: str) -> None:
    assert passwords.fault(password, CONTEXT) is None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("kettle marble", "short"),
        ("k" * 14, "short"),
        ("kettle marble " * 10, "long"),
        ("aaaaaaaaaaaaaaaaaaaa", "common"),
        ("abcabcabcabcabcabc", "common"),
        ("12345678901234567890", "common"),
        ("qwertyuiopasdfghjkl", "common"),
        ("passwordpassword123", "common"),
        ("P@ssw0rdP@ssw0rd2026", "common"),
        ("tianjin2026tianjin", "common"),
        ("heyue-precision.cn", "common"),
        ("138001380001380013", "common"),
        ("enterprisetransformation1", "common"),
        ("zyxwvutsrqponmlkj", "common"),
    ],
)
def test_it_refuses_passwords_that_are_easy_to_guess(password: str, why: str) -> None:
    assert passwords.fault(password, CONTEXT) == why


@pytest.mark.parametrize("password", ["polniypizdec0211", "Chickenwing101!", "CONTORTIONIST", "flvbybcnhfnjh99"])
def test_it_refuses_what_was_stolen_elsewhere(password: str) -> None:
    assert passwords.fault(password, CONTEXT, second_factor=True) == "common"


def test_it_hashes_with_the_parameters_of_the_house() -> None:
    kept = passwords.hashed("水壶 弹珠 轨道 蕨类 橘子 台灯 雨伞")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches("水壶 弹珠 轨道 蕨类 橘子 台灯 雨伞", kept)
    assert not passwords.matches("水壶 弹珠 轨道 蕨类 橘子 台灯 雨", kept)
    assert not passwords.is_outdated(kept)


def test_it_cuts_nothing_off() -> None:
    kept = passwords.hashed("a" * 100 + "b")
    assert not passwords.matches("a" * 100 + "c", kept)


def test_it_does_the_same_work_for_unknown_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = []
    monkeypatch.setattr(passwords, "hasher", Watched(hashes))
    assert not passwords.matches("the password of an account that does not exist", None)
    assert len(hashes) == 1
    assert hashes[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


class Watched:
    """The real hasher, remembering which hashes it was asked to compare."""

    def __init__(self, hashes: list[str]) -> None:
        self.hashes, self.real = hashes, passwords.hasher

    def verify(self, kept: str, password: str) -> bool:
        self.hashes.append(kept)
        return self.real.verify(kept, password)

    def hash(self, password: str) -> str:
        return self.real.hash(password)


@pytest.mark.parametrize(
    ("password", "profile", "second_factor", "why"),
    [
        ("ox7-ghm", "asvs", True, "short with factor"),
        ("ox7-ghmz", "asvs", True, None),
        ("ox7-ghmz", "asvs", False, "short"),
        ("kettlemarbleorbit", "mlps", False, "kinds"),
        ("kettle marble orbit", "mlps", False, "kinds"),
        ("Kettle marble orbit", "mlps", False, None),
        ("kettle marble orbit 7", "mlps", False, None),
        ("kettlemarbleorbit", "asvs", False, None),
        ("水壶弹珠轨道蕨类橘子台灯雨伞云杉7，", "mlps", False, None),
    ],
)
def test_it_keeps_the_rules_of_the_profile(password: str, profile: str, second_factor: bool, why: str | None) -> None:
    assert passwords.fault(password, (), profile=profile, second_factor=second_factor) == why
