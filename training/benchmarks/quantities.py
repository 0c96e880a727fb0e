"""Score `tagger.quantities` on the gold list beside this file; write training/results/quantities.json.

    python training/benchmarks/quantities.py [--show] [--gold FILE] [-o FILE]

Value and unit: precision, recall, F1 over (value, high end, unit), each gold quantity matched once, in order.
Span: a match by offsets that overlap the gold quote. Counted thing: right among the matched where it is one of
the gold words.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tagger.files import sha256, write_text  # noqa: E402 - the folder above holds the package
from tagger.quantities import Quantity, quantities  # noqa: E402
from tagger.words import normalise  # noqa: E402

GOLD = HERE / "quantities.jsonl"
RESULTS = HERE.parent / "results" / "quantities.json"
Row = Mapping[str, Any]


def gold_rows(path: Path) -> Iterator[Row]:
    """Yield the gold list's paragraphs."""
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def key(value: float, unit: str) -> tuple[float, str]:
    """Return what two quantities must share to be the same."""
    return round(value, 6), normalise(unit)


def paired(gold: Sequence[Row], found: Sequence[Quantity]) -> list[tuple[Row, Quantity]]:
    """Return gold quantities with the found ones of the same value and unit, each used once, in order."""
    free = list(found)
    pairs = []
    for row in gold:
        match = next((q for q in free if key(q.value, q.unit) == key(row["value"], row["unit"])), None)
        if match:
            free.remove(match)
            pairs.append((row, match))
    return pairs


def spans(text: str, gold: Sequence[Row]) -> list[tuple[int, int]]:
    """Return where the gold quotes stand, each behind the one before."""
    at, found = 0, []
    for row in gold:
        start = text.find(row["quote"], at)
        start = start if start >= 0 else text.find(row["quote"])
        found.append((start, start + len(row["quote"])))
        at = max(at, start + 1)
    return found


def overlapping(places: Sequence[tuple[int, int]], found: Sequence[Quantity]) -> int:
    """Return how many gold spans a found quantity overlaps, each found one used once."""
    free = list(found)
    count = 0
    for start, end in places:
        match = next((q for q in free if q.start < end and start < q.end), None)
        if match:
            free.remove(match)
            count += 1
    return count


def counted_right(row: Row, found: Quantity) -> bool:
    """Whether the thing counted is one of the gold words, in whatever script: the list has Simplified alone."""
    given = row.get("counted_any") or row.get("counted") or []
    names = {given} if isinstance(given, str) else set(given)
    plain = row.get("counted") or []
    names |= {plain} if isinstance(plain, str) else set(plain)
    return normalise(found.counted) in {normalise(name) for name in names}


def f1(right: int, found: int, gold: int) -> dict[str, float]:
    """Return precision, recall and F1."""
    precision, recall = right / found if found else 0.0, right / gold if gold else 0.0
    both = 2 * right / (found + gold) if found + gold else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(both, 4)}


def score(rows: Sequence[Row], *, show: bool = False) -> dict[str, Any]:
    """Return the figures over all paragraphs; print what differs if asked to."""
    count: Counter[str] = Counter()
    for row in rows:
        gold, found = row["quantities"], quantities(row["text"])
        pairs = paired(gold, found)
        count["gold"] += len(gold)
        count["found"] += len(found)
        count["right"] += len(pairs)
        count["span"] += overlapping(spans(row["text"], gold), found)
        count["counted"] += sum(counted_right(want, got) for want, got in pairs)
        count["high"] += sum((want.get("high") or None) == got.high for want, got in pairs)
        count["approximate"] += sum(bool(want.get("approximate")) == got.approximate for want, got in pairs)
        count["year"] += sum(want.get("year") == got.year for want, got in pairs)
        if show:
            _show(row, pairs, found)
    shares = {
        name: round(count[name] / max(1, count["right"]), 4) for name in ("counted", "high", "approximate", "year")
    }
    return {
        "paragraphs": len(rows),
        "quantities": count["gold"],
        "found": count["found"],
        "value_and_unit": f1(count["right"], count["found"], count["gold"]),
        "span": f1(count["span"], count["found"], count["gold"]),
        **shares,
    }


def _show(row: Row, pairs: Sequence[tuple[Row, Quantity]], found: Sequence[Quantity]) -> None:
    text = row["text"]
    matched = [id(want) for want, _ in pairs], [id(got) for _, got in pairs]
    missed = [
        f"- {w['quote']} {w['value']} {w['unit']} {w.get('counted')}"
        for w in row["quantities"]
        if id(w) not in matched[0]
    ]
    wrong = [f"+ {text[g.start : g.end]} {g.value} {g.unit} {g.counted}" for g in found if id(g) not in matched[1]]
    other = [
        f"c {want['quote']}: {got.counted} / {want.get('counted')}"
        for want, got in pairs
        if not counted_right(want, got)
    ]
    for want, got in pairs:
        ours = got.high, got.approximate, got.year
        theirs = want.get("high"), bool(want.get("approximate")), want.get("year")
        other += [f"r {want['quote']}: {ours} / {theirs}"] if ours != theirs else []
    if missed or wrong or other:
        print(row["id"], text, *missed, *wrong, *other, sep="\n  ")


def main() -> None:
    """Score and write the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--show", action="store_true", help="print each paragraph that differs")
    parser.add_argument("--gold", type=Path, default=GOLD)
    parser.add_argument("-o", "--output", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    figures = score(list(gold_rows(chosen.gold)), show=chosen.show)
    figures["gold_sha256"] = sha256(chosen.gold)
    text = json.dumps(figures, ensure_ascii=False, indent=2) + "\n"
    write_text(chosen.output, text)
    print(text, end="")


if __name__ == "__main__":
    main()
