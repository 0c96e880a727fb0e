"""What a number counts, and the act behind it: from the words that stand before and behind it."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from tagger.numbers import units
from tagger.segmenters import segmenter

Span = tuple[int, int]

_PLACE = re.compile(
    r"(?:全|我|本|该|各|每|两|当)[省市县区乡镇村州旗社组校地].?|.{2,}(?:[省市县区乡镇州旗]|自治[县州区]|街道|村)$"
)
_RISE = re.compile(
    r"(?:已|又|再)?(?:增[长加至为]?|提[高升]?|上[升涨调]|下[降调跌]|降[低至]?|减少?|压[减缩]|扩[大展]?|发展|缩[短小]|攀升|回落|跃升|升[至为]?|涨|长|翻)"
    r"(?:了|到|至|为)*"
)
_DONE = re.compile(r"[^收提大小高低年月](?:齐|够|了|着|到|给|成)")
_ORDINAL = re.compile(r"第.{1,3}[批期次轮]")
_SAID = re.compile(
    r"(?<=[率额量数值比积面幅])为$|(?<![下到发传送表直])达到?了?$|累计$|共计$|共$|约$|突破$|超过$|已?超$"
)
_EACH = re.compile(
    r"每(?:个|一)?(?:平方米|公斤|千瓦时|人次|学期|学年|季度|小时|课时"
    r"|[人户亩月年天日次期名株棵头只斤吨村镇乡县家例车箱袋件套单米度场班台间座组])(?:每(?:[月年天日](?![工补])|学期))?"
)
_WHEN = re.compile(r"(?:在|从|由|到|至|自)?(?:(?:19|20)\d{2}年(?:度|底|初|末)?|\d{1,2}月(?:份|底)?)的?$")


@dataclass(frozen=True, slots=True)
class Told:
    """What a number counts and the act, as ranges of the context's text; None where the text has no word for it."""

    counted: tuple[int, int] | None
    act: tuple[int, int] | None


@cache
def _table() -> dict[str, str]:
    return tomllib.loads((Path(__file__).parent / "counted.toml").read_text("utf-8"))


@cache
def _listed(key: str) -> frozenset[str]:
    return frozenset(_table()[key].split())


@cache
def _ends(key: str) -> re.Pattern[str]:
    """Return the pattern that finds one of a list's words at a text's end."""
    return re.compile(f"(?:{'|'.join(map(re.escape, _table()[key].split()))})$")


@cache
def _functional() -> frozenset[str]:
    """Return the words that end a noun phrase: the dictionary's verbs, prepositions, adverbs, pronouns."""
    spec = find_spec("jieba")
    found: set[str] = set()
    if spec and spec.submodule_search_locations:
        listing = Path(next(iter(spec.submodule_search_locations))) / "dict.txt"
        tags = r"v|vd|vi|vq|vg|p|c|d|r|rr|rz|u|ud|uj|ul|uv|uz|ug|y|ad|df|f|t"
        if listing.is_file():
            found |= set(re.findall(rf"^(\S+) \d+ (?:{tags})$", listing.read_text("utf-8"), re.MULTILINE))
    return (frozenset(found) | _listed("stops")) - _listed("named") - _listed("things")


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int

    @property
    def stops(self) -> bool:
        """Whether no noun phrase goes over it."""
        return self.text in _functional() or bool(_DONE.fullmatch(self.text)) or not self.text.strip()

    @property
    def named(self) -> bool:
        """Whether it is an act that names a thing as well."""
        return self.text in _listed("named")


def _words(normal: str, start: int, end: int) -> list[_Word]:
    words, at = [], start
    for text in segmenter(tuple(_table()["joined"].split())).cut(normal[start:end]):
        words.append(_Word(text, at, at + len(text)))
        at += len(text)
    return words


def told(normal: str, before: Span, behind: Span, unit: str) -> Told:
    """Return what a number counts, told by the text before it and behind its unit, each a half-open range."""
    end = behind[0]
    back, act, verb = _before(normal, *before, unit)
    ahead = _behind(normal, *behind, unit, lone=back is None)
    behind_first = _prefers_behind(normal, end, unit, back, ahead)
    counted = (ahead or back) if behind_first else (back or ahead)
    if counted is None and unit not in units("people"):
        counted = verb
    return Told(counted, act or verb)


def _prefers_behind(normal: str, end: int, unit: str, back: Span | None, ahead: Span | None) -> bool:
    if back is None or ahead is None:
        return True
    before, after = normal[slice(*back)], normal[slice(*ahead)]
    if unit in units("money"):
        return not _ends("cash").search(before) and bool(_ends("cash").search(after))
    if unit in units("shares"):
        return not _ends("rate").search(before) or normal[end : end + 1] == "的"
    return unit not in units("times")


def _behind(normal: str, start: int, end: int, unit: str, *, lone: bool) -> Span | None:
    """Return the noun phrase right behind a number and its unit; `lone` where none stands before it."""
    words = _words(normal, start, end)
    while words and words[0].text in {"的", " ", "以上", "左右", "多", "余", "以下", "以内"}:
        words.pop(0)
    if words and words[0].stops and not (words[0].text in _listed("attributes") and unit not in units("money")):
        return _described(words, unit, lone=lone)
    phrase: list[_Word] = []
    for place, word in enumerate(words):
        if word.text == "的" and phrase and phrase[0].text in _listed("attributes"):
            phrase = []
            continue
        if word.stops and (place or word.text not in _listed("attributes")):
            break
        if (unit in units("people") or unit == "%") and _ends_people(phrase, word, words[place + 1 : place + 2]):
            break
        phrase.append(word)
    return _range(phrase)


def _ends_people(phrase: Sequence[_Word], word: _Word, after: Sequence[_Word]) -> bool:
    """Whether the people counted are named before a word: 300名群众|就业; but 脱贫户, 困难家庭学生."""
    folk = bool(_ends("folk").search(word.text))
    if phrase and _ends("folk").search(phrase[-1].text):
        return not folk
    return word.named and not phrase and not (after and _ends("folk").search(after[0].text))


def _described(words: Sequence[_Word], unit: str, *, lone: bool) -> Span | None:
    """Return the people or things that a verb before them tells of: 30名懂技术的党员, 12名结对干部."""
    marks = [place for place, word in enumerate(words) if word.text == "的"]
    if marks and marks[-1] + 1 < len(words) and (unit in units("people") or lone):
        noun = _nouns(words[marks[-1] + 1 :])
        return _range(noun) if noun and (unit not in units("people") or _ends("folk").search(noun[-1].text)) else None
    if lone and unit in _listed("needy") and words[0].text not in _listed("stops") and len(words) > 1:
        noun = _nouns(words[1:])
        return (words[0].start, noun[-1].end) if noun and _ends("folk").search(noun[-1].text) else None
    return None


def _nouns(words: Sequence[_Word]) -> list[_Word]:
    """Return the words up to the first that ends a noun phrase."""
    stop = next((place for place, word in enumerate(words) if word.stops), len(words))
    return list(words[:stop])


def _before(normal: str, start: int, end: int, unit: str) -> tuple[Span | None, Span | None, Span | None]:
    """Return the noun phrase that ends before a number, the act on it, and the verb where there is no noun."""
    start, end = _told_range(normal, start, end)
    words = _words(normal, start, end)
    act: Span | None = None
    owned = bool(words) and words[-1].text == "的"
    while words and (words[-1].text in _listed("fill") or _RISE.fullmatch(words[-1].text) or _digits(words[-1].text)):
        word = words.pop()
        if _RISE.fullmatch(word.text):
            act = (word.start, word.end)
    if not words:
        return None, act, act
    last = words[-1]
    span = (last.start, last.end)
    if last.stops:
        topic = _trimmed(_phrase(words, _without_adverbs(words, len(words) - 1), unit)[0])
        tells = _act(last)
        return _topic(normal, topic, unit), act or tells, tells
    phrase, verb = _phrase(words, len(words), unit)
    phrase = _trimmed(phrase)
    if owned and unit in units("people") and not (phrase and _ends("folk").search(phrase[-1].text)):
        return None, act or verb, None
    lone = len(phrase) == 1 and last.named
    if lone and unit in units("people") and verb is None:
        return None, act or span, span
    return _range(phrase), act or verb or (span if last.named else None), None


def _told_range(normal: str, start: int, end: int) -> Span:
    """Return the range without what only says when, for each what, and how sure: 每学年, 2015年的, 达."""
    each = None
    for each in _EACH.finditer(normal, start, end):  # noqa: B007 - the last one
        pass
    if each and normal[each.end() : end].strip():
        start = each.end()
    elif each:
        end = each.start()
    for pattern in (_WHEN, _SAID, _WHEN):
        found = pattern.search(normal, start, end)
        end = found.start() if found else end
    return start, end


def _without_adverbs(words: Sequence[_Word], end: int) -> int:
    while end and (words[end - 1].text in _listed("fill") or words[end - 1].text in _listed("adverbs")):
        end -= 1
    return end


def _phrase(words: Sequence[_Word], end: int, unit: str) -> tuple[list[_Word], Span | None]:
    """Return the nouns that end at a place, and the verb right before them."""
    at = end
    while at and not words[at - 1].stops:
        word = words[at - 1]
        rest = words[at:end]
        if word.named and rest and _acts_on(word, rest, unit):
            return list(rest), (word.start, word.end)
        at -= 1
        cut_off = at == end - 1 and words[at].text in _listed("suffixes")
        if cut_off and at and words[at - 1].stops and len(words[at - 1].text) > 1:
            at -= 1  # 分娩|率
    return list(words[at:end]), _act(words[at - 1]) if at else None


def _act(word: _Word) -> Span | None:
    """Return a word's range if it tells an act: no adverb, nor a single character but for a few."""
    tells = len(word.text) > 1 or word.text in _listed("short")
    return (word.start, word.end) if tells and word.text not in _listed("adverbs") | _listed("fill") else None


def _acts_on(verb: _Word, rest: Sequence[_Word], unit: str) -> bool:
    """Whether a verb that names things too is the act here: 养殖|肉牛, 投入|资金; not 养殖基地, 就业岗位."""
    if verb.text in ("投入", "支付", "捐赠") and rest[0].text not in ("额", "金额", "总额"):
        return True
    if verb.text in _listed("taking") and len(rest) > 1:
        return True
    if verb.text == "建设" and not _ends("cash").search(rest[-1].text) and not _PLANNED.search(rest[-1].text):
        return True
    helped = verb.text in _listed("helping") and rest[-1].text not in _listed("posts")
    if helped and _ends("folk").search(rest[-1].text):
        return True
    return (unit in _listed("grown") or not _ends("heads").search(rest[-1].text)) and not rest[0].named


def _topic(normal: str, phrase: Sequence[_Word], unit: str) -> Span | None:
    """Return what a clause is about, where its verb stands before the number, and that can be counted so."""
    span = _range(phrase)
    if span is None:
        return None
    text = normal[slice(*span)]
    if unit in units("people"):
        fits = bool(_ends("folk").search(text)) or phrase[-1].named
    elif unit in units("money"):
        fits = bool(_ends("cash").search(text))
    else:
        fits = True
    return span if fits and not _ends("actors").search(text) and not _PLACE.fullmatch(text) else None


def _trimmed(words: Sequence[_Word]) -> list[_Word]:
    """Return a phrase without the place and the time that it opens with."""
    kept = list(words)
    while (
        kept
        and (_PLACE.fullmatch(kept[0].text) or _ends("times").search(kept[0].text) or _ORDINAL.fullmatch(kept[0].text))
        and (len(kept) > 1 or not kept[0].named)
    ):
        kept.pop(0)
    return kept


def _range(words: Sequence[_Word]) -> Span | None:
    return (words[0].start, words[-1].end) if words else None


def _digits(text: str) -> bool:
    return any(char.isdigit() and char.isascii() for char in text)


_PLANNED = re.compile(r"(?:项目|用地|任务|面积|规模|标准|周期|工程|单位|期|指标)$")
