"""Planted errors are found, and the words shown are those that told."""

from dataclasses import replace

import numpy as np
import pytest

from tagger.article import Evidence
from tagger.audit import audit, telling
from tagger.codebook import load_codebook
from tagger.errors import TaggerError
from tagger.labels import load_labels, load_terms
from tagger.learn import Examples, Known
from tagger.recipe import Recipe, load_recipe
from tagger.training import examples_of
from tests.conftest import ROOT


def names(examples: Examples) -> list[str]:
    return [f"p{number}" for number in range(len(examples.texts))]


def flipped(examples: Examples, row: int, column: int) -> Examples:
    gold = examples.gold.copy()
    gold[row, column] ^= True
    return replace(examples, gold=gold)


def test_most_of_the_planted_errors_stand_in_the_first_part_of_the_list() -> None:
    """A twentieth of 4,200 codes turned round: 0.99 to 1.00 of them come first, by five draws; 0.70 is promised."""
    labels = ROOT / "labels"
    book = load_codebook(labels / "codebook.toml")
    read = [label for label in load_labels(labels / "paragraphs", book) if label.origin == "realistic"][:700]
    true = examples_of(read, book.ids)
    planted = np.random.default_rng(1).choice(true.gold.size, true.gold.size // 20, replace=False)
    gold = true.gold.copy()
    gold.flat[planted] ^= True
    known = Known(load_terms(labels / "lexicon.txt"), tuple(measure.cues for measure in book.measures))
    recipe = load_recipe(ROOT / "training" / "recipes" / "default.toml")
    first = audit(replace(true, gold=gold), [label.id for label in read], recipe, known, gold.size * 15 // 100)
    listed = {doubt.row * len(book.ids) + book.ids.index(doubt.measure) for doubt in first}
    found = len(listed & set(planted.tolist())) / len(planted)
    assert len(read) == 700
    assert found >= 0.95, f"{found:.0%} of the planted errors are in the first 15% of the list"


@pytest.mark.parametrize(
    ("row", "words"),
    [(1, {"家庭医生", "签约", "住院"}), (8, {"合作社", "种植", "分红"})],
    ids=["a measure not coded", "a measure coded in excess"],
)
def test_a_wrong_code_comes_first_with_the_words_that_told(
    examples: Examples, known: Known, recipe: Recipe, row: int, words: set[str]
) -> None:
    wrong = flipped(examples, row, 1)
    first = audit(wrong, names(wrong), recipe, known)[0]
    assert (first.row, first.id, first.article) == (row, f"p{row}", examples.groups[row])
    assert (first.measure, first.coded) == ("health", row == 8)
    assert (first.probability < 0.5) == first.coded
    assert words & set(first.words)
    assert first.quote in first.text == examples.texts[row]


def test_every_decision_stands_in_the_list_once_and_the_least_probable_code_first(
    examples: Examples, known: Known, recipe: Recipe
) -> None:
    found = audit(examples, names(examples), recipe, known)
    surprise = [1 - one.probability if one.coded else one.probability for one in found]
    assert len({(one.row, one.measure) for one in found}) == len(found) == examples.gold.size
    assert surprise == sorted(surprise, reverse=True)
    assert audit(examples, names(examples), recipe, known, 5) == found[:5]


def test_the_model_that_judges_an_article_has_not_seen_it(examples: Examples, known: Known, recipe: Recipe) -> None:
    """A term that one article alone holds is unknown to the model which judges it, so never told of."""
    pairs = zip(examples.texts, examples.groups, strict=True)
    texts = tuple(f"{text}玉屏风散。" if group == "a0" else text for text, group in pairs)
    found = audit(replace(examples, texts=texts), names(examples), recipe, known)
    assert not [one for one in found if set("玉屏散") & set("".join(one.words))]


def test_a_term_within_a_stronger_one_is_left_out() -> None:
    terms = [Evidence("合作社", 2.0, ((2, 5),)), Evidence("合·作", 1.0, ((2, 4),)), Evidence("分红", 0.5, ((5, 7),))]
    assert telling("村里合作社分红", terms) == ("合作社", "分红")
    assert telling("村里合作社分红", terms, 1) == ("合作社",)
    assert telling("村里", []) == ()


def test_one_article_alone_can_not_be_audited(examples: Examples, known: Known, recipe: Recipe) -> None:
    with pytest.raises(TaggerError, match="code a second"):
        audit(examples.pick(np.arange(4)), ["a", "b", "c", "d"], recipe, known)
