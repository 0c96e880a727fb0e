"""The date and the place that an article states of itself; "" where it states none."""

import re
from collections.abc import Sequence

from tagger.article import Block
from tagger.words import normalise

_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})\s?[年\-/.]\s?(\d{1,2})\s?[月\-/.]\s?(\d{1,2})(?!\d)")
_PLACE = re.compile(
    r"(?:[\u4e00-\u9fff]{2,4}(?:省|自治区))?(?:[\u4e00-\u9fff]{2,4}[市州盟])?(?:[\u4e00-\u9fff]{2,4}(?:自治县|[县区市旗]))?"
    r"(?:[\u4e00-\u9fff]{2,3}(?:街道|[镇乡]))?(?:[\u4e00-\u9fff]{2,3}村)?"
)
_NAME = re.compile(r"[\u4e00-\u9fff]{2}(?:自治县|街道|[县市镇乡])")
_MONTHS, _DAYS = 12, 31
_SHOWN = ("furniture", "byline", "title")


def date_of(blocks: Sequence[Block]) -> str:
    """Return the first full date of a date line, byline or title, as 2019-05-06."""
    for block in blocks:
        found = _DATE.search(normalise(block.text[:200])) if block.kind in _SHOWN else None
        if found:
            year, month, day = map(int, found.groups())
            if 1 <= month <= _MONTHS and 1 <= day <= _DAYS:
                return f"{year:04}-{month:02}-{day:02}"
    return ""


def place_of(title: str, blocks: Sequence[Block]) -> str:
    """Return the county, city or township that the title names and the first paragraph names again."""
    body = next((block.text[:200] for block in blocks if block.kind == "body"), "")
    plain = normalise(body)
    for name in _NAME.finditer(normalise(title[:120])):
        at = plain.find(name[0])
        if at >= 0:
            return _longest(body, plain, at, len(name[0]))
    return ""


def _longest(body: str, plain: str, at: int, size: int) -> str:
    """Return the place as printed, with the county or city that stands right before it."""
    above = re.search(r"(?:[\u4e00-\u9fff]{2}(?:自治县|[省市县区州]))+$", plain[:at])
    return body[above.start() if above else at : at + size]
