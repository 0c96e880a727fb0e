"""What a number counts, and the act behind it: from the words that stand before and behind it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tagger.characters import compiled
from tagger.nouns import CLOSING, Span, Word, clause_words, ends, known, listed, next_verb, noun_behind, span_of
from tagger.numbers import units

_PLACE = re.compile(
    r"(?:全|我|本|该|各|每|两|当)[省市县区乡镇村州旗社组校地].?|.{2,}(?:[省市县区乡镇州旗]|自治[县州区]|街道"
    r"|(?<!贫困)(?<!行政)(?<!自然)(?<!示范)(?<!重点)(?<!试点)(?<!脱贫)(?<!空壳)(?<!专业)(?<!帮扶)村)$"
)
_RISE = re.compile(
    r"(?:已|又|再)?(?:增[长加至为]?|提[高升]?|上[升涨调]|下[降调跌]|降[低至]?|减少?|压[减缩]|扩[大展]?|发展|缩[短小]|攀升|回落|跃升|升[至为]?|涨|长|翻)"
    r"(?:了|到|至|为)*"
)
_DONE = re.compile(r"[^收提大小高低年月](?:齐|够|了|着|到|给|成)")
_ORDINAL = re.compile(r"第.{1,3}[批期次轮]|[一二三四五六七八九十两几半]+个?[天年月日季期批届轮次]|一季度")
_SAID = re.compile(
    r"(?<=[率额量数值比积面幅])均?为$|(?<=[率例])控制在?$|(?<![下到发传送表直])高?达到?了?$|累计$|共计$|共$|约$|(?<![附最靠临邻远亲])近$|突破$|超过$|(?<!彩)已?超$"
)
_EACH = re.compile(
    r"每(?:个|一)?(?:平方米|公斤|千瓦时|人次|学期|学年|季度|小时|课时"
    r"|[人户亩月年天日次期名株棵头只斤吨村镇乡县家例车箱袋件套单米度场班台间座组棚垄孔口桌趟顿位])(?:每(?:[月年天日](?![工补])|学期))?"
)
_YEARLY = compiled(r"[日年月](?:均)?(?:处理|加工(?!费)|出栏|生产|屠宰|接待|产(?![业品值量权])|销(?!售[额收]|量))(?=\h)")
_DATED = re.compile(r"(?:19|20)\d{2}年(?:底|末|初|度)?[,，]?|[去今明前]年")
_WHEN = re.compile(
    r"(?:二[〇零0][〇零一二三四五六七八九]{2}|一九[〇一二三四五六七八九]{2})年[底末初]?的?$|[一二三四五六七八九十两\d]+年前的?$|"
    r"(?:在|从|由|到|至|自)?(?:(?:19|20)\d{2}年(?:度|底|初|末)?|\d{1,2}月(?:份|底)?)的?$"
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a number counts and the act, as ranges of the text; None where the text has no word for it.

    `verb` and `subject` stand in where no noun names the thing: the verb that the number belongs to, and what
    the clause is about.
    """

    counted: Span | None
    act: Span | None
    verb: Span | None = None
    subject: Span | None = None


def told(normal: str, before: Span, behind: Span, unit: str) -> Told:
    """Return what a number counts, told by the text before it and behind its unit, each a half-open range."""
    end = behind[0]
    tell = _before(normal, *before, unit)
    back = tell.counted
    ahead = noun_behind(normal, *behind, unit, lone=back is None)
    counted = (ahead or back) if _prefersnoun_behind(normal, end, unit, back, ahead) else (back or ahead)
    verb = tell.verb
    if unit in units("people") and counted is None and (verb is None or normal[slice(*verb)] in listed("weak")):
        later = next_verb(normal, *behind)
        verb = later if later and normal[slice(*later)] in listed("named") else verb
    if unit in units("times") and not verb and not (back and _LASTING.search(normal[slice(*back)])):
        verb = next_verb(normal, *behind)
        counted = None if verb and ahead is None else counted
    if (
        counted
        and normal[counted[0] - 1 : counted[0]] == "每"
        and normal[counted[0]] in "月年"
        and unit in units("money")
    ):
        counted = counted[0] + 1, counted[1]
    return Told(counted, tell.act or verb, verb, tell.subject)


def _prefersnoun_behind(normal: str, end: int, unit: str, back: Span | None, ahead: Span | None) -> bool:
    if back is None or ahead is None:
        return True
    before, after = normal[slice(*back)], normal[slice(*ahead)]
    if unit in units("money"):
        return not ends("cash").search(before) and bool(ends("cash").search(after))
    if unit in units("shares"):
        return not ends("rate").search(before) or normal[end : end + 1] == "的"
    return unit not in units("times")


def _before(normal: str, start: int, end: int, unit: str) -> Told:
    """Return the noun phrase that ends before a number, the act on it, and what stands in for a noun."""
    start, end = _told_range(normal, start, end)
    words = clause_words(normal, start, end)
    if unit in units("sizes"):
        words = _without_dimension(words)
    dropped = _without_fill(words)
    act = next(((word.start, word.end) for word in reversed(dropped) if _RISE.fullmatch(word.text)), None)
    if not words:
        return Told(None, act, act)
    if unit in units("shares"):
        words = _before_share(words)
    last = words[-1]
    if last.text in CLOSING:
        return Told(_quoted(words), act)
    if last.text in listed("bound") and unit not in units("people") | units("money") | listed("turns"):
        return Told((last.start + 1, last.end), act or (last.start, last.start + 1))
    if last.stops:
        return _at_verb(normal, words, unit, act)
    if unit in units("people"):
        return _people(words, act, owned=any(word.text == "的" for word in dropped))
    phrase, verb = _phrase(words, len(words), unit)
    return Told(span_of(_trimmed(phrase)), act or verb or ((last.start, last.end) if last.named else None))


def _without_fill(words: list[Word]) -> list[Word]:
    """Take the words off a clause's end that say nothing of the thing: 共, 达, 增长到; return them, last first."""
    dropped: list[Word] = []
    while words and (words[-1].text in listed("fill") or _RISE.fullmatch(words[-1].text) or _digits(words[-1].text)):
        dropped.append(words.pop())
    return dropped


def _people(words: Sequence[Word], act: Span | None, *, owned: bool) -> Told:
    """Return the people named before a number of people; `owned` where 的 parts them from it: 入股的41户."""
    whole, verb = _phrase(words, len(words), "人")
    phrase = _folk_first(_trimmed(whole))
    last = words[-1]
    span = (last.start, last.end)
    if owned and not (phrase and ends("folk").search(phrase[-1].text)):
        return Told(None, act or verb or span, span if last.named or verb is None else verb)
    if len(phrase) == 1 and last.named and verb is None:
        return Told(None, act or span, span)
    if not phrase:
        return Told(None, act or verb, verb, span_of(whole))
    return Told(span_of(phrase), act or verb or (span if last.named else None))


def _folk_first(phrase: list[Word]) -> list[Word]:
    """Return a phrase up to the people that it names: 学生|学杂费, 志愿者|轮岗|支教."""
    if not phrase or ends("folk").search(phrase[-1].text):
        return phrase
    folk = [place for place, word in enumerate(phrase) if ends("folk").search(word.text) and len(word.text) > 1]
    return phrase[: folk[-1] + 1] if folk and (phrase[-1].named or phrase[-1].text[-1] in "费金款") else phrase


def _without_dimension(words: list[Word]) -> list[Word]:
    """Return a clause's words without the 深 of 泥深 or the 亩产 of 花生亩产, where a thing stands before it."""
    if not words or words[-1].stops:
        return words
    last = words[-1]
    if len(words) > 1 and last.text in listed("dimensions") and not words[-2].stops:
        return words[:-1]
    if len(last.text) == 2 and last.text[1] in listed("dimensions") and last.text not in known():  # noqa: PLR2004
        return [*words[:-1], Word(last.text[0], last.start, last.end - 1)]
    return words


def _before_share(words: list[Word]) -> list[Word]:
    """Return a clause's words up to the 占 of 党员占全村的, where a thing stands before it."""
    taken = next((place for place in range(len(words) - 1, 0, -1) if words[place].text in ("占", "约占", "仅占")), None)
    return words[:taken] if taken and not words[taken - 1].stops else words


def _at_verb(normal: str, words: Sequence[Word], unit: str, act: Span | None) -> Told:
    """Return what a number right behind a verb counts: the clause's subject, if it can be counted so."""
    verb = _act(words[-1])
    end = _without_adverbs(words, len(words) - 1)
    if end and unit in units("money") and words[end - 1].text in ("里", "中", "内"):  # 从资金里拿出
        end -= 1
    phrase = _trimmed(_phrase(words, end, unit)[0])
    if unit in listed("turns") and verb:
        return Told(None, act or verb, verb)
    topic = _topic(normal, phrase, unit)
    return Told(topic, act or verb, verb, span_of(phrase))


_LASTING = re.compile(r"(?:期|期限|时间|时长|制|龄|寿命|周期|课|培训|服务|假)$")


def _quoted(words: Sequence[Word]) -> Span | None:
    """Return a quoted name's words, without the marks: “田间课堂”."""
    opened = next((place for place in reversed(range(len(words))) if words[place].text in '“"‘「『《'), None)
    return None if opened is None else span_of(words[opened + 1 : -1])


def _told_range(normal: str, start: int, end: int) -> Span:
    """Return the range without what only says when, for each what, and how sure: 每学年, 2015年的, 达."""
    each = None
    for each in _EACH.finditer(normal, start, end):  # noqa: B007 - the last one
        pass
    if each and normal[each.end() : end].strip():
        start = each.end()
    elif each:
        end = each.start()
    dated = _DATED.match(normal, start, end)
    if dated and normal[dated.end() : end].strip():
        start = dated.end()
    yearly = None
    for yearly in _YEARLY.finditer(normal, start, end):  # noqa: B007 - the last one
        pass
    if yearly and normal[yearly.end() : end].strip():
        start = yearly.end()
    for pattern in (_WHEN, _SAID, _WHEN):
        found = pattern.search(normal, start, end)
        end = found.start() if found else end
    return start, end


def _without_adverbs(words: Sequence[Word], end: int) -> int:
    while end and (words[end - 1].text in listed("fill") or words[end - 1].text in listed("adverbs")):
        end -= 1
    return end


def _phrase(words: Sequence[Word], end: int, unit: str) -> tuple[list[Word], Span | None]:
    """Return the nouns that end at a place, and the verb right before them."""
    at = end
    while at and not words[at - 1].stops and words[at - 1].text not in CLOSING:
        word = words[at - 1]
        rest = words[at:end]
        if rest and (
            _acts_strongly(word, rest, described=at > 1 and not words[at - 2].stops)
            or (word.named and not _cut_off(rest) and _acts_on(word, rest, unit))
        ):
            return list(rest), (word.start, word.end)
        at -= 1
        if (
            _cut_off(words[at:end])
            and at
            and words[at - 1].stops
            and len(words[at - 1].text) > 1
            and not _RISE.fullmatch(words[at - 1].text)
        ):
            at -= 1  # 分娩|率
    return list(words[at:end]), _act(words[at - 1]) if at else None


def _cut_off(rest: Sequence[Word]) -> bool:
    """Whether a phrase is but the end of a name that the segmenter cut: 存栏|量, 缴费|标准."""
    return len(rest) == 1 and rest[0].text in listed("suffixes")


def _acts_strongly(verb: Word, rest: Sequence[Word], *, described: bool) -> bool:
    """Whether a verb hardly ever describes the thing behind it: 清理|塌方; but 清理|费."""
    if len(rest) == 1 and (rest[0].text in listed("suffixes") or rest[0].named):
        return False
    if len(rest) == 1 and described and ends("cash").search(rest[0].text):
        return False
    return verb.text in listed("acting") or (
        verb.text in ("补贴", "补助", "报销", "减免") and rest[-1].text[1:] == "费"
    )


def _act(word: Word) -> Span | None:
    """Return a word's range if it tells an act: no adverb, nor a single character but for a few."""
    tells = len(word.text) > 1 or word.text in listed("short")
    return (word.start, word.end) if tells and word.text not in listed("adverbs") | listed("fill") else None


def _acts_on(verb: Word, rest: Sequence[Word], unit: str) -> bool:
    """Whether a verb that names things too is the act here: 养殖|肉牛, 投入|资金; not 养殖基地, 就业岗位."""
    if verb.text in ("投入", "支付", "捐赠") and rest[0].text not in ("额", "金额", "总额"):
        return True
    if verb.text in listed("taking") and len(rest) > 1:
        return True
    if verb.text == "建设":
        return not ends("cash").search(rest[-1].text) and not _PLANNED.search(rest[-1].text)
    helped = verb.text in listed("helping") and rest[-1].text not in listed("posts")
    if helped and ends("folk").search(rest[-1].text):
        return True
    return (unit in listed("grown") or not ends("heads").search(rest[-1].text)) and not rest[0].named


def _topic(normal: str, phrase: Sequence[Word], unit: str) -> Span | None:
    """Return what a clause is about, where its verb stands before the number, and that can be counted so."""
    span = span_of(phrase)
    if span is None:
        return None
    text = normal[slice(*span)]
    if unit in units("people"):
        fits = bool(ends("folk").search(text)) or phrase[-1].named
    elif unit in units("money"):
        fits = bool(ends("cash").search(text))
    else:
        fits = True
    return span if fits and not ends("actors").search(text) and not _PLACE.fullmatch(text) else None


def _trimmed(words: Sequence[Word]) -> list[Word]:
    """Return a phrase without the place and the time that it opens with."""
    kept = list(words)
    while (
        kept
        and (_PLACE.fullmatch(kept[0].text) or ends("times").search(kept[0].text) or _ORDINAL.fullmatch(kept[0].text))
        and (len(kept) > 1 or not kept[0].named)
    ):
        kept.pop(0)
    held = next((place for place, word in enumerate(kept[:-1]) if ends("holders").search(word.text)), None)
    if held is not None and kept[held + 1].text not in listed("suffixes") | {"书记"}:
        kept = kept[held + 1 :]
    return kept


def _digits(text: str) -> bool:
    return any(char.isdigit() and char.isascii() for char in text)


_PLANNED = re.compile(r"(?:项目|用地|任务|面积|规模|标准|周期|工程|单位|期|指标)$")
