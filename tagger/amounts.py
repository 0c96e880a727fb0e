"""Numbers with their units as they stand in a text, before it is known what they count."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from tagger.characters import compiled
from tagger.lookalikes import lookalikes
from tagger.numbers import ARABIC, HAN, NUMBER, canonical, number, scale, unit_pattern, units


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and its unit, before it is known what they count; `unit` is as printed, normalised."""

    value: float
    high: float | None
    unit: str
    name: str
    approximate: bool
    start: int
    end: int
    per: str = ""


_SEP = r"\s?(?:-{1,2}|—{1,2}|–|~|至|到)\s?"
_WIDER = re.compile(r"[,，。;；!！?？\n]")
_ABOUT = re.compile(
    r"(?:(?<![附最靠临邻远亲])近|(?<![签节预条公合制契履违守特邀大])约|大约|大概|约为|(?<![彩高反])超过?|逾|突破|将近|接近|不下|不下于|不低于|不少于|至少|最少|不超过|不高于"
    r"|少于|低于|高于|不到|不足|约占|上(?=[百千万亿])|(?<=[了赚有])小|(?<![通经不超])过(?=[百千万亿]))\s?$"
)
_AROUND = compiled(
    r"\s?(?:人民币)?(?:以上|以下|以内|左右|上下|开外|之多|余(?!\h)|余(?=[的名])|出头|不等(?=\H)|多(?![种样元方次个名户]))"
)
_PER = re.compile(
    r"每(?:个|一)?(?:度电|平方米|公斤|千瓦时|人次|学期|学年|季度|小时|课时|[人户亩月年天日次期名株棵头只斤吨村镇乡县家位例车箱袋件套单米生度场班台间座组])"
    r"(?:每(?:[月年天日餐次]|学期))?|[人户亩村年月日班镇县单生]均|平均每?[人户亩村]?"
)
_SLASH = re.compile(
    r"\s?/\s?((?:人|户|亩|年|月|天|斤|公斤|吨|头|只|株|棵|个|平方米|度|次|生|学期|千瓦时|床)(?:[·/.](?:年|月|天|次))?)"
)
_BUILT = re.compile(
    r"(?:建成|新建|建设|建起|建立|修建|改建|扩建|配备|配置|购置|购买|安装|打|打出|修|修通|建|设立|成立|组建|开设|开办|引进|选派|派出|聘请|配套|援建|捐建|盖起|盖|添置|设|拥有)了?$"
)
_EARNED = re.compile(
    r"(?:工资|月薪|底薪|收入|净挣|挣|赚|领|分红|分|卖|补|补助|交|花|贷|拿|奖|报销|报|掏|付|还|寄|给|落|得|存|欠|借|罚|省|摊|每月|个月|一年|每人)(?:了|到|回|出|取|上)?(?:近|约|一?共)?$"
)
_PIECES = re.compile(r"[田地牌屏板碑石砖匾布镜池表毯][”』」]?(?:共|约|近)?$")
_CROWD = (
    r"(?:贫困|农村|农业|脱贫|各族|受灾|搬迁|困难|常住|城乡|乡村)*(?:人口|群众|农民|村民|居民|学生|妇女|游客|老百姓)"
)
_NO_TENTH = "立员本功"
_LEAST = 100  # yuan told without the unit: below, it may be anything
_SOLID = frozenset("辆座所条处间栋口台辆家支名套眼幢艘架部孔个期场位")
_POSTPOSED = re.compile(r"\s?(?:[,，。;；、!)）]|$)")
_LEADING = compiled(r"(?:\H|[这那每哪另同某第唯其之的了着就也又是有都为成])$|^$")
_ABSTRACT = compiled(
    r"\h{0,10}?(?:机制|体系|格局|模式|局面|制度|方案|台账|目标|理念|氛围|环境|路子|新路|桥梁|仗|好|新|大)"
)


def amounts(normal: str) -> list[Amount]:
    """Return the numbers of a normalised text that have a unit and count something, in order."""
    found = [item for item in _found(normal) if item is not None]
    return [item for item in found if not _article(normal, item, found)]


@cache
def _pattern() -> re.Pattern[str]:
    unit = unit_pattern()
    head = rf"(?<![\d.a-z+])(?<!\d,)(?<!\d[-—–~])(?=\d|{HAN}|半[亩斤吨公])"
    half = r"(?P<half>半(?!\h)|(?<=[亩斤吨])半(?![山坡夜截成]))?"
    tenths = r"(?:(?<=亩)(?P<tenths>[一二三四五六七八九\d])分(?!之))?"
    units_of = rf"(?P<unit>个[半多](?:月|小时|星期)|{unit}){half}{tenths}"
    count = rf"(?P<low>{NUMBER})(?:\s?(?P<inner>{unit})?{_SEP}(?P<high>{NUMBER}))?\s?{units_of}"
    share = rf"(?P<of>百|千)分之(?P<share>{HAN}|{ARABIC})(?:{_SEP}(?:百分之)?(?P<most>{HAN}|{ARABIC}))?"
    tenth = rf"(?P<tenth>[一二两三四五六七八九1-9])成(?P<more>[一二三四五六七八九半])?(?![{_NO_TENTH}])"
    part = r"(?P<under>[二三四五六七八九十]+)分之(?P<over>[一二两三四五六七八九])"
    slash = r"(?P<top>[1-9])/(?P<below>[2-9]|10)(?![\d/.])"
    tens = r"(?:(?P<tens>[\d一二两三四五六七八九])(?![\d十百千]))?"
    whole = rf"(?P<coins>[\d一二两三四五六七八九十百千万几]+[余多来]?)块{tens}"
    coins = rf"{whole}(?(tens)|(?=[,，。;；、!?)]|$|[左以多来涨降升提变到加的]))"
    bare = rf"(?P<bare>{HAN}[多余]?|{ARABIC}[多余]?[万亿][多余]?)(?=[,，。;；!?]|$|的|到|至|上下|左右|不等|以上)"
    crowd = rf"(?P<crowd>(?:{ARABIC}|{HAN})[万亿]?[余多]?)(?={_CROWD})"
    semi = r"(?P<semi>半)(?P<semi_unit>亩|斤|吨|公斤|公里)"
    box = rf"(?<=[(（])(?P<times>[万亿]?)(?P<box>{unit})[)）]\s?[:：]\s?(?P<boxed>{ARABIC})(?![\d.]*[万亿%-])"
    return compiled(f"{box}|{head}(?:{semi}|{share}|{part}|{slash}|{tenth}|{coins}|{count}|{bare}|{crowd})")


def _found(normal: str) -> Iterator[Amount | None]:
    masks = lookalikes(normal)
    at = 0
    while match := _pattern().search(normal, at):
        hidden = [stop for begin, stop in masks if begin < match.end() and match.start() < stop]
        if hidden:
            at = max(match.start() + 1, min(hidden))
            continue
        at = match.end()
        item = _read(normal, match)
        yield from _headed(normal, item, match) if item else ()


_SHARING = ("money", "sizes", "shares")
_SHORT = re.compile(rf"(?<![\d.a-z第]){ARABIC}(?=[、/])")
_ROW = re.compile(rf"(?<![\d.a-z第])(?:{ARABIC}[、]){{1,5}}$")


def _headed(normal: str, item: Amount, match: re.Match[str]) -> Iterator[Amount]:
    """Yield a number with those before it that share its unit: 300、500、800元."""
    low = match["low"] or ""
    row = _ROW.search(normal, max(0, item.start - 40), item.start)
    if (
        row
        and low[:1].isdigit()
        and item.high is None
        and item.unit in units("money") | units("sizes") | units("shares")
    ):
        for other in _SHORT.finditer(normal, *row.span()):
            value = round(float(other[0].replace(",", "").replace(" ", "")) * scale(low) * canonical(item.unit)[1], 4)
            yield replace(item, value=value, start=other.start(), end=other.end(), approximate=False)
    yield item


def _read(normal: str, match: re.Match[str]) -> Amount | None:
    """Return a match as a number with its unit; None where it makes no number."""
    if match["box"] or match["semi"]:
        return _set_apart(normal, match)
    value = _share(match) or _coins(normal, match) or _crowd(match) or _bare(normal, match) or _plain_value(match)
    if value is None:
        return None
    low, high, about, unit, name = value
    start, end = match.span()
    behind = _AROUND.match(normal, end)
    about = about or bool(behind) or bool(_ABOUT.search(normal, max(0, start - 6), start))
    slash = _SLASH.match(normal, end)
    per = "每" + slash[1] if slash else _rate(normal, start)
    return Amount(low, high, unit, name, about, start, slash.end() if slash else end, per)


def _set_apart(normal: str, match: re.Match[str]) -> Amount:
    """Return a number whose unit stands in brackets before it (面积(亩):1200), or 半亩."""
    unit = match["box"] or match["semi_unit"]
    name, times = canonical(unit)
    boxed = number(match["boxed"]) if match["box"] else None
    value = round(boxed[0] * scale(match["times"]) * times, 4) if boxed else 0.5 * times
    per = "" if match["box"] else _rate(normal, match.start())
    return Amount(value, None, unit, name, approximate=False, start=match.start(), end=match.end(), per=per)


Value = tuple[float, float | None, bool, str, str]


def _share(match: re.Match[str]) -> Value | None:
    """Return 百分之九十, 三分之一 or 八成半 in percent."""
    if match["share"]:
        low, high = number(match["share"]), number(match["most"]) if match["most"] else None
        unit = "%" if match["of"] == "百" else "‰"
        about = bool(low and low[2]) and match["share"] not in ("百", "千")
        return (low[0], high[0] if high else None, about, unit, unit) if low else None
    if match["under"] or match["below"]:
        under, over = number(match["under"] or match["below"]), number(match["over"] or match["top"])
        return (round(over[0] / under[0] * 100, 2), None, False, "%", "%") if under and over else None
    tenth = number(match["tenth"]) if match["tenth"] else None
    more = number(match["more"]) if match["more"] and match["more"] != "半" else None
    rest = 5.0 if match["more"] == "半" else more[0] if more else 0.0
    return (tenth[0] * 10 + rest, None, False, "%", "%") if tenth else None


def _coins(normal: str, match: re.Match[str]) -> Value | None:
    """Return 两块五 in yuan; 试验田二十一块 counts pieces."""
    yuan = number(match["coins"]) if match["coins"] else None
    tens = number(match["tens"]) if match["tens"] else None
    if yuan is None:
        return None
    if tens is None and _PIECES.search(normal[: match.start()]):
        return yuan[0], yuan[1], yuan[2], "块", "块"
    return round(yuan[0] + (tens[0] / 10 if tens else 0), 2), yuan[1], yuan[2], "元", "元"


def _crowd(match: re.Match[str]) -> Value | None:
    """Return people told in ten thousands without a unit: 59万贫困人口."""
    many = number(match["crowd"]) if match["crowd"] and re.search("[万亿]", match["crowd"]) else None
    return (many[0], many[1], many[2], "人", "人") if many else None


def _bare(normal: str, match: re.Match[str]) -> Value | None:
    """Return money told without its unit, as people say it: 每月领一千二."""
    if not match["bare"] or not _EARNED.search(normal, max(0, match.start() - 8), match.start()):
        return None
    sum_of = number(match["bare"])
    return (sum_of[0], sum_of[1], sum_of[2], "元", "元") if sum_of and sum_of[0] >= _LEAST else None


def _plain_value(match: re.Match[str]) -> Value | None:
    if not match["low"]:
        return None
    low = number(match["low"])
    if low is None:
        return None
    value, high, about = low
    unit = match["unit"]
    if match["half"]:
        value += 0.5
    if match["tenths"]:
        value = round(value + (number(match["tenths"]) or (0.0,))[0] / 10, 4)
    if unit.startswith(("个半", "个多")):
        value, about = value + 0.5 * (unit[1] == "半"), about or unit[1] == "多"
        unit = "个" + unit[2:]
    name, times = canonical(unit)
    if match["high"]:
        top = number(match["high"])
        inner = match["inner"]
        if top is None or (inner and canonical(inner)[0] != name):
            return None
        factor = 1 if match["high"].startswith("十") else scale(match["high"])
        if not inner and scale(match["low"]) == 1 and factor > 1 and value < top[0] / factor * 10:
            value *= factor
        value, high = (value, top[0]) if value < top[0] else (top[0], None)
        about = about or top[2]
    if times != 1:
        value, high = round(value * times, 4), None if high is None else round(high * times, 4)
    return value, high, about, unit, name


def _rate(normal: str, start: int) -> str:
    """Return the last 每 or 均 of the clause before a number."""
    bound = max(
        (match.end() for match in _WIDER.finditer(normal, max(0, start - 30), start)), default=max(0, start - 30)
    )
    rates = [match[0] for match in _PER.finditer(normal, bound, start)]
    return rates[-1] if rates else ""


def _article(normal: str, item: Amount, found: list[Amount]) -> bool:
    """Whether a number is the 一 of a measure word (一个好干部) and no result."""
    if (
        item.value != 1
        or item.high is not None
        or normal[item.start] != "一"
        or item.unit in units("money")
        or item.name == "%"
    ):
        return False
    if _listed(normal, item, found) or (item.per and item.unit in ("次", "趟", "回", "遍")):
        return False
    if item.unit in _SOLID and _POSTPOSED.match(normal, item.end) and not _LEADING.search(normal[: item.start]):
        return False
    if item.unit not in _SOLID or not _BUILT.search(normal, max(0, item.start - 5), item.start):
        return True
    return bool(_ABSTRACT.match(normal, item.end))


def _listed(normal: str, item: Amount, found: list[Amount]) -> bool:
    """Whether a number stands in a row with another that surely counts: 两所小学和一所幼儿园."""
    for other in found:
        alike = other.unit == item.unit or {other.unit, item.unit} <= _SOLID
        if not alike or other.start == item.start or normal[other.start] == "一":
            continue
        between = normal[min(item.end, other.end) : max(item.start, other.start)]
        if len(between) < 12 and re.search("[、和及与]", between) and not re.search("[，,。;；]", between):  # noqa: PLR2004
            return True
    return False
