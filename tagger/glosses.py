"""Pinyin that a converter of script left in brackets behind its characters, taken out again."""

import re

_TONED = r"[a-zü]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ][a-zü]{0,4}"
_PLAIN = r"de|le|zhe|men|ma|ne|ba|zi|me|ge|shang|li"  # syllables that are spoken with no tone
_GLOSS = re.compile(rf"(?<=[^\x00-\xff])\s?[(（]\s?{_TONED}\s?[)）]")
_ANY = re.compile(rf"(?<=[^\x00-\xff])\s?[(（]\s?(?:{_TONED}|{_PLAIN})\s?[)）]")
_MANY = 5  # fewer are a writer's own, who tells how a rare character is read


def without_glosses(text: str) -> str:
    """Return the text without the pinyin that stands in it, as in 書(shū)記, where it stands many times."""
    found = _GLOSS.finditer(text)
    return _ANY.sub("", text) if all(next(found, None) for _ in range(_MANY)) else text
