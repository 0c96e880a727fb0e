"""A model's scores, evidence, file, and what it refuses."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from tagger.errors import ModelError
from tagger.files import sha256
from tagger.model import Model
from tagger.store import load, save
from tagger.words import cut, gram_text, normalise

PIECES = [
    "合作社种植茶叶",
    "家庭医生签约",
    "住院报销",
    "山高路远",
    "分红2000元",
    "。",
    "，",
    "！",
    "萬畝茶葉",
    "abc",
    " ",
]
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=12).map("".join)


@given(text=TEXTS)
def test_evidence_adds_up_to_the_logit(model: Model, text: str) -> None:
    logits = model.score_all([text]).logits[0]
    for measure, told in enumerate(model.explain(text)):
        total = model.intercepts[measure] + sum(evidence.weight for evidence in told)
        assert total == pytest.approx(logits[measure], abs=1e-5)


@given(text=TEXTS)
def test_evidence_stands_in_the_text_as_printed(model: Model, text: str) -> None:
    for told in model.explain(text):
        for evidence in told:
            for start, end in evidence.spans:
                assert normalise(text[start:end]) == evidence.term.replace("·", "")


@given(texts=st.lists(TEXTS, min_size=1, max_size=6))
def test_a_text_scores_the_same_alone_and_in_any_company(model: Model, texts: list[str]) -> None:
    together = model.score_all(texts).logits
    for number, text in enumerate(texts):
        assert (model.score_all([text]).logits[0] == together[number]).all()


@pytest.mark.parametrize("skip_asides", [False, True])
def test_a_text_scores_the_same_alone_and_in_a_batch_of_thousands(model: Model, *, skip_asides: bool) -> None:
    model = replace(model, skip_asides=skip_asides)
    text = "“合作社分红了。”合作社的家庭医生说。县卫生健康委员会派家庭医生签约，住院报销比例提高。"
    alone = model.score_all([text]).logits[0]
    assert (model.score_all([text] * 1000).logits == alone).all()


def test_a_speaker_says_nothing_by_his_post(model: Model) -> None:
    model = replace(model, skip_asides=True)
    said, unsaid = "“山高路远。”合作社的家庭医生说。", "“山高路远。”"
    assert (model.score_all([said]).logits == model.score_all([unsaid]).logits).all()
    assert all(evidence.term != "合作社" for told in model.explain(said) for evidence in told)


@given(texts=st.lists(TEXTS, min_size=1, max_size=6))
def test_features_equal_those_of_scikit_learn(model: Model, texts: list[str]) -> None:
    def analyse(text: str) -> list[str]:
        parts = cut([normalise(text)], model.segment, model.gram_sizes)
        return parts.word + ["·".join(gram_text(code)) for code in parts.gram.tolist()]

    names = [model.term(number) for number in range(len(model.idf))]
    reference = TfidfVectorizer(analyzer=analyse, vocabulary=names, sublinear_tf=True)
    reference.idf_ = model.idf
    expected = reference.transform(texts).toarray()
    row, term, value = model.paragraph_terms(cut([normalise(t) for t in texts], model.segment, model.gram_sizes))
    ours = np.zeros(expected.shape)
    ours[row, term] = value
    assert np.abs(ours - expected).max(initial=0) < 1e-6


def test_a_logit_is_the_mean_of_the_paragraphs_own_and_its_best_sentences(model: Model) -> None:
    sentences = ["全村二百户人家。", "家庭医生上门签约，住院报销比例提高。"]
    own = model.score_all(["".join(sentences)])
    each = model.score_all(sentences).logits
    plain = Model(**{**{k: getattr(model, k) for k in model.__dataclass_fields__}, "sentence_share": 0.0})
    whole = plain.score_all(["".join(sentences)]).logits[0]
    health = model.measures.index("health")
    assert own.logits[0, health] == pytest.approx((whole[health] + each[:, health].max()) / 2, abs=1e-12)
    start, end = own.sentence(0, health)
    assert "".join(sentences)[start:end] == sentences[1]


def test_a_text_without_known_terms_scores_the_intercepts(model: Model) -> None:
    assert (model.score_all(["", "123 abc", "\n"]).logits == model.intercepts).all()


def test_nothing_scores_as_nothing(model: Model) -> None:
    assert model.score_all([]).logits.shape == (0, 2)


def test_a_loaded_model_scores_bit_for_bit_as_the_saved_one(model: Model, tmp_path: Path) -> None:
    save(model, tmp_path / "m", "# card\n")
    texts = ["合作社种植茶叶。家庭医生签约。", "山高路远", ""]
    other = load(tmp_path / "m")
    assert (other.score_all(texts).logits == model.score_all(texts).logits).all()
    assert (other.thresholds == model.thresholds).all()
    assert (tmp_path / "m" / "README.md").read_text("utf-8") == "# card\n"


def test_the_same_model_is_the_same_files(model: Model, tmp_path: Path) -> None:
    for name in ("one", "two"):
        save(model, tmp_path / name, "card")
    for name in ("weights.npz", "model.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.fixture
def folder(model: Model, tmp_path: Path) -> Path:
    save(model, tmp_path / "m", "card")
    return tmp_path / "m"


def test_a_changed_byte_is_refused(folder: Path) -> None:
    data = bytearray((folder / "weights.npz").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "weights.npz").write_bytes(data)
    with pytest.raises(ModelError, match=r"weights\.npz was changed"):
        load(folder)


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model is here"):
        load(tmp_path)


def test_a_missing_weights_file_is_named(folder: Path) -> None:
    (folder / "weights.npz").unlink()
    with pytest.raises(ModelError, match=r"weights\.npz is missing"):
        load(folder)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("format", 99, "written by a newer tagger"),
        ("format", "1", "no format number"),
        ("thresholds", [0.5], "one number per measure"),
        ("thresholds", "0.5", "lacks a valid 'thresholds'"),
        ("measures", ["industry"], "don't fit each other"),
        ("gram_sizes", [9], "other than 1 to 3"),
        ("normaliser", "another", "another normaliser"),
        ("slopes", [float("nan"), 1.0], "one number per measure"),
    ],
)
def test_a_model_description_that_is_not_whole_is_refused(folder: Path, key: str, value: object, message: str) -> None:
    path = folder / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {key: value}), "utf-8")
    with pytest.raises(ModelError, match=message):
        load(folder)


def test_a_pickle_in_the_weights_is_never_opened(folder: Path) -> None:
    with (folder / "weights.npz").open("wb") as file:
        np.savez(file, words=np.array([{"a": 1}], dtype=object), allow_pickle=True)
    path = folder / "model.json"
    meta = json.loads(path.read_text("utf-8")) | {"weights_sha256": sha256(folder / "weights.npz")}
    path.write_text(json.dumps(meta), "utf-8")
    with pytest.raises(ModelError, match="lacks an array"):
        load(folder)
