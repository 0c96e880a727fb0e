"""Numerals and units: what they come to."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.numbers import HAN, NUMBER, canonical, number, scale, unit_pattern, units


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18", 18),
        ("22.5万", 225_000),
        ("1.15亿", 115_000_000),
        ("12,000", 12_000),
        ("12 000", 12_000),
        ("1亿2000万", 120_000_000),
        ("3万5千", 35_000),
        ("三十", 30),
        ("十五", 15),
        ("一百二十五", 125),
        ("一万零五百", 10_500),
        ("两千一百", 2_100),
        ("一亿三千万", 130_000_000),
        ("三点五万", 35_000),
        ("二〇一九", 2019),
        ("叁佰", 300),
    ],
)
def test_a_numeral_has_its_value(text: str, value: float) -> None:
    assert number(text) == (value, None, False)


@pytest.mark.parametrize(("text", "value"), [("一千二", 1_200), ("三万五", 35_000), ("一百五", 150)])
def test_a_closing_digit_stands_for_tenths_of_the_multiplier_before(text: str, value: float) -> None:
    assert number(text) == (value, None, False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("24000余", 24_000),
        ("二十多", 20),
        ("三百余万", 3_000_000),
        ("十几", 10),
        ("数百", 100),
        ("百余", 100),
        ("万", 10_000),
    ],
)
def test_a_round_word_is_approximate(text: str, value: float) -> None:
    assert number(text) == (value, None, True)


@pytest.mark.parametrize(
    ("text", "low", "high"), [("三四百", 300, 400), ("十五六", 15, 16), ("五六十", 50, 60), ("两三千", 2_000, 3_000)]
)
def test_two_neighbouring_digits_are_a_range(text: str, low: float, high: float) -> None:
    assert number(text) == (low, high, True)


@pytest.mark.parametrize("text", ["一一", "几", "数", "1.2.3万"])
def test_characters_that_make_no_number_give_none(text: str) -> None:
    assert number(text) is None


@given(st.text(alphabet="〇零一二两三四五六七八九十百千万亿几数点余多来0123456789.", min_size=1, max_size=12))
def test_whatever_the_pattern_finds_is_read_or_refused_without_an_error(text: str) -> None:
    for match in re.finditer(NUMBER, text):
        try:
            found = number(match[0])
        except ArithmeticError:
            pytest.fail(match[0])
        assert found is None or (found[0] >= 0 and (found[1] is None or found[1] > found[0]))


@given(st.integers(min_value=1, max_value=99_999_999))
def test_a_number_written_in_chinese_reads_back(value: int) -> None:
    written = chinese(value)
    assert re.fullmatch(HAN, written)
    assert number(written) == (value, None, False) or written[0] in "百千万"


def chinese(value: int) -> str:
    """Return a number below a hundred million in full: 10500 is 一万零五百."""
    high, low = divmod(value, 10_000)
    if high:
        between = "零" if 0 < low < 1_000 else ""
        return chinese(high) + "万" + between + (chinese(low) if low else "")
    written, gap = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = low // place % 10
        if digit:
            written += ("零" if gap and written else "") + "一二三四五六七八九"[digit - 1] + name
            gap = False
        else:
            gap = True
    return written


def test_the_longest_unit_is_taken() -> None:
    pattern = re.compile(unit_pattern())
    for text, unit in [
        ("人次", "人次"),
        ("平方公里", "平方公里"),
        ("个月", "个月"),
        ("千瓦时", "千瓦时"),
        ("场次", "场次"),
    ]:
        assert pattern.match(text)[0] == unit


@pytest.mark.parametrize("text", ["次日", "人民", "元旦", "台账", "条件", "支部", "项目标"[0:0] + "年级"])
def test_a_longer_word_hides_the_unit_that_it_begins_with(text: str) -> None:
    assert re.compile(unit_pattern()).match(text) is None


def test_units_have_one_name_each() -> None:
    assert canonical("块钱") == ("元", 1)
    assert canonical("㎡") == ("平方米", 1)
    assert canonical("毛钱") == ("元", 0.1)
    assert canonical("亩") == ("亩", 1)
    assert "人次" in units("people")


def test_the_scale_is_what_the_multipliers_come_to() -> None:
    assert [scale(text) for text in ("500", "5万", "5万余", "3百万")] == [1, 10_000, 10_000, 1_000_000]
