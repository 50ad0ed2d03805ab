"""What is sealed opens only with the keys of this site; what is hashed with a key cannot be made without it."""

import dataclasses

import pytest

from survey import protection
from survey.settings import Settings

SECRET = "JBSWY3DPEHPK3PXP 多因素"


@pytest.fixture
def plain() -> Settings:
    """Settings without a database behind them."""
    return Settings(secret_key="x9Qm2Lr7Tz4Vb8Nk1Wd6Hs3Jf5Gc0Pya-for-tests", secure_cookies=False)


def rotated(settings: Settings, *former: str) -> Settings:
    return dataclasses.replace(
        settings, secret_key="another-9Qm2Lr7Tz4Vb8Nk1Wd6Hs3Jf5Gc0Pya", secret_key_fallbacks=former
    )


def test_it_opens_what_it_sealed(plain: Settings) -> None:
    box = protection.sealed(plain, SECRET)
    assert protection.opened(plain, box) == SECRET
    assert "JBSW" not in box
    assert protection.sealed(plain, SECRET) != box, "the same text never looks the same"


def test_it_opens_what_a_former_key_sealed(plain: Settings) -> None:
    box = protection.sealed(plain, SECRET)
    assert protection.opened(rotated(plain, plain.secret_key), box) == SECRET
    with pytest.raises(protection.CannotOpen):
        protection.opened(rotated(plain), box)


def test_it_refuses_what_was_changed(plain: Settings) -> None:
    box = protection.sealed(plain, SECRET)
    with pytest.raises(protection.CannotOpen):
        protection.opened(plain, box[:-4] + ("AAAA" if box[-4:] != "AAAA" else "BBBB"))


def test_it_hashes_by_key_and_purpose(plain: Settings) -> None:
    one = protection.keyed_hashes(plain, "claim", "123456")[0]
    assert one == protection.keyed_hashes(plain, "claim", "123456")[0]
    others = {
        protection.keyed_hashes(plain, "sign-in", "123456")[0],
        protection.keyed_hashes(plain, "claim", "123457")[0],
        protection.keyed_hashes(rotated(plain), "claim", "123456")[0],
    }
    assert one not in others
    assert len(others) == 3


def test_it_makes_codes_with_all_their_digits() -> None:
    made = {protection.digits() for _ in range(2000)}
    assert all(len(each) == 6 and each.isdigit() for each in made)
    assert len(made) > 1900
    assert any(each.startswith("0") for each in made)
    assert len(protection.token()) >= 43
