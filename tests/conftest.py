"""Small real objects that many tests share."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from typer.testing import CliRunner

from tagger.cli import app
from tagger.learn import Examples, Known, train
from tagger.model import Model
from tagger.recipe import Features, Folds, Recipe

settings.register_profile("tagger", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tagger")

ROOT = Path(__file__).parent.parent
GOLD = ROOT.parent / "shared" / "gold"

CROPS = ["茶叶", "蘑菇", "苹果", "药材", "花椒", "肉牛", "山羊", "大棚蔬菜"]
PLACES = ["东沟村", "西岭村", "南湾村", "北坪村", "石桥村", "柳树村", "大河村", "新庄村"]
KNOWN = Known(lexicon=("家庭医生", "公益性岗位"), cues=(("合作社", "电商", "产业园"), ("家庭医生", "体检")))


def _articles() -> list[tuple[str, str, tuple[str, ...]]]:
    rows = []
    for number, (crop, place) in enumerate(zip(CROPS, PLACES, strict=True)):
        article = f"a{number}"
        rows += [
            (article, f"{place}成立合作社，种植{crop}300亩。年底分红，户均增收2000元。", ("industry",)),
            (article, f"{place}的家庭医生上门签约，住院报销比例提高到90%。", ("health",)),
            (article, f"{place}距县城四十公里，山高路远。全村二百户人家，缺水少地。", ()),
            (article, f"合作社请来医生为{place}的工人体检，{crop}卖到省城。", ("industry", "health")),
        ]
    return rows


@pytest.fixture(scope="session")
def examples() -> Examples:
    """Thirty-two paragraphs in eight articles, coded by two measures."""
    rows = _articles()
    measures = ("industry", "health")
    gold = np.array([[measure in codes for measure in measures] for _, _, codes in rows])
    return Examples(tuple(text for _, text, _ in rows), gold, tuple(article for article, _, _ in rows), measures)


@pytest.fixture(scope="session")
def known() -> Known:
    """A lexicon, and cues of which no paragraph holds the last two of industry."""
    return KNOWN


@pytest.fixture(scope="session")
def recipe() -> Recipe:
    """The default recipe, with fewer folds and with runs of three characters too."""
    return Recipe(features=Features(character_ngrams=(2, 3)), folds=Folds(outer=3, inner=3))


@pytest.fixture(scope="session")
def model(examples: Examples, recipe: Recipe) -> Model:
    """A real model trained on the examples."""
    return train(examples, recipe, KNOWN)


@pytest.fixture
def jsonl(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as a JSON lines file and return its path."""

    def write(name: str, *rows: object) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace as `tagger init` and `tagger train` leave it."""
    folder = tmp_path_factory.mktemp("work") / "mine"
    for words in (["init", str(folder)], ["--workspace", str(folder), "train"]):
        assert CliRunner().invoke(app, words).exit_code == 0
    return folder


@pytest.fixture
def workspace(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the trained workspace, stood in."""
    folder = tmp_path / "mine"
    shutil.copytree(trained, folder)
    monkeypatch.chdir(folder)
    return folder
