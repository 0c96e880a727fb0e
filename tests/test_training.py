"""A workspace's labels become a model with its card, or what is missing is named."""

import json
from pathlib import Path

import numpy as np
import pytest

from tagger.codebook import load_codebook
from tagger.errors import LabelError, RecipeError, TaggerError
from tagger.files import sha256
from tagger.labels import LabelledParagraph, load_labels, load_terms, save_labels
from tagger.store import load
from tagger.training import evaluate_model, examples_of, gather, labels_digest, train_model
from tagger.workspace import Workspace


@pytest.fixture
def mine(workspace: Path) -> Workspace:
    """A copy of the trained workspace."""
    return Workspace(workspace)


def labels(mine: Workspace) -> list[LabelledParagraph]:
    return load_labels(mine.paragraphs, load_codebook(mine.codebook))


def test_a_lexicon_is_its_terms_once_each_without_comments(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.txt"
    path.write_text("\ufeff# 说明\n水窖\n\n 蓄水池 # 村里的\n水窖\n#\n", "utf-8")
    assert load_terms(path) == ("水窖", "蓄水池")
    assert load_terms(tmp_path / "none.txt") == ()


def test_a_lexicon_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.txt"
    path.write_bytes("蓄水池和管网".encode("gb18030"))
    with pytest.raises(LabelError, match="save it as UTF-8"):
        load_terms(path)


def test_examples_have_a_row_for_each_paragraph_and_a_column_for_each_measure() -> None:
    coded = [LabelledParagraph("1", "a", "甲", ("roads",)), LabelledParagraph("2", "b", "乙", ())]
    found = examples_of(coded, ("water", "roads"))
    assert found.gold.tolist() == [[False, True], [False, False]]
    assert (found.texts, found.groups) == (("甲", "乙"), ("a", "b"))
    assert examples_of([], ("water", "roads")).gold.shape == (0, 2)


def test_digests_tell_of_what_training_sees_and_of_nothing_else(mine: Workspace) -> None:
    first = labels(mine)
    noted = [LabelledParagraph(f"x{n}", x.article, x.text, x.measures, note="n") for n, x in enumerate(first)]
    moved = [LabelledParagraph(x.id, x.article + "x", x.text, x.measures) for x in first]
    assert labels_digest(noted) == labels_digest(first)
    assert len({labels_digest(first), labels_digest(moved), labels_digest(first[::-1])}) == 3
    before = gather(mine, "default").digests
    mine.lexicon.write_text(mine.lexicon.read_text("utf-8") + "# a comment\n", "utf-8")
    assert gather(mine, "default").digests == before
    mine.lexicon.write_text(mine.lexicon.read_text("utf-8") + "抽水站\n", "utf-8")
    assert {key for key, value in gather(mine, "default").digests.items() if value != before[key]} == {"lexicon"}


def test_test_paragraphs_are_never_learned_from(mine: Workspace) -> None:
    kept = labels(mine)
    held = [LabelledParagraph("h1", "held", "乡里为学校铺了一条碎石路。", ("roads",), split="test")]
    save_labels(mine.paragraphs / "held.jsonl", held)
    assert [x.id for x in gather(mine, "default").labels] == [x.id for x in kept]


def test_too_few_articles_are_refused(mine: Workspace) -> None:
    few = [x for x in labels(mine) if x.article in sorted({y.article for y in labels(mine)})[:3]]
    save_labels(mine.paragraphs / "first.jsonl", few)
    with pytest.raises(TaggerError, match="at least 4 articles are needed to train; code some more"):
        gather(mine, "default")


def test_a_recipe_without_features_is_refused(mine: Workspace) -> None:
    path = mine.recipe("bare")
    path.write_text("[features]\nwords = false\ncharacter_ngrams = []\n", "utf-8")
    with pytest.raises(RecipeError, match="no features are left") as caught:
        gather(mine, "bare")
    assert caught.value.subject == str(path)


def test_training_writes_what_the_figures_say_and_nothing_when_it_fails(mine: Workspace) -> None:
    made = train_model(mine, "default", "again")
    meta = json.loads((made.folder / "model.json").read_text("utf-8"))
    assert meta["evaluation"] == made.evaluation.as_json()
    assert meta["digests"]["codebook"] == sha256(mine.codebook)
    assert meta["folds"]["outer"] <= made.evaluation.articles
    assert str(made.evaluation.overall["micro_f1"]) in (made.folder / "README.md").read_text("utf-8")
    assert (load(made.folder).weights == made.model.weights).all()
    save_labels(mine.paragraphs / "first.jsonl", labels(mine)[:2])
    with pytest.raises(TaggerError):
        train_model(mine, "default", "third")
    assert not (mine.root / "models" / "third").exists()


def test_a_model_is_measured_on_paragraphs_by_its_own_answers(mine: Workspace) -> None:
    coded, model = labels(mine), load(mine.model("default"))
    right = np.mean(
        [
            tuple(m for m, yes in zip(model.measures, row, strict=True) if yes) == label.measures
            for row, label in zip(
                model.carried(model.score_all([x.text for x in coded]).probabilities), coded, strict=True
            )
        ]
    )
    found = evaluate_model(mine.model("default"), mine.paragraphs, mine.codebook)
    assert found.overall["exact_match"].value == pytest.approx(right)
    assert found.paragraphs == len(coded)


def test_a_file_without_paragraphs_measures_nothing(mine: Workspace, tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("\n", "utf-8")
    with pytest.raises(TaggerError, match="no coded paragraph is here"):
        evaluate_model(mine.model("default"), tmp_path / "none.jsonl", mine.codebook)
