"""Numerals and units as reports write them: 22.5万, 三百余, 两三千, 十几; what each unit is called."""

import re
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

Value = tuple[float, float | None, bool]  # the number or its low end, the high end, whether only about that

_DIGITS = {char: number for number, chars in enumerate("〇一二三四五六七八九") for char in chars}
_DIGITS |= {"零": 0, "两": 2} | {char: number for number, char in enumerate("壹贰叁肆伍陆柒捌玖", start=1)}
_SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_TIMES = _SMALL | {"万": 10_000, "亿": 100_000_000}
_SUBTRACT = str.maketrans(", ，", "   ")

ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,3}(?:\x20\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_CHARS = "〇零一二三四五六七八九十廿卅百千万亿几壹贰叁肆伍陆柒捌玖拾佰仟"
HAN = rf"[{_CHARS}两数](?:[{_CHARS}点两]*[{_CHARS}])?"
_TAIL = r"(?:\x20?[余多来几数]?(?:[百万亿]|十(?!分)|千(?![瓦克米伏卡])){1,2}|)(?:\x20?[余多来])?"
NUMBER = rf"(?:(?:{ARABIC}[亿万]){{0,2}}{ARABIC}|{HAN}){_TAIL}"

_CLASSES = ("money", "people", "sizes", "times", "shares", "counts")


@cache
def _listed() -> dict[str, dict[str, Any]]:
    listed = tomllib.loads((Path(__file__).parent / "units.toml").read_text("utf-8"))
    for name in (*_CLASSES, "digits"):
        plain = listed[name].pop("plain").split()
        listed[name] |= dict.fromkeys(plain, "")
    return listed


@cache
def units(kind: str) -> frozenset[str]:
    """Return the units of a class: money, people, sizes, times, shares, counts."""
    return frozenset(_listed()[kind])


def _alternatives(units: dict[str, str]) -> str:
    ordered = sorted(units.items(), key=lambda pair: -len(pair[0]))
    return "|".join(re.escape(unit) + (f"(?![{guard}])" if guard else "") for unit, guard in ordered)


@cache
def unit_pattern() -> str:
    """Return the source of a pattern for every unit, longer ones first, on normalised text."""
    listed = _listed()
    everywhere = {unit: guard for name in _CLASSES for unit, guard in listed[name].items()}
    return f"(?:{_alternatives(everywhere)}|(?<=\\d)(?:{_alternatives(listed['digits'])}))"


def canonical(unit: str) -> tuple[str, float]:
    """Return the unit that the ledger calls it by, and what the number is multiplied by: 块钱 is 元."""
    name, times = _listed()["same"].get(unit, (unit, 1))
    return name, times


def number(text: str) -> Value | None:
    """Return the value of a numeral as `NUMBER` finds it, None where the characters make none (一一)."""
    text = text.translate(_SUBTRACT).replace(" ", "")
    core = text.rstrip("余多来")
    about = core != text
    match = re.fullmatch(rf"(.*?[^余多来])[余多来]([{''.join(_TIMES)}]+)", core)
    if match:
        core, about = match[1] + match[2], True
    found = _arabic(core) if core[:1].isdigit() else _han(core)
    return None if found is None else (found[0], found[1], found[2] or about)


def scale(text: str) -> int:
    """Return what the multipliers at a numeral's end come to: 10,000 for 5万, 1 for 500."""
    total = 1
    for char in reversed(text.strip("余多来")):
        if char not in "百千万亿十":
            break
        total *= _TIMES[char]
    return total


def _arabic(text: str) -> Value | None:
    parts = re.findall(r"(\d+(?:\.\d+)?)([十百千万亿]*)", text)
    if "".join(digits + times for digits, times in parts) != text:
        return None
    total = Decimal(0)
    for digits, times in parts:
        value = Decimal(digits)
        for char in times:
            value *= _TIMES[char]
        total += value
    return float(total), None, False


def _han(text: str) -> Value | None:
    about = "几" in text or "数" in text
    if text in ("几", "数"):  # some: no number at all
        return None
    if text[0] in "几数":
        text = "一" + text[1:]
    text = "百" if text == "百十" else text.replace("几", "").replace("廿", "二十").replace("卅", "三十")
    about |= text[0] in "百千万亿"  # 百余, 千亩, 上万: a round word
    pair = re.search(r"(?<![〇零点])([一二两三四五六七八])([二三四五六七八九])(?=[十百千万亿]|$)", text)
    if pair and (_DIGITS[pair[2]] - _DIGITS[pair[1]] == 1 or pair[0] == "三五") and not _plain(text):
        low, high = (_whole(text[: pair.start()] + char + text[pair.end() :]) for char in pair.groups())
        return None if low is None or high is None else (float(low), float(high), True)
    value = _whole(text)
    return None if value is None else (float(value), None, about)


def _plain(text: str) -> bool:
    """Whether a numeral is digits in a row, as years and telephone numbers are."""
    return len(text) > 2 and all(char in _DIGITS for char in text)  # noqa: PLR2004


def _whole(text: str) -> Decimal | None:
    """Return a numeral's value: 一万二 is 12,000, 三点五万 35,000, 二〇一九 2019."""
    point = re.fullmatch(r"([^点]+)点([〇零一二三四五六七八九]+)([十百千万亿]*)", text)
    if point:
        before = _whole(point[1])
        after = "".join(str(_DIGITS[char]) for char in point[2])
        value = None if before is None else before + Decimal(f"0.{after}")
        for char in point[3]:
            value = None if value is None else value * _TIMES[char]
        return value
    if all(char in _DIGITS for char in text):
        return Decimal("".join(str(_DIGITS[char]) for char in text)) if len(text) != 2 else None  # noqa: PLR2004
    return _sum(text)


def _sum(text: str) -> Decimal | None:
    total = section = 0
    digit: int | None = None
    last = 0  # the multiplier before, which a closing digit is a tenth of: 三千五
    for char in text:
        if char in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[char]
            last = 0 if digit == 0 else last
        elif char in _SMALL:
            section += (1 if digit is None else digit) * _SMALL[char]
            digit, last = None, _SMALL[char]
        elif char in _TIMES:
            part = section + (digit or 0)
            total = (total + part or 1) * _TIMES[char] if char == "亿" else total + (part or 1) * _TIMES[char]
            section, digit, last = 0, None, _TIMES[char]
        else:
            return None
    short = last // 10 if last > _SMALL["十"] else 1
    return Decimal(total + section + (digit or 0) * short)
