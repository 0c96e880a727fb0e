"""Laws that hold from a file to its tags."""

from pathlib import Path

import opencc
import pytest

from tagger.article import TaggedArticle
from tagger.read import read
from tagger.store import load
from tagger.tag import tag
from tests.conftest import ROOT

TEXT = """山溝里的好日子

　　鎮黨委派出駐村工作隊，幹部與貧困戶結成對子，幫助種植茶葉三百畝，年底合作社分紅。

　　家庭醫生上門簽約，住院報銷比例提高到九成；危房改造完成十二戶，學生領到助學金。

　　村子離縣城四十公里，山高路遠。
"""


@pytest.fixture(scope="module")
def default() -> object:
    return load(ROOT / "models" / "default")


def tags(path: Path, model: object) -> list[tuple[tuple[int, ...], tuple[str, ...], tuple[float, ...]]]:
    (article,) = tag(read([str(path)]), model)
    assert isinstance(article, TaggedArticle)
    return [(p.block.lines, p.measures, tuple(p.scores.values())) for p in article.paragraphs]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16"])
def test_every_encoding_gives_the_same_tags(encoding: str, default: object, tmp_path: Path) -> None:
    one, other = tmp_path / "one.txt", tmp_path / "other.txt"
    one.write_text(TEXT, "utf-8")
    other.write_bytes(TEXT.encode(encoding))
    found = tags(one, default)
    assert tags(other, default) == found
    assert [measures for _, measures, _ in found] == [
        ("industry", "party-building"),
        ("education", "health", "housing"),
        (),
    ]


def test_simplified_and_traditional_script_give_the_same_tags(default: object, tmp_path: Path) -> None:
    one, other = tmp_path / "one.txt", tmp_path / "other.txt"
    one.write_text(TEXT, "utf-8")
    other.write_text(opencc.OpenCC("t2s").convert(TEXT), "utf-8")
    assert tags(one, default) == tags(other, default)


def test_tags_are_the_same_by_either_segmenter(default: object) -> None:
    from dataclasses import replace

    from tagger.segmenters import segmenter

    reference = replace(default)
    object.__setattr__(reference, "segment", segmenter(default.lexicon, "jieba"))
    texts = [line for line in TEXT.split("\n") if line]
    assert (reference.score_all(texts).logits == default.score_all(texts).logits).all()
