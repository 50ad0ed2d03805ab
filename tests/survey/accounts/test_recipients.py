import pytest

from survey.accounts.recipients import masked, recipient


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("13800138000", ("mobile", "13800138000")),
        (" 138-0013-8000 ", ("mobile", "13800138000")),
        ("+86 138 0013 8000", ("mobile", "13800138000")),
        ("008613800138000", ("mobile", "13800138000")),
        ("8613800138000", ("mobile", "13800138000")),
        ("（+86）１３８　００１３　８０００", ("mobile", "13800138000")),
        ("Wei.Li@Example.CN", ("email", "wei.li@example.cn")),
        ("ｗｅｉ＠example.cn", ("email", "wei@example.cn")),
        ("12800138000", None),
        ("1380013800", None),
        ("138001380001", None),
        ("١٣٨٠٠١٣٨٠٠٠", None),
        ("wei@", None),
        ("wei@example", None),
        ("wei@example.cn\nbcc: all@example.cn", None),
        ("", None),
    ],
)
def test_it_understands_what_people_type(typed: str, understood: tuple[str, str] | None) -> None:
    assert recipient(typed) == understood


def test_it_shows_a_recipient_in_part() -> None:
    assert masked("13800138000") == "138****8000"
    assert masked("wei.li@example.cn") == "we***@example.cn"
