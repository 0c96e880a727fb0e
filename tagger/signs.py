"""What a line's first words say of it: numbers, openings of paragraphs, sub-titles; on normalised text."""

import re
from functools import lru_cache

_NUMBER = (
    ("chapter", re.compile(r"第[一二三四五六七八九十百零\d]{1,4}(?:章|节|部分|篇|编|幕)")),
    ("han", re.compile(r"[一二三四五六七八九十]{1,3}\s?[、.,:](?!\d)")),
    ("(han)", re.compile(r"\([一二三四五六七八九十]{1,3}\)")),
    ("arabic", re.compile(r"\d{1,2}\s?[、.](?!\d)\s?|\d{1,2}\s(?=[\u4e00-\u9fff])")),
    ("(arabic)", re.compile(r"\(\d{1,2}\)|\d{1,2}\)")),
    ("circle", re.compile(r"[①-⑳❶-❿⑴-⒇]")),
    (
        "lone",
        re.compile(
            r"(?:part\s?\.?\s?)?0?\d{1,2}\.?$|[壹贰叁肆伍陆柒捌玖拾]$|[一二三四五六七八九十]$"
            r"|【[一二三四五六七八九十\d]{1,2}】$|no\.?\s?\d{1,2}$"
        ),
    ),
    (
        "keyword",
        re.compile(
            r"(?:关键词|镜头|故事|场景|样本|亮点|做法|经验|问题|答卷|现场|特写|案例|画面|人物|一线)\s?之?"
            r"[一二三四五六七八九十\d]{1,2}?\s?[:|]|之[一二三四五六七八九十]\s?:"
        ),
    ),
)
_FIRST = re.compile(r"第?[(【]?(?:一|1|01|①|壹)(?![\d十月年])")
_SAID = re.compile(
    r"[一二三四五六七八九十][是要]|第[一二三四五六七八九十百\d]{1,4}条|[问答qa]\s?:|首先,|其次,|其[一二三四五][,:]|[①-⑳]"
    r"|——|--|同志们|\d{1,2}[、.]|\(\d{1,2}\)|[•●·◆■★☆✓]\s"
)
_SALUTE = re.compile(
    r"(?:尊敬的|各位|同志们|乡亲们|亲爱的|大家好|各[\u4e00-\u9fff]{1,12}|父老乡亲|朋友们).{0,60}:$"
    r"|.{1,20}(?:们|同志|代表|来宾|乡亲|委员|朋友)\s?[:!]$"
)
_DATELINE = re.compile(
    r"[(【\[]?(?:本报|本网|本刊|本台)?\s?[\u4e00-\u9fff]{0,12}?\s?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:讯|消息|电)\s?[(】\]\s:,]"
    r"|本报\S{0,10}讯|新华社\S{0,14}电|(?:中新|人民|新华|中国|央视)[\u4e00-\u9fff]{0,4}\S{0,14}[电讯]\s"
)
_SUBTITLE = re.compile(r"——|—|--|──|―")


@lru_cache(4096)  # a line is asked about several times, by its neighbours too
def number(text: str) -> str:
    """Return the style of a heading's number ("han", "(han)", "arabic", "chapter" ...) or ""."""
    head = text[:16]
    return next((style for style, pattern in _NUMBER if pattern.match(head)), "")


def first_number(text: str) -> bool:
    """Tell whether a numbered line is the first of its row."""
    return bool(_FIRST.match(text))


def said(text: str) -> bool:
    """Tell an opening that only body paragraphs have: 一是, 第一条, 问, ①, a dash."""
    return bool(_SAID.match(text))


def salutation(text: str) -> bool:
    """Tell a line that speaks to its hearers or readers, as a speech or a notice does at its head."""
    return len(text) <= 80 and bool(_SALUTE.match(text))  # noqa: PLR2004


def dateline(text: str) -> bool:
    """Tell a paragraph that opens a news report: 本报讯, 新华社……电."""
    return bool(_DATELINE.match(text[:40]))


def subtitle(text: str) -> bool:
    """Tell a line that opens with a sub-title's dash."""
    return bool(_SUBTITLE.match(text))
