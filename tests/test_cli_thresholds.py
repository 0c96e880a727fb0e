"""Precision or recall asked for, and paragraphs in doubt sent to a person."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tagger.cli import app

REPORT = """东沟村的新产业

镇党委派出驻村工作队，带着村民种下三百亩茶叶，合作社年底给入社农户分红。

卫生院的家庭医生上门给老人体检，住院费用按比例报销。

东沟河从村口流过，两岸长满了竹子，秋天的早晨常有雾气。

村里的小路修到了各家门口，路灯也亮了起来，大家晚上出门方便多了。
"""


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def report(workspace: Path) -> Path:
    path = workspace / "report.txt"
    path.write_text(REPORT, "utf-8")
    return path


def given(result: Result) -> list[set[str]]:
    assert result.exit_code == 0, result.output
    return [set(json.loads(line)["measures"]) for line in result.stdout.splitlines()]


def test_a_high_recall_gives_no_less_than_a_high_precision(report: Path) -> None:
    loose = given(run("tag", report, "--threshold", "recall=1"))
    strict = given(run("tag", report, "--threshold", "precision=1"))
    assert len(loose) == len(strict) > 2
    assert all(few <= many for few, many in zip(strict, loose, strict=True))


@pytest.mark.parametrize("objective", ["precision", "recall=2", "best"])
def test_an_objective_that_is_none_is_refused(report: Path, objective: str) -> None:
    result = run("tag", report, "--threshold", objective)
    assert result.exit_code == 2
    assert "precision=0.9" in result.stderr


def test_a_model_without_curves_says_how_to_get_them(report: Path, workspace: Path) -> None:
    path = workspace / "models" / "default" / "model.json"
    meta = json.loads(path.read_text("utf-8"))
    del meta["curves"]
    path.write_text(json.dumps(meta), "utf-8")
    result = run("tag", report, "--threshold", "recall=0.9")
    assert result.exit_code == 2
    assert "tagger train" in result.stderr


def test_what_goes_to_review_is_tagged_all_the_same(report: Path, workspace: Path) -> None:
    review = workspace / "review.jsonl"
    result = run("tag", report, "-o", workspace / "tags.jsonl", "--review", review)
    assert result.exit_code == 0, result.output
    tagged = [json.loads(line) for line in (workspace / "tags.jsonl").read_text("utf-8").splitlines()]
    doubted = [json.loads(line) for line in review.read_text("utf-8").splitlines()]
    assert f"{len(doubted)} paragraph" in result.stderr
    for row in doubted:
        assert row.pop("review")
        assert row in tagged


@pytest.mark.parametrize("name", ["review.csv", "tags.jsonl"])
def test_review_goes_to_a_jsonl_file_of_its_own(report: Path, workspace: Path, name: str) -> None:
    result = run("tag", report, "-o", workspace / "tags.jsonl", "--review", workspace / name)
    assert result.exit_code == 2
    assert "file of their own" in result.stderr


def test_paragraphs_already_cut_can_be_reviewed_too(workspace: Path) -> None:
    source = workspace / "in.jsonl"
    source.write_text(json.dumps({"id": "a", "text": "村里种了茶叶。"}, ensure_ascii=False) + "\n", "utf-8")
    result = run("tag", "--paragraphs", source, "--review", workspace / "review.jsonl")
    assert result.exit_code == 0, result.output
    assert (workspace / "review.jsonl").is_file()


def test_a_batch_holds_the_threshold_that_it_is_asked_for(report: Path, workspace: Path) -> None:
    plain = run("tag", report, "--threshold", "recall=1").stdout
    result = run("tag", report, "-o", workspace / "out/", "--jobs", 1, "--threshold", "recall=1")
    assert result.exit_code == 0, result.output
    shard = (workspace / "out" / "shard-00001.jsonl").read_text("utf-8")
    assert [json.loads(line)["measures"] for line in shard.splitlines()] == [
        json.loads(line)["measures"] for line in plain.splitlines()
    ]
