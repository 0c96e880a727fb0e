"""Figures equal scikit-learn's, and intervals behave as intervals should."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    f1_score,
    precision_recall_fscore_support,
)

from tagger.metrics import (
    Confusion,
    average_precision,
    brier,
    by_group,
    calibration_error,
    draws,
    exact_match,
    f1,
    interval,
    resampled,
)

TABLES = st.integers(1, 30).flatmap(lambda n: st.tuples(arrays(bool, (n, 3)), arrays(bool, (n, 3))))
SCORES = arrays(float, 20, elements=st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9]))


@given(TABLES)
def test_precision_recall_and_f1_equal_scikit_learns(pair: tuple[np.ndarray, np.ndarray]) -> None:
    gold, told = pair
    counts = Confusion.of(gold, told).summed(["a"] * len(gold))
    for average, mine in ((None, counts), ("micro", counts.pooled())):
        expected = precision_recall_fscore_support(gold, told, average=average, zero_division=0)
        for got, wanted in zip((mine.precision(), mine.recall(), mine.f1()), expected[:3], strict=True):
            assert got[0] == pytest.approx(wanted, abs=1e-12)
    assert f1(gold, told) == pytest.approx(f1_score(gold, told, average="micro", zero_division=0), abs=1e-12)


@given(arrays(bool, 20).filter(lambda gold: gold.any() and not gold.all()), SCORES)
def test_average_precision_and_brier_equal_scikit_learns(gold: np.ndarray, scores: np.ndarray) -> None:
    assert average_precision(gold, scores) == pytest.approx(average_precision_score(gold, scores), abs=1e-12)
    assert brier(gold, scores) == pytest.approx(brier_score_loss(gold, scores), abs=1e-12)


def test_exact_match_counts_paragraphs_that_are_wholly_right() -> None:
    gold = np.array([[True, False], [True, True], [False, False], [False, True]])
    told = np.array([[True, False], [True, False], [False, False], [True, True]])
    assert exact_match(gold, told) == 0.5


def test_calibration_error_is_the_weighted_distance_of_said_and_true() -> None:
    gold = np.array([True, False, True, True])
    said = np.array([0.15, 0.15, 0.95, 0.95])
    assert calibration_error(gold, said) == pytest.approx((2 * abs(0.5 - 0.15) + 2 * 0.05) / 4)


@given(TABLES, st.data())
def test_sums_by_group_lose_nothing(pair: tuple[np.ndarray, np.ndarray], data: st.DataObject) -> None:
    gold, _ = pair
    groups = data.draw(st.lists(st.sampled_from("abc"), min_size=len(gold), max_size=len(gold)))
    sums = by_group(gold.astype(float), groups)
    assert (sums.sum(axis=0) == gold.sum(axis=0)).all()
    assert len(sums) == len(set(groups))


def test_each_round_draws_as_many_groups_as_there_are() -> None:
    assert (draws(["a", "b", "c", "a"], rounds=50).sum(axis=1) == 3).all()


def test_the_fast_interval_equals_the_slow_one() -> None:
    rng = np.random.default_rng(1)
    gold, told = rng.random((60, 3)) < 0.4, rng.random((60, 3)) < 0.4
    groups = [f"g{number // 5}" for number in range(60)]
    slow = resampled(lambda rows: f1(gold[rows], told[rows]), groups, rounds=100)
    fast = Confusion.of(gold, told).summed(groups, draws(groups, rounds=100)).pooled().f1()[:, 0]
    assert interval(fast) == pytest.approx((slow.low, slow.high), abs=1e-12)
    assert slow.low <= slow.value <= slow.high


def test_articles_that_stick_together_widen_the_interval() -> None:
    told = np.repeat(np.arange(20) % 2 == 0, 10)[:, None]
    gold = np.ones_like(told)
    alone = resampled(lambda r: exact_match(gold[r], told[r]), [str(n) for n in range(200)], rounds=300)
    together = resampled(lambda r: exact_match(gold[r], told[r]), [str(n // 10) for n in range(200)], rounds=300)
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_rounds_that_gave_nothing_are_left_out_of_the_interval() -> None:
    assert interval(np.array([0.25, np.nan, 0.25])) == (0.25, 0.25)
    assert np.isnan(interval(np.array([np.nan]))).all()
