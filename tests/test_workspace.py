"""A workspace is found from where one stands, and its parts by name or by path."""

from pathlib import Path

import pytest

from tagger.codebook import load_codebook
from tagger.errors import WorkspaceError
from tagger.workspace import Workspace, find, packaged
from tests.conftest import ROOT


def workspace(folder: Path, *models: str) -> Workspace:
    """Make a workspace of empty files with these models."""
    for place in ("labels/codebook.toml", *(f"models/{name}/model.json" for name in models)):
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", "utf-8")
    return Workspace(folder)


def test_the_nearest_workspace_above_is_found_and_named_as_the_user_would(tmp_path: Path, monkeypatch) -> None:
    workspace(tmp_path)
    inner = workspace(tmp_path / "inner").root
    (inner / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(inner / "a" / "b")
    assert find() == Workspace(Path("../.."))
    monkeypatch.chdir(inner)
    assert find() == Workspace(Path())
    assert find().codebook == Path("labels/codebook.toml")


def test_a_given_workspace_goes_before_the_one_stood_in(tmp_path: Path, monkeypatch) -> None:
    workspace(tmp_path / "one")
    other = workspace(tmp_path / "other")
    monkeypatch.chdir(tmp_path / "one")
    assert find(other.root) == other


@pytest.mark.parametrize("name", ["none", "file.txt", "folder"])
def test_a_given_place_that_is_no_workspace_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.txt").write_text("", "utf-8")
    (tmp_path / "folder" / "labels").mkdir(parents=True)
    with pytest.raises(WorkspaceError, match=r"no workspace \(labels/codebook.toml is missing\).*tagger init"):
        find(tmp_path / name)


def test_outside_any_the_packaged_one_is_used_and_is_whole(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = find()
    assert found == packaged() == Workspace(ROOT, packaged=True)
    assert load_codebook(found.codebook).ids
    assert found.lexicon.is_file()
    assert list(found.paragraphs.glob("*.jsonl"))
    assert found.recipe("default").is_file()
    assert found.model("default").is_dir()


def test_a_recipe_is_a_name_or_a_path(tmp_path: Path) -> None:
    mine = Workspace(tmp_path)
    assert mine.recipe("fast") == tmp_path / "training" / "recipes" / "fast.toml"
    assert mine.recipe("elsewhere/fast.toml") == Path("elsewhere/fast.toml")


def test_models_are_listed_by_name_and_only_whole_ones(tmp_path: Path) -> None:
    mine = workspace(tmp_path, "second", "default")
    (tmp_path / "models" / "half").mkdir()
    (tmp_path / "models" / "notes.txt").write_text("", "utf-8")
    assert [path.name for path in mine.models()] == ["default", "second"]
    assert mine.model("second") == tmp_path / "models" / "second"


def test_a_models_folder_stood_beside_is_taken_by_its_path(tmp_path: Path, monkeypatch) -> None:
    mine = workspace(tmp_path / "mine", "default")
    beside = tmp_path / "beside"
    beside.mkdir()
    (beside / "model.json").write_text("", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert mine.model("beside") == Path("beside")
    assert mine.model("mine/models/default") == Path("mine/models/default")


@pytest.mark.parametrize(
    ("name", "offered"),
    [("defualt", "there is: default"), ("zzz", "there is: default, second"), ("half", "there is: default, second")],
)
def test_an_unknown_model_offers_the_nearest_or_all(tmp_path: Path, name: str, offered: str) -> None:
    mine = workspace(tmp_path, "second", "default")
    (tmp_path / "models" / "half").mkdir()
    with pytest.raises(WorkspaceError) as caught:
        mine.model(name)
    assert caught.value.reason == f"no model named {name!r}; {offered}"
    assert caught.value.subject == str(tmp_path / "models")


def test_a_workspace_without_models_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="no model is here yet; make one with: tagger train"):
        workspace(tmp_path).model("default")
