"""A codebook is read whole, and what is wrong in it is named."""

from pathlib import Path

import pytest

from tagger.codebook import Codebook, load_codebook
from tagger.errors import CodebookError

ROOT = Path(__file__).parent.parent
GOOD = """
version = "3"
rules = ["一段一个单位"]

[[borderline]]
zh = "夜校"
en = "evening school"

[[measure]]
id = "water"
name = { zh = "饮水", en = "Water" }
definition = "safe water"
counts = { zh = "水窖" }
cues = ["水窖", "自来水", "水窖"]

[[measure]]
id = "road-2"
"""


def _load(tmp_path: Path, text: str) -> Codebook:
    path = tmp_path / "codebook.toml"
    path.write_text(text, "utf-8")
    return load_codebook(path)


def test_a_codebook_gives_its_measures_in_order(tmp_path: Path) -> None:
    codebook = _load(tmp_path, GOOD)
    assert codebook.ids == ("water", "road-2")
    assert codebook.version == "3"
    assert codebook.names("en") == {"water": "Water", "road-2": "road-2"}
    assert codebook.rules == ({"zh": "一段一个单位", "en": "一段一个单位"},)
    assert codebook.borderline == ({"zh": "夜校", "en": "evening school"},)


def test_a_text_in_one_language_stands_for_both(tmp_path: Path) -> None:
    water = _load(tmp_path, GOOD).measure("water")
    assert water.definition == {"zh": "safe water", "en": "safe water"}
    assert water.counts == {"zh": "水窖", "en": "水窖"}


def test_cues_are_kept_once_and_in_order(tmp_path: Path) -> None:
    assert _load(tmp_path, GOOD).measure("water").cues == ("水窖", "自来水")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert _load(tmp_path, "\ufeff" + GOOD).ids == ("water", "road-2")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("rules =", "rule =", "unknown key 'rule'; did you mean 'rules'?"),
        ("cues =", "ceus =", "measure 1: unknown key 'ceus'; did you mean 'cues'?"),
        ('"road-2"', '"Road"', "measure 2: 'id' must be lower-case letters, digits and hyphens, not 'Road'"),
        ('"road-2"', '"water"', "measure 'water' is defined twice; give each its own id"),
        ('"road-2"', "7", "measure 2: 'id' must be lower-case letters, digits and hyphens, not 7"),
        ('["水窖", "自来水", "水窖"]', '"水窖"', "measure 1 (water): 'cues' must be a list of terms"),
        ('["水窖", "自来水", "水窖"]', '[""]', "measure 1 (water): 'cues' must be a list of terms"),
        ('{ zh = "水窖" }', '{ fr = "eau" }', "measure 1 (water): 'counts' must be a text, or {"),
        ('{ zh = "水窖" }', "{ zh = 1 }", "measure 1 (water): 'counts' must hold texts"),
        ('["一段一个单位"]', '"一段"', "'rules' must be a list"),
        ('["一段一个单位"]', "[1]", "rules[1] must be a text, or {"),
        ('version = "3"', 'version = "3', "not valid TOML: Illegal character '\\n' (at line 2, column 13)"),
    ],
)
def test_what_is_wrong_is_named_by_line_or_key(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(CodebookError) as caught:
        _load(tmp_path, GOOD.replace(old, new))
    assert caught.value.reason.startswith(says)
    assert caught.value.subject == str(tmp_path / "codebook.toml")


@pytest.mark.parametrize(("text", "says"), [("", "no [[measure]]"), ("measure = [1]", "measure 1 must be a table")])
def test_a_codebook_needs_measures(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(CodebookError, match=says.replace("[", r"\[")):
        _load(tmp_path, text)


def test_a_missing_or_unreadable_codebook_says_what_next(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match="tagger init"):
        load_codebook(tmp_path / "none.toml")
    (tmp_path / "wide.toml").write_bytes("version = '饮水'".encode("gb18030"))
    with pytest.raises(CodebookError, match="save it as UTF-8"):
        load_codebook(tmp_path / "wide.toml")


def test_the_projects_codebook_has_the_six_measures_in_both_languages() -> None:
    codebook = load_codebook(ROOT / "labels" / "codebook.toml")
    assert codebook.ids == ("industry", "education", "health", "housing", "employment", "party-building")
    for measure in codebook.measures:
        for texts in (measure.name, measure.definition, measure.counts, measure.excludes):
            assert set(texts) == {"zh", "en"}
            assert texts["zh"] != texts["en"]
    assert all(rule["zh"] != rule["en"] for rule in (*codebook.rules, *codebook.borderline))


def test_no_cue_of_the_project_signals_two_measures() -> None:
    codebook = load_codebook(ROOT / "labels" / "codebook.toml")
    cues = [cue for measure in codebook.measures for cue in measure.cues]
    assert sorted(cues) == sorted(set(cues))
    assert all(40 <= len(measure.cues) <= 120 for measure in codebook.measures)


def test_the_projects_lexicon_holds_terms_of_two_to_eight_han_characters_once_each() -> None:
    lines = (ROOT / "labels" / "lexicon.txt").read_text("utf-8").splitlines()
    terms = [line for line in lines if line and not line.startswith("#")]
    assert sorted(terms) == sorted(set(terms))
    assert [t for t in terms if not (2 <= len(t) <= 8 and all("\u4e00" <= c <= "\u9fff" for c in t))] == []
