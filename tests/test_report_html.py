import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.article import Block, TaggedArticle, Unread
from tagger.cells import printable
from tagger.coverage import add_up
from tagger.ledger import LedgerRow
from tagger.marks import Segment, printed, segments
from tagger.phrases import Lang
from tagger.report import PALETTE
from tagger.report_html import COLOURS, render_coverage_page, render_page
from tests.articles import MEASURES, NAMES, plain, tag, tagged
from tests.conftest import ROOT

HOSTILE = "<script>alert(1)</script>{{ 7*7 }}{% x %}\"'`&lt;\u202e甲\x00]]>--><img src=x onerror=y>"
VOID = {"meta", "br", "img", "link"}


class Page(HTMLParser):
    """A page's tags, attributes and text, with a check that every tag is closed where it must be."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.texts: dict[str, str] = {}
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts["/".join(self.open)] = self.texts.get("/".join(self.open), "") + data


def sample() -> TaggedArticle:
    text = "合作社分红八万元。卫生院免费体检。"
    tags = [
        tag(text, "industry", 0.91, "合作社分红八万元。", {"合作社": 2.0, "分红": 1.0}),
        tag(text, "health", 0.72, "卫生院免费体检。", {"体检": 1.5, "八万元。卫": 0.5}),
    ]
    parts = [
        ("furniture", "第3版", ()),
        ("title", "坡上新事", ()),
        ("heading", "一、增收", ()),
        ("body", text, tags),
        ("caption", "图为药材基地", ()),
        ("body", "天气晴好。", ()),
    ]
    return tagged(parts, title="坡上新事", date="2020-05-01", place="青禾县")  # type: ignore[arg-type]


def hostile() -> list[TaggedArticle | Unread]:
    marked = tag(HOSTILE, "health", terms={"<script>": 1.0, "{{": 0.5})
    kinds = ("title", "heading", "byline", "caption", "furniture")
    parts = [*((kind, HOSTILE, ()) for kind in kinds), ("body", HOSTILE, [marked])]
    about = dict.fromkeys(("file", "id", "title", "date", "place"), HOSTILE)
    article = tagged(parts, **about)  # type: ignore[arg-type]
    return [article, article, Unread(HOSTILE, HOSTILE)]


def figure(text: str = "八万元", **changes: object) -> LedgerRow:
    place = {"file": "report.txt", "article": 1, "lines": (7,), "start": 5, "end": 8, "quote": text}
    said = {"unit": "元", "counted": "分红", "act": "发放", "sentence": "合作社分红八万元。"}
    row = LedgerRow(**place, **said, measure="industry", value=80_000, high=None, approximate=False, year=2020)  # type: ignore[arg-type]
    return replace(row, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_that_a_text_holds_becomes_a_part_of_the_page(lang: Lang) -> None:
    names = dict.fromkeys(MEASURES, HOSTILE)
    items = hostile()
    said = dict.fromkeys(("unit", "counted", "act", "quote", "sentence", "per", "doubt"), HOSTILE)
    row = figure(file=HOSTILE, measure="health", **said)
    texts = {(HOSTILE, None): HOSTILE}
    pages = [render_page(items, names, lang, [row], texts), render_page(items[:1], names, lang, [row])]
    assert all(html.count('class="ledger"') for html in pages)
    pages.append(render_coverage_page(add_up(items, MEASURES, by="place"), names, lang))
    for html in pages:
        page = Page(html)
        assert not {"script", "img", "iframe", "link", "object"} & set(page.tags)
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        assert "{{ 7*7 }}" in html
        assert not {"\x00", "\u202e"} & set(html)


def test_the_page_needs_nothing_from_outside() -> None:
    html = render_page([sample(), sample()], NAMES, "zh")
    assert "script" not in Page(html).tags
    links = [value for name, value in Page(html).attributes if name in ("href", "src")]
    assert links
    assert all(link is not None and link.startswith("#") for link in links)
    assert not re.search(r"url\(|@import|https?:", html)


def test_every_link_leads_to_a_place_on_the_page() -> None:
    page = Page(render_page([sample(), plain([[], ["health"]])], NAMES, "zh"))
    places = {value for name, value in page.attributes if name == "id"}
    assert {f"{value}" for name, value in page.attributes if name == "href"} <= {f"#{place}" for place in places}


def test_every_block_is_shown_once_in_printed_order() -> None:
    html = render_page([sample()], NAMES, "zh")
    full = re.sub(r"<[^>]+>", "", html[html.index('<div class="full"') :])
    blocks = [block.text for block in sample().article.blocks]
    at = [full.index(text) for text in blocks]
    assert at == sorted(at)
    assert [full.count(text) for text in blocks] == [1] * len(blocks)


def test_a_paragraph_shows_its_measures_and_their_probabilities() -> None:
    html = render_page([sample()], NAMES, "zh")
    assert 'title="产业帮扶 · 概率 0.910"' in html
    assert '<span class="chip m2">健康帮扶</span> <small>0.72</small>' in html
    assert 'class="told m0" title="产业帮扶 +1.00">分红</span>' in html
    assert '<p class="caption" title="图片说明 · 原文第9行">图为药材基地</p>' in html


def test_the_strongest_sentence_is_shown_without_its_neighbour() -> None:
    html = render_page([sample()], NAMES, "zh")
    quotes = [re.sub(r"<[^>]+>", "", q) for q in re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", html, re.DOTALL)]
    assert quotes == ["合作社分红八万元。", "卫生院免费体检。"]


def test_coverage_stands_on_top_of_several_articles_and_not_of_one() -> None:
    assert 'class="coverage"' not in render_page([sample()], NAMES, "zh")
    assert 'class="coverage"' in render_page([sample(), sample()], NAMES, "zh")
    assert 'class="coverage"' in render_page([sample(), Unread("b.doc", "old")], NAMES, "zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_read_is_a_page_too(lang: Lang) -> None:
    Page(render_page([], NAMES, lang))
    assert "old" in render_page([Unread("b.doc", "old")], NAMES, lang)


def test_groups_have_their_row() -> None:
    coverage = add_up([sample(), plain([["health"]])], MEASURES, by="place")
    html = render_coverage_page(coverage, NAMES, "en")
    Page(html)
    assert '<th scope="row">青禾县</th><td>1</td><td>2</td>' in html
    assert '<th scope="row">not stated</th>' in html


def test_more_measures_than_colours_share_them() -> None:
    names = {f"m{n}": f"措施{n}" for n in range(COLOURS + 2)}
    assert f'class="chip m1">措施{COLOURS + 1}</span>' in render_coverage_page(add_up([], tuple(names)), names, "zh")


SPANS = st.lists(
    st.tuples(st.sampled_from(MEASURES), st.lists(st.text(alphabet="甲乙丙", min_size=1, max_size=3), max_size=3)),
    unique_by=lambda pair: pair[0],
)


@given(st.text(alphabet="甲乙丙", max_size=12), SPANS)
def test_segments_joined_are_the_text_whatever_is_marked(text: str, marked: Sequence[tuple[str, list[str]]]) -> None:
    tags = [tag(text, measure, terms=dict.fromkeys(terms, 1.0)) for measure, terms in marked]
    found = segments(text, tags, NAMES)
    assert "".join(segment.text for segment in found) == text
    assert all(segment.measures for segment in found if segment.told)


def test_overlapping_words_of_two_measures_are_both_told() -> None:
    text = "扶贫车间招工"
    tags = [tag(text, "industry", terms={"扶贫车间": 1.0}), tag(text, "health", terms={"车间招工": 2.0})]
    assert [(s.text, s.measures) for s in segments(text, tags, NAMES)] == [
        ("扶贫", ("industry",)),
        ("车间", ("industry", "health")),
        ("招工", ("health",)),
    ]


@given(st.text(max_size=30))
def test_the_full_text_stands_in_the_page_as_printed(text: str) -> None:
    page = Page(render_page([tagged([("body", "始" + text + "终", ())])], NAMES, "zh"))
    shown = next(data for place, data in page.texts.items() if place.endswith("div/div/p"))
    assert printable("始" + text + "终") in shown.replace("\r", "\n")


def test_quantities_stand_under_their_measure_with_their_sum() -> None:
    rows = [figure(), figure("两万元", value=20_000, doubt="part"), figure(measure="health", unit="人次", value=40)]
    html = render_page([sample()], NAMES, "zh", [*rows, figure(article=2), figure(file="other.txt")])
    Page(html)
    first, second = re.findall(r'<details class="figures">.*?</details>', html, re.DOTALL)
    assert "文中的数字 <b>2</b>" in first
    assert "总数 80,000 元<small> + 存疑 1</small>" in first
    assert "20,000 元<small>存疑：可能已含在总数内</small>" in first
    assert '<a href="#a1p1">1</a> 合作社分红八万元。' in first
    assert "40 人次" in second
    assert "数字由规则从原文抽取" in html


def test_without_quantities_the_page_has_no_word_of_them() -> None:
    html = render_page([sample()], NAMES, "zh")
    assert '<details class="figures"' not in html
    assert "数字由规则从原文抽取" not in html


def test_every_probability_and_word_that_told_can_be_reached_without_a_mouse() -> None:
    html = render_page([sample()], NAMES, "zh")
    first, second = re.findall(r'<details class="scores">.*?</details>', html, re.DOTALL)
    assert [float(value) for value in re.findall(r"<td>(\d\.\d\d)</td>", first)] == [0.91, 0.1, 0.72]
    assert "合作社 <small>+2.00</small>" in first
    assert "<small>" not in second


def test_with_its_source_a_block_stands_line_by_line_as_printed() -> None:
    text = "合作社分红八万元。卫生院免费体检。"
    whole = tagged([("body", text, [tag(text, "industry", terms={"八万元": 1.0})])])
    block = Block("body", (2, 4), text)
    article = replace(whole.article, blocks=(block,))
    item = TaggedArticle(article, (replace(whole.paragraphs[0], block=block),))
    source = "头\n　　合作社分红八\n图\n万元。卫生院免费体检。"
    html = render_page([item], NAMES, "zh", texts={("report.txt", None): source})
    full = html[html.index('<div class="full"') :]
    body = full[: full.index("</p>")]
    lines = [re.sub(r"<[^>]+>", "", part) for part in body.split('<span class="pl" ')[1:]]
    assert lines == ['data-n="2">合作社分红八', 'data-n="4">万元。卫生院免费体检。']
    assert html.count('class="told m0"') == 3  # the strongest sentence once, the line's end, the next line's start


LINES = st.lists(st.text(alphabet="甲乙丙丁", min_size=1, max_size=6), min_size=1, max_size=5)


@given(LINES, st.sampled_from(["", " "]), st.integers(0, 9))
def test_printed_lines_joined_are_the_text_with_every_mark(lines: list[str], joint: str, cut: int) -> None:
    text = joint.join(lines)
    marked = [Segment(text[:cut], ("health",), "+1"), Segment(text[cut:])]
    found = printed(Block("body", tuple(range(1, len(lines) + 1)), text), [f"　{line} " for line in lines], marked)
    assert "".join(part.text for line in found for part in line.segments) == text
    assert "".join(part.text for line in found for part in line.segments if part.told) == text[:cut]
    assert [line.number for line in found] == list(range(1, len(lines) + 1))


def test_a_block_whose_lines_the_source_does_not_have_stays_in_one() -> None:
    found = printed(Block("body", (1, 2), "甲乙丙"), ["甲乙", "丁"], [Segment("甲乙丙")])
    assert [(line.number, line.segments) for line in found] == [(0, (Segment("甲乙丙"),))]
    assert printed(Block("body", (9,), "甲"), [], [Segment("甲")])[0].number == 9


def dated() -> list[TaggedArticle]:
    given_ = [("2019-05", "甲县"), ("2020年3月", "乙县"), ("2020-03-09", "甲县")]
    return [plain([["health"], []], date=date, place=place) for date, place in given_]


def test_shares_over_time_and_by_place_come_without_asking() -> None:
    html = render_page(dated(), NAMES, "zh")
    page = Page(html)
    assert page.tags.count("svg") == len(MEASURES)
    assert '<h2 class="part">按月份：各项措施占段落的比例</h2>' in html
    assert '<h2 class="part">按地点：各项措施占段落的比例</h2>' in html
    assert "健康帮扶：2019-05 50%" in html
    for place, articles in (("2019-05", 1), ("2020-03", 2), ("甲县", 2), ("乙县", 1)):
        assert f'<th scope="row">{place}</th><td>{articles}</td><td>{2 * articles}</td>' in html


def test_a_field_that_was_asked_for_is_not_shown_twice() -> None:
    html = render_coverage_page(add_up(dated(), MEASURES, by="date"), NAMES, "zh")
    assert html.count(">按年份：") == 1
    assert ">按月份：" not in html
    assert "仅据列出的" not in html


def test_groups_of_the_listed_articles_alone_say_so() -> None:
    html = render_coverage_page(add_up(dated() * 2, MEASURES, by="place", listed=3), NAMES, "zh")
    assert "仅据列出的前3篇文章。" in html
    assert '<th scope="row">甲县</th><td>4</td><td>8</td>' in html


def test_undated_articles_of_no_place_have_neither_part() -> None:
    html = render_coverage_page(add_up([plain([["health"]])] * 2, MEASURES), NAMES, "zh")
    assert "按月份" not in html
    assert "按地点" not in html


def test_the_style_sheet_has_the_measures_colours() -> None:
    style = (ROOT / "tagger" / "templates" / "style.css").read_text("utf-8")
    light = re.findall(r"--c\d: (#\w{6})", style)[: len(PALETTE)]
    assert tuple(light) == PALETTE
