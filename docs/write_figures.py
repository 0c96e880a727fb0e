"""Write the measured figures into the READMEs and the data card; --check fails where they differ.

The figures come from models/default/model.json (written by `tagger train`) and from labels/paragraphs/.
"""

import json
import re
import sys
from itertools import takewhile
from pathlib import Path

from tagger.agreement import agreement
from tagger.codebook import load_codebook
from tagger.label_stats import cover, stats
from tagger.labels import load_labels, load_terms

ROOT = Path(__file__).parent.parent
WORDS = {
    "en": {
        "head": ["measure", "precision", "recall", "F1"],
        "all": "all (micro)",
        "lead": "On unseen articles of the labelled set ({folds} outer folds by article, {articles} articles, "
        "{paragraphs} paragraphs), with 95% intervals by resampling articles (`tagger train`):",
        "more": "Macro-F1 {macro}, exact match {exact}. What the set is, and what it is not: "
        "[labels/README.md](labels/README.md).",
    },
    "zh": {
        "head": ["措施", "精确率", "召回率", "F1"],
        "all": "合计（micro）",
        "lead": "在标注集里没见过的文章上（按文章分 {folds} 折，共 {articles} 篇、{paragraphs} 段），"
        "方括号为按文章重抽样的 95% 区间（`tagger train`）：",
        "more": "Macro-F1 {macro}，整段全对 {exact}。标注集是什么、不是什么，见 [labels/README.md](labels/README.md)。",
    },
}


def shown(figure: list[float]) -> str:
    """Return a figure as text."""
    return "{:.3f} [{:.3f}, {:.3f}]".format(*figure)


def figures(lang: str) -> str:
    """Return the model's figures as Markdown."""
    meta = json.loads((ROOT / "models" / "default" / "model.json").read_text("utf-8"))
    names = load_codebook(ROOT / "labels" / "codebook.toml").names(lang)
    said, found = WORDS[lang], meta["evaluation"]
    overall = found["overall"]
    rows = [said["head"], ["---"] * 4]
    rows += [
        [names[measure], *(shown(row[name]) for name in ("precision", "recall", "f1"))]
        for measure, row in found["measures"].items()
    ]
    rows.append([str(said["all"]), *(shown(overall[f"micro_{name}"]) for name in ("precision", "recall", "f1"))])
    paragraphs = f"{found['paragraphs']:,}"
    counts = {"folds": meta["folds"]["outer"], "articles": found["articles"], "paragraphs": paragraphs}
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    more = str(said["more"]).format(macro=shown(overall["macro_f1"]), exact=shown(overall["exact_match"]))
    return f"{str(said['lead']).format(**counts)}\n\n{table}\n\n{more}"


def counts() -> str:
    """Return the labelled set's counts as Markdown."""
    codebook = load_codebook(ROOT / "labels" / "codebook.toml")
    found = stats(load_labels(ROOT / "labels" / "paragraphs", codebook), codebook)
    parts = [f"{found.articles:,} articles, {found.paragraphs:,} paragraphs, {found.characters:,} characters."]
    rows = [["measure", "paragraphs", "share"], ["---"] * 3]
    for name, number in [*found.measures.items(), *found.by_number.items()]:
        rows.append([name, f"{number:,}", f"{100 * number / found.paragraphs:.0f}%"])
    for name, groups in (("genre", found.genres), ("script", found.scripts)):
        rows += [["", "", ""], [f"**{name}**", "**paragraphs**", "**articles**"]]
        rows += [[group, f"{paragraphs:,}", f"{articles:,}"] for group, (articles, paragraphs) in groups.items()]
    parts.append("\n".join(f"| {' | '.join(row)} |" for row in rows))
    pairs = ", ".join(f"{a} + {b} {number}" for (a, b), number in found.pairs.items())
    parts.append(f"Paragraphs with both of two measures: {pairs}.")
    return "\n\n".join(parts)


def agreement_of_coders() -> str:
    """Return how well the second, blind coding agrees with the labels, as Markdown."""
    codebook = load_codebook(ROOT / "labels" / "codebook.toml")
    second = load_labels(ROOT / "labels" / "coders" / "second.jsonl", codebook)
    ids = {label.id for label in second}
    first = [label for label in load_labels(ROOT / "labels" / "paragraphs", codebook) if label.id in ids]
    found = agreement({"first": first, "second": second}, codebook.ids)
    rows = [["measure", "Krippendorff's alpha"], ["---"] * 2]
    rows += [[measure, str(figure)] for measure, figure in found.alpha.items()]
    rows.append(["all decisions", str(found.pooled)])
    decisions = f"{len(found.disagreements)} of {found.shared * len(codebook.ids):,} decisions differ"
    lead = (
        f"{found.shared:,} paragraphs of {found.articles:,} articles, drawn by genre, were coded a second time "
        f"without sight of the first codes: {decisions}, "
        f"micro-F1 {found.pairs['first', 'second']} (95% intervals by resampling articles)."
    )
    return lead + "\n\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows)


def terms() -> str:
    """Return how many of each measure's listed terms stand in two paragraphs or more, as Markdown."""
    codebook = load_codebook(ROOT / "labels" / "codebook.toml")
    labels = load_labels(ROOT / "labels" / "paragraphs", codebook)
    rows = [["measure", "listed terms", "in two paragraphs or more"], ["---"] * 3]
    for measure in codebook.ids:
        seen = cover(labels, load_terms(ROOT / "labels" / "terms" / f"{measure}.txt"))
        rows.append([measure, f"{len(seen)}", f"{sum(number > 1 for number in seen.values())}"])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def table_of(name: str) -> str:
    """Return the first table of a page of results."""
    lines = (ROOT / "training" / "results" / name).read_text("utf-8").splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("|"))
    return "\n".join(takewhile(lambda line: line.startswith("|"), lines[first:]))


def quantities() -> str:
    """Return how well quantities are found in the gold list, as Markdown."""
    found = json.loads((ROOT / "training" / "results" / "quantities.json").read_text("utf-8"))
    rows = [["figure", "measured"], ["---"] * 2]
    rows += [["value and unit, F1", f"{found['value_and_unit']['f1']:.3f}"], ["span, F1", f"{found['span']['f1']:.3f}"]]
    rows += [[f"{name}, among those", f"{found[name]:.3f}"] for name in ("counted", "high", "approximate", "year")]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def under_load() -> str:
    """Return how the server bore many clients, as Markdown."""
    found = json.loads((ROOT / "training" / "results" / "load.json").read_text("utf-8"))
    rows = [["figure", "measured"], ["---"] * 2]
    rows += [["requests", f"{found['requests']:,}"], ["a second", f"{found['per_second']:,.0f}"]]
    rows.append(["errors", f"{len(found['errors'])}"])
    rows += [[f"latency, {name}", f"{value:.1f} ms"] for name, value in found["latency_ms"].items()]
    rows.append(["tagging the same in one process, median", f"{found['in_process_median_ms']:.1f} ms"])
    rows.append(["median latency is so many times that", f"{found['times_in_process']:.1f}"])
    lead = f"{found['clients']} clients, {found['seconds']:.0f} seconds, articles of {found['characters']:,} characters"
    return f"{lead} ({found['machine']}):\n\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows)


def cost() -> str:
    """Return what a batch run takes, as measured and for larger corpora, as Markdown."""
    found = json.loads((ROOT / "training" / "results" / "bench.json").read_text("utf-8"))["workers"]
    rows = [["workers", "paragraphs a second", "a million paragraphs", "ten million"], ["--:"] * 4]
    for workers, (speed, *_) in found["paragraphs_per_s"].items():
        rows.append([workers, f"{speed:,.0f}", *(f"{number / speed / 60:,.0f} minutes" for number in (1e6, 1e7))])
    one = found["paragraphs_per_s"]["1"][0]
    rows.append(["16, calculated", f"{16 * one:,.0f}", *(f"{n / 16 / one / 60:,.1f} minutes" for n in (1e6, 1e7))])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main() -> None:
    """Write, or compare."""
    wrong = []
    pages = [
        ("README.md", "figures", figures("en")),
        ("README.zh-CN.md", "figures", figures("zh")),
        ("labels/README.md", "stats", counts()),
        ("labels/README.md", "terms", terms()),
        ("labels/README.md", "agreement", agreement_of_coders()),
        ("docs/quantities.md", "quantities", quantities()),
        ("docs/serve.md", "load", under_load()),
        ("docs/scale.md", "cost", cost()),
        ("README.md", "bench", table_of("bench.md")),
        ("training/README.md", "search", table_of("search.md")),
    ]
    for name, mark, text in pages:
        path = ROOT / name
        old = path.read_text("utf-8")
        pattern = re.compile(f"(<!-- {mark} -->).*?(<!-- /{mark} -->)", re.DOTALL)
        new = pattern.sub(lambda match, text=text: f"{match[1]}\n{text}\n{match[2]}", old)
        if new != old:
            wrong.append(name)
            if sys.argv[1:] != ["--check"]:
                path.write_text(new, "utf-8")
    if wrong and sys.argv[1:] == ["--check"]:
        sys.exit(f"{', '.join(wrong)}: figures differ from those measured; run: python docs/write_figures.py")


if __name__ == "__main__":
    main()
