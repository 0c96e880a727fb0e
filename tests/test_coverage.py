from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.article import TaggedArticle, Unread
from tagger.coverage import BINS, By, Covered, Group, add_up, wilson
from tagger.tally import tally
from tests.articles import MEASURES, plain, tagged

PARAGRAPH = st.lists(st.sampled_from(MEASURES), unique=True, max_size=3)
Rows = list[list[list[str]]]  # articles, paragraphs, measures
CORPUS = st.lists(st.lists(PARAGRAPH, max_size=5), max_size=8)


def corpus(rows: Rows, **about: str) -> list[TaggedArticle]:
    return [plain(measures, file=f"{n}.txt", **about) for n, measures in enumerate(rows)]


def row(group: Group, measure: str) -> Covered:
    return next(r for r in (*group.measures, group.none, group.several) if r.measure == measure)


@given(CORPUS)
def test_every_paragraph_has_a_measure_or_none(rows: Rows) -> None:
    whole = add_up(corpus(rows), MEASURES).whole
    tags = sum(r.paragraphs.count for r in whole.measures)
    assert whole.paragraphs == sum(map(len, rows))
    assert tags == sum(len(p) for article in rows for p in article)
    assert whole.none.paragraphs.count == sum(not p for article in rows for p in article)
    assert whole.several.paragraphs.count == sum(len(p) > 1 for article in rows for p in article)
    assert whole.none.articles.count == sum(not any(article) for article in rows)


@given(CORPUS)
def test_together_counts_each_pair_once_per_paragraph(rows: Rows) -> None:
    together = add_up(corpus(rows), MEASURES).together
    for pair in combinations(MEASURES, 2):
        assert together[pair] == sum(set(pair) <= set(p) for article in rows for p in article)


@given(CORPUS)
def test_groups_add_up_to_the_whole(rows: Rows) -> None:
    coverage = add_up(corpus(rows), MEASURES, by="source")
    assert sum(group.articles for group in coverage.groups) == coverage.whole.articles
    for measure in (*MEASURES, "", "+"):
        for unit in ("articles", "paragraphs", "characters"):
            parts = [getattr(row(group, measure), unit).count for group in coverage.groups]
            assert sum(parts) == getattr(row(coverage.whole, measure), unit).count


@given(CORPUS)
def test_every_interval_holds_its_share(rows: Rows) -> None:
    whole = add_up(corpus(rows), MEASURES).whole
    for r in (*whole.measures, whole.none, whole.several):
        for share in (r.articles, r.paragraphs, r.characters):
            low, high = share.interval or (share.value, share.value)
            assert 0 <= low <= share.value <= high <= 1


@given(CORPUS, st.integers(0, 5))
def test_counts_and_articles_give_the_same_coverage(rows: Rows, seed: int) -> None:
    articles = corpus(rows)
    assert add_up(map(tally, articles), MEASURES, seed=seed) == add_up(articles, MEASURES, seed=seed)


def test_inputs_are_read_or_unread() -> None:
    items = [
        plain([["health"]], file="a.txt"),
        plain([[]], file="a.txt", number=2),
        Unread("b.docx", "empty"),
        plain([[]], file="c.txt"),
        plain([[]], file="c.txt"),  # the same name again: read a second time
    ]
    coverage = add_up(items, MEASURES)
    assert (coverage.inputs, coverage.read, coverage.whole.articles) == (4, 3, 4)
    assert coverage.unread == (Unread("b.docx", "empty"),)


def test_rows_of_a_table_are_inputs() -> None:
    items = [plain([[]], file="t.csv", row=n, number=n) for n in (1, 2, 3)]
    assert add_up(items, MEASURES).inputs == 3


def test_blocks_are_counted_by_kind() -> None:
    article = tagged([("title", "题", ()), ("body", "文", ()), ("furniture", "版", ())])
    assert add_up([article, article], MEASURES).blocks == {"title": 2, "body": 2, "furniture": 2}


def test_characters_weigh_long_paragraphs_more() -> None:
    articles = [plain([["health"]], text="一" * 30, file="a"), plain([[]], text="一" * 10, file="b")]
    health = row(add_up(articles, MEASURES).whole, "health")
    assert (health.paragraphs.value, health.characters.value, health.articles.value) == (0.5, 0.75, 0.5)


def test_wilson_agrees_with_a_worked_case() -> None:
    low, high = wilson(5, 20)
    assert (round(low, 4), round(high, 4)) == (0.1119, 0.4687)


def test_a_single_article_has_wilson_intervals_for_its_paragraphs_and_none_for_its_characters() -> None:
    health = row(add_up([plain([["health"], [], [], []])], MEASURES).whole, "health")
    assert health.paragraphs.interval == wilson(1, 4)
    assert health.characters.interval is None


def test_articles_that_agree_give_a_narrower_interval_than_articles_that_differ() -> None:
    alike = add_up(corpus([[["health"], []]] * 10), MEASURES)
    apart = add_up(corpus([[["health"], ["health"]], [[], []]] * 5), MEASURES)
    low, high = row(alike.whole, "health").paragraphs.interval
    assert low == high == 0.5
    low, high = row(apart.whole, "health").paragraphs.interval
    assert high - low > 0.3


def test_the_resampled_interval_covers_about_what_theory_says() -> None:
    rows = [[["health"]] if n % 4 == 0 else [[]] for n in range(200)]
    low, high = row(add_up(corpus(rows), MEASURES).whole, "health").paragraphs.interval
    assert (low, high) == (pytest.approx(0.19, abs=0.02), pytest.approx(0.31, abs=0.02))


def test_the_same_seed_gives_the_same_intervals_and_another_seed_others() -> None:
    rows = [[["health"]] * n + [[]] * (13 - 2 * n % 11) for n in range(1, 12)]
    one, same, other = (add_up(corpus(rows), MEASURES, seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert row(one.whole, "health").paragraphs != row(other.whole, "health").paragraphs


def test_more_articles_than_bins_are_all_counted() -> None:
    counts = tally(plain([["health"], []]))
    coverage = add_up((counts for _ in range(2 * BINS + 3)), MEASURES, listed=2)
    assert row(coverage.whole, "health").paragraphs.count == 2 * BINS + 3
    assert (len(coverage.articles), coverage.unlisted) == (2, 2 * BINS + 1)


def test_nothing_at_all_is_a_coverage_too() -> None:
    coverage = add_up([], MEASURES, by="place")
    assert (coverage.inputs, coverage.whole.articles, coverage.groups) == (0, 0, ())
    assert coverage.whole.none.paragraphs.value == 0


@pytest.mark.parametrize(
    ("by", "about", "name"),
    [
        ("source", {"file": "a/b.txt"}, "a/b.txt"),
        ("folder", {"file": "a/b.txt"}, "a"),
        ("folder", {"file": "a\\b.txt"}, "a"),
        ("folder", {"file": "b.txt"}, "."),
        ("place", {"place": "青禾县"}, "青禾县"),
        ("place", {}, ""),
        ("date", {"date": "2020-05-12"}, "2020"),
        ("date", {"date": "二〇二〇年五月十二日"}, "2020"),
        ("date", {"date": "昨日"}, ""),
        ("month", {"date": "2020-05-12"}, "2020-05"),
        ("month", {"date": "2020年5月12日"}, "2020-05"),
        ("month", {"date": "20201112"}, "2020-11"),
        ("month", {"date": "二〇二〇年十月"}, "2020-10"),
        ("month", {"date": "二〇二〇年十二月"}, "2020-12"),
        ("month", {"date": "2020"}, "2020"),
    ],
)
def test_articles_are_grouped_by(by: By, about: dict[str, str], name: str) -> None:
    (group,) = add_up([plain([[]], **about)], MEASURES, by=by).groups
    assert group.name == name


def test_groups_are_in_order_and_what_is_not_stated_is_last() -> None:
    items = [plain([[]], file=f, date=d) for f, d in (("a", ""), ("b", "2021"), ("c", "2019"))]
    assert [group.name for group in add_up(items, MEASURES, by="date").groups] == ["2019", "2021", ""]


def test_the_matrix_has_each_articles_paragraphs() -> None:
    coverage = add_up([plain([["industry", "health"], ["health"], []], title="题")], MEASURES)
    (listed,) = coverage.articles
    assert listed.measures == {"industry": 1, "education": 0, "health": 2}
    assert (listed.title, listed.paragraphs, listed.none) == ("题", 3, 1)
