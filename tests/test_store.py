"""A model folder is checked in every part before a model is made of it, even where its digest fits."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.errors import ModelError, UsageError
from tagger.files import sha256
from tagger.model import Model
from tagger.store import load, save


@pytest.fixture
def folder(model: Model, tmp_path: Path) -> Path:
    save(model, tmp_path / "m", "card")
    return tmp_path / "m"


def describe(folder: Path, **changed: object) -> None:
    """Change model.json."""
    path = folder / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changed), "utf-8")


def put(folder: Path, data: bytes) -> None:
    """Change weights.npz and the digest with it."""
    (folder / "weights.npz").write_bytes(data)
    describe(folder, weights_sha256=sha256(data))


def refused(folder: Path, says: str) -> None:
    with pytest.raises(ModelError) as caught:
        load(folder)
    assert caught.value.subject == str(folder)
    assert says in caught.value.reason
    assert "\n" not in caught.value.reason


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("thresholds", ["a", "b"], "one number per measure"),
        ("intercepts", [[1], [2, 3]], "one number per measure"),
        ("offsets", [None, 1.0], "one number per measure"),
        ("slopes", [10**400, 1], "one number per measure"),
        ("measures", [1, 2], "doesn't name each measure once"),
        ("measures", ["health", "health"], "doesn't name each measure once"),
        ("measures", [], "don't fit each other"),
        ("sentence_share", 5, "not between 0 and 1"),
        ("sentence_share", float("nan"), "not between 0 and 1"),
        ("sentence_share", "half", "lacks a valid 'sentence_share'"),
        ("gram_sizes", ["2"], "other than 1 to 3"),
        ("weights_sha256", "0" * 64, "weights.npz was changed"),
    ],
)
def test_a_description_that_can_not_be_is_refused(folder: Path, key: str, value: object, says: str) -> None:
    describe(folder, **{key: value})
    refused(folder, says)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "can't be read"),
        ("{", "can't be read"),
        ("[" * 100_000, "can't be read"),
        ("9" * 5_000, "can't be read"),
        ("1", "holds no format number"),
        ("[]", "holds no format number"),
        ("{}", "holds no format number"),
        ('{"format": 0}', "holds no format number"),
    ],
    ids=lambda value: value[:12],
)
def test_a_description_that_is_none_is_refused(folder: Path, text: str, says: str) -> None:
    (folder / "model.json").write_text(text, "utf-8")
    refused(folder, says)


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("words", lambda a: a.astype("U1"), "don't fit each other"),
        ("words", lambda a: np.full_like(a, 255), "not UTF-8"),
        ("words", lambda a: a[: np.flatnonzero(a == ord("\n"))[3]], "don't fit each other"),
        ("lexicon", lambda a: a.reshape(1, -1), "don't fit each other"),
        ("grams", lambda a: a[::-1], "n-grams are not in order"),
        ("grams", lambda a: a.astype(float), "don't fit each other"),
        ("idf", lambda a: a[1:], "don't fit each other"),
        ("idf", lambda a: np.full_like(a, np.inf), "weights that are no numbers"),
        ("idf", lambda a: a.astype(object), "lacks an array"),
        ("weights", lambda a: a * np.nan, "weights that are no numbers"),
        ("weights", lambda a: a.astype(complex), "don't fit each other"),
        ("weights", lambda a: a.astype("U8"), "don't fit each other"),
        ("weights", lambda a: a.T, "don't fit each other"),
    ],
)
def test_arrays_that_can_not_be_are_refused(
    folder: Path, name: str, change: Callable[[np.ndarray], np.ndarray], says: str
) -> None:
    with np.load(folder / "weights.npz") as file:
        arrays = {key: file[key] for key in file.files}
    data = io.BytesIO()
    np.savez(data, **arrays | {name: change(arrays[name])})
    put(folder, data.getvalue())
    refused(folder, says)


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.99])
def test_weights_cut_short_are_refused(folder: Path, kept: float) -> None:
    data = (folder / "weights.npz").read_bytes()
    put(folder, data[: int(len(data) * kept)])
    refused(folder, "lacks an array")


@given(data=st.binary(max_size=200) | st.binary(max_size=60).map(lambda data: b"PK\x03\x04" + data))
def test_weights_that_are_none_are_refused(model: Model, tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    place = tmp_path_factory.getbasetemp() / "hostile"
    save(model, place, "card")
    put(place, data)
    refused(place, "lacks an array")


def test_weights_that_are_one_array_are_refused(folder: Path) -> None:
    data = io.BytesIO()
    np.save(data, np.zeros(3))
    put(folder, data.getvalue())
    refused(folder, "lacks an array")


def test_what_is_known_of_a_model_is_kept(model: Model, folder: Path) -> None:
    describe(folder, codebook_version="7", recipe={"seed": 1})
    loaded = load(folder)
    assert loaded.about == {**model.about, "codebook_version": "7", "recipe": {"seed": 1}}
    assert (loaded.words, loaded.lexicon, loaded.gram_sizes) == (model.words, model.lexicon, model.gram_sizes)


def test_a_save_that_fails_half_way_leaves_no_model_that_looks_whole(model: Model, folder: Path, monkeypatch) -> None:
    """model.json comes last: until then the old digest refuses the new weights."""
    written = []

    def fail(path: Path, text: str) -> None:
        written.append(path.name)
        raise UsageError(path, "can't be written")

    monkeypatch.setattr("tagger.store.write_text", fail)
    changed = Model(**{k: getattr(model, k) for k in model.__dataclass_fields__} | {"weights": model.weights * 2})
    with pytest.raises(UsageError):
        save(changed, folder, "card")
    assert written == ["README.md"]
    refused(folder, "weights.npz was changed")
