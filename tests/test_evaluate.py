"""Figures of answers against codes, with their intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.card import Findings, failures, write_card
from tagger.evaluate import Answers, difference, evaluate, table
from tagger.learn import Examples, Known, cross_validate, folds
from tagger.metrics import Figure, exact_match, f1
from tagger.model import Model
from tagger.recipe import Recipe


def answers(seed: int, size: int = 40) -> Answers:
    rng = np.random.default_rng(seed)
    gold = rng.random((size, 2)) < 0.4
    probabilities = np.clip(gold * 0.5 + rng.random((size, 2)) * 0.6, 0, 1)
    groups = tuple(f"g{number // 4}" for number in range(size))
    return Answers(gold, probabilities > 0.55, probabilities, groups, ("industry", "health"))


@given(st.integers(0, 50))
def test_every_figure_lies_within_its_interval_and_equals_the_plain_metric(seed: int) -> None:
    told = answers(seed)
    found = evaluate(told, rounds=200)
    assert found.overall["micro_f1"].value == pytest.approx(f1(told.gold, told.given))
    assert found.overall["exact_match"].value == pytest.approx(exact_match(told.gold, told.given))
    for figures in (found.overall, *found.measures.values()):
        for name, figure in figures.items():
            assert figure.low <= figure.high, name
            if name not in ("calibration_error", "average_precision"):  # biased in a resample
                assert figure.low - 1e-9 <= figure.value <= figure.high + 1e-9, name


def test_the_same_answers_differ_by_nothing() -> None:
    assert difference(answers(1), answers(1), rounds=50) == Figure(0.0, 0.0, 0.0)


def test_a_better_coder_is_ahead_with_an_interval_above_zero() -> None:
    told = answers(2, size=200)
    perfect = Answers(told.gold, told.gold, told.probabilities, told.groups, told.measures)
    gain = difference(perfect, told, rounds=200)
    assert 0 < gain.low <= gain.value <= gain.high


def test_the_table_has_a_row_per_measure_and_the_averages() -> None:
    head, rows = table(evaluate(answers(3), rounds=50))
    assert [row[0] for row in rows] == ["industry", "health", "all (micro)", "all (macro)", "exact match"]
    assert all(len(row) == len(head) for row in rows)


def test_plain_values_are_rounded_and_whole() -> None:
    found = evaluate(answers(4), rounds=50).as_json()
    assert found["paragraphs"] == 40
    assert found["articles"] == 10
    assert len(found["overall"]["micro_f1"]) == 3


def test_outer_folds_answer_for_every_paragraph_once(examples: Examples, recipe: Recipe, known: Known) -> None:
    parts = folds(examples.groups, 3)
    probabilities, given_ = cross_validate(examples, recipe, known, parts)
    assert ((probabilities > 0) & (probabilities < 1)).all()
    assert f1(examples.gold, given_) > 0.8


def test_the_card_holds_figures_thresholds_failures_and_digests(model: Model, examples: Examples) -> None:
    rows = len(examples.texts)
    told = Answers(examples.gold, ~examples.gold, np.full((rows, 2), 0.5), examples.groups, examples.measures)
    texts = ["a | b\nc" + text for text in examples.texts]
    wrong = failures(told, [f"p{number}" for number in range(rows)], texts)
    about = {
        "folds": {"outer": 3},
        "recipe": {"decision": {"objective": "f1"}},
        "digests": {"labels": "0" * 64},
        "versions": {"numpy": "1"},
    }
    named = Model(**{**{k: getattr(model, k) for k in model.__dataclass_fields__}, "about": about})
    card = write_card("mine", named, Findings(evaluate(told, rounds=20), Figure(0.01, 0, 0.02), wrong), "Ours.")
    for part in ("# Model `mine`", "industry", f"{model.thresholds[0]:.3f}", "0" * 64, "+0.010", "Ours.", "| p0 "):
        assert part in card
    tables = [line for line in card.splitlines() if line.startswith("| p")]
    assert {line.count("|") for line in tables} == {6}
