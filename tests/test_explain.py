"""Every logit is the sum of what is shown for it."""

import json
import re
from dataclasses import asdict

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tagger.cells import columns
from tagger.explain import Explained, explained, render_json, render_text
from tagger.model import Model
from tagger.tag import tag_texts

TEXT = "合作社种植茶叶300亩，年底分红。家庭医生上门签约，住院报销。"
PARTS = ["合作社", "茶叶", "医生", "签约", "分红", "。", "，", "300亩", "abc", "\n", "=", "🌾"]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=20).map("".join) | st.text(max_size=40)


@pytest.fixture(scope="module")
def rows(model: Model) -> list[Explained]:
    return explained(model, TEXT)


@given(text=TEXTS)
@example(text="")
@example(text="\ud83c")
def test_intercept_and_terms_add_up_to_the_logit(model: Model, text: str) -> None:
    for row in explained(model, text):
        assert row.intercept + sum(term.weight for term in row.terms) == pytest.approx(row.logit, abs=1e-9)
        assert row.carried == (row.probability >= row.threshold)
        assert row.sentence in text
        assert all(0 <= start < end <= len(text) for term in row.terms for start, end in term.spans)


@given(text=TEXTS)
def test_what_is_explained_is_what_tagging_says(model: Model, text: str) -> None:
    ((measures, scores),) = tag_texts([text], model)
    found = {row.measure: row for row in explained(model, text)}
    logits = dict(zip(model.measures, model.score_all([text]).logits[0], strict=True))
    assert {measure: row.logit for measure, row in found.items()} == pytest.approx(logits, abs=1e-5)
    assert {measure for measure, row in found.items() if row.carried} == set(measures)
    assert {measure: row.probability for measure, row in found.items()} == dict(scores)


def test_measures_come_likeliest_first_and_terms_strongest_first(rows: list[Explained]) -> None:
    assert len(rows) == 2
    assert rows[0].probability >= rows[1].probability
    for row in rows:
        weights = [abs(term.weight) for term in row.terms]
        assert weights == sorted(weights, reverse=True)


def test_each_measure_shows_its_own_best_sentence(rows: list[Explained]) -> None:
    assert {row.measure: row.sentence for row in rows} == {
        "industry": "合作社种植茶叶300亩，年底分红。",
        "health": "家庭医生上门签约，住院报销。",
    }


def test_json_holds_all_of_it(rows: list[Explained]) -> None:
    assert json.loads(render_json(rows)) == json.loads(json.dumps([asdict(row) for row in rows]))
    assert "合作社" in render_json(rows)


@pytest.mark.parametrize("top", [0, 1, 3, 10_000])
def test_shown_weights_add_up_to_the_shown_logit_whatever_is_cut_off(rows: list[Explained], top: int) -> None:
    parts = re.split(r"^(?=[✓ ] \w)", render_text(rows, top), flags=re.MULTILINE)[1:]
    assert len(parts) == len(rows)
    for part, row in zip(parts, rows, strict=True):
        *told, logit = [float(value) for value in re.findall(r"[+-]\d+\.\d{3}$", part, re.MULTILINE)]
        assert len(told) == min(top, len(row.terms)) + (len(row.terms) > top) + 1
        assert sum(told) == pytest.approx(logit, abs=0.0006 * (len(told) + 1))
        assert ("other terms" in part) == (len(row.terms) > top)


def test_a_sentence_is_shown_only_for_a_measure_that_is_carried(model: Model) -> None:
    rows = explained(model, "合作社种植茶叶，年底分红。")
    assert [row.carried for row in rows] == [True, False]
    shown = render_text(rows, 1)
    assert shown.startswith("✓ industry  probability ")
    assert "\n  health  probability " in shown
    assert shown.count("合作社种植茶叶，年底分红。") == 1


def test_wide_characters_take_two_columns(rows: list[Explained]) -> None:
    lines = [line for line in render_text(rows, 3).splitlines() if re.search(r"[+-]\d+\.\d{3}$", line)]
    assert {columns(line) for line in lines} == {33}


def test_control_characters_are_made_visible(model: Model) -> None:
    shown = render_text(explained(model, "合作社\x1b[2J分红\u202e，种植茶叶。"), 50)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
