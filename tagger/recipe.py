"""A training recipe: every choice that makes a model, read from TOML and checked."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from tagger.contracts import OBJECTIVE
from tagger.errors import RecipeError


@dataclass(frozen=True, slots=True)
class Features:
    """What a paragraph is described by."""

    words: bool = True
    character_ngrams: tuple[int, ...] = (2,)
    common_character: float = 0.03
    min_paragraphs: int = 2
    skip_asides: bool = True


@dataclass(frozen=True, slots=True)
class Linear:
    """How each measure's weights are fitted, and what the best sentence adds."""

    C: float = 10.0
    balanced: bool = False
    sentence_share: float = 0.5
    cue_share: float = 0.2


@dataclass(frozen=True, slots=True)
class Decision:
    """What a threshold is picked for: "f1", "precision=P" or "recall=R"; `measures` where one differs.

    With `common`, measures picked for F1 share one threshold, where their micro-F1 is best: one of its own for
    each follows the chance of few paragraphs.
    """

    objective: str = "f1"
    common: bool = True
    tolerance: float = 0.0
    measures: Mapping[str, str] = field(default_factory=dict)

    def of(self, measure: str) -> str:
        """Return a measure's objective."""
        return self.measures.get(measure, self.objective)


@dataclass(frozen=True, slots=True)
class Folds:
    """How many folds, by article: outer ones report, inner ones pick."""

    outer: int = 5
    inner: int = 5


@dataclass(frozen=True, slots=True)
class Rounding:
    """Decimals that the weights are kept with."""

    weights: int = 3


@dataclass(frozen=True, slots=True)
class Recipe:
    """All choices that make a model, with the defaults of `training/recipes/default.toml`."""

    seed: int = 0
    features: Features = field(default_factory=Features)
    model: Linear = field(default_factory=Linear)
    decision: Decision = field(default_factory=Decision)
    folds: Folds = field(default_factory=Folds)
    rounding: Rounding = field(default_factory=Rounding)


_PARTS: dict[str, type] = {
    "features": Features,
    "model": Linear,
    "decision": Decision,
    "folds": Folds,
    "rounding": Rounding,
}
_BOUNDS: dict[str, tuple[float, float]] = {
    "common_character": (0, 1),
    "min_paragraphs": (1, 1000),
    "C": (1e-6, 1e6),
    "sentence_share": (0, 1),
    "cue_share": (0, 10),
    "tolerance": (0, 1),
    "outer": (2, 50),
    "inner": (2, 50),
    "weights": (1, 12),
    "seed": (0, 2**31),
}
_KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}


def load_recipe(path: str | Path) -> Recipe:
    """Return the recipe in a TOML file; raises RecipeError naming the line or the key that is wrong."""
    try:
        table = tomllib.loads(Path(path).read_text("utf-8"))
    except FileNotFoundError:
        raise RecipeError(path, "no such recipe; see training/recipes/") from None
    except (OSError, UnicodeDecodeError):
        raise RecipeError(path, "can't be read as UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(path, f"not valid TOML: {error}") from None
    return recipe_from(table, path)


def recipe_from(table: Mapping[str, Any], subject: str | Path = "recipe") -> Recipe:
    """Return the recipe that a table of tables describes."""
    _known(table, ["seed", *_PARTS], subject, "")
    parts = {}
    for name, kind in _PARTS.items():
        given = table.get(name, {})
        if not isinstance(given, Mapping):
            raise RecipeError(subject, f"[{name}] must be a table")
        _known(given, [f.name for f in fields(kind)], subject, f"{name}.")
        default = kind()
        values = {key: _value(key, value, getattr(default, key), subject) for key, value in given.items()}
        parts[name] = kind(**values)
    return Recipe(seed=_value("seed", table.get("seed", 0), 0, subject), **parts)


def _known(table: Mapping[str, Any], names: list[str], subject: str | Path, prefix: str) -> None:
    for key in table:
        if key not in names:
            near = [name for name in names if name.lower() == key.lower()]
            near += difflib.get_close_matches(key, names, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(names)}"
            raise RecipeError(subject, f"unknown key '{prefix}{key}'; {hint}")


def _value(key: str, value: Any, default: Any, subject: str | Path) -> Any:  # noqa: ANN401 - TOML's values
    """Return the value as its default's type, within its bounds."""
    if isinstance(default, tuple):
        sizes = value if isinstance(value, list) else [None]
        if not all(isinstance(size, int) and 1 <= size <= 3 for size in sizes):  # noqa: PLR2004
            raise RecipeError(subject, f"'{key}' must be a list of lengths from 1 to 3")
        return tuple(sorted(set(sizes)))
    if isinstance(default, dict):
        if not isinstance(value, dict):
            raise RecipeError(subject, f"'{key}' must be a table, such as {key} = {{ health = \"recall=0.9\" }}")
        return {measure: _value("objective", one, "", subject) for measure, one in value.items()}
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not type(default):
        raise RecipeError(subject, f"'{key}' must be {_KINDS[type(default)]}, not {value!r}")
    if key == "objective" and not OBJECTIVE.fullmatch(value):
        raise RecipeError(subject, f"'{key}' must be f1, precision=0.9 or recall=0.9 (or the like), not {value!r}")
    low, high = _BOUNDS.get(key, (float("-inf"), float("inf")))
    if key in _BOUNDS and not low <= value <= high:
        raise RecipeError(subject, f"'{key}' must lie between {low:g} and {high:g}, not {value!r}")
    return value
