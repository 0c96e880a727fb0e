"""Labelled paragraphs are read strictly, and every problem is found with its file and line."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.codebook import Codebook, load_codebook
from tagger.errors import LabelError, TaggerError
from tagger.label_stats import cover, stats
from tagger.labels import LabelledParagraph, check, load_labels, save_labels

ROOT = Path(__file__).parent.parent
Write = Callable[..., Path]
TEXT = "镇上的敬老院翻修了屋顶，院里的老人每周量一次血压，量完在本子上记下。"
OTHER = "水务站给东边三个组接通了自来水，管子埋在地下一米深，冬天再没有冻过。"
LONG = "镇里把旧粮站改成了豆腐坊，请来外县的师傅教做腐乳，第一缸三月开封，当天就让赶集的人买空了。"


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook(ROOT / "labels" / "codebook.toml")


def row(number: int = 1, text: str = TEXT, measures: object = (), **more: object) -> dict[str, object]:
    """A line with its own id and article."""
    codes = list(measures) if isinstance(measures, tuple) else measures
    return {"id": f"p{number}", "article": f"a{number}", "text": text, "measures": codes} | more


def test_measures_come_in_the_codebooks_order_and_once(jsonl: Write, codebook: Codebook) -> None:
    path = jsonl("one.jsonl", row(measures=("party-building", "health", "health")))
    assert load_labels(path, codebook)[0].measures == ("health", "party-building")


def test_files_of_a_folder_come_in_the_order_of_their_names(jsonl: Write, codebook: Codebook) -> None:
    jsonl("set/b.jsonl", row(2))
    jsonl("set/a.jsonl", row(3))
    folder = jsonl("set/sub/c.jsonl", row(1)).parent.parent
    assert [label.id for label in load_labels(folder, codebook)] == ["p3", "p2", "p1"]


def test_what_is_left_out_has_its_default(jsonl: Write, codebook: Codebook) -> None:
    label = load_labels(jsonl("one.jsonl", row(year=2019)), codebook)[0]
    assert (label.split, label.script, label.genre, label.year) == ("train", "hans", "", "2019")


@given(
    st.builds(
        LabelledParagraph,
        id=st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip),
        article=st.just("a"),
        text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip),
        measures=st.sampled_from([(), ("housing",), ("industry", "employment")]),
        genre=st.sampled_from(["", "village-report"]),
        split=st.sampled_from(["train", "test"]),
        script=st.sampled_from(["hans", "hant", "mixed"]),
        coder=st.sampled_from(["", "王"]),
    )
)
def test_what_is_saved_is_loaded(tmp_path_factory: pytest.TempPathFactory, label: LabelledParagraph) -> None:
    path = tmp_path_factory.mktemp("labels") / "one.jsonl"
    save_labels(path, [label])
    assert load_labels(path, load_codebook(ROOT / "labels" / "codebook.toml")) == [label]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (row(measures=("helth",)), "unknown measure 'helth'; did you mean 'health'?"),
        (row(measures=("zzz",)), "unknown measure 'zzz'; the codebook has industry, education, "),
        (row(measures="health"), "'measures' must be a list of measure ids; [] for none"),
        (row(measures=(None,)), "'measures' must be a list of measure ids; [] for none"),
        (row(genere="village-report"), "unknown field 'genere'; did you mean 'genre'?"),
        (row(text=" \u3000"), "'text' is empty"),
        (row() | {"id": ""}, "'id' is empty"),
        (row(script="latin"), "'script' is one of hans, hant, mixed"),
        (row(split="dev"), "'script' is one of hans, hant, mixed; 'split' one of train, test"),
        (row(year=None), "'year' must be text"),
        (row(title=True), "'title' must be text"),
        ({"id": "p", "article": "a", "text": TEXT}, "no 'measures'; a line needs id, article, text, measures"),
        ([1], "not a JSON object; each line is one object"),
    ],
)
def test_a_broken_line_is_named(jsonl: Write, codebook: Codebook, line: object, says: str) -> None:
    path = jsonl("one.jsonl", row(7, OTHER), line)
    with pytest.raises(LabelError) as caught:
        load_labels(path, codebook)
    assert (caught.value.subject, caught.value.line) == (f"{path}:2", 2)
    assert caught.value.reason.startswith(says)
    assert [(f.line, f.message.startswith(says), f.severity) for f in check(path, codebook)] == [(2, True, "error")]


@pytest.mark.parametrize(
    ("data", "says"), [(b'{"id": 1,', "not JSON ("), ("{'id': '饮水'}".encode("gb18030"), "not UTF-8")]
)
def test_a_line_that_is_no_json_is_named(tmp_path: Path, codebook: Codebook, data: bytes, says: str) -> None:
    path = tmp_path / "one.jsonl"
    path.write_bytes(b"\xef\xbb\xbf\r\n" + data + b"\r\n")
    with pytest.raises(LabelError) as caught:
        load_labels(path, codebook)
    assert caught.value.line == 2
    assert caught.value.reason.startswith(says)


def test_an_empty_folder_says_what_is_missing(tmp_path: Path, codebook: Codebook) -> None:
    with pytest.raises(TaggerError, match=r"no labelled paragraphs \(\*\.jsonl\)"):
        load_labels(tmp_path, codebook)


def test_the_check_finds_all_problems_at_once(jsonl: Write, codebook: Codebook) -> None:
    path = jsonl("one.jsonl", row(1, measures=("helth",)), row(2, ""), row(3, OTHER), row(3, LONG))
    found = check(path, codebook)
    assert [(f.path, f.line) for f in found] == [(str(path), 1), (str(path), 2), (str(path), 4)]
    assert str(found[2]) == f"{path}:4: id 'p3' stands at {path}:3 too"


def test_the_same_text_twice_is_found_whatever_its_marks_digits_and_script(jsonl: Write, codebook: Codebook) -> None:
    path = jsonl("one.jsonl", row(1, "村里修了3座水窖，贫困户都说好。"), row(2, "村裏修了15座水窖；貧困戶都說好！"))
    assert [str(f) for f in check(path, codebook)] == [f"{path}:2: the same text as {path}:1; keep one of them"]


def test_the_same_text_coded_differently_is_found(jsonl: Write, codebook: Codebook) -> None:
    path = jsonl("one.jsonl", row(1, measures=("health",)), row(2))
    assert [f.message for f in check(path, codebook)] == [
        f"the same text as {path}:1, coded differently: none here, health there"
    ]


def test_nearly_the_same_text_is_found_beside_longer_ones_that_share_more(jsonl: Write, codebook: Codebook) -> None:
    short = LONG.replace("三月", "五月")
    path = jsonl("one.jsonl", row(1, OTHER), row(2, LONG), row(3, short), row(4, TEXT))
    errors = [f for f in check(path, codebook) if f.severity == "error"]
    assert [(f.line, f.message) for f in errors] == [(3, f"nearly the same text as {path}:2; keep one of them")]


def test_a_long_run_shared_by_different_texts_is_a_warning(jsonl: Write, codebook: Codebook) -> None:
    path = jsonl("one.jsonl", row(1, OTHER + LONG[:24]), row(2, LONG[:24] + TEXT))
    found = check(path, codebook)
    assert [(f.line, f.severity) for f in found] == [(2, "warning")]
    assert found[0].message.startswith("shares '镇里把旧粮站改成了豆腐坊请来外县的师' with")


def test_another_coders_codes_of_the_same_paragraph_are_only_a_warning(jsonl: Write, codebook: Codebook) -> None:
    jsonl("set/one.jsonl", row(1, coder="甲"))
    path = jsonl("set/two.jsonl", row(1, measures=("health",), coder="乙"))
    found = [f for f in check(path.parent, codebook) if "same text" in f.message]
    assert [(f.severity, f.path) for f in found] == [("warning", str(path))]


def test_one_article_in_two_splits_is_found(jsonl: Write, codebook: Codebook) -> None:
    path = jsonl("one.jsonl", row(1, article="a"), row(2, OTHER, article="a", split="test"))
    assert [str(f) for f in check(path, codebook)] == [f"{path}:2: article 'a' is test here and train at {path}:1"]


def test_stats_count_articles_paragraphs_measures_and_pairs(jsonl: Write, codebook: Codebook) -> None:
    path = jsonl(
        "one.jsonl",
        row(1, genre="village-report", measures=("industry", "employment")),
        row(2, OTHER, article="a1", genre="village-report", script="hant"),
        row(3, LONG, measures=("industry",)),
    )
    counts = stats(load_labels(path, codebook), codebook)
    assert (counts.articles, counts.paragraphs) == (2, 3)
    assert counts.characters == len(TEXT) + len(OTHER) + len(LONG)
    assert counts.lengths == {"shortest": len(TEXT), "median": len(OTHER), "longest": len(LONG)}
    assert counts.measures["industry"] == 2
    assert counts.by_number == {"none": 1, "one": 1, "two or more": 1}
    assert len(counts.pairs) == 15
    assert {pair for pair, number in counts.pairs.items() if number} == {("industry", "employment")}
    assert counts.genres == {"(none)": (1, 1), "village-report": (1, 2)}
    assert counts.scripts == {"hans": (2, 2), "hant": (1, 1)}


def test_no_labels_count_as_nothing(codebook: Codebook) -> None:
    counts = stats([], codebook)
    assert (counts.articles, counts.characters, dict(counts.lengths)) == (0, 0, {})


def test_terms_are_found_in_either_script(jsonl: Write, codebook: Codebook) -> None:
    path = jsonl("one.jsonl", row(1, "貧困戶參加醫療保險"), row(2, "医疗保险和大病保险"))
    assert cover(load_labels(path, codebook), ["医疗保险", "大病保险", "水窖"]) == {
        "医疗保险": 2,
        "大病保险": 1,
        "水窖": 0,
    }


def test_the_projects_labels_have_no_errors(codebook: Codebook) -> None:
    found = check(ROOT / "labels" / "paragraphs", codebook)
    assert [str(f) for f in found if f.severity == "error"] == []


def test_the_name_of_a_policy_may_stand_in_two_paragraphs(jsonl: Write, codebook: Codebook) -> None:
    name = "巩固拓展脱贫攻坚成果同乡村振兴有效衔接"
    one = f"去年入冬以来，全县{name}，修通水渠三条，架设桥梁两座。"
    other = f"县城的广场上人声鼎沸，宣传车循环播放{name}的政策。"
    rows = [{"id": key, "article": key, "text": text, "measures": []} for key, text in (("a", one), ("b", other))]
    path = jsonl("l.jsonl", *rows)
    assert [finding.severity for finding in check(path, replace(codebook, set_phrases=()))] == ["warning"]
    assert check(path, replace(codebook, set_phrases=(name,))) == []
