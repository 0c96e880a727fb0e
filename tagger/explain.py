"""One paragraph explained: every measure's logit as a sum of its terms."""

import json
from dataclasses import asdict, dataclass

from tagger.article import Evidence
from tagger.cells import columns, one_line
from tagger.model import Model


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a paragraph carries a measure or doesn't: `intercept` + the terms' weights = `logit`.

    `probability` and `threshold` lie between 0 and 1; `sentence` is the paragraph's best one for the measure.
    """

    measure: str
    carried: bool
    probability: float
    threshold: float
    intercept: float
    logit: float
    sentence: str
    terms: tuple[Evidence, ...]


def explained(model: Model, text: str) -> list[Explained]:
    """Return every measure explained, the likeliest first."""
    scores = model.score_all([text])
    rows = [
        Explained(
            measure,
            bool(scores.probabilities[0, number] >= model.thresholds[number]),
            float(scores.probabilities[0, number]),
            float(model.thresholds[number]),
            float(model.intercepts[number]),
            float(model.intercepts[number])
            + sum(term.weight for term in told),  # to the last digit; scores are to 1e-5
            text[slice(*scores.sentence(0, number))].strip(),
            tuple(told),
        )
        for number, (measure, told) in enumerate(zip(model.measures, model.explain(text), strict=True))
    ]
    return sorted(rows, key=lambda row: -row.probability)


def render_json(rows: list[Explained]) -> str:
    """Return the explanation as a JSON array."""
    return json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1) + "\n"


def render_text(rows: list[Explained], top: int) -> str:
    """Return the explanation as text, the strongest terms of each measure and the sum of the others."""
    lines = []
    for row in rows:
        mark = "✓" if row.carried else " "
        lines.append(f"{mark} {row.measure}  probability {row.probability:.3f}, threshold {row.threshold:.3f}")
        if row.carried:
            lines.append(f"    {one_line(row.sentence)}")
        shown, others = row.terms[:top], row.terms[top:]
        lines += [f"    {_padded(one_line(term.term))}{term.weight:+9.3f}" for term in shown]
        if others:
            rest = sum(term.weight for term in others)
            lines.append(f"    {_padded(f'{len(others)} other terms')}{rest:+9.3f}")
        lines.append(f"    {_padded('intercept')}{row.intercept:+9.3f}")
        lines.append(f"    {_padded('logit')}{row.logit:+9.3f}")
    return "\n".join(lines) + "\n"


def _padded(text: str, width: int = 20) -> str:
    return text + " " * max(1, width - columns(text))
