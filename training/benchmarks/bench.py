"""Our tagging beside a plain script, fastText and the bare segmenter: speed, cold start, training, memory, workers.

    python training/benchmarks/bench.py              all of it, some half an hour; make bench
    python training/benchmarks/bench.py --quick      everything small, in under a minute
    python training/benchmarks/bench.py --budget     a few ratios against training/floors.json; exit 1 below them
    python training/benchmarks/bench.py --texts DIR  on the lines of .txt files instead of the labelled paragraphs

Each contender runs in a process of its own, one after the other, in turns for several rounds, with one BLAS
thread. Figures are medians over the rounds, with the lowest and highest. Ratios are taken within a round.
"""

import argparse
import json
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
LIBRARIES = ("measure-tagger", "numpy", "scikit-learn", "jieba", "rjieba", "fasttext-wheel", "joblib")
NAMES = {
    "ours": "tagger, default model",
    "plain": "plain script: jieba, TfidfVectorizer, one-vs-rest logistic regression",
    "fasttext-jieba": "fastText on jieba's words",
    "fasttext-rjieba": "fastText on rjieba's words",
    "segmenter": "rjieba alone, no tagging",
}
LEAST_CHARACTERS = 20  # of a line to be a paragraph, in a folder of texts
Spread = list[float]  # median, lowest, highest


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    rounds: int
    paragraphs: int
    starts: int
    sizes: tuple[int, ...]
    jobs: tuple[int, ...]
    labels: int  # trained on; 0 is all


FULL = Plan(3, 20_000, 9, (1_000, 10_000, 100_000), (1, 2), 0)
QUICK = Plan(2, 400, 2, (100, 400), (1, 2), 500)
BUDGET = Plan(3, 4_000, 7, (), (), 0)


def labelled() -> list[str]:
    """Return the texts of the labelled paragraphs."""
    files = sorted((ROOT / "labels" / "paragraphs").glob("*.jsonl"))
    return [json.loads(row)["text"] for file in files for row in file.read_text("utf-8").splitlines() if row.strip()]


def found_in(folder: Path) -> list[str]:
    """Return the lines of a folder's .txt files that are long enough for a paragraph."""
    files = sorted(folder.rglob("*.txt"))
    lines = [text.strip() for file in files for text in file.read_text("utf-8", errors="replace").splitlines()]
    return [text for text in lines if len(text) >= LEAST_CHARACTERS]


def paragraphs(texts: Sequence[str], seed: int = 0) -> Iterator[str]:
    """Yield the texts, shuffled, and then without end the first half of one with the second half of another.

    No two alike, each as long as they are in life.
    """
    chance = random.Random(seed)  # noqa: S311 - not a secret
    yield from chance.sample(texts, len(texts))
    halves = [re.findall(r"[^。！？]+[。！？]?", text) or [text] for text in texts]
    while True:
        one, other = chance.choice(halves), chance.choice(halves)
        yield "".join([*one[: (len(one) + 1) // 2], *other[(len(other) + 1) // 2 :]])


def write_corpus(path: Path, texts: Sequence[str], number: int) -> int:
    """Write so many paragraphs as JSON lines and return the size of their text in bytes."""
    size = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for place, text in enumerate(islice(paragraphs(texts), number)):
            size += len(text.encode())
            file.write(json.dumps({"id": str(place), "text": text}, ensure_ascii=False) + "\n")
    return size


def run(words: Sequence[str | Path]) -> str:
    """Return what a command printed; SystemExit with its last lines where it fails."""
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    env = {
        key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"
    }  # as installed: compiled
    done = subprocess.run(  # noqa: S603 - our own commands
        [str(word) for word in words], env=env | threads, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"bench: {' '.join(map(str, words))} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def measured(*words: str | Path) -> dict[str, Any]:
    """Return what a contender measured of itself."""
    answer: dict[str, Any] = json.loads(run([sys.executable, HERE / "contenders.py", *words]).splitlines()[-1])
    return answer


def spread(values: Sequence[float]) -> Spread:
    """Return the median, the lowest and the highest, to four significant digits."""
    return [float(f"{value:.4g}") for value in (statistics.median(values), min(values), max(values))]


def rounds(number: int, names: Sequence[str], measure: Callable[[str], float]) -> dict[str, list[float]]:
    """Return each one's figures, measured in turns; every other round goes backwards."""
    told: dict[str, list[float]] = {name: [] for name in names}
    for place in range(number):
        for name in names if place % 2 == 0 else list(reversed(names)):
            told[name].append(measure(name))
            note(f"{name}: {told[name][-1]:.3f} s (round {place + 1} of {number})")
    return told


def note(message: str) -> None:
    """Say on standard error what is going on."""
    print(f"bench: {message}", file=sys.stderr, flush=True)


def ratio(above: Sequence[float], below: Sequence[float]) -> Spread:
    """Return how many times one took another's time, within each round."""
    return spread([one / other for one, other in zip(above, below, strict=True)])


def tagging(folder: Path, plan: Plan, texts: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """Return speeds on one core, and how many times the speed of each other ours is."""
    corpus = folder / "corpus.jsonl"
    size = write_corpus(corpus, texts, plan.paragraphs)

    def seconds(name: str) -> float:
        answer = measured("speed", name, folder, corpus)
        if answer["tagged"] != plan.paragraphs:
            raise SystemExit(f"bench: {name} tagged {answer['tagged']} of {plan.paragraphs} paragraphs")
        return float(answer["seconds"])

    told = rounds(plan.rounds, names, seconds)
    return {
        "paragraphs": plan.paragraphs,
        "megabytes": round(size / 1e6, 3),
        "speed": {
            name: {
                "mb_per_s": spread([size / 1e6 / value for value in values]),
                "paragraphs_per_s": spread([plan.paragraphs / value for value in values]),
            }
            for name, values in told.items()
        },
        "ours_times": {name: ratio(told[name], told["ours"]) for name in names if name != "ours"},
    }


def cold_start(folder: Path, plan: Plan) -> dict[str, Any]:
    """Return the time from a fresh start to the tags of one article, beside the script and `import numpy`."""
    article = ROOT / "examples" / "1-newspaper.txt"
    commands: dict[str, list[str | Path]] = {
        "ours": [tagger(), "tag", article],
        "plain": [sys.executable, HERE / "contenders.py", "script", folder, article],
        "numpy": [sys.executable, "-c", "import numpy"],
    }

    def seconds(name: str) -> float:
        start = time.perf_counter()
        run(commands[name])
        return time.perf_counter() - start

    for name in commands:
        seconds(name)  # what is compiled or cached at the first run is so now
    told = rounds(plan.starts, list(commands), seconds)
    return {
        "seconds": {name: spread(values) for name, values in told.items()},
        "ours_to_numpy": ratio(told["ours"], told["numpy"]),
        "ours_to_plain": ratio(told["ours"], told["plain"]),
    }


def tagger() -> Path:
    """Return the command `tagger` of this Python."""
    return Path(sys.executable).parent / "tagger"


def training(folder: Path, plan: Plan) -> dict[str, Any]:
    """Return training times on the labelled set; the plain models stay in the folder for the contenders."""
    paragraphs = 0

    def seconds(name: str) -> float:
        nonlocal paragraphs
        answer = measured("train", name, folder, ROOT, str(plan.labels))
        paragraphs = answer["tagged"]
        return float(answer["seconds"])

    told = rounds(plan.rounds, ("ours", "plain", "fasttext"), seconds)
    return {"paragraphs": paragraphs, "seconds": {name: spread(values) for name, values in told.items()}}


def scale(folder: Path, plan: Plan, texts: Sequence[str]) -> list[dict[str, Any]]:
    """Return peak memory and time per paragraph of our tagging, by the size of a corpus read line by line."""
    corpora = {str(size): folder / f"{size}.jsonl" for size in plan.sizes}
    for size, corpus in zip(plan.sizes, corpora.values(), strict=True):
        write_corpus(corpus, texts, size)
    peaks: dict[str, list[float]] = {size: [] for size in corpora}

    def seconds(size: str) -> float:
        answer = measured("stream", folder, corpora[size])
        peaks[size].append(answer["peak_mb"])
        return float(answer["seconds"])

    told = rounds(plan.rounds, list(corpora), seconds)
    return [
        {
            "paragraphs": int(size),
            "peak_mb": spread(peaks[size]),
            "microseconds_per_paragraph": spread([value / int(size) * 1e6 for value in values]),
        }
        for size, values in told.items()
    ]


def workers(folder: Path, plan: Plan, texts: Sequence[str]) -> dict[str, Any]:
    """Return the speed of a batch run by its number of workers, start-up and reading counted."""
    if "--jobs" not in run([tagger(), "tag", "--help"]):
        return {"note": "this tagger has no batch runs (tag --jobs): not measured"}
    corpus = folder / "batch.jsonl"
    number = max(plan.sizes)
    write_corpus(corpus, texts, number)
    shard = max(1, number // 40)

    def seconds(jobs: str) -> float:
        with tempfile.TemporaryDirectory(dir=folder) as out:
            words = [tagger(), "tag", corpus, "-o", Path(out) / "run", "--jobs", jobs, "--shard-size", str(shard)]
            start = time.perf_counter()
            run(words)
            return time.perf_counter() - start

    told = rounds(plan.rounds, [str(jobs) for jobs in plan.jobs], seconds)
    first = told[str(plan.jobs[0])]
    return {
        "paragraphs": number,
        "shard_size": shard,
        "paragraphs_per_s": {jobs: spread([number / value for value in values]) for jobs, values in told.items()},
        "times_one": {jobs: ratio(first, values) for jobs, values in told.items()},
    }


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "libraries": {name: _version(name) for name in LIBRARIES},
    }


def _processor() -> str:
    try:
        facts = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor() or "unknown"
    named = re.search(r"^model name\s*:\s*(.+)$", facts, re.MULTILINE)
    return named[1].strip() if named else platform.processor() or "unknown"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def bench(plan: Plan, texts: Sequence[str], source: str) -> dict[str, Any]:
    """Return all that is measured."""
    with tempfile.TemporaryDirectory(prefix="tagger-bench-") as name:
        folder = prepared(Path(name))
        return {
            "machine": machine(),
            "texts": source,
            "rounds": plan.rounds,
            "training": training(folder, plan),
            "tagging": tagging(folder, plan, texts, list(NAMES)),
            "cold_start": cold_start(folder, plan),
            "scale": scale(folder, plan, texts),
            "workers": workers(folder, plan, texts),
        }


def prepared(folder: Path) -> Path:
    """Return the folder, with the default model in it."""
    (folder / "model").symlink_to(ROOT / "models" / "default", target_is_directory=True)
    return folder


def budget(plan: Plan, floors: Path) -> tuple[list[str], bool]:
    """Return a line for each ratio, and whether all hold.

    `floors` may hold {"bench": {NAME: {"least": x} or {"most": x}}}; a ratio that it doesn't name passes.
    """
    limits = json.loads(floors.read_text("utf-8")).get("bench", {}) if floors.is_file() else {}
    with tempfile.TemporaryDirectory(prefix="tagger-bench-") as name:
        folder = prepared(Path(name))
        measured("train", "plain", folder, ROOT, str(plan.labels))
        speeds = tagging(folder, plan, labelled(), ["ours", "plain", "segmenter"])["ours_times"]
        starts = cold_start(folder, plan)
    found = {
        "ours_times_plain": speeds["plain"][0],
        "ours_times_segmenter": speeds["segmenter"][0],
        "cold_start_to_numpy": starts["ours_to_numpy"][0],
        "cold_start_to_plain": starts["ours_to_plain"][0],
    }
    return judged(found, limits)


def judged(found: Mapping[str, float], limits: Mapping[str, Mapping[str, float]]) -> tuple[list[str], bool]:
    """Return a line for each ratio, and whether all hold; SystemExit for a limit on what isn't measured."""
    if unknown := [name for name in limits if name not in found]:
        raise SystemExit(f"bench: training/floors.json limits {unknown[0]!r}; measured are {', '.join(found)}")
    lines, good = [], True
    for name, value in found.items():
        limit = limits.get(name, {})
        holds = limit.get("least", value) <= value <= limit.get("most", value)
        wanted = ", ".join(f"at {side} {bound:g}" for side, bound in limit.items()) or "no limit"
        lines.append(f"{'pass' if holds else 'FAIL'}  {name}  {value:.3g} ({wanted})")
        good &= holds
    return lines, good


def _shown(figure: Spread, digits: int = 3) -> str:
    median, low, high = (f"{value:,.{digits}f}" if value < 100 else f"{value:,.0f}" for value in figure)  # noqa: PLR2004
    return f"{median} ({low} to {high})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def markdown(found: Mapping[str, Any]) -> str:
    """Return what was measured as a Markdown page."""
    facts, speeds, starts = found["machine"], found["tagging"], found["cold_start"]
    libraries = ", ".join(f"{name} {number}" for name, number in facts["libraries"].items() if number)
    rows = [
        [
            NAMES[name],
            _shown(speed["mb_per_s"], 2),
            _shown(speed["paragraphs_per_s"], 0),
            _shown(speeds["ours_times"][name], 2) if name != "ours" else "",
        ]
        for name, speed in speeds["speed"].items()
    ]
    parts = [
        "# Benchmarks",
        (
            f"{facts['processor']}, {facts['cores']} cores, {facts['system']}, Python {facts['python']}; {libraries}. "
            f"Texts: {found['texts']}. Medians of {found['rounds']} rounds in turns, each in a process of its own with "
            "one BLAS thread; in brackets the lowest and the highest. Written by `make bench`."
        ),
        "## Tagging on one core",
        f"{speeds['paragraphs']:,} paragraphs, {speeds['megabytes']:,} MB of UTF-8, in memory, 5,000 tagged before.",
        _table(["", "MB/s", "paragraphs/s", "ours is so many times as fast"], rows),
        "## From a fresh start to the tags of one article",
        _table(["", "seconds"], [[_START[name], _shown(figure)] for name, figure in starts["seconds"].items()]),
        (
            f"Ours takes {_shown(starts['ours_to_plain'], 2)} of the script's time and "
            f"{_shown(starts['ours_to_numpy'], 1)} times that of `import numpy`."
        ),
        f"## Training on {found['training']['paragraphs']:,} labelled paragraphs",
        _table(
            ["", "seconds"],
            [[_TRAINED[name], _shown(figure, 2)] for name, figure in found["training"]["seconds"].items()],
        ),
        "## Memory and time by the size of the corpus",
        _table(
            ["paragraphs", "peak memory, MB", "microseconds per paragraph"],
            [
                [f"{row['paragraphs']:,}", _shown(row["peak_mb"], 0), _shown(row["microseconds_per_paragraph"], 0)]
                for row in found["scale"]
            ],
        ),
        "## Workers",
        _workers(found["workers"]),
    ]
    return "\n\n".join(parts) + "\n"


_START = {
    "ours": "`tagger tag examples/1-newspaper.txt`",
    "plain": "the plain script, its model loaded by joblib",
    "numpy": '`python -c "import numpy"`',
}
_TRAINED = {
    "ours": "tagger, with the inner folds that calibrate and pick thresholds",
    "plain": "plain script, nothing picked",
    "fasttext": "fastText on jieba's words, nothing picked",
}


def _workers(found: Mapping[str, Any]) -> str:
    if "note" in found:
        return str(found["note"])
    about = f"`tagger tag CORPUS -o DIR --jobs N` on {found['paragraphs']:,} paragraphs, start-up and reading counted."
    rows = [
        [jobs, _shown(speed, 0), _shown(found["times_one"][jobs], 2)]
        for jobs, speed in found["paragraphs_per_s"].items()
    ]
    return about + "\n\n" + _table(["workers", "paragraphs/s", "times one worker"], rows)


def main() -> None:
    """Read the options, measure, write."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="everything small: does it run?")
    parser.add_argument("--budget", action="store_true", help="a few ratios against the floors; exit 1 below them")
    parser.add_argument("--texts", type=Path, metavar="DIR", help="lines of .txt files instead of the labelled set")
    parser.add_argument("--output", type=Path, metavar="DIR", default=ROOT / "training" / "results")
    parser.add_argument("--floors", type=Path, metavar="FILE", default=ROOT / "training" / "floors.json")
    given = parser.parse_args()
    if given.budget:
        lines, good = budget(QUICK if given.quick else BUDGET, given.floors)
        print("\n".join(lines))
        sys.exit(0 if good else 1)
    texts = found_in(given.texts) if given.texts else labelled()
    if not texts:
        sys.exit(f"bench: {given.texts}: no line of {LEAST_CHARACTERS} characters or more in its .txt files")
    found = bench(QUICK if given.quick else FULL, texts, str(given.texts or "the labelled paragraphs, mixed anew"))
    given.output.mkdir(parents=True, exist_ok=True)
    (given.output / "bench.json").write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    (given.output / "bench.md").write_text(markdown(found), "utf-8")
    note(f"bench.json and bench.md written to {given.output}")


if __name__ == "__main__":
    main()
