"""A comparison as tables and as a Markdown page."""

from collections.abc import Mapping, Sequence

from tagger.comparison import BY_ARTICLE, GENRE_LEFT_OUT, Comparison
from tagger.evaluate import Evaluation, table
from tagger.metrics import Figure

Table = tuple[str, Sequence[str], list[list[str]]]  # title, head, rows


def tables(comparison: Comparison) -> list[Table]:
    """Return what was found as tables, each with a title."""
    whole = comparison.by_article.evaluation
    found: list[Table] = [("Outer folds by article", *table(whole))]
    found.append(("Other folds, and baselines on the outer folds", *_ways(comparison)))
    if comparison.genres:
        left_out = comparison.others[GENRE_LEFT_OUT].evaluation
        found += [("One genre left out", *table(left_out)), ("Each genre, left out", *_genres(comparison.genres))]
    found.append(("Learning curve: F1 by the share of the articles trained on", *_curve(comparison)))
    if len(comparison.learning_curve) > 1:
        found.append(("Is more text worth writing? What the last articles added to F1", *_missing(comparison)))
    return [*found, ("Reliability: what was said, and what was found", *_reliability(comparison))]


def _ways(comparison: Comparison) -> tuple[Sequence[str], list[list[str]]]:
    head = ["on the same paragraphs", "micro-F1", "macro-F1", "exact match", "average precision"]
    head += ["by article is ahead by (micro-F1)", "ahead by (average precision)"]
    names = ("micro_f1", "macro_f1", "exact_match")
    rows = []
    for name, scored in ({BY_ARTICLE: comparison.by_article} | dict(comparison.others)).items():
        ahead = ["", ""] if name == BY_ARTICLE else [_signed(scored.behind), _signed(scored.precision_behind)]
        overall = scored.evaluation.overall
        rows.append([name, *(str(overall[key]) for key in names), str(scored.precision), *ahead])
    return head, rows


def _genres(genres: Mapping[str, Evaluation]) -> tuple[Sequence[str], list[list[str]]]:
    names = ("micro_precision", "micro_recall", "micro_f1", "exact_match")
    rows = [
        [name, f"{one.articles:,}", f"{one.paragraphs:,}", *(str(one.overall[key]) for key in names)]
        for name, one in genres.items()
    ]
    return ["genre", "articles", "paragraphs", "micro-precision", "micro-recall", "micro-F1", "exact match"], rows


def _curve(comparison: Comparison) -> tuple[Sequence[str], list[list[str]]]:
    measures = list(comparison.by_article.evaluation.measures)
    rows = []
    for point in comparison.learning_curve:
        one = point.scored.evaluation
        f1 = [f"{one.measures[measure]['f1'].value:.3f}" for measure in measures]
        size = [f"{point.share:.0%}", f"{point.articles:,.0f}", f"{point.paragraphs:,.0f}"]
        rows.append([*size, str(one.overall["micro_f1"]), _signed(point.scored.behind) if point.share < 1 else "", *f1])
    return ["share", "articles", "paragraphs", "all (micro)", "the rest adds", *measures], rows


def _missing(comparison: Comparison) -> tuple[Sequence[str], list[list[str]]]:
    less, whole = comparison.learning_curve[-2:]
    rows = [
        [
            measure,
            str(less.scored.evaluation.measures[measure]["f1"]),
            str(whole.scored.evaluation.measures[measure]["f1"]),
            _signed(figure),
        ]
        for measure, figure in less.missing.items()
    ]
    overall = (str(point.scored.evaluation.overall["micro_f1"]) for point in (less, whole))
    rows.append(["all (micro)", *overall, _signed(less.scored.behind)])
    return ["measure", f"with {less.share:.0%}", "with all", "added"], rows


def _reliability(comparison: Comparison) -> tuple[Sequence[str], list[list[str]]]:
    rows = [
        [
            f"{part['from']:.1f} to {part['to']:.1f}",
            f"{part['paragraphs']:,}",
            f"{part['predicted']:.3f}",
            str(Figure(part["observed"], part["low"], part["high"])),
        ]
        for part in comparison.reliability
    ]
    return ["probability", "decisions", "said", "found"], rows


def _signed(figure: Figure) -> str:
    return f"{figure.value:+.3f} [{figure.low:+.3f}, {figure.high:+.3f}]"


def markdown(comparison: Comparison, recipe_name: str) -> str:
    """Return the tables as a Markdown page."""
    overall = comparison.by_article.evaluation
    parts = [
        "# Evaluation",
        (
            f"Recipe `{recipe_name}` on {overall.paragraphs:,} paragraphs of {overall.articles:,} articles. Whatever "
            "picks a threshold or calibrates is an inner fold of what is trained on. In brackets 95% intervals by "
            "resampling articles; differences are paired. The baselines give a measure from probability 0.5 up; their "
            "average precision, the mean over the measures, owes nothing to a threshold. Written by "
            "`tagger evaluate --cv`."
        ),
    ]
    for title, head, rows in tables(comparison):
        lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
        parts += [f"## {title}", "\n".join(f"| {' | '.join(c.replace('|', '/') for c in line)} |" for line in lines)]
    return "\n\n".join([*parts, *comparison.notes]) + "\n"
