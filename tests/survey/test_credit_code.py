"""The unified social credit code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.credit_code import ALPHABET, CreditCode, Wrong, make_credit_code, read

MADE_UP = ("91120116MA0000007N", "91120111TEAT00015B", "91120119MA0TEAT1XJ")

made_codes = st.builds(make_credit_code, st.from_regex(r"\A[0-9]{6}\Z"), st.integers(0, 9999))


@pytest.mark.parametrize("code", MADE_UP)
def test_it_accepts_valid_codes(code: str) -> None:
    assert read(code) == CreditCode(code, inner_matches=True)


@pytest.mark.parametrize(
    "typed",
    [
        "91120116ma0000007n",
        "９１１２０１１６ＭＡ００００００７Ｎ",
        " 9112 0116 MA00 0000 7N ",
        "91120116-MA000000-7N",
        "91120116\u3000MA0000007N\n",
    ],
)
def test_it_reads_what_people_type(typed: str) -> None:
    assert read(typed) == CreditCode("91120116MA0000007N", inner_matches=True)


def test_it_names_the_district_of_registration() -> None:
    code = read("91120111TEAT00015B")
    assert isinstance(code, CreditCode)
    assert code.area_code == "120111"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("", Wrong("length", count=0)),
        ("91120116MA0000007", Wrong("length", count=17)),
        ("91120116MA0000007NN", Wrong("length", count=19)),
        ("91120116MA000O007N", Wrong("symbol", symbol="O", place=14)),
        ("9112O116MA", Wrong("symbol", symbol="O", place=5)),
        ("91120116MA00企0007N", Wrong("symbol", symbol="企", place=13)),
        ("91120116MA0000007P", Wrong("check")),
        ("91120116AM0000007N", Wrong("check")),
    ],
)
def test_it_says_what_is_wrong(typed: str, wrong: Wrong) -> None:
    assert read(typed) == wrong


def test_a_wrong_inner_digit_is_told_apart() -> None:
    """MA000000 asks for 7. With 8 the sum grows by 28, so the last symbol moves three on, from N to R."""
    assert read("91120116MA0000008R") == CreditCode("91120116MA0000008R", inner_matches=False)


@given(made_codes)
def test_every_made_code_is_valid_and_plainly_invented(code: str) -> None:
    assert read(code) == CreditCode(code, inner_matches=True)
    assert code[8:12] == "DEMA"


@given(made_codes, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_single_change_is_detected(code: str, place: int, symbol: str) -> None:
    changed = code[:place] + symbol + code[place + 1 :]
    assert changed == code or read(changed) == Wrong("check")


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(typed: str) -> None:
    assert isinstance(read(typed), CreditCode | Wrong)


def test_serials_give_different_codes() -> None:
    codes = {make_credit_code("120111", serial) for serial in range(0, 10_000, 7)}
    assert len(codes) == len(range(0, 10_000, 7))
    with pytest.raises(ValueError):
        make_credit_code("120111", 10_000)
