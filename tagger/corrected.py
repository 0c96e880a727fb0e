"""A share over a corpus, corrected for the model's errors by a random sample that people coded."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

Z = 1.959963984540054  # of a 95% interval
PRIOR = 2.0  # imagined paragraphs of each kind of error: a sample without errors does not prove that there are none
LEAST = 30  # coded paragraphs; with fewer no interval of a mean is to be trusted


@dataclass(frozen=True, slots=True)
class Corrected:
    """A share (0 to 1) with its 95% interval; what the tags alone say, and what the coded sample alone says.

    `weight` is how far the tags are trusted (lambda below): 0 is not at all.
    """

    share: float
    low: float
    high: float
    tagged: float
    sample: float
    sample_low: float
    sample_high: float
    weight: float
    coded: int


def corrected(tagged: int, corpus: int, codes: npt.ArrayLike, tags: npt.ArrayLike) -> Corrected:
    """Return the share of a corpus's paragraphs that carry a measure, from `tagged` of `corpus` and a coded sample.

    `codes` and `tags` say of each sampled paragraph whether its coder and the model gave it the measure. The
    sample is drawn at random, without replacement, from the same corpus of N paragraphs:

        share = mean(code) + lambda (tagged / N - mean(tag)),  lambda = cov(code, tag) / var(tag)
        variance = (1 - n/N) var(code - lambda tag) / n

    This is prediction-powered inference for a mean (Angelopoulos, Bates, Fannjiang, Jordan and Zrnic, Science
    382, 2023), with its weight tuned (PPI++, Angelopoulos, Duchi and Zrnic, 2023), which for a sample from the
    corpus itself is the regression estimator of survey sampling (Cochran, 1977, chapter 7), hence the factor
    1 - n/N. Moments are taken with two imagined paragraphs more of each kind of error, as Agresti and Coull
    (1998) do for a plain share: else a sample without an error would give an interval of no width.
    """
    code, tag = np.asarray(codes, dtype=np.float64), np.asarray(tags, dtype=np.float64)
    count = len(code)
    if not 0 < count <= corpus or len(tag) != count or not 0 <= tagged <= corpus:
        message = f"{count} codes and {len(tag)} tags of {corpus} paragraphs, {tagged} of them tagged, don't fit"
        raise ValueError(message)
    left = 1 - count / corpus
    y, f = np.concatenate([code, [1, 0]]), np.concatenate([tag, [0, 1]])
    of = np.concatenate([np.ones(count), [PRIOR, PRIOR]])
    cov = np.cov(y, f, aweights=of, ddof=0)
    weight = float(np.clip(cov[0, 1] / cov[1, 1], 0, 1)) if cov[1, 1] > 0 else 0.0
    share = float(code.mean() + weight * (tagged / corpus - tag.mean()))
    residual = y - weight * f
    spread = float(np.average((residual - np.average(residual, weights=of)) ** 2, weights=of))
    half = Z * sqrt(left * spread / count)
    low, high = wilson(float(code.sum()), count, corpus)
    return Corrected(
        share=min(1.0, max(0.0, share)),
        low=max(0.0, share - half),
        high=min(1.0, share + half),
        tagged=tagged / corpus,
        sample=float(code.mean()),
        sample_low=low,
        sample_high=high,
        weight=weight,
        coded=count,
    )


def wilson(hits: float, count: int, corpus: int) -> tuple[float, float]:
    """Return the 95% interval of a plain sample's share (Wilson, 1927), for a sample without replacement."""
    z = Z * sqrt(max(0.0, 1 - count / corpus))
    share = hits / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, middle - half), min(1.0, middle + half)
