"""Shares corrected by a coded sample."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.corrected import corrected, wilson

CORPUS, SAMPLE, TIMES = 5_000, 200, 1_000


@pytest.mark.parametrize("base", [0.05, 0.1, 0.2, 0.3, 0.5])
def test_the_interval_holds_the_truth_and_is_narrower_than_the_samples_own(base: float) -> None:
    random = np.random.default_rng(3)
    held, width, alone = 0, 0.0, 0.0
    wrong = base * 0.3 / (1 - base)  # precision and recall 0.7: F1 0.7
    for _ in range(TIMES):
        truth = random.random(CORPUS) < base
        tags = np.where(truth, random.random(CORPUS) < 0.7, random.random(CORPUS) < wrong)
        drawn = random.choice(CORPUS, SAMPLE, replace=False)
        found = corrected(int(tags.sum()), CORPUS, truth[drawn], tags[drawn])
        held += found.low <= truth.mean() <= found.high
        width += found.high - found.low
        alone += found.sample_high - found.sample_low
    assert held >= 0.93 * TIMES
    assert width < alone


def test_a_model_that_tags_at_random_costs_next_to_nothing() -> None:
    random = np.random.default_rng(4)
    truth, tags = random.random(CORPUS) < 0.2, random.random(CORPUS) < 0.3
    found = corrected(int(tags.sum()), CORPUS, truth[:SAMPLE], tags[:SAMPLE])
    assert found.weight < 0.15
    assert abs(found.share - found.sample) < 0.02


def test_a_sample_without_an_error_still_has_an_interval() -> None:
    codes = [True] * 10 + [False] * 90
    found = corrected(500, CORPUS, codes, codes)
    assert found.low < found.share < found.high


def test_a_corpus_coded_whole_leaves_no_doubt() -> None:
    codes, tags = [True, False, True, False], [False, False, True, True]
    found = corrected(2, 4, codes, tags)
    assert (found.low, found.share, found.high) == (0.5, 0.5, 0.5)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60), st.integers(0, 100))
def test_shares_and_bounds_stay_between_none_and_all(pairs: list, more: int) -> None:
    codes, tags = zip(*pairs, strict=True)
    found = corrected(sum(tags), len(pairs) + more, codes, tags)
    assert 0 <= found.low <= found.share <= found.high <= 1
    assert 0 <= found.sample_low <= found.sample_high <= 1


def test_wilson_is_the_textbook_interval_where_the_corpus_is_endless() -> None:
    assert wilson(10, 100, 10**12) == pytest.approx((0.0552, 0.1744), abs=1e-4)


@pytest.mark.parametrize(("tagged", "corpus", "codes", "tags"), [(1, 1, [], []), (3, 2, [1], [1]), (1, 5, [1], [1, 0])])
def test_figures_that_do_not_fit_are_refused(tagged: int, corpus: int, codes: list, tags: list) -> None:
    with pytest.raises(ValueError, match="don't fit"):
        corrected(tagged, corpus, codes, tags)
