"""The model that is shipped: it is made from what lies here, and holds its floors."""

import json
from importlib.metadata import version

import pytest

from tagger.learn import train
from tagger.store import load, save
from tagger.training import gather
from tagger.workspace import Workspace
from tests.conftest import GOLD, ROOT

FOLDER = ROOT / "models" / "default"
META = json.loads((FOLDER / "model.json").read_text("utf-8"))
FLOORS = json.loads((ROOT / "training" / "floors.json").read_text("utf-8"))


def test_it_was_made_from_the_labels_codebook_lexicon_and_recipe_that_lie_here() -> None:
    assert META["digests"] == gather(Workspace(ROOT), "default").digests


@pytest.mark.skipif(
    {name: version(name) for name in META["versions"]} != META["versions"],
    reason="the same file is promised for the versions in constraints.txt",
)
def test_training_it_again_gives_the_same_weights_file(tmp_path) -> None:
    material = gather(Workspace(ROOT), "default")
    save(train(material.examples, material.recipe, material.known), tmp_path, "card")
    again = json.loads((tmp_path / "model.json").read_text("utf-8"))
    for name in ("weights_sha256", "intercepts", "slopes", "offsets", "thresholds"):
        assert again[name] == META[name], name
    assert (tmp_path / "weights.npz").read_bytes() == (FOLDER / "weights.npz").read_bytes()


def test_it_is_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 3_000_000


@pytest.mark.parametrize(("figure", "floor"), FLOORS["outer_folds"].items())
def test_its_outer_folds_hold_their_floors(figure: str, floor: float) -> None:
    assert META["evaluation"]["overall"][figure][0] >= floor - FLOORS["noise"]


def test_its_card_holds_its_figures() -> None:
    card = (FOLDER / "README.md").read_text("utf-8")
    assert "{:.3f}".format(META["evaluation"]["overall"]["micro_f1"][0]) in card


@pytest.mark.skipif(not GOLD.is_dir(), reason="the coded articles lie beside the repository only where it is built")
def test_it_holds_its_floor_on_real_coded_articles() -> None:
    model = load(FOLDER)
    rows = [row for row in json.loads((GOLD / "gold.json").read_text("utf-8")) if row["kind"] == "body"]
    lines = {path.stem: path.read_text("utf-8").split("\n") for path in (GOLD / "articles").glob("*.txt")}
    texts = ["".join(lines[row["file"]][line - 1].strip() for line in row["lines"]) for row in rows]
    given = model.carried(model.score_all(texts).probabilities).tolist()
    hits = wrong = 0
    for row, carried in zip(rows, given, strict=True):
        told = {measure for measure, yes in zip(model.measures, carried, strict=True) if yes}
        hits += len(told & set(row["labels"]))
        wrong += len(told ^ set(row["labels"]))
    assert 2 * hits / (2 * hits + wrong) >= FLOORS["gold"]["micro_f1"] - FLOORS["noise"]
