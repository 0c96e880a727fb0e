"""Words to numbers, a batch at a time."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tagger.vocabulary import Vocabulary

WORDS = st.text(st.sampled_from("村支书茶园社\U00020000"), min_size=1, max_size=4)


@given(known=st.lists(WORDS, unique=True, max_size=40), text=st.lists(WORDS, max_size=40))
def test_every_known_word_has_its_number_and_no_other_has_one(known: list[str], text: list[str]) -> None:
    codes = np.array([ord(character) for word in text for character in word], dtype=np.uint32)
    found = Vocabulary(known).find(codes, np.cumsum([0, *map(len, text)]))
    assert found.tolist() == [known.index(word) if word in known else -1 for word in text]


def test_words_that_want_one_slot_all_find_room() -> None:
    words = [chr(0x4E00 + first) + chr(0x4E00 + second) for first in range(150) for second in range(150)]
    codes = np.array([ord(character) for word in words for character in word], dtype=np.uint32)
    assert Vocabulary(words).find(codes, np.arange(0, 2 * len(words) + 1, 2)).tolist() == list(range(len(words)))
