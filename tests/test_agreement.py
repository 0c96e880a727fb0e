"""Agreement equals the reference, and says what it can't compare."""

from collections.abc import Mapping
from math import isnan

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tagger.agreement import agreement, as_json, render
from tagger.errors import UsageError
from tagger.labels import LabelledParagraph

MEASURES = ("health", "housing")
Codes = Mapping[int, str]  # paragraph number → "", "e" for health, "o" for housing, or both


def coder(codes: Codes, size: int = 2) -> list[LabelledParagraph]:
    """One coder's paragraphs, `size` to an article."""
    names = {"e": "health", "o": "housing"}
    return [
        LabelledParagraph(f"p{n}", f"a{n // size}", f"第{n}段", tuple(names[c] for c in sorted(said)))
        for n, said in codes.items()
    ]


A = {0: "e", 1: "", 2: "eo", 3: "o", 4: "", 5: "e"}
B = {0: "e", 1: "o", 2: "eo", 3: "o", 4: "", 5: ""}
CODINGS = st.dictionaries(st.integers(0, 11), st.sampled_from(["", "e", "o", "eo"]), min_size=4)


@given(st.lists(CODINGS, min_size=2, max_size=3))
def test_alpha_equals_the_reference_where_some_paragraphs_are_not_coded_by_all(codings: list[Codes]) -> None:
    rows = [n for n in range(12) if sum(n in codes for codes in codings) > 1]
    table = [[float("e" in codes[n]) if n in codes else np.nan for n in rows] for codes in codings]
    assume(len({value for row in table for value in row if not isnan(value)}) > 1)
    found = agreement({str(n): coder(codes) for n, codes in enumerate(codings)}, MEASURES, rounds=5)
    wanted = krippendorff.alpha(reliability_data=table, level_of_measurement="nominal")
    assert found.alpha["health"].value == pytest.approx(wanted, abs=1e-12)
    assert found.shared == len(rows)


def test_coders_who_agree_in_all_have_one_everywhere() -> None:
    found = agreement({"甲": coder(A), "乙": coder(A)}, MEASURES, rounds=50)
    assert [(f.value, f.low, f.high) for f in (*found.alpha.values(), found.pooled)] == [(1.0, 1.0, 1.0)] * 3
    assert found.pairs["甲", "乙"].value == 1.0
    assert found.disagreements == ()


def test_each_pair_has_its_f1_and_each_differing_decision_its_coders() -> None:
    found = agreement({"甲": coder(A), "乙": coder(B), "丙": coder({0: "e", 9: ""})}, MEASURES, rounds=50)
    assert (found.shared, found.single, found.articles) == (6, 1, 3)
    assert found.pairs["甲", "乙"].value == pytest.approx(2 * 4 / (2 * 4 + 1 + 1))
    assert found.pairs["甲", "丙"].value == 1.0
    assert found.disagreements == (
        ("p1", "housing", {"甲": False, "乙": True}),
        ("p5", "health", {"甲": True, "乙": False}),
    )
    assert "  p5  health  only by 甲" in render(found).splitlines()


def test_the_interval_holds_the_value_and_is_the_same_again() -> None:
    one = agreement({"甲": coder(A), "乙": coder(B)}, MEASURES, rounds=200)
    again = agreement({"甲": coder(A), "乙": coder(B)}, MEASURES, rounds=200)
    assert one == again
    assert one.pooled.low <= one.pooled.value <= one.pooled.high
    assert one.pooled.low < one.pooled.high


def test_a_measure_that_nobody_ever_gave_has_no_alpha() -> None:
    found = agreement({"甲": coder({0: "e", 1: ""}), "乙": coder({0: "e", 1: ""})}, MEASURES, rounds=20)
    assert isnan(found.alpha["housing"].value)
    assert as_json(found)["alpha"]["housing"] == [None, None, None]


def test_pairs_that_share_nothing_have_no_f1() -> None:
    found = agreement({"甲": coder({0: "e", 1: ""}), "乙": coder({0: "e"}), "丙": coder({1: "o"})}, MEASURES, rounds=20)
    assert isnan(found.pairs["乙", "丙"].value)


def test_one_coder_or_nothing_shared_is_refused() -> None:
    with pytest.raises(UsageError, match="two coders or more"):
        agreement({"甲": coder(A)}, MEASURES)
    with pytest.raises(UsageError, match="no paragraph is coded by two"):
        agreement({"甲": coder({0: ""}), "乙": coder({1: ""})}, MEASURES)


def test_one_id_with_two_texts_is_refused() -> None:
    other = [LabelledParagraph("p0", "a0", "别的话", ())]
    with pytest.raises(UsageError, match="乙: paragraph 'p0' has another text than in 甲"):
        agreement({"甲": coder(A), "乙": other}, MEASURES)
