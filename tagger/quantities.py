"""Numbers with what they count, from a paragraph as printed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tagger.amounts import Amount, amounts
from tagger.counted import Told, told
from tagger.lookalikes import years
from tagger.numbers import units
from tagger.words import normalise


@dataclass(frozen=True, slots=True)
class Quantity:
    """A result in numbers: its value in plain numbers, its unit, the thing counted and the act.

    `start` and `end` are half-open offsets into the paragraph's text as printed. `high` is the upper end of a
    range, else None; `year` the year stated for it, else None. `per` is what a rate or an average is for
    (每亩, 户均), "" for a plain amount.
    """

    value: float
    unit: str
    counted: str
    act: str
    approximate: bool
    year: int | None
    start: int
    end: int
    high: float | None = None
    per: str = ""


@dataclass(frozen=True, slots=True)
class _Page:
    """A paragraph as printed and normalised, the numbers found in it, and where which year holds."""

    text: str
    normal: str
    found: list[Amount]
    dated: tuple[tuple[int, int | None], ...]


_CLAUSE = re.compile(r"[,，。;；:：!！?？、()（）\n]")
_ROSE = (
    r"(?:已|又|再|则|仅|就)?(?:增长|增加|提高|提升|上升|上涨|下降|降低|减少|扩大|发展|缩短|攀升|回落|跃升|增|涨|降|升|减|调整|变|恢复|长|多|少)"
    r"(?:了|到|至|为|成)*|到|至|达到?"
)
_AT = r"(?:(?:19|20)\d{2}年(?:底|末|初)?|目前|现在|去年|今年|上年)?的?(?:近|约)?"
_CHANGED = re.compile(rf"(?:左右|以上|多|余)?[,，]?(?:{_ROSE}){_AT}")
_SINCE = re.compile(
    rf"(?:同比|环比|[比较](?:上年|去年|前年|上月|同期|上年同期|去年同期|年初)|年均|平均)(?:{_ROSE})(?:近|约|超过?)?"
)
_NO_THING = re.compile(rf"(?:{_SINCE.pattern})|\d+周?岁")  # since when, how old
_PLACES = re.compile("[全本该][村组屯寨乡镇县市区州省校]")
_LISTED = re.compile(r"(?:[(（][^()（）]*[)）])?[、和及与]")


_ADDED = re.compile(r"[、,，]?(?:共|合计|共计|计|约|近|累计|总计)*")
_REACHED = re.compile(r"(?:到|至|达|则|为)(?:了|约|近|不到)?$")


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a paragraph, in the order of the text.

    Dates, ordinals, document numbers, ages and names with digits are none; so is 一 before a measure word,
    unless it tells a thing made (建成一座冷库). Money comes in 元, 成 and fractions in percent.
    """
    normal = _plain(text)
    found = amounts(normal)
    page = _Page(text, normal, found, years(normal))
    answers: list[Quantity] = []
    for place in range(len(found)):
        answers.append(_counted(page, place, answers))
    return tuple(_told_by_others(page, answers))


def _told_by_others(page: _Page, answers: Sequence[Quantity]) -> list[Quantity]:
    """Return quantities where people that nothing names take the name of those right behind, or their place.

    8712户|29654人脱贫 counts 脱贫, 全村4个组、213户 counts 全村.
    """
    found = list(answers)
    for place in range(len(found) - 1, -1, -1):
        this = found[place]
        if this.unit not in units("people") or this.counted != this.unit:
            continue
        after = found[place + 1] if place + 1 < len(found) else None
        told = ""
        if after and after.unit in units("people") and not page.normal[this.end : after.start].strip():
            told = after.counted if after.counted != after.unit else ""
        found[place] = replace(this, counted=told or _whole(page, this) or this.counted)
    return found


def _plain(text: str) -> str:
    """Return the normalised text, in which only full-width digits are parted by a full-width comma."""
    normal = normalise(text)
    if "，" not in text:
        return normal
    kept = list(normal)
    for match in re.finditer("，", text):
        at = match.start()
        if not (text[at - 1 : at] >= "０" and text[at - 1 : at] <= "９"):
            kept[at] = "，"
    return "".join(kept)


def _carried(between: str, last: Amount, answer: Quantity, item: Amount) -> str:
    """Return what the number before counts, where this one goes on with it: 2.8万户11.9万人, 由17%降到4%."""
    if last.name == item.name and (_CHANGED.fullmatch(between) or _LISTED.fullmatch(between)):
        return answer.counted
    if _SINCE.search(between) and not re.search("[。;；]", between):
        return answer.counted
    if answer.counted == last.name or (between.strip() and not _ADDED.fullmatch(between)):
        return ""
    paid = item.unit in units("money") and answer.unit in units("people") and answer.counted[-1:] not in "金款费"
    return answer.act or answer.counted if paid else answer.counted


def _resumed(page: _Page, place: int, answers: Sequence[Quantity]) -> str:
    """Return what an earlier number of the sentence counts, of which this one tells more: 排查1.2万处，整改八千处."""
    item = page.found[place]
    kin = units("shares") if item.unit in units("shares") else {item.name}
    for other in reversed(answers):
        if re.search("[。;；!！?？\n]", page.normal[other.end : item.start]):
            return ""
        if other.unit in kin:
            held = other.counted not in (other.unit, other.act, other.per)
            return other.counted if held else ""
    return ""


def _clause(normal: str, left: int, end: int) -> tuple[int, int]:
    """Return the range of the words before a number; a bracket or a colon between them is gone over."""
    if normal[end - 1 : end] in (")", "）"):
        opened = max(normal.rfind("(", left, end), normal.rfind("（", left, end))
        end = opened if opened >= 0 else end
    start = max((mark.end() for mark in _CLAUSE.finditer(normal, left, end)), default=left)
    if start > left and not normal[start:end].strip(" 共约近") and normal[start - 1] in "(（:：":
        end = start - 1
        start = max((mark.end() for mark in _CLAUSE.finditer(normal, left, end)), default=left)
    return start, end


def _counted(page: _Page, place: int, answers: Sequence[Quantity]) -> Quantity:
    """Return a quantity with the thing counted and the act, from its clause or from the numbers before."""
    normal, found, item = page.normal, page.found, page.found[place]
    left = found[place - 1].end if place else 0
    bound = found[place + 1].start if place + 1 < len(found) else len(normal)
    stop = _CLAUSE.search(normal, item.end, bound)
    behind = item.end, stop.start() if stop else bound
    tell = told(normal, _clause(normal, left, item.start), behind, item.unit)
    year = next((named for at, named in reversed(page.dated) if at <= item.start), None)
    act = page.text[slice(*tell.act)] if tell.act else ""
    if place and not act and not normal[left : item.start].strip():
        act = answers[-1].act  # 带动151户314人
    return Quantity(
        value=item.value,
        unit=item.name,
        counted=_named(page, place, tell, answers),
        act=act,
        approximate=item.approximate,
        year=year,
        start=item.start,
        end=item.end,
        high=item.high,
        per=item.per,
    )


def _is_of_the_last(page: _Page, place: int, counted: tuple[int, int], answers: Sequence[Quantity]) -> bool:
    """Whether a noun before a number is what the number before it counts: 11个小组|398户."""
    kind, last = page.found[place].unit, answers[-1] if answers else None
    if not last or kind not in units("people") or last.unit in units("people") | units("money"):
        return False
    return last.counted == page.text[slice(*counted)] and counted == (last.end, page.found[place].start)


def _named(page: _Page, place: int, tell: Told, answers: Sequence[Quantity]) -> str:
    """Return the thing counted: its own noun, else that of the number before, else what stands in for one."""
    item, found = page.found[place], page.found
    if tell.counted and _is_of_the_last(page, place, tell.counted, answers):
        return page.text[slice(*tell.verb)] if tell.verb else item.per or item.name
    if tell.counted and not _NO_THING.fullmatch(page.normal[slice(*tell.counted)]):
        return page.text[slice(*tell.counted)]
    last = found[place - 1] if place else None
    carried = _carried(page.normal[last.end : item.start], last, answers[-1], item) if last else ""
    reached = item.unit in units("money") and _REACHED.search(page.normal, max(0, item.start - 6), item.start)
    if not carried and (reached or item.unit not in units("people") | units("money") | units("times")):
        carried = _resumed(page, place, answers)
    if carried:
        return carried
    verb, subject = (page.text[slice(*span)] if span else "" for span in (tell.verb, tell.subject))
    if item.unit in units("people"):
        return verb or subject or item.per or item.name
    if "/" in page.normal[item.start : item.end]:
        return subject or verb or item.per or item.name
    return item.per or subject or verb or item.name


def _whole(page: _Page, item: Quantity) -> str:
    """Return the 全村 that a sentence's numbers of people are told of."""
    found = None
    for found in _PLACES.finditer(page.normal, 0, item.start):  # noqa: B007 - the last one
        pass
    near = found and not re.search("[。;；!！?？\n]", page.normal[found.end() : item.start])
    return page.text[slice(*found.span())] if found and near else ""
