"""A new workspace is whole, clean and ready to train."""

from pathlib import Path

import pytest

from tagger.article import Article, TaggedArticle
from tagger.codebook import load_codebook
from tagger.errors import UsageError
from tagger.labels import check, load_labels, load_terms
from tagger.read import read
from tagger.recipe import load_recipe
from tagger.starter import PLACES, start
from tagger.store import load
from tagger.tag import tag
from tagger.workspace import Workspace


@pytest.fixture
def mine(tmp_path: Path) -> Workspace:
    start(tmp_path / "mine")
    return Workspace(tmp_path / "mine")


def test_its_files_are_those_that_are_packaged_and_no_other(mine: Workspace) -> None:
    found = {path.relative_to(mine.root).as_posix() for path in mine.root.rglob("*") if path.is_file()}
    assert found == set(PLACES.values())


def test_its_labels_have_no_finding_and_use_every_measure(mine: Workspace) -> None:
    codebook = load_codebook(mine.codebook)
    assert check(mine.paragraphs, codebook) == []
    labels = load_labels(mine.paragraphs, codebook)
    assert len(labels) == 10
    assert {measure for label in labels for measure in label.measures} == set(codebook.ids)
    assert any(not label.measures for label in labels)


def test_its_codebook_speaks_both_languages(mine: Workspace) -> None:
    for measure in load_codebook(mine.codebook).measures:
        assert all(set(texts) == {"zh", "en"} for texts in (measure.name, measure.definition))
        assert measure.cues


def test_its_recipe_and_lexicon_are_taken_as_they_are(mine: Workspace) -> None:
    assert load_recipe(mine.recipe("default")).folds.outer > 1
    assert load_terms(mine.lexicon)


def test_its_report_is_tagged_by_the_model_that_its_labels_train(trained: Path) -> None:
    articles = list(read([str(trained / "report.txt")]))
    assert [type(article) for article in articles] == [Article]
    (tagged,) = tag(articles, load(Workspace(trained).model("default")))
    assert isinstance(tagged, TaggedArticle)
    given = {measure for paragraph in tagged.paragraphs for measure in paragraph.measures}
    assert given == set(load_codebook(Workspace(trained).codebook).ids)


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    assert len(start(tmp_path / "mine")) == len(PLACES)


def test_what_is_in_use_is_left_alone(tmp_path: Path) -> None:
    folder, file = tmp_path / "mine", tmp_path / "file"
    folder.mkdir()
    (folder / ".hidden").write_text("old", "utf-8")
    file.write_text("old", "utf-8")
    for place in (folder, file):
        with pytest.raises(UsageError, match="is not empty; name a new or empty folder"):
            start(place)
    assert [path.name for path in folder.iterdir()] == [".hidden"]
    assert file.read_text("utf-8") == "old"


def test_a_place_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(UsageError, match="can't be written"):
        start(tmp_path / "file" / "mine")
