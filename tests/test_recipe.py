"""Recipes: what is read, and what is refused by name."""

from pathlib import Path

import pytest

from tagger.errors import RecipeError
from tagger.recipe import Recipe, load_recipe, recipe_from

DEFAULT = Path(__file__).parent.parent / "training" / "recipes" / "default.toml"


def test_the_default_recipe_is_read_whole() -> None:
    assert load_recipe(DEFAULT).folds.outer >= 2


def test_what_a_recipe_leaves_out_has_a_default() -> None:
    assert recipe_from({}) == Recipe()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"model": {"c": 1.0}}, "unknown key 'model.c'; did you mean 'C'"),
        ({"modell": {}}, "unknown key 'modell'; did you mean 'model'"),
        ({"model": 3}, r"\[model\] must be a table"),
        ({"model": {"C": 0}}, "'C' must lie between"),
        ({"model": {"balanced": 1}}, "'balanced' must be true or false"),
        ({"features": {"character_ngrams": [2, 9]}}, "lengths from 1 to 3"),
        ({"decision": {"objective": "best"}}, "must be f1, precision=0.9 or recall=0.9"),
        ({"folds": {"outer": 1}}, "'outer' must lie between"),
        ({"seed": "0"}, "'seed' must be a whole number"),
    ],
)
def test_a_mistake_is_named(table: dict[str, object], message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        recipe_from(table, "my.toml")


def test_a_file_that_is_not_toml_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    path.write_text("seed = 0\n[model\n", "utf-8")
    with pytest.raises(RecipeError, match=r"r\.toml: not valid TOML: .*line 2"):
        load_recipe(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="no such recipe"):
        load_recipe(tmp_path / "none.toml")
