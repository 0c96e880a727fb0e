"""A model's folder: weights.npz, model.json and the card, read without pickle and checked first."""

import io
import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from tagger.errors import ModelError
from tagger.files import sha256, write_bytes, write_text
from tagger.model import Model
from tagger.words import NORMALISER

FORMAT = 2  # raise it with any change to what is written; `load` keeps reading the older ones
_SHAPES = {  # each array's dimensions and type
    "words": (1, np.uint8),
    "grams": (1, np.int64),
    "lexicon": (1, np.uint8),
    "idf": (1, np.float32),
    "weights": (2, np.float32),
}


def save(model: Model, folder: str | Path, card: str) -> None:
    """Write weights.npz, model.json and the model card (README.md), each whole or not at all."""
    folder = Path(folder)
    data = io.BytesIO()
    np.savez(
        data,
        words=_packed(model.words),
        lexicon=_packed(model.lexicon),
        grams=model.grams,
        idf=model.idf.astype(np.float32),
        weights=model.weights.astype(np.float32),
    )
    meta = {
        "format": FORMAT,
        "normaliser": NORMALISER,
        "weights_sha256": sha256(data.getvalue()),
        "measures": list(model.measures),
        "gram_sizes": list(model.gram_sizes),
        "sentence_share": model.sentence_share,
        "skip_asides": model.skip_asides,
        "intercepts": model.intercepts.tolist(),
        "slopes": model.slopes.tolist(),
        "offsets": model.offsets.tolist(),
        "thresholds": model.thresholds.tolist(),
        **model.about,
    }
    write_bytes(folder / "weights.npz", data.getvalue())
    write_text(folder / "README.md", card)
    write_text(folder / "model.json", json.dumps(meta, ensure_ascii=False, indent=1) + "\n")


def load(folder: str | Path) -> Model:
    """Return the model in a folder; raises ModelError where it isn't whole, or written by a newer tagger."""
    folder = Path(folder)
    meta = _meta(folder)
    arrays = _arrays(folder, meta)
    words, lexicon = _unpacked(folder, arrays["words"]), _unpacked(folder, arrays["lexicon"])
    measures = len(meta["measures"])
    terms = len(words) + len(arrays["grams"])
    if arrays["weights"].shape != (terms, measures) or arrays["idf"].shape != (terms,):
        raise _broken(folder, "its arrays don't fit each other")
    if not (np.isfinite(arrays["weights"]).all() and np.isfinite(arrays["idf"]).all()):
        raise _broken(folder, "it holds weights that are no numbers")
    if (np.diff(arrays["grams"]) <= 0).any():
        raise _broken(folder, "its n-grams are not in order")
    rows = {name: _numbers(folder, meta[name], measures) for name in _PER_MEASURE}
    return Model(
        measures=tuple(meta["measures"]),
        words=words,
        grams=arrays["grams"],
        idf=arrays["idf"].astype(np.float64),
        weights=arrays["weights"].astype(np.float64),
        sentence_share=float(meta["sentence_share"]),
        gram_sizes=tuple(meta["gram_sizes"]),
        lexicon=lexicon,
        skip_asides=bool(meta.get("skip_asides", False)),  # format 1 had none
        about={key: value for key, value in meta.items() if key not in _OWN},
        **rows,
    )


_PER_MEASURE = ("intercepts", "slopes", "offsets", "thresholds")
_TYPES: dict[str, type | tuple[type, ...]] = {
    "normaliser": str,
    "weights_sha256": str,
    "measures": list,
    "gram_sizes": list,
    "sentence_share": (int, float),
    **dict.fromkeys(_PER_MEASURE, list),
}
_OWN = {"format", "skip_asides", *_TYPES}


def _meta(folder: Path) -> dict[str, Any]:
    path = folder / "model.json"
    try:
        meta = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ModelError(folder, "no model is here (model.json is missing); see: tagger models") from None
    except (OSError, ValueError, RecursionError):
        raise _broken(folder, "model.json can't be read") from None
    if not isinstance(meta, dict) or not isinstance(meta.get("format"), int) or meta["format"] < 1:
        raise _broken(folder, "model.json holds no format number")
    if meta["format"] > FORMAT:
        raise ModelError(folder, f"written by a newer tagger (format {meta['format']}); upgrade tagger")
    wrong = [name for name, kind in _TYPES.items() if not isinstance(meta.get(name), kind)]
    if wrong:
        raise _broken(folder, f"model.json lacks a valid {wrong[0]!r}")
    if not all(isinstance(name, str) for name in meta["measures"]) or len(set(meta["measures"])) < len(
        meta["measures"]
    ):
        raise _broken(folder, "model.json doesn't name each measure once")
    if not 0 <= meta["sentence_share"] <= 1:
        raise _broken(folder, "model.json gives a sentence_share that is not between 0 and 1")
    if not all(isinstance(size, int) and 1 <= size <= 3 for size in meta["gram_sizes"]):  # noqa: PLR2004
        raise _broken(folder, "model.json asks for n-grams of other than 1 to 3 characters")
    if meta["normaliser"] != NORMALISER:
        raise ModelError(folder, "trained with another normaliser than this tagger's; train it again")
    return meta


def _arrays(folder: Path, meta: dict[str, Any]) -> dict[str, npt.NDArray[Any]]:
    path = folder / "weights.npz"
    try:
        data = path.read_bytes()
    except OSError:
        raise _broken(folder, "weights.npz is missing") from None
    if sha256(data) != meta["weights_sha256"]:
        raise _broken(folder, "weights.npz was changed since it was written")
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {name: file[name] for name in _SHAPES}
    except (KeyError, TypeError, ValueError, OSError, EOFError, BadZipFile, zlib.error):
        raise _broken(folder, "weights.npz lacks an array") from None
    if any((arrays[name].ndim, arrays[name].dtype) != expected for name, expected in _SHAPES.items()):
        raise _broken(folder, "its arrays don't fit each other")
    return arrays


def _numbers(folder: Path, given: list[Any], count: int) -> npt.NDArray[np.float64]:
    try:
        row = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        row = np.empty(0)
    if row.shape != (count,) or not np.isfinite(row).all():
        raise _broken(folder, "model.json doesn't give one number per measure")
    return row


def _broken(folder: Path, what: str) -> ModelError:
    return ModelError(folder, f"the model is not whole: {what}; train it again or fetch it anew")


def _packed(terms: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(terms).encode(), dtype=np.uint8)


def _unpacked(folder: Path, data: npt.NDArray[Any]) -> tuple[str, ...]:
    try:
        text = data.astype(np.uint8).tobytes().decode("utf-8")
    except UnicodeDecodeError:
        raise _broken(folder, "its terms are not UTF-8") from None
    return tuple(text.split("\n")) if text else ()
