"""Folds, thresholds, calibration, and the same model from the same labels."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.errors import TaggerError
from tagger.learn import Examples, Known, decide, fit, folds, out_of_fold, threshold, train
from tagger.model import Model
from tagger.recipe import Recipe

GROUPS = st.lists(st.sampled_from("abcdefghij"), min_size=4, max_size=60).filter(lambda g: len(set(g)) > 3)


@given(groups=GROUPS, count=st.integers(2, 4), seed=st.integers(0, 99))
def test_folds_part_the_rows_and_no_group_stands_in_two(groups: list[str], count: int, seed: int) -> None:
    parts = folds(groups, count, seed)
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(groups)))
    owners = [{groups[row] for row in part.tolist()} for part in parts]
    assert sum(map(len, owners)) == len(set(groups))


SCORES = st.lists(st.tuples(st.integers(1, 99).map(lambda n: n / 100), st.booleans()), min_size=2, max_size=40)


def split(pairs: list[tuple[float, bool]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([p for p, _ in pairs]), np.array([g for _, g in pairs])


def f1(taken: np.ndarray, gold: np.ndarray) -> float:
    return 2 * (taken & gold).sum() / max(1, taken.sum() + gold.sum())


@given(SCORES.filter(lambda pairs: any(gold for _, gold in pairs)))
def test_no_other_threshold_has_a_better_f1(pairs: list[tuple[float, bool]]) -> None:
    scores, gold = split(pairs)
    best = max(f1(scores >= cut, gold) for cut in scores)
    assert f1(scores >= threshold(scores, gold, "f1", 0), gold) == pytest.approx(best)


@given(SCORES.filter(lambda pairs: any(gold for _, gold in pairs)), st.sampled_from([0.5, 0.8, 1.0]))
def test_a_threshold_for_recall_holds_it(pairs: list[tuple[float, bool]], wanted: float) -> None:
    scores, gold = split(pairs)
    taken = scores >= threshold(scores, gold, f"recall={wanted}", 0)
    assert (taken & gold).sum() / gold.sum() >= wanted


@given(SCORES, st.sampled_from([0.5, 0.8, 1.0]))
def test_a_threshold_for_precision_holds_it_where_any_does(pairs: list[tuple[float, bool]], wanted: float) -> None:
    scores, gold = split(pairs)
    precision = {cut: gold[scores >= cut].mean() for cut in scores}
    taken = scores >= threshold(scores, gold, f"precision={wanted}", 0)
    assert gold[taken].mean() >= min(wanted, max(precision.values())) - 1e-12


def test_a_higher_threshold_within_the_tolerance_is_taken() -> None:
    scores, gold = np.array([0.9, 0.8, 0.7, 0.6, 0.1]), np.array([True, True, False, True, False])
    strict = threshold(scores, gold, "f1", 0)
    loose = threshold(scores, gold, "f1", 0.4)
    assert loose > strict


def test_measures_picked_for_f1_share_a_threshold_and_the_others_have_their_own(
    examples: Examples, recipe: Recipe, known: Known
) -> None:
    logits = out_of_fold(examples, recipe, known, 3)
    alike, measure = recipe.decision, examples.measures[0]
    apart = replace(alike, measures={measure: "recall=0.9"})
    shared, mixed = (decide(fit(examples, recipe, known), logits, examples.gold, one) for one in (alike, apart))
    assert len(set(shared.thresholds.tolist())) == 1
    probabilities = mixed.probabilities(logits)[:, 0]
    assert mixed.thresholds[0] == threshold(probabilities, examples.gold[:, 0], "recall=0.9", 0)


def test_the_same_labels_recipe_and_seed_give_the_same_model(
    examples: Examples, recipe: Recipe, known: Known, model: Model
) -> None:
    again = train(examples, recipe, known)
    assert again.words == model.words
    for name in ("grams", "idf", "weights", "intercepts", "slopes", "offsets", "thresholds"):
        assert (getattr(again, name) == getattr(model, name)).all(), name


def test_the_order_of_the_labels_does_not_change_the_vocabulary(examples: Examples, recipe: Recipe) -> None:
    rows = np.arange(len(examples.texts))
    one, two = fit(examples, recipe), fit(examples.pick(rows[::-1]), recipe)
    assert one.words == two.words
    assert (one.idf == two.idf).all()


def test_a_trained_model_tells_the_measures_apart(model: Model) -> None:
    scores = model.score_all(["家庭医生为老人体检，住院报销多了。", "合作社种花椒，户均分红。", "全村山高路远。"])
    assert model.carried(scores.probabilities).tolist() == [[False, True], [True, False], [False, False]]


def test_out_of_fold_logits_come_from_models_that_never_saw_the_article(examples: Examples, recipe: Recipe) -> None:
    logits = out_of_fold(examples, recipe, Known(), 3)
    held = folds(examples.groups, 3, recipe.seed)[0]
    kept = np.setdiff1d(np.arange(len(examples.texts)), held)
    alone = fit(examples.pick(kept), recipe).score_all([examples.texts[n] for n in held])
    assert (logits[held] == alone.logits).all()


def test_calibration_keeps_the_order_of_the_logits(examples: Examples, recipe: Recipe) -> None:
    logits = out_of_fold(examples, recipe, Known(), 3)
    model = decide(fit(examples, recipe), logits, examples.gold, recipe.decision)
    assert (model.slopes > 0).all()
    assert np.abs(model.probabilities(logits).mean(axis=0) - examples.gold.mean(axis=0)).max() < 0.05


def test_a_measure_that_no_paragraph_carries_is_named(examples: Examples, recipe: Recipe) -> None:
    bare = Examples(examples.texts, examples.gold & [True, False], examples.groups, examples.measures)
    with pytest.raises(TaggerError, match=r"'health'.*no training paragraph carries it"):
        fit(bare, recipe)


def test_a_cue_that_no_coded_paragraph_holds_speaks_by_the_weight_that_all_cues_share(model: Model) -> None:
    industry = model.measures.index("industry")
    told = {evidence.term: evidence.weight for evidence in model.explain("村里建起产业园。")[industry]}
    assert told["产业园"] > 0


def test_without_a_share_such_a_cue_says_nothing(examples: Examples, recipe: Recipe, known: Known) -> None:
    alone = train(examples, replace(recipe, model=replace(recipe.model, cue_share=0.0)), known)
    told = {evidence.term for evidence in alone.explain("村里建起产业园。")[0]}
    assert "产业园" not in told


def test_a_word_of_a_class_speaks_as_the_others_of_its_class_do(
    examples: Examples, recipe: Recipe, known: Known
) -> None:
    unseen = "羊肚菌"
    assert not any(unseen in text for text in examples.texts)
    model = train(examples, recipe, replace(known, classes=(("合作社", "养殖", "电商", unseen),)))
    told = {evidence.term: evidence.weight for evidence in model.explain("今年的羊肚菌收得早。")[0]}
    assert told[unseen] > 0
    without = train(examples, recipe, known)
    assert unseen not in {evidence.term for evidence in without.explain("今年的羊肚菌收得早。")[0]}
