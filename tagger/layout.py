"""A whole page at a glance: what only all its chunks together can tell of each."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tagger import signs
from tagger.article import Source
from tagger.characters import compiled
from tagger.credits import byline, caption, credit, shot
from tagger.credits import signed as written
from tagger.furniture import day, furniture
from tagger.lines import Chunk, marked, signed
from tagger.verses import clauses, verse

INNER_STOP = re.compile(r"[。!?;…][”’」』)]?\s?[^\s”’」』)]")
_QUOTED = re.compile(r"《([^》]{5,60})》")
_PARTS = re.compile(r"[\s,:、;|·!?]+|——|--")
_NOT_MARK = re.compile(r"[^\s,:、;|·!?“”《》—]")
_VOICE = compiled(r"(\h{1,8}):(?=.{6})")
_ACTOR = compiled(
    r"(?=(\h{2}(?:自治[县州旗区]|街道|社区|林场|农场|开发区|公司|集团|银行|支行|合作社|中心|学校|医院|部门"
    r"|总队|支队|大队|[县区市镇乡村屯寨庄旗盟州局办院校厂所站])))"
)
_NO_NAME = re.compile(  # a kind of place, not one place
    r".?超市$|.?[全该我各本每这那某一二两三几多个外出进到在驻跟的了着把被].{1,2}$|.?[山小景园地辖片库社城郊牧灾老新林校]区$"
    r"|(?:安置|工业|示范|贫困|行政|自然|中心|特色|搬迁|重点|深度|美丽|产业|农业|开发|高新|经济|生态|旅游|保护|振兴|帮扶|扶贫|脱贫).{1,2}$"
)
_RANKS = (
    ("市", "州", "盟"),
    ("县", "区", "旗"),
    ("镇", "乡", "街道"),
    ("村", "社区", "屯", "寨"),
    ("局", "办", "公司", "医院", "银行"),
)
_VILLAGE = 3  # a story goes from village to village
_OPENING = 120  # characters of a paragraph in which a title's actor is looked for
LONG = 60  # characters: longer than any title


@dataclass(frozen=True, slots=True)
class Layout:
    """A source's chunks with what the whole page tells of each; chunks are named by their index."""

    chunks: tuple[Chunk, ...]
    body: tuple[bool, ...]  # body by its own length and wording, whatever stands around it
    following: tuple[int, ...]  # the next such chunk, or the number of chunks
    first: int  # the first such chunk
    last: int  # the last
    opening: int  # the first chunk that carries no sign of furniture, or -1
    gap: int  # blank lines between two paragraphs
    alike: tuple[float, ...]  # how much a short chunk's form returns elsewhere, 0 to 3
    arrives: tuple[bool, ...]  # names an actor that is new here and that the next paragraph repeats
    shifts: tuple[float, ...]  # how surely another actor is spoken of from here on: 0 to 6
    runs: tuple[int, ...]  # how many short lines without a number or sign stand together here
    verse: tuple[bool, ...]  # one of several short lines of one length
    clauses: tuple[bool, ...]  # one of many short lines of a clause each
    repeated: frozenset[str]  # short lines that return, as running headers do
    quoted: frozenset[str]  # what stands in 《》
    listed: frozenset[str]  # the styles of number that count paragraphs, not headings
    speakers: frozenset[str]  # who is named before a colon again and again: an interview
    numbered: int  # headings with a number or a day
    counted: frozenset[int]  # chunks that count its parts, and are but a number: 01
    formal: bool  # its headings share a form
    credits: int  # paragraphs that end in their writers' names
    signers: frozenset[int]  # chunks that are but a name between a short line and a paragraph, again and again
    days: int  # days that head a paragraph, as in a diary
    shots: frozenset[int]  # texts signed by a photographer, where there are paragraphs beside them
    cuts: bool  # its lines may have been cut
    titled: bool  # the file's markup or its table gives a title

    def ranks(self, text: str) -> set[int]:
        """Return the ranks of what a text names: 0 city, 1 county, 2 township, 3 village, 4 office."""
        return _ranks(_actors(text))


def layout(chunks: Sequence[Chunk], source: Source) -> Layout:
    """Return a page's layout; every chunk is looked at a few times at most."""
    sizes, spaces = [chunk.size for chunk in chunks], [chunk.gap for chunk in chunks]
    heads, lasts = [chunk.head for chunk in chunks], [chunk.tail[-1:] for chunk in chunks]
    plain = tuple(map(_plainly_body, chunks))
    signed_shots = frozenset(at for at, chunk in enumerate(chunks) if not chunk.hint and shot(chunk.tail))
    shots = signed_shots if any(yes and at not in signed_shots for at, yes in enumerate(plain)) else frozenset()
    body = tuple(yes and at not in shots for at, yes in enumerate(plain))
    where = [at for at, is_body in enumerate(body) if is_body]
    styles = _styles(chunks, body)
    listed = frozenset(style for style, count in styles[True].items() if count > styles[False][style])
    days = sum(body[at] and chunks[at - 1].short and day(chunks[at - 1].head) for at in range(2, len(chunks)))
    voices = Counter(voice[1] for chunk in chunks if (voice := _VOICE.match(chunk.head)))
    gaps = Counter(chunks[at].gap for at in where[1:] if body[at - 1])
    alike = _alike(chunks, body)
    actors = [[] if all(body) else _actors(chunk.head) for chunk in chunks]  # nothing is asked of paragraphs alone
    return Layout(
        chunks=tuple(chunks),
        body=body,
        following=_following(body),
        first=where[0] if where else len(chunks),
        last=where[-1] if where else -1,
        opening=next((at for at, chunk in enumerate(chunks) if not signed(chunk.head)), -1),
        gap=gaps.most_common(1)[0][0] if gaps else 1,
        alike=alike,
        arrives=_arrivals(chunks, body, actors),
        shifts=_shifts(chunks, body, actors),
        runs=_runs(chunks, body),
        verse=tuple(verse(sizes, spaces, lasts)),
        clauses=tuple(clauses(sizes, spaces, lasts, [signed(head) and bool(head.strip("….")) for head in heads])),
        repeated=_headers(chunks),
        quoted=frozenset(name for chunk in chunks for name in _QUOTED.findall(chunk.head)),
        listed=listed,
        speakers=frozenset(name for name, count in voices.items() if count > 1),
        numbered=sum(n for style, n in styles[False].items() if style not in listed) + days * (days > 1),
        counted=_counted(chunks),
        formal=bool(where) and sum(value > 1 for value in alike[where[0] :]) > 1,
        credits=sum(credit(chunks[at].tail) for at in where),
        days=days,
        signers=_signers(chunks, body),
        shots=shots,
        cuts=source.wrapped is not False,
        titled=bool(source.title) or "title" in source.hints.values(),
    )


def paragraph(chunk: Chunk) -> bool:
    """Tell a chunk that is a paragraph of the text wherever it stands: whole sentences, longer than any heading."""
    return chunk.size >= LONG and chunk.ended and _plainly_body(chunk)


def voice(head: str) -> str:
    """Return who is named before a line's first colon, or ""."""
    found = _VOICE.match(head)
    return found[1] if found else ""


def _plainly_body(chunk: Chunk) -> bool:
    if chunk.hint:
        return chunk.hint == "body"
    head = chunk.head
    if chunk.size >= LONG:
        return not (caption(head) or furniture(head) >= 10)  # noqa: PLR2004
    if signed(head):
        return False
    if chunk.cut or (chunk.ended and chunk.size >= (28 if chunk.tail[-1] in "?!" else 16)):
        return True
    clauses = head.count(",") + head.count("、")
    return chunk.size > 30 and (bool(INNER_STOP.search(head)) or (chunk.size > 40 and clauses > 1))  # noqa: PLR2004


def _headers(chunks: Sequence[Chunk]) -> frozenset[str]:
    """Return the short lines that return: three times, or twice beside a page number."""
    beside = [
        any(near.head[:1].isascii() and furniture(near.head) >= 10 for near in chunks[max(0, at - 1) : at + 2 : 2])  # noqa: PLR2004
        if 2 < chunk.size <= 30  # noqa: PLR2004
        else None
        for at, chunk in enumerate(chunks)
    ]
    counts = Counter(chunk.head for chunk, near in zip(chunks, beside, strict=True) if near is not None)
    paged = Counter(chunk.head for chunk, near in zip(chunks, beside, strict=True) if near)
    return frozenset(head for head, count in counts.items() if count > 2 or paged[head] > 1)  # noqa: PLR2004


def _signers(chunks: Sequence[Chunk], body: Sequence[bool]) -> frozenset[int]:
    found = []
    for at in range(1, len(chunks) - 1):
        head = chunks[at].head
        between = body[at + 1] and not body[at - 1] and chunks[at].short and not signed(chunks[at - 1].head)
        if between and chunks[0].head != head and (written(head) or 0 < byline(head) < 9):  # noqa: PLR2004
            found.append(at)
    return frozenset(found) if len(found) > 1 else frozenset()


def _counted(chunks: Sequence[Chunk]) -> frozenset[int]:
    found: list[int] = []
    for at, chunk in enumerate(chunks):
        if signs.counted(chunk.head) == len(found) + 1:
            found.append(at)
    return frozenset(found) if len(found) > 1 else frozenset()


def _following(body: Sequence[bool]) -> tuple[int, ...]:
    found, ahead = [], len(body)
    for at in range(len(body) - 1, -1, -1):
        found.append(ahead)
        ahead = at if body[at] else ahead
    return tuple(reversed(found))


def _styles(chunks: Sequence[Chunk], body: Sequence[bool]) -> dict[bool, Counter[str]]:
    """Return how often each style of number opens a paragraph (True) and another chunk (False)."""
    styles: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for chunk, is_body in zip(chunks, body, strict=True):
        style = signs.number(chunk.head)
        if style:
            styles[is_body][style] += 1
    return styles


def _forms(head: str) -> list[tuple[str, float]]:
    """Return what a short line's form can share with another's, each with its weight."""
    style = signs.number(head)
    if style:
        return [(f"number {style}", 2.0)]
    parts = [len(part) for part in _PARTS.split(head) if part]
    marks = "".join(dict.fromkeys(_NOT_MARK.sub("", head)))
    chance = not marks and len(parts) == 1 and parts[0] > 6  # noqa: PLR2004 - longer lines agree by chance
    forms = [
        (f"lengths {marks}{parts}", 0.8 if chance else 1.2),
        (f"starts {head[:2]}", 0.8),
        (f"ends {head[-2:]}", 0.8),
    ]
    return [*forms, (f"marks {marks}{len(parts)}", 0.8)] if marks else forms


def _alike(chunks: Sequence[Chunk], body: Sequence[bool]) -> tuple[float, ...]:
    forms = [
        [] if is_body or chunk.size > 40 or signed(chunk.head) else _forms(chunk.head)  # noqa: PLR2004
        for chunk, is_body in zip(chunks, body, strict=True)
    ]
    counts = Counter(form for own in _together(forms) for form in own)  # lines that stand together count once
    return tuple(
        min(3.0, sum(weight * min(1.5, 0.5 * counts[form]) for form, weight in own if counts[form] > 1))
        for own in forms
    )


def _together(forms: Sequence[Sequence[tuple[str, float]]]) -> list[set[str]]:
    found: list[set[str]] = []
    for at, own in enumerate(forms):
        if not at or not forms[at - 1]:
            found.append(set())
        found[-1].update(form for form, _ in own)
    return found


def _actors(text: str) -> list[str]:
    """Return the places and offices that a text may name, each with the two characters before its last word."""
    return [name for name in _ACTOR.findall(text) if not _NO_NAME.match(name)]


def _ranks(names: Collection[str]) -> set[int]:
    return {rank for rank, ends in enumerate(_RANKS) for name in names if name.endswith(ends)}


def _shifts(chunks: Sequence[Chunk], body: Sequence[bool], actors: Sequence[Collection[str]]) -> tuple[float, ...]:
    """Return how surely the paragraphs behind some short chunks speak of another actor than those before."""
    every = list(map(frozenset, actors))
    counts = Counter(name for names in every for name in names)
    named = [frozenset(name for name in names if counts[name] > 1) for names in every]
    last = {name: at for at, names in enumerate(every) for name in names}
    seen: set[str] = set()
    main = _first_lead(every, body)  # the actors of the article so far
    found = [0.0] * len(chunks)
    begun = False
    for at, chunk in enumerate(chunks):
        if at and not body[at - 1] and not body[at]:
            found[at] = found[at - 1]
        elif not body[at] and chunk.short and begun:
            new = frozenset(name for name in _lead(named, body, at) - seen if _ranks({name}) & _ranks(main))
            over = {name for name in main if last[name] < at}
            if new and not _ranks(main - over) & _ranks(new):
                found[at] = 2.5 if main - over or min(_ranks(new)) == _VILLAGE else 6.0
                main = new | (main - over)
        begun = begun or body[at]
        seen |= named[at]
    return tuple(found)


def _first_lead(named: Sequence[frozenset[str]], body: Sequence[bool]) -> frozenset[str]:
    """Return the actors that the lines above the first paragraph name, or else that the first ones do."""
    first = body.index(True) if True in body else 0
    above = frozenset().union(*named[max(0, first - 6) : first])
    return above or (_lead(named, body, first - 1) if first else frozenset())


def _lead(named: Sequence[frozenset[str]], body: Sequence[bool], at: int) -> frozenset[str]:
    """Return the actors that a short chunk, those under it and the first paragraphs behind them name."""
    names = set(named[at])
    told = 0
    for after in range(at + 1, min(at + 8, len(body))):
        if told and (told > 1 or not body[after]):
            break
        told += body[after]
        names |= named[after]
    return frozenset(names)


def _runs(chunks: Sequence[Chunk], body: Sequence[bool]) -> tuple[int, ...]:
    found = [0] * len(chunks)
    start = 0
    for at in range(len(chunks) + 1):
        if at < len(chunks) and not body[at] and _bare(chunks[at]):
            continue
        found[start:at] = [at - start] * (at - start)
        start = at + 1
    return tuple(found)


def _bare(chunk: Chunk) -> bool:
    return chunk.size <= 30 and not chunk.ended and not marked(chunk.head)  # noqa: PLR2004


def _arrivals(chunks: Sequence[Chunk], body: Sequence[bool], actors: Sequence[Collection[str]]) -> tuple[bool, ...]:
    seen: set[str] = set()
    found = [False] * len(chunks)
    waiting: list[tuple[int, set[str]]] = []
    for at, (chunk, names) in enumerate(zip(chunks, actors, strict=True)):
        if not body[at]:
            waiting.append((at, {name for name in names if name not in seen} if chunk.short else set()))
            continue
        opening = chunk.head[:_OPENING]
        for index, fresh in waiting:
            found[index] = any(name in opening for name in fresh)
        waiting = []
        seen.update(names)
    return tuple(found)
