"""Traditional script to Simplified: as opencc does it."""

import json
import subprocess
from pathlib import Path

import numpy as np
import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.script import simplified, to_codes, to_text
from tests.conftest import ROOT

CONVERT = opencc.OpenCC("t2s").convert
PACKAGE = Path(opencc.__file__).parent / "clib"
SIGNS = "貧困戶幹部產業發展麼么著於瞭乾藉憑坏土毛覆回計畫徵鍾千目據樊期A，。\n"


def ours(*texts: str) -> list[str]:
    ended = [text + "\n" for text in texts]
    starts = np.cumsum([0, *map(len, ended)])[:-1]
    whole = to_text(simplified(to_codes("".join(ended)), starts))
    return [whole[start : start + len(text)] for start, text in zip(starts.tolist(), texts, strict=True)]


@pytest.fixture(scope="module")
def phrases(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Opencc's own phrases, put out by its own tool."""
    out = tmp_path_factory.mktemp("opencc") / "phrases.txt"
    tool, table = PACKAGE / "bin" / "opencc_dict", PACKAGE / "share" / "opencc" / "TSPhrases.ocd2"
    if not tool.exists():
        pytest.skip("this opencc has no opencc_dict")
    subprocess.run([tool, "-i", table, "-o", out, "-f", "ocd2", "-t", "text"], check=True, capture_output=True)
    return [line.split("\t")[0] for line in out.read_text("utf-8").splitlines()]


def test_every_phrase_that_opencc_knows_is_told_from_its_characters(phrases: list[str]) -> None:
    texts = [f"貧困{phrase}戶" for phrase in phrases]
    assert ours(*texts) == [CONVERT(text) for text in texts]


def test_labelled_paragraphs_in_traditional_script_come_out_as_from_opencc() -> None:
    rows = [
        row for file in (ROOT / "labels" / "paragraphs").glob("*.jsonl") for row in file.read_text("utf-8").split("\n")
    ]
    texts = [text for text in (json.loads(row)["text"] for row in rows if row) if CONVERT(text) != text]
    assert len(texts) > 500
    assert ours(*texts) == [CONVERT(text) for text in texts]


@given(st.lists(st.text(st.sampled_from(SIGNS), max_size=12), min_size=1, max_size=5))
def test_a_text_comes_out_as_from_opencc_where_a_character_of_it_is_traditional(texts: list[str]) -> None:
    traditional = [any(CONVERT(one) != one for one in text) for text in texts]
    assert ours(*texts) == [CONVERT(text) if so else text for text, so in zip(texts, traditional, strict=True)]


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_every_character_keeps_its_place(text: str) -> None:
    assert len(ours(text)[0]) == len(text)
