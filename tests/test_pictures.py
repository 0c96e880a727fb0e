"""Pictures show the values they are given, the same way every time, and say from what they were drawn."""

import json
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.coverage import Coverage, add_up
from tagger.errors import UsageError
from tagger.phrases import Lang
from tagger.pictures import (
    ARTICLES,
    Picture,
    article_heat,
    coverage_bars,
    draw,
    drawn_from,
    group_shares,
    learning_curve,
    precision_recall,
    reliability,
    together_heat,
)
from tagger.report import PALETTE, colours, grouped, over_time
from tests.articles import MEASURES, NAMES, plain

HOSTILE = "</text><script>alert(1)</script>\"'&=1\x00\u202e甲]]>-->"
BINS = [
    {"from": n / 10, "to": (n + 1) / 10, "paragraphs": 9 - n, "predicted": n / 10, "observed": 0.2, "low": 0, "high": 1}
    for n in range(3)
]  # fmt: skip
EVALUATION: dict[str, Any] = {
    "curves": {name: {"recall": [0.1, 0.5, 1], "precision": [1, 0.9, 0.3]} for name in (*NAMES, "overall")},
    "reliability": BINS,
    "learning_curve": [
        {"share": share, "articles": 100 * share, "micro_f1": [0.8, 0.7, 0.9], "measures": dict.fromkeys(NAMES, 0.75)}
        for share in (0.5, 1)
    ],
}


def corpus(**about: str) -> Coverage:
    items = [
        plain([["health", "industry"], ["health"], []], date=f"2020-0{n}", place=f"{n}县", **about) for n in (1, 2)
    ]
    return add_up(items, MEASURES)


def every(names: dict[str, str], lang: Lang, **about: str) -> dict[str, Picture]:
    coverage = corpus(**about)
    by, groups = over_time(coverage)
    return {
        "bars": coverage_bars(coverage, names, lang),
        "articles": article_heat(coverage, names, lang),
        "together": together_heat(coverage, names, lang),
        "time": group_shares(groups, by, names, lang),
        "places": group_shares(grouped(coverage, "place"), "place", names, lang),
        "curves": precision_recall(EVALUATION, names, lang),
        "reliability": reliability(EVALUATION, lang),
        "learning": learning_curve(EVALUATION, names, lang),
    }


KINDS = list(every(NAMES, "zh"))


def texts(path: Path) -> list[str]:
    return ["".join(node.itertext()) for node in ET.parse(path).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314


@pytest.mark.parametrize(("kind", "form"), [*((kind, "svg") for kind in KINDS), ("articles", "png")])
def test_the_same_values_give_the_same_bytes(kind: str, form: str, tmp_path: Path) -> None:
    first, second = tmp_path / f"1.{form}", tmp_path / f"2.{form}"
    draw(every(NAMES, "zh")[kind], first)
    draw(every(NAMES, "zh")[kind], second)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(("form", "start"), [("svg", b"<svg"), ("png", b"\x89PNG")])
def test_a_drawing_says_from_which_values_it_was_drawn(form: str, start: bytes, tmp_path: Path) -> None:
    picture = reliability(EVALUATION, "zh")
    draw(picture, tmp_path / f"a.{form}")
    assert (tmp_path / f"a.{form}").read_bytes().startswith(start)
    assert drawn_from(tmp_path / f"a.{form}") == picture.digest
    assert reliability(EVALUATION, "en").digest != picture.digest


def test_what_is_no_drawing_of_ours_was_drawn_from_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text("<svg/>")
    assert drawn_from(tmp_path / "a.svg") == drawn_from(tmp_path / "none.png") == ""


@pytest.mark.parametrize("kind", KINDS)
def test_chinese_is_asked_of_a_font_that_has_it(kind: str, tmp_path: Path) -> None:
    draw(every(NAMES, "zh")[kind], tmp_path / "a.svg")
    families = set(re.findall(r"font-family=(?:\"([^\"]*)\"|'([^']*)')", (tmp_path / "a.svg").read_text("utf-8")))
    assert families
    assert all("Noto Sans CJK SC" in "".join(family) for family in families)
    assert all("Microsoft YaHei" in "".join(family) for family in families)


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_becomes_a_part_of_the_picture(kind: str, tmp_path: Path) -> None:
    picture = every(dict.fromkeys(MEASURES, HOSTILE), "zh", title=HOSTILE)[kind]
    draw(picture, tmp_path / "a.svg")
    tags = {node.tag.split("}")[1] for node in ET.parse(tmp_path / "a.svg").iter()}  # noqa: S314
    assert tags <= {"svg", "g", "path", "text", "rect", "defs", "clipPath", "line", "tspan"}
    assert not {"\x00", "\u202e"} & set((tmp_path / "a.svg").read_text("utf-8"))


def test_bars_show_each_share_beside_its_measures_name(tmp_path: Path) -> None:
    picture = coverage_bars(corpus(), NAMES, "zh")
    assert [(row["name"], row["share"]) for row in picture.rows] == [
        ("产业帮扶", 0.3333), ("教育帮扶", 0), ("健康帮扶", 0.6667), ("未报告措施", 0.3333), ("两项及以上", 0.3333)
    ]  # fmt: skip
    draw(picture, tmp_path / "a.svg")
    assert {"产业帮扶", "33%", "67%", "各项措施的覆盖面"} <= set(texts(tmp_path / "a.svg"))


def test_a_measure_has_its_colour_in_every_picture(tmp_path: Path) -> None:
    for kind, picture in every(NAMES, "zh").items():
        if kind in ("bars", "time", "curves", "learning"):
            draw(picture, tmp_path / "a.svg")
            drawn = (tmp_path / "a.svg").read_text("utf-8").lower()
            assert all(colour in drawn for colour in PALETTE[: len(MEASURES)]), kind


def test_more_measures_than_colours_share_them() -> None:
    shown = colours([f"m{n}" for n in range(len(PALETTE) + 1)])
    assert shown["m0"] == shown[f"m{len(PALETTE)}"] == PALETTE[0]


def test_pairs_are_counted_from_both_sides_and_the_diagonal_has_no_heat() -> None:
    rows = {(row["row"], row["name"]): row for row in together_heat(corpus(), NAMES, "zh").rows}
    assert rows["产业帮扶", "健康帮扶"]["text"] == rows["健康帮扶", "产业帮扶"]["text"] == "2"
    assert (rows["健康帮扶", "健康帮扶"]["text"], rows["健康帮扶", "健康帮扶"]["share"]) == ("4", 0)


def test_articles_of_one_title_keep_a_row_each_and_a_long_list_is_cut() -> None:
    coverage = add_up([plain([["health"]], title="同题") for _ in range(ARTICLES + 5)], MEASURES)
    rows = [row["row"] for row in article_heat(coverage, NAMES, "zh").rows]
    assert len(set(rows)) == ARTICLES
    assert rows[0] == "1. 同题"


def test_time_is_shown_by_month_until_there_are_too_many() -> None:
    months = [plain([["health"]], date=f"{2015 + n // 12}-{n % 12 + 1:02}") for n in range(30)]
    assert over_time(add_up(months[:24], MEASURES))[0] == "month"
    by, groups = over_time(add_up(months, MEASURES))
    assert (by, [group.name for group in groups]) == ("date", ["2015", "2016", "2017"])
    rows = group_shares(groups, by, NAMES, "zh").rows
    assert [row["when"] for row in rows if row["name"] == "健康帮扶"] == ["2015", "2016", "2017"]
    assert {row["share"] for row in rows if row["name"] == "健康帮扶"} == {1}


def test_an_evaluation_without_the_values_is_told_how_to_get_them() -> None:
    for picture in (
        lambda: precision_recall({}, NAMES, "zh"),
        lambda: reliability({"reliability": []}, "zh"),
        lambda: learning_curve({}, NAMES, "zh"),
    ):
        with pytest.raises(UsageError, match="run: tagger evaluate --cv"):
            picture()


def test_a_measure_that_the_evaluation_does_not_know_is_left_out() -> None:
    names = NAMES | {"housing": "住房保障"}
    assert "住房保障" not in {row["name"] for row in precision_recall(EVALUATION, names, "zh").rows}
    assert "住房保障" not in {row["name"] for row in learning_curve(EVALUATION, names, "zh").rows}


def test_only_the_whole_of_a_learning_curve_has_an_interval() -> None:
    rows = learning_curve(EVALUATION, NAMES, "en").rows
    assert {row["of"] for row in rows if "low" in row} == {"overall"}
    assert [row["articles"] for row in rows if row["of"] == "overall"] == [50, 100]


@pytest.mark.parametrize("name", ["a.gif", "a", "svg"])
def test_another_ending_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.svg or \.png"):
        draw(reliability(EVALUATION, "en"), tmp_path / name)


def test_without_a_chinese_font_a_png_names_the_package_and_an_svg_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import vl_convert

    blank = SimpleNamespace(vegalite_to_svg=vl_convert.vegalite_to_svg, svg_to_png=lambda *_, **__: b"box")
    monkeypatch.setitem(sys.modules, "vl_convert", blank)
    picture = reliability(EVALUATION, "zh")
    with pytest.raises(UsageError, match=r"fonts-noto-cjk.*or write \.svg"):
        draw(picture, tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []
    draw(picture, tmp_path / "a.svg")
    assert picture.title in texts(tmp_path / "a.svg")
    draw(reliability(EVALUATION, "en"), tmp_path / "en.png")  # no Chinese, no such font needed


@pytest.mark.parametrize("module", ["altair", "vl_convert"])
def test_the_extra_is_named_where_it_is_missing(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UsageError, match=r"pip install 'measure-tagger\[charts\]'"):
        draw(reliability(EVALUATION, "en"), tmp_path / "a.svg")


def test_importing_the_module_loads_no_library() -> None:
    import subprocess

    code = "import sys, tagger.pictures; sys.exit(bool({'altair', 'vl_convert'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_could_not_be_measured_is_not_drawn(tmp_path: Path) -> None:
    picture = reliability({"reliability": [*BINS, BINS[0] | {"low": float("nan"), "high": float("inf")}]}, "en")
    assert (picture.rows[-1]["low"], picture.rows[-1]["high"]) == (None, None)
    draw(picture, tmp_path / "a.svg")
    assert "NaN" not in (tmp_path / "a.svg").read_text("utf-8")


ROWS = st.lists(st.dictionaries(st.sampled_from("ab"), st.text(max_size=3) | st.floats(0, 1)), max_size=2)


@given(ROWS, ROWS)
def test_other_values_are_another_digest(one: list[dict[str, object]], other: list[dict[str, object]]) -> None:
    first, second = (Picture("title", tuple(rows), {}) for rows in (one, other))
    assert (first.digest == second.digest) == (json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True))
