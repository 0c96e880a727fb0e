"""What speaks for each kind of a chunk: weights added up, from its wording, its form and its neighbours.

The weights are set by hand, on the made-up pages of tests/layouts; docs/splitting.md says what each is for.
"""

import re

from tagger import credits as names
from tagger import furniture as page
from tagger import signs
from tagger.joins import cut
from tagger.layout import INNER_STOP, Layout, voice
from tagger.lines import Chunk, signed, unclosed

KINDS = ("furniture", "list", "byline", "title", "heading", "caption", "body")  # "list": furniture after its head
Scores = dict[str, float]
MARKED_UP = 30.0  # the file's own markup says so
_NEVER = -8.0

_SLOGAN = re.compile(
    r"强化|夯实|聚焦|抓好|抓实|抓住|坚持|突出|深化|推进|筑牢|凝聚|激发|健全|完善|创新|加强|加快|加大|打造|提升|落实|压实"
    r"|紧盯|紧扣|立足|着力|做好|做强|做优|做大|做实|发展|壮大|培育|补齐|拓宽|织密|守住|守牢|汇聚|建强|建立|建好|引领|实施"
    r"|大力|全力|全面|积极|不断|持续|精准|党建|产业|教育|健康|就业|住房|生态|让|用|以|从|向"
)
_OPENING = re.compile(
    r"同时|此外|另外|为此|目前|近年来|今年|去年|据|截至|其中|随后|于是|因此|但|并|而且|不仅|如今|当前|为了|由于|通过|按照"
    r"|根据|在此|与此|下一步|之后|此前|自\S{2,12}以来"
)
_GENRE = re.compile(r"(?:调查|纪实|见闻|综述|侧记|记事|纪略|实录|小记|速写|观察|扫描|透视|探访|报告|通讯|故事)$")
_COUPLET = re.compile(r"\S[\s:]\S")
_CLAUSE = re.compile(r"[,;。!?]")
_CHANNEL = re.compile(r"[^\s·|]{2,6}\s[·|]\s[^\s·|]{2,6}$")


def scores(layout: Layout, at: int) -> Scores:
    """Return the weight of each kind for one chunk, before its neighbours' kinds are known."""
    chunk = layout.chunks[at]
    if chunk.hint:
        return {kind: MARKED_UP * (kind == chunk.hint) for kind in KINDS}
    found = dict.fromkeys(KINDS, _NEVER)
    if layout.body[at] and (chunk.size > page.LONGEST or (chunk.ended and chunk.size > 34)):  # noqa: PLR2004
        return found | {"body": 8.0}
    return {
        "furniture": _furniture(layout, at),
        "list": _list(chunk),
        "byline": _byline(layout, at),
        "title": _title(layout, at),
        "heading": _heading(layout, at),
        "caption": _caption(layout, at),
        "body": _body(layout, at),
    }


def _heads_page(layout: Layout, at: int) -> bool:
    """Tell a short line above the page's date and number, under which the title is still to come, or a channel's."""
    if at != layout.opening or _CHANNEL.match(layout.chunks[at].head):
        return at == layout.opening
    if layout.chunks[at].size > 8 or at + 2 >= layout.first:  # noqa: PLR2004
        return False
    below = layout.chunks[at + 1].head
    return page.day(below) or (page.furniture(below) >= 10 and bool(re.search(r"第?\s?\S{1,3}版", below)))  # noqa: PLR2004


def _list(chunk: Chunk) -> float:
    if page.opens_list(chunk.head):
        return 19.0  # makes good the step into a list, which nothing else does
    return 1.5 if chunk.size <= 45 and "。" not in chunk.head else -6.0  # noqa: PLR2004


def _furniture(layout: Layout, at: int) -> float:
    chunk = layout.chunks[at]
    head = chunk.head
    score = page.furniture(head)
    if names.byline(head) > 9 or (not chunk.short and score < 10) or at in layout.counted:  # noqa: PLR2004
        return -2.0
    if _heads_page(layout, at):
        score = max(score, 6.0)
    if head in layout.repeated and not signs.number(head) and at != layout.first - 1:
        score = max(score, 6.0)
    if chunk.short and page.day(head):
        score = max(score, 6.0)
    if at > layout.first and page.unit(head) and any(page.day(near.head) for near in layout.chunks[at + 1 : at + 2]):
        score = max(score, 9.0)
    width = page.cells(head)
    if width and any(page.cells(near.head) == width for near in layout.chunks[max(0, at - 1) : at + 2 : 2]):
        score = max(score, 8.0)
    if score > 0:
        return score
    if at and chunk.size <= 20 and _label(layout.chunks[at - 1].head):  # noqa: PLR2004
        return 5.0
    if chunk.size <= 2:  # noqa: PLR2004
        return 2.0
    return 1.0 if at > layout.last and not chunk.ended else -1.5


def _label(head: str) -> bool:
    """Tell a label whose value stands on the next line."""
    return head.endswith(":") and page.furniture(head) >= 10 and not page.opens_list(head)  # noqa: PLR2004


def _byline(layout: Layout, at: int) -> float:
    head = layout.chunks[at].head
    score = names.byline(head)
    if score >= 9:  # noqa: PLR2004
        return score
    if at in layout.signers:
        return 7.0
    if layout.opening < at < layout.first and (names.signed(head) or page.unit(head)):
        return 5.5
    if layout.first < at < layout.last and page.unit(head) and layout.body[at + 1] and not layout.body[at - 1]:
        return 5.5
    if score > 0 and (at > layout.last or at < layout.first or layout.arrives[at - 1]):
        return score + 2.5
    return -4.0


def _caption(layout: Layout, at: int) -> float:
    chunk = layout.chunks[at]
    head = chunk.head
    if at in layout.shots or (at and chunk.size <= 45 and page.picture(layout.chunks[at - 1].head)):  # noqa: PLR2004
        return 9.0
    score = names.caption(head)
    if score:
        return score - 6.0 * (80 < chunk.size <= page.LONGEST and len(INNER_STOP.findall(head)) > 1)  # noqa: PLR2004
    style = signs.number(head)
    if style not in ("", "circle") or not 4 <= chunk.size <= 60:  # noqa: PLR2004
        return -4.0
    dated = signs.DATED.match(head)
    head = head[dated.end() :] if dated else head
    scene = bool(signs.SCENE.search(head))
    score = 1.5 * bool(dated) + 0.4 * (chunk.size >= 8) - 1.0 * (chunk.size > 40)  # noqa: PLR2004
    score -= 1.5 * (chunk.size < 6 and not scene)  # noqa: PLR2004
    score += 2.0 * scene + 0.7 * bool(signs.PEOPLE.match(head)) + 1.0 * bool(signs.DOING.match(head))
    score += 0.8 * bool(signs.ACT.search(head))
    score += (
        1.0 * bool(signs.WHERE.search(head))
        + 1.0 * bool(signs.THING.match(head) or signs.SITE.match(head))
        + 1.5 * (style == "circle")
    )
    score += (0.0, 0.4, 2.2)[(chunk.gap > layout.gap) + (chunk.after > layout.gap)]
    score += 1.5 * _interrupts(layout, at) + 1.5 * _named(layout, at)
    score -= 3.0 * signs.subtitle(head)
    score += _in_run(layout, at)
    score += 0.8 * (layout.first < at + 1 < len(layout.chunks) and not layout.body[at + 1])
    score -= 0.5 * layout.alike[at] + 1.2 * bool(_COUPLET.search(head)) + 0.6 * bool(_SLOGAN.match(head))
    score -= 1.0 * (at < layout.first) + 1.0 * bool(re.search(r"[?!“]", head)) + 3.0 * (chunk.tail[-1:] == ":")
    return score - chunk.ended * (2.0 * (chunk.size > 30) + 1.0 * _owed(layout, at))  # noqa: PLR2004


def _in_run(layout: Layout, at: int) -> float:
    """Return what speaks for a caption in that three or more short lines stand together, all but the last."""
    run = layout.runs[at]
    return 0.5 * min(3, run - 2) if run > 2 and layout.runs[at + 1 : at + 2] == (run,) else 0.0  # noqa: PLR2004


def _owed(layout: Layout, at: int) -> bool:
    """Tell a chunk behind which, captions and headings left out, a paragraph waits for its end."""
    for before in range(at - 1, max(-1, at - 6), -1) if layout.cuts else ():
        if layout.body[before]:
            chunk = layout.chunks[before]
            return not chunk.ended and chunk.tail[-1:] != ":" and chunk.size > 16  # noqa: PLR2004
        if layout.chunks[before].ended and not signed(layout.chunks[before].head):
            return False  # the end of the sentence
    return False


def _interrupts(layout: Layout, at: int) -> bool:
    return not layout.chunks[at].ended and _owed(layout, at)


def _named(layout: Layout, at: int) -> bool:
    """Tell a chunk that opens with a person whom the paragraphs around it name."""
    head = layout.chunks[at].head
    nickname = bool(signs.NICKNAME.match(head))
    if not nickname and (not names.surname(head[:1]) or layout.ranks(head[:3])):
        return False
    around = [near.head for near in layout.chunks[max(0, at - 1) : at + 3]]
    return any(head[: 2 if nickname else 3] in text for text in around if len(text) > len(head))


def _heading(layout: Layout, at: int) -> float:
    chunk = layout.chunks[at]
    head, last = chunk.head, chunk.tail[-1:]
    style = signs.number(head)
    style = "" if style in layout.listed else style
    if at > layout.last or chunk.size > 45 or (chunk.size < 2 and not style):  # noqa: PLR2004
        return _NEVER
    score = 1.0 - 0.12 * max(0.0, chunk.size - 22) + 3.0 * bool(style) - 1.2 * (layout.numbered > 1 and not style)
    new = layout.arrives[at] and (likeness(layout, at) or _rank(layout, at) > 0)
    if not (new or _stacked(layout, at)):
        score += layout.alike[at] * (0.4 if layout.shifts[at] else 1.0)
    score += 1.0 * bool(_COUPLET.search(head)) + 0.5 * bool(_SLOGAN.match(head)) + 0.5 * bool(re.search(r"[?“]", head))
    score += 0.6 * (chunk.gap > chunk.after) - 0.8 * (chunk.gap < chunk.after)
    score -= (
        1.0 * bool(signs.SCENE.search(head)) + 0.8 * bool(signs.DOING.match(head)) + 1.0 * bool(_OPENING.match(head))
    )
    score -= 0.8 * (layout.formal and not layout.alike[at] and not style) + 0.5 * _closed(layout, at)
    score -= 4.5 * (last in "。;") + 1.5 * (last in "!…") + 3.0 * (last in ",、") + 1.5 * (last == ":")
    score -= (3.0 * signs.said(head) + 1.5 * _interrupts(layout, at)) * (not style)
    score -= 3.0 * (voice(head) in layout.speakers) + 0.25 * layout.shifts[at]
    if at < layout.first:
        score -= 2.0 * (layout.runs[at] > 3 and layout.runs[at + 2 : at + 3] == (layout.runs[at],))  # noqa: PLR2004
        score -= 3.0 * (at == layout.opening) + 2.0 * (not style and layout.alike[at] < 1)
    score += 6.0 * signs.label(head) + 12.0 * (at in layout.counted) + 5.0 * (at - 1 in layout.counted)
    diary = layout.days > 1 and at + 1 < len(layout.chunks) and layout.body[at + 1]
    return score + 6.0 * (diary and page.day(head))


def _title(layout: Layout, at: int) -> float:
    chunk = layout.chunks[at]
    head = chunk.head
    if at > layout.last or chunk.size > 60 or signs.salutation(head):  # noqa: PLR2004
        return _NEVER
    score = 2.0 - 0.1 * max(0.0, chunk.size - 40) - 3.0 * _stops(head)
    score -= 4.0 * (chunk.tail[-1:] in "。;,、:")
    score -= 1.5 * bool(signs.SCENE.search(head)) + 2.5 * bool(signs.DOING.match(head))
    score -= 5.0 * signs.label(head)
    score += 2.0 * (signs.subtitle(head) and not chunk.ended) + 1.0 * bool(_GENRE.search(head))
    if at < layout.first:
        numbered = bool(signs.number(head))
        above = sum(near > 0 for near in layout.runs[:at])
        score -= (0.5 + 0.5 * (above > 1)) * max(0, layout.runs[at] - 3) * (above > 0)
        score -= 2.0 * any(names.byline(near.head) >= 9 for near in layout.chunks[max(0, at - 4) : at])  # noqa: PLR2004
        return score + 1.0 - 2.0 * numbered + (-3.0 if chunk.size < 4 else 1.5 * (at == layout.opening))  # noqa: PLR2004
    score += 2.0 * signs.subtitle(head) * (not layout.body[at - 1])
    return score - 7.0 + 10.0 * (head in layout.quoted) + _arrival(layout, at)


def _stops(head: str) -> float:
    """Return how surely a line is more than one sentence: titles, too, may cry out or ask in the middle."""
    found = INNER_STOP.search(head)
    return 0.0 if not found else 0.3 if found[0][0] in "!?" else 1.0


def _arrival(layout: Layout, at: int) -> float:
    """Return what speaks for a new article at a short chunk in the middle of a page."""
    chunk, ahead = layout.chunks[at], layout.following[at]
    head = chunk.head
    if ahead >= len(layout.chunks) or ahead - at > 6:  # noqa: PLR2004
        return -4.0
    between = [near.head for near in layout.chunks[at + 1 : ahead]]
    like = likeness(layout, at)
    score = like + 0.8 * (chunk.size >= 16) - 1.5 * (chunk.size < 8) - 2.5 * layout.titled  # noqa: PLR2004
    if layout.arrives[at]:
        score += 4.0 + 1.5 * like + _rank(layout, at)
    elif _stacked(layout, at) or layout.shifts[at]:
        score += max(4.0 * _stacked(layout, at), layout.shifts[at]) + like
    else:
        score -= 0.6 * layout.alike[at]
    score += 4.0 * any(names.byline(near) >= 9 or signs.subtitle(near) for near in between)  # noqa: PLR2004
    score += 5.0 * any(index in layout.signers for index in range(at + 1, ahead))
    score += 2.0 * any(page.furniture(near) >= 10 for near in between)  # noqa: PLR2004
    score += 4.0 * signs.dateline(layout.chunks[ahead].head)
    score += 3.5 * bool(between and signs.number(between[-1]) and signs.first_number(between[-1]))
    return score + (2.5 if layout.credits > 1 else 1.0) * _closed(layout, at) - 5.0 * bool(signs.number(head))


def _stacked(layout: Layout, at: int) -> bool:
    """Tell a line right above one that names a new actor: a kicker, or a title over its sub-title."""
    after = at + 1
    return after < layout.following[at] and layout.arrives[after] and not names.caption(layout.chunks[after].head)


def _rank(layout: Layout, at: int) -> float:
    """Return whether the place that a chunk names is of the rank of the one that the first title names."""
    above = "".join(chunk.head for chunk in layout.chunks[: layout.first][-12:] if chunk.short)
    there, here = layout.ranks(above), layout.ranks(layout.chunks[at].head)
    return 3.5 if there & here else -1.5 * bool(there and here and min(there) < min(here))


def _closed(layout: Layout, at: int) -> float:
    """Return how surely the article before a chunk is over."""
    for before in range(at - 1, max(-1, at - 8), -1):
        chunk = layout.chunks[before]
        if layout.body[before] or not chunk.short:
            return 3.0 * names.credit(chunk.tail)
        if page.ending(chunk.head):
            return 3.0
    return 0.0


def likeness(layout: Layout, at: int) -> float:
    """Return how much a chunk's form is that of the lines before the first paragraph, the first title's."""
    head = layout.chunks[at].head
    best = 0.0
    for chunk in layout.chunks[: layout.first][-6:]:
        if not chunk.short or signed(chunk.head):
            continue
        near = 3 * len(chunk.head) <= 4 * len(head) <= 5.4 * len(chunk.head)
        same = near and any(_marks(head)) and _marks(head) == _marks(chunk.head)
        best = max(best, 0.7 * near + 1.0 * same)
    return best


def _marks(head: str) -> tuple[int, ...]:
    return (head.count(" "), len(_CLAUSE.findall(head)), head.count(":"), head.count("——"))


def _body(layout: Layout, at: int) -> float:
    chunk = layout.chunks[at]
    head, last = chunk.head, chunk.tail[-1:]
    score = -1.5 + min(7.0, 0.11 * max(0.0, chunk.size - 14)) + 2.0 * _stops(head)
    score += chunk.ended * (3.5 if last not in "!?" or chunk.size > 14 else 2.5)  # noqa: PLR2004
    score += 3.0 * (last in ",、") + 1.0 * (last == ":") + 4.5 * signs.salutation(head) + 3.0 * layout.verse[at]
    score += 5.0 * layout.clauses[at]
    score += 2.0 * (bool(signs.number(head)) and last in "。;")
    score += 1.5 * (chunk.size > 12 and signs.said(head)) + 2.5 * (signs.number(head) in layout.listed)  # noqa: PLR2004
    score += 2.0 * signs.dateline(head) + 1.0 * bool(_OPENING.match(head)) + 4.0 * chunk.cut
    score += 2.5 * (chunk.ended and _owed(layout, at)) - 6.0 * (
        names.shot(chunk.tail) or (chunk.short and bool(names.caption(head)))
    )
    score += 3.0 * (voice(head) in layout.speakers)
    if at and layout.body[at - 1] and not layout.chunks[at - 1].ended:
        score += cut(layout.chunks[at - 1], chunk)
    score += 1.0 * (not chunk.ended and head.count(",") > 1)
    return score + (0.0 if chunk.ended or chunk.size <= 6 else _goes_on(layout, at))  # noqa: PLR2004


def _goes_on(layout: Layout, at: int) -> float:
    """Return how surely a chunk's sentence goes on in the next, or behind a caption or two."""
    chunk, best = layout.chunks[at], 0.0
    for after in range(at + 1, min(at + 4, len(layout.chunks))):
        other = layout.chunks[after]
        if other.ended or other.size > 20 or unclosed(chunk.tail):  # noqa: PLR2004 - no caption, no heading
            words = cut(chunk, other)
            best = max(best, words + 1.0 * (words > 0 and other.ended and other.size < 16))  # noqa: PLR2004 - an end
        if other.ended or "," not in chunk.head:
            break
    return best
