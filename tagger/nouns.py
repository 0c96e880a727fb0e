"""Words of a clause as the rules for counted things see them, and the noun phrase right behind a number."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from tagger.numbers import units
from tagger.segmenters import segmenter

Span = tuple[int, int]

CLOSING = frozenset('”"’」』》')
_NUMBERED = re.compile(r"[一二三四五六七八九十两几各]+(?:档|类|批|次|期|级|年|个|轮|步|种|项|本)|一\S一\S")

_DONE = re.compile(r"[^收提大小高低年月](?:齐|够|了|着|到|给|成)")
_INNER = re.compile(r"[“”\"‘’「」『』《》·]|.*\w.*")
_VERBS = r"v|vd|vi|vq|vg|p|c|d|r|rr|rz|u|ud|uj|ul|uv|uz|ug|y|ad|df|f|t"
_GLUED = "铺架装送配捐发栽种养卖收补改修建买领交付割立添包留扶请派搬贴挖砌铸盖引喂放"
_BESIDE = "只多各净另再还又也就才则少共仅后时均需要能可会刚已正"
_HAVING = "有达占共"
_TAILS = "了到在来出给得至掉去入回完好起走"


@cache
def _table() -> dict[str, str]:
    return tomllib.loads((Path(__file__).parent / "counted.toml").read_text("utf-8"))


@cache
def _terms() -> tuple[str, ...]:
    return tuple(_table()["joined"].split())


@cache
def listed(key: str) -> frozenset[str]:
    """Return a word list of counted.toml."""
    return frozenset(_table()[key].split())


@cache
def ends(key: str) -> re.Pattern[str]:
    """Return the pattern that finds one of a list's words at a text's end."""
    return re.compile(f"(?:{'|'.join(map(re.escape, _table()[key].split()))})$")


def _dictionary() -> str:
    spec = find_spec("jieba")
    if spec and spec.submodule_search_locations:
        listing = Path(next(iter(spec.submodule_search_locations))) / "dict.txt"
        return listing.read_text("utf-8") if listing.is_file() else ""
    return ""


@cache
def _functional() -> frozenset[str]:
    """Return the words that end a noun phrase: the dictionary's verbs, prepositions, adverbs, pronouns."""
    found = set(re.findall(rf"^(\S+) \d+ (?:{_VERBS})$", _dictionary(), re.MULTILINE))
    return (frozenset(found) | listed("stops") | listed("short")) - listed("named") - listed("things")


@cache
def known() -> frozenset[str]:
    """Return the dictionary's short words that look as if a verb were glued to a noun, but are words."""
    shape = rf"^([{_GLUED}{_BESIDE}]\S{{1,2}}|\S{{1,2}}[{_TAILS}{_HAVING}]) \d+ "
    return frozenset(re.findall(shape, _dictionary(), re.MULTILINE)) | listed("joined") | listed("things")


@lru_cache(1 << 15)
def _stops(text: str) -> bool:
    return (
        text in _functional()
        or bool(_DONE.fullmatch(text))
        or (text[-1] in _TAILS and len(text) < 4 and text not in known())  # noqa: PLR2004
        or not _INNER.fullmatch(text)
    )


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its half-open range in the normalised text."""

    text: str
    start: int
    end: int

    @property
    def stops(self) -> bool:
        """Whether no noun phrase goes over it."""
        return _stops(self.text)

    @property
    def named(self) -> bool:
        """Whether it is an act that names a thing as well."""
        return self.text in listed("named")


def clause_words(normal: str, start: int, end: int) -> list[Word]:
    """Return the words of a range; a verb that the segmenter glued to its thing stands alone (铺|管)."""
    found: list[Word] = []
    at = start
    for text in segmenter(_terms()).cut(normal[start:end]):
        for part in _parts(text, found):
            found.append(Word(part, at, at + len(part)))
            at += len(part)
    return found


def _parts(text: str, before: Sequence[Word]) -> Iterator[str]:
    if 1 < len(text) <= 3 and _glued(text, loose=not before or before[-1].stops):  # noqa: PLR2004
        yield text[0]
        text = text[1:]
    yield text


def _glued(text: str, *, loose: bool) -> bool:
    """Whether a word's first character is one of its own: 铺|管, 多|收, 村|有."""
    head = text[0]
    having = len(text) == 2 and text[1] in _HAVING  # noqa: PLR2004
    glued = head in _BESIDE or having or (loose and head in _GLUED)
    return glued and text not in known() and text not in _functional()


def span_of(phrase: Sequence[Word]) -> Span | None:
    """Return the range from a phrase's first word to its last."""
    return (phrase[0].start, phrase[-1].end) if phrase else None


def noun_behind(normal: str, start: int, end: int, unit: str, *, lone: bool) -> Span | None:
    """Return the noun phrase right behind a number and its unit; `lone` where none stands before it."""
    words = clause_words(normal, start, end)
    while words and words[0].text in {"的", " ", "以上", "左右", "多", "余", "以下", "以内"}:
        words.pop(0)
    if words and words[0].text in listed("said") and unit in listed("said_units"):
        return words[0].start, words[0].end
    if words and words[0].stops and not (words[0].text in listed("attributes") and unit not in units("money")):
        return _described(words, unit, lone=lone)
    phrase = _taken(words, unit)
    if len(phrase) > 2 and phrase[0].text in '“「『《"' and phrase[-1].text in CLOSING:  # noqa: PLR2004
        phrase = phrase[1:-1]
    return span_of(phrase)


def _taken(words: Sequence[Word], unit: str) -> list[Word]:
    phrase: list[Word] = []
    for place, word in enumerate(words):
        if word.text == "的" and phrase and _describes(phrase, words[place + 1 :], unit):
            phrase = []
        elif _ends(phrase, word, unit) or (word.text in CLOSING and not _opened(words[:place])):
            break
        elif (unit in units("people") or unit == "%") and _ends_people(phrase, word, words[place + 1 : place + 2]):
            noun = _told_later(words[place:]) if phrase and unit != "%" else []
            if noun:
                return noun
            if phrase or unit != "%":
                break
            phrase.append(word)
        else:
            phrase.append(word)
    return phrase


def _told_later(words: Sequence[Word]) -> list[Word]:
    """Return the people behind a 的, where what stands before it only describes them: 家庭|困难|的|学生."""
    mark = next((place for place, word in enumerate(words[:3]) if word.text == "的"), 0)
    noun = _nouns(words[mark + 1 :]) if mark and not any(word.stops for word in words[:mark]) else []
    return noun if noun and ends("folk").search(noun[-1].text) else []


def _describes(phrase: Sequence[Word], after: Sequence[Word], unit: str) -> bool:
    """Whether the words before 的 only describe the thing behind it: 新建|的|大棚, 履责不力|的|干部."""
    if phrase[0].text in listed("attributes") or phrase[-1].named:
        return True
    noun = _nouns(after)
    folk = ends("folk")
    return unit in units("people") and bool(noun and folk.search(noun[-1].text)) and not folk.search(phrase[-1].text)


def _ends(phrase: Sequence[Word], word: Word, unit: str) -> bool:
    """Whether the thing counted ends before a word: a verb, a number, a rate of it (三十种大病|患病率)."""
    if _NUMBERED.fullmatch(word.text):
        return True
    if not phrase:
        return word.stops and word.text not in listed("attributes")
    if unit in units("people") | units("counts") and len(word.text) > 1:
        rated = word.text == "总值" or bool(ends("rate").search(word.text))
    else:
        rated = False
    return rated or word.stops or (word.text in listed("acting") and not word.named)


def _opened(words: Sequence[Word]) -> bool:
    return any(word.text in '“"‘「『《' for word in words)


def _ends_people(phrase: Sequence[Word], word: Word, after: Sequence[Word]) -> bool:
    """Whether the people counted are named before a word: 300名群众|就业; but 脱贫户, 困难家庭学生."""
    if word.text in CLOSING or word.text in "“「『《":  # 贫困户|“结亲”, but 村“两委”成员
        return word.text not in CLOSING and bool(phrase and ends("folk").search(phrase[-1].text))
    folk = bool(ends("folk").search(word.text))
    if phrase and ends("folk").search(phrase[-1].text):
        return not folk
    return word.named and not phrase and not (after and ends("folk").search(after[0].text))


def _described(words: Sequence[Word], unit: str, *, lone: bool) -> Span | None:
    """Return the people or things that a verb before them tells of: 30名懂技术的党员, 12名结对干部."""
    marks = [place for place, word in enumerate(words) if word.text == "的"]
    if marks and marks[-1] + 1 < len(words) and (unit in units("people") or lone):
        noun = _nouns(words[marks[-1] + 1 :])
        if unit in units("people"):
            last = max((place for place, word in enumerate(noun) if ends("folk").search(word.text)), default=-1)
            noun = noun[: last + 1]
        return span_of(noun)
    if lone and unit in listed("needy") and words[0].text not in listed("stops") and len(words) > 1:
        noun = _nouns(words[1:])
        return (words[0].start, noun[-1].end) if noun and ends("folk").search(noun[-1].text) else None
    return None


def _nouns(words: Sequence[Word]) -> list[Word]:
    """Return the words up to the first that ends a noun phrase."""
    stop = next((place for place, word in enumerate(words) if word.stops), len(words))
    return list(words[:stop])


def next_verb(normal: str, start: int, end: int) -> Span | None:
    """Return what was done in a length of time: 三天|搬运."""
    for word in clause_words(normal, start, end)[:4]:
        long = len(word.text) > 1 or word.text in listed("short")
        if word.text not in listed("fill") | listed("adverbs") and (word.named or word.stops) and long:
            return word.start, word.end
        if not word.stops:
            return None
    return None
