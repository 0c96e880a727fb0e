"""The date and the place that an article states of itself; "" where it states none."""

import re
from collections.abc import Sequence

from tagger.article import Block
from tagger.characters import compiled
from tagger.words import normalise

_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})\s?[年\-/.]\s?(\d{1,2})\s?[月\-/.]\s?(\d{1,2})(?!\d)")
_FIGURE = re.compile(r"\d")
_END = (
    r"(?:自治县|街道|县(?![域城委里级直])|市(?![场民区级委直])|镇(?![村干街区])"
    r"|乡(?![村镇亲土愁情间民友风里下]))"
)
_NAMES = (  # a longer name only where it plainly begins
    compiled(rf"(?<!\h)\h{{3}}{_END}"),
    compiled(rf"\h{{2}}{_END}"),
)
_ABOVE = compiled(r"(?:^|\H|[在到进于是自])((?:\h{1,3}(?:自治县|[省市县区州]))+)$")
_MONTHS, _DAYS = 12, 31
_SHOWN = ("furniture", "byline", "title")


def date_of(blocks: Sequence[Block]) -> str:
    """Return the first full date of a date line, byline or title, as 2019-05-06."""
    for block in blocks:
        text = block.text[:200] if block.kind in _SHOWN else ""
        found = _DATE.search(normalise(text)) if _FIGURE.search(text) else None
        if found:
            year, month, day = map(int, found.groups())
            if 1 <= month <= _MONTHS and 1 <= day <= _DAYS:
                return f"{year:04}-{month:02}-{day:02}"
    return ""


def place_of(title: str, blocks: Sequence[Block]) -> str:
    """Return the county, city or township that the title names and the first paragraph names again."""
    body = next((block.text[:200] for block in blocks if block.kind == "body"), "")
    above = normalise(title[:120]) if title else ""
    named = [name[0] for names in _NAMES for name in names.finditer(above)]
    plain = normalise(body) if named else ""
    for name in named:
        at = plain.find(name)
        if at >= 0:
            return _longest(body, plain, at, len(name))
    return ""


def _longest(body: str, plain: str, at: int, size: int) -> str:
    """Return the place as printed, with the county or city that stands right before it."""
    above = _ABOVE.search(plain[:at])
    return body[above.start(1) if above else at : at + size]
