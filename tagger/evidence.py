"""What speaks for each kind of a chunk: small weights added up, from its wording, its form and its neighbours."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tagger import signs
from tagger.article import Source
from tagger.lines import STOPS, Chunk, unclosed
from tagger.words import Segmenter, segmenter

KINDS = ("furniture", "list", "byline", "title", "heading", "caption", "body")
Scores = dict[str, float]
SURE = 30.0  # the file's own markup says so

_INNER_STOP = re.compile(r"[。!?;…][”’」』)]?\s?[^\s”’」』)]")
_CLAUSE = re.compile(r"[,;。!?]")
_PARTS = re.compile(r"[\s,:、;|·!?]+|——|--")
_PLACE = re.compile(
    r"(?=([\u4e00-\u9fff]{2}(?:自治[县州旗区]|街道|社区|林场|农场|开发区|[县区市镇乡村屯寨庄旗盟州局办院校厂所站]|公司|集团|银行|支行|合作社|中心|学校|医院|部门|总队|支队|大队)))"
)
_RANKS = (("市", "州", "盟"), ("县", "区", "旗"), ("镇", "乡", "街道"), ("村", "社区", "屯", "寨"))
_VOICE = re.compile(r"([\u4e00-\u9fff]{1,8}):(?=.{6})")
_SCENE = re.compile(
    r"正在|现场|合影|图为|[左右](?:[一二三四五]|\d)|\([左右中前后]\)|近日|在一起|忙着|忙碌|一角|一景|全景|外景|远眺|鸟瞰|航拍|俯瞰|风光|掠影|剪影|资料图|展示着|喜获|喜摘"
    r"|新貌$|风貌$|面貌$|美景$|景象$|场景$|场面$|情景$|丰收$"
)
_PEOPLE = re.compile(
    r"(?:[一两三几\d]+[名位个]|这里的?|该[村镇县乡]|[^,\s]{0,8}?)(?:村民|群众|干部|工人|职工|工作人员|队员|孩子|学生|学员|老人|党员|志愿者|贫困户|脱贫户|困难户|书记|领导|农户|社员|医生|医务人员|护士|老师|教师|妇女|果农|茶农|菜农|农民|专家|技术员|客商|游客|记者|居民|队长|镇长|县长|主任|代表|大户)"
    r"(?:们|们在|[\u4e00-\u9fff]{0,4}(?:在|向|为|给|把|到|与|和|对|领取|采摘|查看|察看|指导|走访|慰问|参加|展示|讲解|学习|开展|检查|加工|种植|收获|晾晒|整理|清理|观看|了解|接受|搬运|分拣|包装|制作|进行|组织|喜|忙|翻看|排队|体验|驻足))"
)
_ACT = re.compile(
    r"领取|采摘|查看|察看|走访|慰问|看望|观看|翻看|讲解|交谈|座谈|合影|晾晒|分拣|搬运|装车|装箱|采收|收割|劳作|施肥|除草|授课|上课|义诊|领到|装运|打包|编织|缝制|揭牌|剪彩|签约|捐赠|发放|清理|打扫|喂养|查阅|核对|填写|发言|展出|投喂|喂"
)
_WHERE = re.compile(r"在[^,。]{1,16}?(?:里|上|中|内|前|旁|下|间|边|现场|基地|车间|家中|地头)")
_SLOGAN = re.compile(
    r"^(?:强化|夯实|聚焦|抓好|抓实|抓住|坚持|突出|深化|推进|筑牢|凝聚|激发|健全|完善|创新|加强|加快|加大|打造|提升|落实|压实|紧盯|紧扣|立足|着力|做好|做强|做优|做大|做实|发展|壮大|培育|补齐|拓宽|织密|守住|守牢|汇聚|建强|建立|建好|引领|实施|大力|全力|全面|积极|不断|持续|精准|党建|产业|教育|健康|就业|住房|生态|让|用|以|从|向)"
)
_OPENING = re.compile(
    r"^(?:同时|此外|另外|为此|目前|近年来|今年|去年|据|截至|其中|随后|于是|因此|但|并|而且|不仅|如今|当前|为了|由于|通过|按照|根据|在此|与此|下一步|之后|此前|自\S{2,12}以来)"
)
_THING = re.compile(r"^[^\s,:]{2,16}的[^\s,:的]{2,8}$")
_FUNCTION = re.compile(r"[的了着是将被于等与和及或并把对向为以在从由]$")
_BRIEF = re.compile(r"(?:调查|纪实|见闻|综述|侧记|记事|纪略|实录|小记|速写|观察|扫描|透视|探访|报告|通讯|故事)$")


@dataclass(frozen=True, slots=True)
class Page:
    """A source's chunks with what only the whole page can tell of each."""

    chunks: tuple[Chunk, ...]
    body: tuple[bool, ...]  # body by its own length and wording, whatever stands around it
    following: tuple[int, ...]  # the index of the next such body, or the number of chunks
    first: int  # the first such body
    last: int  # the last
    opening: int  # the first chunk before the body that carries no sign of furniture
    gap: int  # blank lines between two paragraphs
    alike: tuple[float, ...]  # how much a short chunk's form returns elsewhere
    arrives: tuple[float, ...]  # how surely a chunk names an actor that the page hasn't named yet
    repeated: frozenset[str]  # short lines that return, as running headers do
    quoted: frozenset[str]  # what stands in 《》
    listed: frozenset[str]  # the styles of number that count paragraphs, not headings
    numbered: int  # headings with a number, or with a day
    days: int  # days that head a paragraph, as in a diary
    speakers: frozenset[str]  # who is named before a colon, again and again: an interview
    titled: bool  # the file's markup or its table gives a title


def page(chunks: Sequence[Chunk], source: Source) -> Page:
    """Look at all chunks once."""
    body = tuple(map(_plainly_body, chunks))
    following, ahead = [], len(chunks)
    for at in range(len(chunks) - 1, -1, -1):
        following.append(ahead)
        ahead = at if body[at] else ahead
    where = [at for at, is_body in enumerate(body) if is_body]
    counts = Counter(chunk.head for chunk in chunks if 2 < chunk.size <= 30)  # noqa: PLR2004
    gaps = Counter(chunks[at].gap for at in where[1:] if body[at - 1])
    styles = [Counter(signs.number(c.head) for c, is_body in zip(chunks, body, strict=True) if is_body == k) for k in (False, True)]
    listed = frozenset(style for style, count in styles[1].items() if style and count > styles[0][style])
    days = sum(body[at] and chunks[at - 1].short and signs.day(chunks[at - 1].head) for at in range(2, len(chunks)))
    voices = Counter(voice[1] for chunk in chunks if (voice := _VOICE.match(chunk.head)))
    return Page(
        chunks=tuple(chunks),
        body=body,
        following=tuple(reversed(following)),
        first=where[0] if where else len(chunks),
        last=where[-1] if where else -1,
        opening=next((at for at, chunk in enumerate(chunks) if not marked_short(chunk.head)), -1),
        gap=gaps.most_common(1)[0][0] if gaps else 1,
        alike=_alike(chunks, body),
        arrives=_arrivals(chunks, body),
        repeated=frozenset(head for head, count in counts.items() if count > 2),  # noqa: PLR2004
        quoted=frozenset(name for chunk in chunks for name in re.findall(r"《([^》]{5,60})》", chunk.head)),
        days=days,
        listed=listed,
        numbered=sum(count for style, count in styles[0].items() if style and style not in listed) + days * (days > 1),
        speakers=frozenset(name for name, count in voices.items() if count > 1),
        titled=bool(source.title) or "title" in source.hints.values(),
    )


def _plainly_body(chunk: Chunk) -> bool:
    if chunk.hint:
        return chunk.hint == "body"
    head = chunk.head
    if chunk.size >= 60:  # noqa: PLR2004
        return not (signs.caption(head) or signs.furniture(head) >= 10)  # noqa: PLR2004
    if marked_short(head):
        return False
    if chunk.cut:
        return True
    if chunk.ended and chunk.size >= 16:  # noqa: PLR2004
        return True
    return bool(_INNER_STOP.search(head)) and chunk.size > 30  # noqa: PLR2004


def marked_short(head: str) -> bool:
    """Tell a line that carries a sign of furniture, byline or caption."""
    return signs.furniture(head) >= 7 or signs.byline(head) >= 9 or signs.caption(head) >= 8  # noqa: PLR2004


# --- form -----------------------------------------------------------------------------------------------------


def _forms(head: str) -> list[tuple[str, float]]:
    """Return what a short line's form can share with another's, each with its weight."""
    style = signs.number(head)
    if style:
        return [(f"number {style}", 2.0)]
    parts = [part for part in _PARTS.split(head) if part]
    marks = "".join(dict.fromkeys(re.sub(r"[^\s,:、;|·!?“”《》—]", "", head)))
    return [
        (f"lengths {marks}{[len(part) for part in parts]}", 1.2),
        (f"marks {marks}{len(parts)}" if marks else "", 0.8),
        (f"starts {head[:2]}", 0.8),
        (f"ends {head[-2:]}", 0.8),
    ]


def _alike(chunks: Sequence[Chunk], body: Sequence[bool]) -> tuple[float, ...]:
    forms = [
        _forms(chunk.head) if chunk.size <= 40 and not is_body and not marked_short(chunk.head) else []  # noqa: PLR2004
        for chunk, is_body in zip(chunks, body, strict=True)
    ]
    counts = Counter(key for keys in forms for key, _ in keys if key)
    return tuple(
        min(3.0, sum(w * min(1.5, 0.5 * counts[key]) for key, w in keys if counts[key] > 1)) for keys in forms
    )


def _arrivals(chunks: Sequence[Chunk], body: Sequence[bool]) -> tuple[float, ...]:
    """Return for each short chunk whether it names an actor that is new and that the next paragraph repeats."""
    seen: set[str] = set()
    scores, pending = [0.0] * len(chunks), []
    for at, chunk in enumerate(chunks):
        head = chunk.head
        if body[at]:
            opening = head[:120]
            for index, fresh in pending:
                scores[index] = float(any(name in opening for name in fresh))
            pending = []
            seen.update(_PLACE.findall(head))
            continue
        fresh = {name for name in _PLACE.findall(head) if name not in seen} if chunk.size <= 60 else set()  # noqa: PLR2004
        pending.append((at, fresh))
    return tuple(scores)


# --- weights --------------------------------------------------------------------------------------------------


def scores(page: Page, at: int) -> Scores:
    """Return the weight of each kind for one chunk, before its neighbours' kinds are known."""
    chunk = page.chunks[at]
    if chunk.hint:
        return {kind: SURE * (kind == chunk.hint) for kind in KINDS}
    head = chunk.head
    if page.body[at] and chunk.size > signs.LONGEST:
        return _weights(body=8.0)
    found = _weights(
        furniture=_furniture(page, at),
        byline=_byline(page, at),
        caption=_caption(page, at),
        heading=_heading(page, at),
        title=_title(page, at),
        body=_body(page, at),
    )
    found["list"] = 19.0 if signs.opens_list(head) else (1.5 if chunk.size <= 45 and "。" not in head else -6.0)  # noqa: PLR2004
    return found


def _weights(**known: float) -> Scores:
    return {kind: known.get(kind, -8.0) for kind in KINDS}


def _furniture(page: Page, at: int) -> float:
    chunk = page.chunks[at]
    head = chunk.head
    if signs.byline(head) > 9:  # noqa: PLR2004
        return -2.0
    score = signs.furniture(head) if chunk.short or signs.furniture(head) >= 10 else -4.0  # noqa: PLR2004
    if head in page.repeated and not signs.number(head) and at not in (page.first - 1,):
        score = max(score, 6.0)
    if signs.unit(head) and at + 1 < len(page.chunks) and signs.day(page.chunks[at + 1].head) and at > page.first:
        score = max(score, 9.0)
    if signs.day(head) and chunk.short:
        score = max(score, 6.0)
    if signs.cells(head) and any(signs.cells(c.head) == signs.cells(head) for c in page.chunks[max(0, at - 1) : at + 2 : 2]):
        score = max(score, 8.0)
    if score <= 0 and chunk.size <= 2:  # noqa: PLR2004
        score = 2.0
    if score <= 0 and at > page.last and not chunk.ended:
        score = 1.0
    return score if score > 0 else -1.5


def _byline(page: Page, at: int) -> float:
    score = signs.byline(page.chunks[at].head)
    if score >= 9:  # noqa: PLR2004
        return score
    if page.opening < at < page.first and (signs.signed(page.chunks[at].head) or signs.unit(page.chunks[at].head)):
        return 5.5
    if score > 0 and (at > page.last or at < page.first or page.arrives[at - 1] > 0):
        return score + 2.5
    return -4.0


def _caption(page: Page, at: int) -> float:
    chunk = page.chunks[at]
    head = chunk.head
    score = signs.caption(head)
    if score:
        long = chunk.size > 80 and len(_INNER_STOP.findall(head)) > 1  # noqa: PLR2004
        return score - 6.0 * long
    if signs.number(head) not in ("", "circle") or not 4 <= chunk.size <= 60:  # noqa: PLR2004
        return -4.0
    score = 0.4 * (chunk.size >= 8) - 1.5 * (chunk.size < 6) - 1.0 * (chunk.size > 40)  # noqa: PLR2004
    score += 2.0 * bool(_SCENE.search(head)) + 1.6 * bool(_PEOPLE.match(head)) + 0.8 * bool(_ACT.search(head))
    score += 1.0 * bool(_WHERE.search(head)) + 1.5 * (signs.number(head) == "circle")
    apart = (chunk.gap > page.gap) + (chunk.after > page.gap)
    score += (0.0, 0.4, 2.2)[apart] + 1.5 * _interrupts(page, at) + 1.0 * bool(_THING.search(head))
    score += 1.5 * _named(page, at)
    score += 0.8 * (at + 1 < len(page.chunks) and not page.body[at + 1] and at > page.first)
    score -= 0.5 * page.alike[at] + 1.2 * bool(re.search(r"\S[\s:]\S", head)) + 0.6 * bool(_SLOGAN.match(head))
    score -= 1.0 * (at < page.first) + 1.0 * bool(re.search(r"[?!“]", head))
    return score - 2.0 * (chunk.ended and chunk.size > 30)  # noqa: PLR2004


def _interrupts(page: Page, at: int) -> bool:
    """Tell a chunk that stands behind a paragraph whose last sentence isn't over."""
    before = page.chunks[at - 1] if at else None
    return bool(
        before and page.body[at - 1] and not page.chunks[at].ended and not before.ended and before.tail[-1:] != ":"
    )


def _named(page: Page, at: int) -> bool:
    """Tell a chunk that opens with a person whom the paragraphs around it name."""
    head = page.chunks[at].head
    around = [page.chunks[at - 1].head if at else "", *(c.head for c in page.chunks[at + 1 : at + 3])]
    return signs.surname(head[:1]) and any(head[:3] in text for text in around if len(text) > len(head))


def _heading(page: Page, at: int) -> float:
    chunk = page.chunks[at]
    head = chunk.head
    style = signs.number(head)
    style = "" if style in page.listed else style
    if at > page.last or chunk.size > 45 or (chunk.size < 2 and not style):  # noqa: PLR2004
        return -8.0
    score = 1.0 - 0.12 * max(0.0, chunk.size - 22)
    score += 3.0 * bool(style) + page.alike[at] * (not (page.arrives[at] and _likeness(page, at)))
    score += 1.0 * bool(re.search(r"\S[\s:]\S", head)) + 0.5 * bool(_SLOGAN.match(head)) + 0.5 * bool(re.search(r"[?“]", head))
    score += 0.6 * (chunk.gap > chunk.after) - 0.8 * (chunk.gap < chunk.after)
    score -= 1.0 * bool(_SCENE.search(head)) + 0.8 * bool(_PEOPLE.match(head))
    score -= 4.5 * (chunk.tail[-1:] in "。;") + 1.5 * (chunk.tail[-1:] in "!…") + 3.0 * (chunk.tail[-1:] in ",、")
    score -= 1.2 * (page.numbered > 1 and not style)
    score -= 1.5 * _interrupts(page, at) + 3.0 * (at < page.first and at == page.opening)
    score -= 2.0 * (at < page.first and not style and page.alike[at] < 1) + 1.0 * bool(_OPENING.match(head))
    score -= 3.0 * signs.said(head) * (not style) + 1.5 * (chunk.tail[-1:] == ":")
    if signs.day(head):
        score += 6.0 * (page.days > 1 and at + 1 < len(page.chunks) and page.body[at + 1])
    return score


def _title(page: Page, at: int) -> float:
    chunk = page.chunks[at]
    head = chunk.head
    if at > page.last or chunk.size > 60 or signs.salutation(head):  # noqa: PLR2004
        return -8.0
    score = 2.0 - 4.0 * (chunk.tail[-1:] in "。;,、:") - 3.0 * bool(_INNER_STOP.search(head)) - 0.1 * max(0.0, chunk.size - 40)
    score += 10.0 * (head in page.quoted and at > page.first)
    score += 2.0 * signs.subtitle(head) * (not chunk.ended) + 1.0 * bool(_BRIEF.search(head))
    if at < page.first:
        return score + 1.0 + 1.5 * (at == page.opening) - 2.0 * bool(signs.number(head)) - 1.5 * (chunk.size < 4)  # noqa: PLR2004
    return score - 7.0 + arrival(page, at)


def arrival(page: Page, at: int) -> float:
    """Return what speaks for a new article at a short chunk in the middle of a page."""
    chunk = page.chunks[at]
    head = chunk.head
    ahead = page.following[at]
    if ahead >= len(page.chunks) or ahead - at > 6:  # noqa: PLR2004
        return -4.0
    between = page.chunks[at + 1 : ahead]
    like = _likeness(page, at)
    arrives = 4.0 + 1.5 * like + _rank(page, at) if page.arrives[at] else 0.0
    score = arrives + like - 2.5 * page.titled + 0.8 * (chunk.size >= 16) - 1.5 * (chunk.size < 8)  # noqa: PLR2004
    score += 4.0 * any(signs.byline(other.head) >= 9 or signs.subtitle(other.head) for other in between)  # noqa: PLR2004
    score += 2.0 * any(signs.furniture(other.head) >= 10 for other in between)  # noqa: PLR2004
    score += 4.0 * signs.dateline(page.chunks[ahead].head)
    score += 3.5 * bool(between and signs.first_number(between[-1].head) and signs.number(between[-1].head))
    score += _closed(page, at) - 5.0 * bool(signs.number(head))
    return score - 0.6 * page.alike[at] * (page.arrives[at] == 0)


def _rank(page: Page, at: int) -> float:
    """Return whether the actor that a chunk names is of the rank of the one that the first title names."""
    above = "".join(chunk.head for chunk in page.chunks[: page.first] if chunk.short)
    there, here = _ranks(above), _ranks(page.chunks[at].head)
    return 1.0 if there & here else -1.5 * bool(there and min(there) < min(here, default=0))


def _ranks(text: str) -> set[int]:
    names = _PLACE.findall(text)
    return {rank for rank, ends in enumerate(_RANKS) for name in names if name.endswith(ends)}


def _closed(page: Page, at: int) -> float:
    """Return how surely the article before a chunk is over."""
    before = at - 1
    while before >= max(0, at - 8) and page.chunks[before].short and not page.body[before]:
        if signs.ending(page.chunks[before].head):
            return 3.0
        before -= 1
    return 3.0 * (before >= 0 and signs.credit(page.chunks[before].tail))


def _likeness(page: Page, at: int) -> float:
    """Return how much a chunk's form is that of the page's first title."""
    heads = [chunk.head for chunk in page.chunks[: page.first][-6:] if chunk.short and not marked_short(chunk.head)]
    head = page.chunks[at].head
    if not heads:
        return 0.0
    marks = lambda text: (len(re.findall(r"\s", text)), len(_CLAUSE.findall(text)), text.count(":"), text.count("——"))
    best = 0.0
    for other in heads:
        near = 0.75 <= len(head) / max(1, len(other)) <= 1.34
        best = max(best, 0.7 * near + 1.0 * (near and marks(head) == marks(other) and any(marks(head))))
    return best


def _body(page: Page, at: int) -> float:
    chunk = page.chunks[at]
    head, last = chunk.head, chunk.tail[-1:]
    score = -1.5 + min(7.0, 0.11 * max(0.0, chunk.size - 14))
    score += chunk.ended * (3.5 if last not in "!?" or chunk.size > 14 else 2.5) + 2.5 * (signs.number(head) in page.listed) + 2.0 * bool(_INNER_STOP.search(head))  # noqa: PLR2004
    score += 3.0 * (last in ",、") + 1.0 * (last == ":") + 4.5 * signs.salutation(head)
    score += 1.5 * signs.said(head) * (chunk.size > 12) + 2.0 * signs.dateline(head)  # noqa: PLR2004
    score += 1.0 * bool(_OPENING.match(head))
    voice = _VOICE.match(head)
    score += 3.0 * bool(voice and voice[1] in page.speakers)
    score += 4.0 * chunk.cut
    if at and page.body[at - 1] and not page.chunks[at - 1].ended:
        score += cut(page.chunks[at - 1], chunk)
    if not chunk.ended and chunk.size > 6 and at + 1 < len(page.chunks):  # noqa: PLR2004
        score += cut(chunk, page.chunks[at + 1])
    return score


def cut(before: Chunk, after: Chunk) -> float:
    """Return how surely one chunk's last sentence goes on in another, by the words alone."""
    score = 3.0 * (unclosed(before.tail) or before.tail[-1:] in ",、") + 1.2 * bool(_FUNCTION.search(before.tail))
    if after.head[:1] in ",、。;)”》":
        return score + 4.0
    return score + 3.0 * spans(before.tail, after.head)


@cache
def _segmenter() -> Segmenter:
    return segmenter()


def spans(before: str, after: str) -> bool:
    """Tell whether a word stands over the seam of two texts."""
    left = re.search(r"[\u4e00-\u9fff]{1,12}$", before)
    right = re.match(r"[\u4e00-\u9fff]{1,12}", after)
    if not left or not right:
        return bool(re.search(r"\d$", before) and re.match(r"[\d.]|[\u4e00-\u9fff]", after))
    offset = 0
    for word in _segmenter().cut(left[0] + right[0]):
        if offset < len(left[0]) < offset + len(word):
            return True
        offset += len(word)
    return False


__all__ = ["KINDS", "STOPS", "Page", "Scores", "arrival", "cut", "page", "scores", "spans"]
