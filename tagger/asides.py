"""What names, but doesn't report: the clause that says who speaks, and the names of offices.

By the codebook a secretary who only speaks is no party branch at work, and 教育局 is no schooling. Terms that stand
in such places say nothing of measures, and aren't counted.
"""

import re
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]
Booleans = npt.NDArray[np.bool_]

SPEAKING = (
    *("说", "表示", "介绍", "告诉", "坦言", "直言", "笑言", "感慨", "感叹", "回忆", "透露", "算了笔账"),
    *("告诉记者", "告诉我们", "告诉笔者"),
)
AFTER_SPEAKING = ("道", "起", "说")
BEFORE_WORDS = ",:。“「"  # as normalised: what parts a speaker's clause from the words spoken
FIELDS = (
    *("教育", "教育体育", "教育科技", "教体", "科教", "教科体"),
    *("卫生", "卫生健康", "卫生计生", "卫生和计划生育", "卫健", "卫计", "医保", "医疗保障"),
    *("住建", "住房城乡建设", "住房和城乡建设", "住房保障", "房管"),
    *("人社", "人力社保", "人力资源社会保障", "人力资源和社会保障", "人力资源与社会保障"),
    *("就业", "就业服务", "就业促进"),
    *("农业", "农业农村", "农牧", "农林", "农经", "畜牧", "畜牧兽医", "林业", "林业和草原"),
    *("商务", "文旅", "旅游", "文化旅游", "文化和旅游", "科技", "扶贫", "扶贫开发", "乡村振兴"),
)
OFFICES = ("局", "部门", "部", "厅", "委员会", "委", "办公室", "办", "系统")

_CLAUSE = 40  # characters that a speaker's clause reaches back at most
_WINDOW = _CLAUSE + 8


def _backwards(terms: Iterable[str]) -> str:
    """Return a pattern for terms read from their ends, longer ones first."""
    return "|".join(term[::-1] for term in sorted(terms, key=len, reverse=True))


# Both are read backwards from an end that the characters' roles tell: a search forwards would try every start.
_SPEAKER = re.compile(
    rf"(?:{_backwards(AFTER_SPEAKING)})?(?:{_backwards(SPEAKING)})[^,。;:!?“”「」、\n]{{0,{_CLAUSE}}}"
)
_OFFICE = re.compile(rf"(?:{_backwards(OFFICES)})(?:{_backwards(FIELDS)})")
_OTHER_WORDS = ("署", "分")  # 教育部署, 教育部分


def _roles() -> npt.NDArray[np.uint8]:
    """Return a table by code point: in two low bits what it may be before an aside's end, in two high ones after."""
    table = np.zeros(0x110000, dtype=np.uint8)
    for role, characters in (
        (_SPOKEN, [term[-1] for term in (*SPEAKING, *AFTER_SPEAKING)]),
        (_NAMED, [*(field[-1] for field in FIELDS), *(office[-2] for office in OFFICES if office[1:])]),
        (_SPOKEN << 2, BEFORE_WORDS),
        (_NAMED << 2, [office[-1] for office in OFFICES]),
    ):
        table[[ord(character) for character in set(characters)]] |= role
    return table


_SPOKEN, _NAMED = 1, 2
_ROLES = _roles()


def asides(codes: Codes) -> Booleans:
    """Return which of n normalised characters stand in an aside, as n flags."""
    found = np.zeros(len(codes), dtype=np.bool_)
    if len(codes) < 2:  # noqa: PLR2004 - the shortest aside
        return found
    text = codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    roles = _ROLES.take(codes)
    role = roles[:-1] & (roles[1:] >> 2)
    ends = np.flatnonzero(role != 0)  # twice as fast on flags as on numbers
    for end, what in zip((ends + 1).tolist(), role[ends].tolist(), strict=True):
        if what & _SPOKEN:
            _mark(found, _SPEAKER, text, end)
        if what & _NAMED and text[end + 1 : end + 2] not in _OTHER_WORDS:
            _mark(found, _OFFICE, text, end + 1)
    return found


def _mark(found: Booleans, backwards: re.Pattern[str], text: str, end: int) -> None:
    told = backwards.match(text[max(0, end - _WINDOW) : end][::-1])
    if told:
        found[end - told.end() : end] = True
