"""The benchmarks run from end to end; what they measure here is never judged."""

import importlib.util
import json
import subprocess
import sys
from itertools import islice
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT

SCRIPT = ROOT / "training" / "benchmarks" / "bench.py"


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench"] = module  # where dataclasses look it up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a quick run leaves."""
    folder = tmp_path_factory.mktemp("bench")
    texts = folder / "texts"
    texts.mkdir()
    line = "镇里办起合作社，家家种茶，年底分红。村医上门看病，药费也报销了不少。"
    (texts / "one.txt").write_text("\n".join([line + str(number) for number in range(20)] + ["短"]), "utf-8")
    command = [sys.executable, SCRIPT, "--quick", "--texts", texts, "--output", folder / "results"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "results"


def test_a_quick_run_measures_every_contender_and_every_part(bench: ModuleType, results: Path) -> None:
    found = json.loads((results / "bench.json").read_text("utf-8"))
    assert set(found["tagging"]["speed"]) == set(bench.NAMES)
    assert set(found["tagging"]["ours_times"]) == set(bench.NAMES) - {"ours"}
    assert set(found["cold_start"]["seconds"]) == {"ours", "plain", "numpy"}
    assert set(found["training"]["seconds"]) == {"ours", "plain", "fasttext"}
    assert [row["paragraphs"] for row in found["scale"]] == list(bench.QUICK.sizes)
    assert set(found["workers"]["paragraphs_per_s"]) == {"1", "2"}
    assert found["machine"]["cores"] >= 1


def test_every_figure_is_a_median_between_the_lowest_and_the_highest(results: Path) -> None:
    def spreads(value: object) -> list[list[float]]:
        if isinstance(value, dict):
            return [spread for part in value.values() for spread in spreads(part)]
        if isinstance(value, list) and value and isinstance(value[0], float | int):
            return [value]
        return [spread for part in value for spread in spreads(part)] if isinstance(value, list) else []

    told = spreads(json.loads((results / "bench.json").read_text("utf-8")))
    assert len(told) > 20
    assert all(0 < low <= median <= high for median, low, high in told)


def test_the_page_has_a_row_for_every_contender(bench: ModuleType, results: Path) -> None:
    page = (results / "bench.md").read_text("utf-8")
    assert all(f"| {name} |" in page for name in bench.NAMES.values())
    assert "## Workers" in page


def test_a_corpus_is_the_texts_themselves_and_then_new_mixtures_the_same_each_time(bench: ModuleType) -> None:
    texts = ["一。二。", "三。四。", "五。六。"]
    one, again = (list(islice(bench.paragraphs(texts), 30)) for _ in range(2))
    assert one == again
    assert sorted(one[:3]) == sorted(texts)
    assert all(len(text) == 4 and set(text) <= set("".join(texts)) for text in one)


def test_a_folder_without_text_is_refused(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, SCRIPT, "--texts", tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no line of 20 characters or more" in done.stderr


def test_a_ratio_is_held_against_its_limits(bench: ModuleType) -> None:
    found = {"fast": 8.5, "start": 5.0, "free": 1.0}
    lines, good = bench.judged(found, {"fast": {"least": 8}, "start": {"most": 4}})
    assert lines == [
        "pass  fast  8.5 (at least 8)",
        "FAIL  start  5 (at most 4)",
        "pass  free  1 (no limit)",
    ]
    assert not good
    assert bench.judged(found, {"fast": {"least": 8}})[1]


def test_a_limit_on_what_is_not_measured_is_refused(bench: ModuleType) -> None:
    with pytest.raises(SystemExit, match="limits 'speeed'"):
        bench.judged({"speed": 1.0}, {"speeed": {"least": 1}})


@pytest.mark.parametrize(("least", "code"), [(0, 0), (1_000_000, 1)])
def test_the_budget_passes_or_fails_by_its_exit_code(tmp_path: Path, least: float, code: int) -> None:
    floors = tmp_path / "floors.json"
    floors.write_text(json.dumps({"bench": {"ours_times_plain": {"least": least}}}), "utf-8")
    command = [sys.executable, SCRIPT, "--budget", "--quick", "--floors", floors]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert f"{'FAIL' if code else 'pass'}  ours_times_plain" in done.stdout
