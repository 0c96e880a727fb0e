"""Thresholds that hold a promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.contracts import between, curve, objective_of, pick, promise, thresholds

SEEN = st.lists(st.tuples(st.floats(0.001, 0.999), st.booleans()), min_size=2, max_size=60).filter(
    lambda rows: any(gold for _, gold in rows)
)


def arrays(rows: list[tuple[float, bool]]) -> tuple[np.ndarray, np.ndarray]:
    scores, gold = zip(*rows, strict=True)
    return np.array(scores), np.array(gold)


@given(SEEN, st.floats(0.1, 1.0))
def test_the_threshold_for_a_recall_holds_it_on_what_it_was_chosen_on(rows: list, wanted: float) -> None:
    scores, gold = arrays(rows)
    given_ = scores >= pick(curve(scores, gold), f"recall={wanted:.3f}") - 1e-4  # thresholds have four decimals
    assert (given_ & gold).sum() >= (round(wanted, 3) - 1e-9) * gold.sum()


@settings(max_examples=200)
@given(SEEN, st.floats(0.1, 1.0))
def test_the_threshold_for_a_precision_holds_it_or_comes_as_near_as_can_be(rows: list, wanted: float) -> None:
    scores, gold = arrays([(max(0.01, round(score, 2)), hit) for score, hit in rows])
    points = curve(scores, gold)
    at = pick(points, f"precision={wanted:.3f}")
    reached = (gold & (scores >= at)).sum() / max(1, (scores >= at).sum())
    assert reached >= min(round(wanted, 3), max(precision for _, precision, _ in points)) - 1e-3


def test_a_higher_precision_never_asks_for_a_lower_threshold() -> None:
    random = np.random.default_rng(1)
    gold = random.random(400) < 0.4
    points = curve(np.clip(gold * 0.4 + random.random(400) * 0.6, 0.001, 0.999), gold)
    chosen = [pick(points, f"precision={wanted}") for wanted in (0.5, 0.7, 0.9, 0.99)]
    assert chosen == sorted(chosen)


@pytest.mark.parametrize("text", ["f2", "precision", "precision=1.2", "recall=-1", "recall=0.9;"])
def test_other_objectives_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"precision=0\.9"):
        objective_of(text)


@pytest.mark.parametrize("curves", [{}, {"a": []}, {"a": "no"}, {"a": [[0.5, 1]]}, {"a": [["x", "y", "z"]]}])
def test_a_model_without_usable_curves_says_so(curves: object) -> None:
    with pytest.raises(ValueError, match="train it again"):
        thresholds({"curves": curves}, ["a"], "recall=0.9")


def test_in_doubt_is_what_lies_between_the_two_thresholds() -> None:
    found = between(np.array([[0.1, 0.5], [0.3, 0.9]]), np.array([0.2, 0.6]), np.array([0.8, 0.4]))
    assert found.tolist() == [[False, True], [True, False]]


def test_a_promise_tells_the_worst_measure() -> None:
    gold = np.array([[True, True], [True, False], [False, True]])
    given_ = np.array([[True, True], [False, False], [False, True]])
    told = promise("recall=0.9", gold, given_)
    assert (told.precision, told.recall, told.reached) == (1.0, 0.75, 0.5)
