"""Traditional script to Simplified as opencc does it, at a table's speed; the only file that knows either.

opencc goes character by character but where a phrase of its own says otherwise (憑藉 is 凭借, though 藉 is 藉).
So what it says of each character is kept in a table, and only a text in which two characters stand together as in
such a phrase is given to it whole.
"""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]
Integers = npt.NDArray[np.int64]

# opencc 1.4's phrases that differ from their characters: a character, and what stands before it in one
_BEHIND = """
乾倒子尼康旋朝李法目竺蕩蕭裏轉顛 俱傢 剋挨 劄目 吒哪木金 哩海英 噁二 坏一土打拉捏毛磚脫製鋼鑿陶麪 徵流角變魏
於樊 昇張彥志李梁溫烏申畢育胤蔣象金陳韓鶴龔 氾南東 沈墨戟擊昏暗氣沈浮消深烏耳載釜陰雁魚黑 濛八 甦復 畫籌計
瞭不據明目門 祕允吳李胤袁辛 脩束段肉腶 蒐多春茅 薹蒜蕓 藉免凌憑找滑狐素茵躪醞顧 覆函反名回批拜明申示稟答覆見重鈞電
計貲 逕七上九南水沙河烏石社 釐年懷春祝逆 鉅澤甚章 鍊上手拉李金鉸銀鎖鐵項頸 鍾千李萬錢鍛黃 陞聯 麼么幺篤 麽么
"""
_BEFORE = """
么麼麽 乾佑元卦嘉圖坤宅安州斷旦曜清盛綱縣象造道闥陵隆 剋架毒 坏土子布戶 彷彿 徵弦絃羽聲調音 扞格
於世乎仲倫其則勇呼單坦崇忠惟戲敖梨清潛琳穆竹菟邑陵 氾勝南國水
沈下不住冤厚吟寂得思悶沒浮浸淪湎溺滯澱濁甸痛痼痾睡砂積筒船落迷醉重降陷靜香鬱魚默 甦生醒 瞭如然若解 祕丕彭瓊
脩敬炳脡脯金 蒐于於狩獮獵田畋苗 藉代以助卉口喻寇手據故方條槁機此甚由着端箸草詞讀資 衹得見 袷袢 覆信呈命墓帳按文校電
谿工 逕口聯頭 鉅子萬防 鍊墜子形條錘鎖 鍾繇萬重鍛馗 麼些
"""
_MET, _CHANGED, _PHRASED = 1, 2, 4
_KIND = np.zeros(0x110000, dtype=np.uint8)  # of each character met so far
_SIMPLE = np.arange(0x110000, dtype=np.uint32)
_PAIRS = np.sort(
    [(ord(other) << 21) | ord(row[0]) for row in _BEHIND.split() for other in row[1:]]
    + [(ord(row[0]) << 21) | ord(other) for row in _BEFORE.split() for other in row[1:]]
)
_HEADS = [ord(row[0]) for row in (_BEHIND + _BEFORE).split()]


def simplified(codes: Codes, starts: Integers) -> Codes:
    """Return texts' code points in Simplified script, each at its old place.

    The texts stand one after the other, each with a line feed at its end; `starts` are their first places.
    A text without a Traditional character stays as it is. Where opencc would change a text's length, it is
    asked character by character.
    """
    kinds = _KIND.take(codes)
    if not kinds.all():
        _meet(np.unique(codes[kinds == 0]))
        kinds = _KIND.take(codes)
    if not (kinds & _CHANGED).any():
        return codes
    simple: Codes = _SIMPLE.take(codes)
    ends = np.append(starts[1:], len(codes))
    for text in _with_phrases(codes, np.flatnonzero(kinds >= _PHRASED), starts).tolist():
        here = slice(starts[text], ends[text])
        if (kinds[here] & _CHANGED).any():
            by_phrase = to_codes(_opencc().convert(to_text(codes[here])))
            if len(by_phrase) == len(simple[here]):
                simple[here] = by_phrase
    return simple


def _with_phrases(codes: Codes, at: Integers, starts: Integers) -> Integers:
    """Return the numbers of the texts in which two characters stand together as in one of opencc's phrases."""
    near = codes.take(np.stack([at - 1, at, at + 1]), mode="clip").astype(np.int64)
    pairs = near[:2] << 21 | near[1:]
    found = (_PAIRS.take(np.searchsorted(_PAIRS, pairs), mode="clip") == pairs).any(axis=0)
    return np.unique(np.searchsorted(starts, at[found], side="right") - 1)


def _meet(new: Codes) -> None:
    """Learn from opencc what it makes of characters."""
    characters = [character for character in to_text(new) if character != "\n"]
    told = _opencc().convert("\n".join(characters)).split("\n")  # apart: no phrase goes over a line feed
    _KIND[new] = _MET
    _KIND[np.intersect1d(new, _HEADS)] |= _PHRASED
    for one, other in zip(characters, told, strict=bool(characters)):
        if one != other:
            _KIND[ord(one)] |= _CHANGED
            _SIMPLE[ord(one)] = ord(other) if len(other) == 1 else ord(one)


@cache
def _opencc() -> Any:  # noqa: ANN401 - the library has no types
    import opencc

    return opencc.OpenCC("t2s")


def to_codes(text: str) -> Codes:
    """Return a text's code points; halves of surrogate pairs become U+FFFD."""
    try:
        return np.frombuffer(text.encode("utf-32-le"), dtype="<u4")
    except UnicodeEncodeError:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        return np.where((codes >> 11) == 0xD800 >> 11, np.uint32(0xFFFD), codes)


def to_text(codes: Codes) -> str:
    """Return the text of code points."""
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le")
