"""Pictures of coverage and of a model's figures, as SVG or PNG; the same values give the same bytes."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from types import ModuleType
from typing import Any
from zlib import crc32

from tagger.cells import one_line
from tagger.coverage import By, Coverage, Covered, Group
from tagger.errors import UsageError
from tagger.files import optional, sha256, write_bytes
from tagger.phrases import Lang, Phrases, phrases
from tagger.report import colours, name_of, percent, rows_of

FONT = '"Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif'
INK, SOFT, RULE, NEUTRAL, WHITE = "#24292c", "#5d666b", "#e2ded3", "#9aa0a3", "#ffffff"
HEAT = ["#f6f4ee", "#b9cfdc", "#6f9fbd", "#2c6a94", "#123f63"]
DARK = 0.55  # of the darkest: from there on figures are white
ARTICLES = 60  # rows of a heat map
LABEL = 30  # characters of a row's label
SCALE = 2  # pixels of a PNG per point
BIN = ("from", "to", "paragraphs", "predicted", "observed", "low", "high")
HAN = re.compile("[\u3007\u3400-\u9fff\U00020000-\U0003ffff]")
AXIS: dict[str, Any] = {"gridColor": RULE, "domainColor": NEUTRAL, "tickColor": NEUTRAL, "labelColor": INK}
AXIS |= {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "titlePadding": 10, "titleColor": SOFT}
MARK = b"data-sha256"
SIGNATURE = 8  # bytes of a PNG before its first chunk, which takes 25

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart in Vega-Lite, and the values that it was drawn from."""

    title: str
    rows: tuple[Row, ...]
    chart: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """The SHA-256 of the title and the values: what a drawing must agree with, whatever drew it."""
        return sha256(json.dumps([self.title, self.rows], ensure_ascii=False, sort_keys=True).encode())


def coverage_bars(coverage: Coverage, names: Mapping[str, str], lang: Lang) -> Picture:
    """Return bars of each measure's share of the paragraphs with 95% intervals, none and several in grey."""
    say = phrases(lang)
    held = rows_of(coverage.whole)
    rows = [{"name": name_of(row, names, say), "of": row.measure, **_share(row)} for row in held]
    alt, base = _base(rows)
    order = [row["name"] for row in rows]
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=220))
    x = alt.X("share:Q", title=say.of_paragraphs, axis=alt.Axis(format=".0%", tickCount=6))
    colour = _measure_colour(alt, coverage.measures, "of")
    bars = base.mark_bar(height=14).encode(x, y, colour)
    whiskers = base.mark_rule(color=INK).encode(alt.X("low:Q"), alt.X2("high:Q"), y)
    ends = [base.mark_tick(color=INK, thickness=1, size=8).encode(alt.X(f"{end}:Q"), y) for end in ("low", "high")]
    text = base.mark_text(align="left", dx=8, color=INK).encode(alt.X("high:Q"), y, alt.Text("label:N"))
    drawn = alt.layer(bars, whiskers, *ends, text)
    return _picture(say.by_measure, rows, drawn.properties(width=420, height=alt.Step(30)))


def article_heat(coverage: Coverage, names: Mapping[str, str], lang: Lang) -> Picture:
    """Return the first articles by measures: how many paragraphs, coloured by their share of the article."""
    say = phrases(lang)
    rows = []
    for place, article in enumerate(coverage.articles[:ARTICLES], start=1):
        label = _label(place, article.title or say.untitled)
        for measure, count in article.measures.items():
            share = round(count / article.paragraphs, 4) if article.paragraphs else 0.0
            rows.append({"row": label, "name": names.get(measure, measure), "share": share, "text": f"{count or ''}"})
    return _heat(say.by_article, rows, percents=True)


def together_heat(coverage: Coverage, names: Mapping[str, str], lang: Lang) -> Picture:
    """Return how many paragraphs carry each pair of measures; the diagonal has all of a measure's, uncoloured."""
    say = phrases(lang)
    rows = []
    for row in coverage.whole.measures:
        for other in coverage.measures:
            pair = coverage.together.get((row.measure, other)) or coverage.together.get((other, row.measure), 0)
            own = other == row.measure
            ends = {"row": names.get(row.measure, row.measure), "name": names.get(other, other)}
            count = row.paragraphs.count if own else pair
            rows.append({**ends, "share": 0 if own else pair, "text": f"{count:,}" if count else "·"})
    return _heat(say.together, rows, percents=False)


def group_shares(groups: Sequence[Group], by: By, names: Mapping[str, str], lang: Lang) -> Picture:
    """Return each measure's share of the paragraphs by group: over time as lines with intervals, else as a heat map."""
    say = phrases(lang)
    title = f"{say.by[by]}{say.colon}{say.shares}"
    if by not in ("date", "month"):
        rows = [
            {"row": _label(place, group.name or say.not_stated), "name": _of(row.measure, names, say), **_cell(row)}
            for place, group in enumerate(groups[:ARTICLES], start=1)
            for row in group.measures
        ]
        return _heat(title, rows, percents=True)
    stated = [group for group in groups if group.name]
    rows = [
        {"when": group.name, "name": names.get(row.measure, row.measure), "of": row.measure, **_share(row)}
        for group in stated
        for row in group.measures
    ]
    return _lines_over_time(title, rows, list(names), say)


def precision_recall(evaluation: Mapping[str, Any], names: Mapping[str, str], lang: Lang) -> Picture:
    """Return the precision-recall curves of an evaluation's JSON, all measures together in black.

    Raises UsageError where the evaluation holds none, as do the other pictures of a model.
    """
    say, curves = phrases(lang), _held(evaluation, "curves")
    rows = []
    for name in (*names, "overall"):
        points = zip(*(curves.get(name, {}).get(axis, ()) for axis in ("recall", "precision")), strict=True)
        about = {"name": _of(name, names, say), "of": name}
        rows += [{**about, "recall": float(recall), "precision": float(precision)} for recall, precision in points]
    alt, base = _base(rows)
    axes = [
        axis(f"{field}:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=5))
        for axis, field, title in ((alt.X, "recall", say.recall), (alt.Y, "precision", say.precision))
    ]
    colour = _named_colour(alt, names, say)
    lines = base.mark_line(strokeWidth=1.8, interpolate="step-before").encode(
        *axes, colour, strokeDash=_dash(alt), order=alt.Order("recall:Q")
    )
    return _picture(say.curves, rows, lines.properties(width=430, height=330))


def reliability(evaluation: Mapping[str, Any], lang: Lang) -> Picture:
    """Return what was found against what was said, by bins of probability, with how many decisions each bin holds."""
    say, bins = phrases(lang), _held(evaluation, "reliability")
    rows = [{key: round(float(row[key]), 4) for key in BIN if row.get(key) is not None} for row in bins]
    alt, base = _base(rows)
    limits, logs, tenths = alt.Scale(domain=[0, 1]), alt.Scale(type="symlog"), alt.Axis(format=".0%", tickCount=5)
    x = alt.X("predicted:Q", title=None, scale=limits, axis=alt.Axis(labels=False, tickCount=5))
    y = alt.Y("observed:Q", title=say.observed, scale=limits, axis=tenths)
    ends = alt.Chart(alt.InlineData([{"predicted": 0, "observed": 0}, {"predicted": 1, "observed": 1}]))
    ideal = ends.mark_line(color=NEUTRAL, strokeDash=[4, 4], strokeWidth=1).encode(x, y)
    bars = base.mark_rule(color="#3f43a8").encode(x, alt.Y("low:Q", title=say.observed), alt.Y2("high:Q"))
    line = base.mark_line(color="#3f43a8", point=alt.OverlayMarkDef(filled=True, size=42)).encode(x, y)
    upper = alt.layer(ideal, bars, line).properties(width=430, height=300)
    below = base.mark_bar(color="#b9cfdc", stroke=WHITE).encode(
        alt.X("from:Q", title=say.predicted, scale=limits, axis=tenths),
        alt.X2("to:Q"),
        alt.Y("paragraphs:Q", title=say.decisions, scale=logs, axis=alt.Axis(values=[10, 100, 1_000, 10_000])),
        y2=alt.value(60),  # the bars' foot: the panel's height
    )
    return _picture(say.reliability, rows, alt.vconcat(upper, below.properties(width=430, height=60), spacing=8))


def learning_curve(evaluation: Mapping[str, Any], names: Mapping[str, str], lang: Lang) -> Picture:
    """Return F1 against the number of articles learnt from, of each measure and of all with its 95% interval."""
    say, points = phrases(lang), _held(evaluation, "learning_curve")
    rows: list[Row] = []
    for name in (*names, "overall"):
        for point in points:
            given = point["micro_f1"] if name == "overall" else point.get("measures", {}).get(name)
            if given is None:
                continue
            value, *ends = given if isinstance(given, Sequence) else [given]
            interval = dict(zip(("low", "high"), map(float, ends), strict=False))
            about = {"name": _of(name, names, say), "of": name, "articles": float(point["articles"])}
            rows.append({**about, "f1": float(value), **interval})
    alt, base = _base(rows)
    x = alt.X("articles:Q", title=say.articles_learnt, scale=alt.Scale(nice=True, zero=True))
    scale = alt.Scale(zero=False, nice=True)
    y = alt.Y("f1:Q", title=say.f1, scale=scale, axis=alt.Axis(format=".2f"))
    whole = base.transform_filter("datum.of == 'overall'").mark_area(color=INK, opacity=0.12)
    band = whole.encode(x, alt.Y("low:Q", title=say.f1, scale=scale), alt.Y2("high:Q"))
    lines = base.mark_line(point=alt.OverlayMarkDef(size=28), strokeWidth=1.8).encode(
        x, y, _named_colour(alt, names, say), strokeDash=_dash(alt)
    )
    return _picture(say.learning, rows, alt.layer(band, lines).properties(width=430, height=320))


def draw(picture: Picture, path: str | Path) -> None:
    """Write a picture as SVG or PNG, by the path's ending, whole or not at all.

    Raises UsageError for another ending, where the extra is missing, and for a PNG with Chinese on a machine
    that has no font for it (an SVG takes the font of whoever looks at it).
    """
    form = Path(path).suffix.lower()
    if form not in (".svg", ".png"):
        raise UsageError(path, "a picture is written as .svg or .png; choose one of these endings")
    engine = optional("vl_convert", "charts", path)
    svg = engine.vegalite_to_svg(dict(picture.chart), allowed_base_urls=[])
    if form == ".svg":
        end = svg.rindex("</svg>")
        write_bytes(path, f"{svg[:end]}<!-- {MARK.decode()}: {picture.digest} -->{svg[end:].strip()}\n".encode())
        return
    if HAN.search(svg) and not _has_chinese(engine):
        hint = "install one (Debian, Ubuntu: fonts-noto-cjk; Fedora: google-noto-sans-cjk-fonts), or write .svg"
        raise UsageError(path, f"no font of this machine has Chinese characters; {hint}")
    write_bytes(path, noted(engine.svg_to_png(svg, scale=SCALE), picture.digest))


def drawn_from(path: str | Path) -> str:
    """Return the digest of the values that a drawing shows; "" where the file is missing or no drawing of ours."""
    path = Path(path)
    data = path.read_bytes() if path.is_file() else b""
    found = re.search(MARK + rb"(?:: |\0)([0-9a-f]{64})", data)
    return found[1].decode() if found else ""


def noted(png: bytes, digest: str) -> bytes:
    """Return a PNG with the digest as a text chunk after its head."""
    chunk = b"tEXt" + MARK + b"\0" + digest.encode()
    note = (len(chunk) - 4).to_bytes(4) + chunk + crc32(chunk).to_bytes(4)
    at = SIGNATURE + 25
    return png[:at] + note + png[at:]


def _has_chinese(engine: ModuleType) -> bool:
    """Tell whether two characters look different: without a font both are the same blank or box."""
    family = FONT.replace('"', "")
    page = f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" font-family="{family}" font-size="30">'
    one, other = (engine.svg_to_png(f'{page}<text y="30">{char}</text></svg>') for char in "中国")
    return bool(one != other)


def _base(rows: Iterable[Row]) -> tuple[ModuleType, Any]:
    alt = optional("altair", "charts", "pictures")
    return alt, alt.Chart(alt.InlineData(list(rows)))


def _picture(title: str, rows: Iterable[Row], chart: Any) -> Picture:  # noqa: ANN401 - the library's many kinds
    styled = (
        chart.properties(background=WHITE, padding=16, title=title)
        .configure(font=FONT)
        .configure_title(fontSize=15, anchor="start", offset=14, color=INK, fontWeight=600)
        .configure_axis(**AXIS)
        .configure_legend(labelFontSize=12, labelColor=INK, symbolStrokeWidth=3)
        .configure_header(labelFontSize=13, labelColor=INK, labelAnchor="start")
        .configure_text(fontSize=12)
        .configure_view(stroke=None)
    )
    return Picture(title, tuple(map(_clean, rows)), _clean(styled.to_dict()))


def _clean(value: Any) -> Any:  # noqa: ANN401
    """Return JSON whose texts are printable, on one line: a control character ends the engine, and Python with it."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, float) and not isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list | tuple) else value


def _heat(title: str, rows: Sequence[Row], *, percents: bool) -> Picture:
    alt, base = _base(rows)
    most = 1.0 if percents else max([row["share"] for row in rows], default=0) or 1
    across, down = (list(dict.fromkeys(row[key] for row in rows)) for key in ("name", "row"))
    top = alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False, labelLimit=90)
    x = alt.X("name:N", sort=across, title=None, axis=top)
    y = alt.Y("row:N", sort=down, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=360))
    scale = alt.Scale(domain=[0, most], range=HEAT)
    steps = [0.1, 0.25, 0.5, 0.75, 1]  # as symbols: a gradient is numbered anew with every drawing
    legend = (
        alt.Legend(title=None, format=".0%", type="symbol", symbolType="square", values=steps) if percents else None
    )
    cells = base.mark_rect(stroke=WHITE, strokeWidth=2, cornerRadius=4)
    figures = alt.condition(f"datum.share > {DARK * most}", alt.value(WHITE), alt.value(INK))
    text = base.mark_text().encode(x, y, alt.Text("text:N"), color=figures)
    drawn = alt.layer(cells.encode(x, y, alt.Color("share:Q", scale=scale, legend=legend)), text)
    return _picture(title, rows, drawn.properties(width=alt.Step(78), height=alt.Step(28)))


def _lines_over_time(title: str, rows: Sequence[Row], measures: Sequence[str], say: Phrases) -> Picture:
    alt, base = _base(rows)
    whens = list(dict.fromkeys(row["when"] for row in rows))
    x = alt.X("when:O", sort=whens, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True, ticks=False))
    y = alt.Y("share:Q", title=say.of_paragraphs, axis=alt.Axis(format=".0%", tickCount=4))
    colour = _measure_colour(alt, measures, "of")
    whiskers = base.mark_rule(opacity=0.55).encode(x, alt.Y("low:Q"), alt.Y2("high:Q"), colour)
    lines = base.mark_line(point=alt.OverlayMarkDef(size=36), strokeWidth=1.8).encode(x, y, colour)
    panel = alt.layer(whiskers, lines).properties(width=210, height=130)
    order = list(dict.fromkeys(row["name"] for row in rows))
    return _picture(title, rows, panel.facet(alt.Facet("name:N", sort=order, title=None), columns=3))


def _measure_colour(alt: ModuleType, measures: Sequence[str], field: str) -> Any:  # noqa: ANN401
    shown = colours(measures) | {"": NEUTRAL, "+": NEUTRAL}
    return alt.Color(f"{field}:N", scale=alt.Scale(domain=list(shown), range=list(shown.values())), legend=None)


def _named_colour(alt: ModuleType, names: Mapping[str, str], say: Phrases) -> Any:  # noqa: ANN401
    domain = [*(_of(name, names, say) for name in names), say.overall]
    scale = alt.Scale(domain=domain, range=[*colours(list(names)).values(), INK])
    return alt.Color("name:N", scale=scale, sort=domain, legend=alt.Legend(title=None))


def _dash(alt: ModuleType) -> Any:  # noqa: ANN401
    return alt.condition("datum.of == 'overall'", alt.value([6, 3]), alt.value([1, 0]))


def _share(row: Covered) -> Row:
    share = row.paragraphs
    low, high = share.interval or (share.value, share.value)
    return {"share": round(share.value, 4), "low": round(low, 4), "high": round(high, 4), "label": percent(share.value)}


def _cell(row: Covered) -> Row:
    share = row.paragraphs
    return {"share": round(share.value, 4), "text": percent(share.value) if share.count else "·"}


def _label(place: int, text: str) -> str:
    shown = one_line(text)
    return f"{place}. {shown if len(shown) <= LABEL else shown[:LABEL] + '…'}"


def _of(name: str, names: Mapping[str, str], say: Phrases) -> str:
    return say.overall if name == "overall" else names.get(name, name)


def _held(evaluation: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401 - what JSON holds
    if not evaluation.get(key):
        raise UsageError("evaluation", f"it holds no {key!r}; run: tagger evaluate --cv")
    return evaluation[key]
