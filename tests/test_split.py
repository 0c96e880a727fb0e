import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from tagger.article import Article, Source
from tagger.split import articles

LAYOUTS = sorted((Path(__file__).parent / "layouts").glob("*.json"))
GOLD = Path(__file__).parents[2] / "shared" / "gold"
# Pages that are split wrong: short titles of persons, each place named but once; a table of contents and "案例一";
# a side article under 相關新聞; a title with no place under a caption.
KNOWN = {"column_numbers", "casebook", "hk_paper", "epaper_trad"}
FLOORS = {"lines": 0.98, "body": 0.97}

Blocks = list[dict[str, object]]


def source(path: Path) -> tuple[Source, Blocks]:
    """Read a layout: NAME.txt, and NAME.json with what is expected of it."""
    options = json.loads(path.read_text("utf-8"))
    blocks = options.pop("blocks")
    hints = {int(line): kind for line, kind in options.pop("hints", {}).items()}
    return Source(path.stem, path.with_suffix(".txt").read_text("utf-8"), hints=hints, **options), blocks


def plain(found: list[Article]) -> Blocks:
    return [{"article": a.number, "kind": b.kind, "lines": list(b.lines)} for a in found for b in a.blocks]


def kind(block: dict[str, object]) -> str:
    return {"subtitle": "title"}.get(block["kind"], block["kind"])


def starts(blocks: Blocks) -> set[int]:
    told = [b for b in blocks if kind(b) in ("title", "body")]
    return {min(n for b in told if b["article"] == name for n in b["lines"]) for name in {b["article"] for b in told}}


def score(gold: Blocks, got: Blocks) -> dict[str, object]:
    """Score as the gold's own score.py does: lines of the right kind, exact paragraphs, article starts."""
    want = {line: kind(b) for b in gold for line in b["lines"]}
    have = {line: kind(b) for b in got for line in b["lines"]}
    wanted = {tuple(b["lines"]) for b in gold if kind(b) == "body"}
    had = {tuple(b["lines"]) for b in got if kind(b) == "body"}
    return {
        "lines": (sum(have.get(line) == name for line, name in want.items()), len(want)),
        "body": (len(wanted & had), len(wanted), len(had)),
        "split": starts(gold) == starts(got),
        "wrong": [(line, name, have.get(line)) for line, name in want.items() if have.get(line) != name],
    }


def totals(scored: list[dict[str, object]]) -> dict[str, float]:
    hits, lines = (sum(s["lines"][i] for s in scored) for i in (0, 1))
    right, wanted, had = (sum(s["body"][i] for s in scored) for i in (0, 1, 2))
    return {"lines": hits / lines, "body": 2 * right / (wanted + had)}


def kinds(text: str, **options: object) -> list[tuple[str, str]]:
    return [(b.kind, b.text) for a in articles(Source("x", text, **options)) for b in a.blocks]


BODY = "今年以来，全乡投入帮扶资金三百万元，修路、引水、建棚，带动两百多户群众增收，日子越过越好。"
MORE = "村里还办起了合作社，吸收九十户入股，年底每户分红一千二百元，大家的劲头更足了。"


@pytest.mark.parametrize("path", [path for path in LAYOUTS if path.stem not in KNOWN], ids=lambda path: path.stem)
def test_a_layout_is_split_at_its_titles(path: Path) -> None:
    read, gold = source(path)
    assert starts(plain(articles(read))) == starts(gold)


def test_the_layouts_are_taken_apart_above_the_floors() -> None:
    scored = {}
    for path in LAYOUTS:
        read, gold = source(path)
        scored[path.stem] = score(gold, plain(articles(read)))
        print(path.stem, scored[path.stem])  # noqa: T201 - shown where the test fails
    assert len(scored) >= 20
    assert all(totals(list(scored.values()))[name] >= floor for name, floor in FLOORS.items())


@pytest.mark.skipif(not GOLD.exists(), reason="the gold articles aren't here")
def test_the_gold_articles_are_taken_apart_right() -> None:
    gold = json.loads((GOLD / "gold.json").read_text("utf-8"))
    scored = []
    for stem in sorted({b["file"] for b in gold}):
        read = Source(stem, (GOLD / "articles" / f"{stem}.txt").read_text("utf-8"))
        scored.append(score([b for b in gold if b["file"] == stem], plain(articles(read))))
    assert totals(scored)["lines"] >= FLOORS["lines"]
    assert totals(scored)["body"] >= FLOORS["body"]
    assert all(s["split"] for s in scored)


PIECES = st.sampled_from(
    [
        "\n",
        "\n\n",
        "　　",
        " ",
        "一、",
        "（一）",
        "。",
        "，",
        "：",
        "“",
        "》",
        "来源：",
        "记者 王小明",
        "摄",
        "12",
        "|",
        "青山镇",
        "A",
    ]
)


@settings(deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=30))).map("".join), st.sampled_from([None, True, False]))
def test_every_line_with_text_stands_in_exactly_one_block(text: str, wrapped: bool | None) -> None:  # noqa: FBT001
    found = articles(Source("x", text, wrapped=wrapped))
    blocks = [b for a in found for b in a.blocks]
    numbers = [n for b in blocks for n in b.lines]
    rows = text.split("\n")
    assert sorted(numbers) == [n for n, row in enumerate(rows, start=1) if row.strip()]
    assert [a.number for a in found] == list(range(1, len(found) + 1))
    assert all(list(b.lines) == sorted(b.lines) for b in blocks)
    assert [b.lines[0] for b in blocks] == sorted(b.lines[0] for b in blocks)
    for block in blocks:
        printed = "".join(rows[n - 1].strip() for n in block.lines)
        assert block.text.replace(" ", "") == printed.replace(" ", "")


@given(st.text())
@settings(deadline=None)
def test_the_same_text_is_always_taken_apart_the_same_way(text: str) -> None:
    assert articles(Source("x", text)) == articles(Source("x", text))


def test_an_empty_source_has_no_article() -> None:
    assert articles(Source("x", " \n\n　\n")) == []


def test_a_sentence_cut_by_the_column_is_joined_without_a_space() -> None:
    text = f"山乡新事\n\n{BODY}\n\n镇里请来专家，为群众讲解水稻、玉米的种植技\n\n术，两天里有一百八十人听课。\n"
    assert ("body", "镇里请来专家，为群众讲解水稻、玉米的种植技术，两天里有一百八十人听课。") in kinds(text)


def test_two_latin_words_are_joined_with_a_space() -> None:
    before, after = (
        "前来讲课的专家介绍，大棚里新装的这套系统，名字就叫作 smart",
        "farm，可以远程控制大棚里的温度和湿度。",
    )
    assert ("body", f"{before} {after}") in kinds(f"山乡新事\n\n{BODY}\n\n{before}\n\n{after}\n")


def test_a_cut_sentence_goes_on_behind_a_caption() -> None:
    text = f"山乡新事\n\n{BODY}\n\n{MORE[:-12]}\n\n图为村民领取分红\n\n{MORE[-12:]}\n"
    assert ("body", MORE) in kinds(text)
    assert ("caption", "图为村民领取分红") in kinds(text)


def test_lines_that_are_whole_paragraphs_are_never_joined() -> None:
    text = f"山乡新事\n{BODY}\n{MORE[:-12]}\n{MORE[-12:]}\n"
    assert ("body", MORE) not in kinds(text, wrapped=False)


def test_the_kinds_that_the_markup_gives_are_kept() -> None:
    text = f"山乡新事\n{BODY}\n好日子\n{MORE}\n"
    assert kinds(text, hints={3: "caption"})[2][0] == "caption"
    assert kinds(text, hints={3: "heading"})[2][0] == "heading"


def test_traditional_and_simplified_pages_are_taken_apart_alike() -> None:
    for path in LAYOUTS:
        read, _ = source(path)
        other = OpenCC("s2t").convert(read.text)
        same = Source(read.file, other, hints=read.hints, wrapped=read.wrapped)
        assert plain(articles(same)) == plain(articles(read)), path.stem


def test_the_text_stays_as_printed() -> None:
    assert ("title", "山鄉新事") in kinds(f"山鄉新事\n\n{BODY}\n")


def test_an_article_knows_its_title_date_and_place() -> None:
    text = f"柳河县推进产业扶贫\n——来自一线的报告\n2019年5月6日 来源：县融媒体中心\n\n柳河县地处山区。{BODY}\n"
    (found,) = articles(Source("x", text))
    assert (found.title, found.date, found.place) == ("柳河县推进产业扶贫 ——来自一线的报告", "2019-05-06", "柳河县")


def test_what_a_table_says_of_its_row_is_kept() -> None:
    row = Source("t.csv", f"{BODY}\n", row=7, id="r7", title="某县简报", date="2018-01-02")
    (found,) = articles(row)
    assert (found.row, found.id, found.title, found.date) == (7, "r7", "某县简报", "2018-01-02")


@pytest.mark.parametrize(
    "text",
    [
        "字" * 3_000_000,
        "一 " * 400_000,
        "（" * 500_000,
        "记者 王\n" * 3000,
        "1\n" * 3000,
        (BODY + "\n青山镇 好\n") * 1000,
    ],
    ids=["one long line", "spaced", "brackets", "bylines", "numbers", "headings"],
)
def test_a_huge_or_odd_text_is_taken_apart(text: str) -> None:
    found = articles(Source("x", text))
    assert sum(len(b.lines) for a in found for b in a.blocks) == sum(bool(row.strip()) for row in text.split("\n"))
