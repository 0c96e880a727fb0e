"""A corpus tagged into a folder of shards: the same bytes whatever the workers, counted, streamed, readable again."""

import json
import os
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from tagger.article import Source, Unread
from tagger.batch import Step, Workers, counts, run
from tagger.cli import app
from tagger.read import ReadOptions, sources
from tagger.shards import plan, texts_of
from tagger.tagging import Settings
from tests.corpora import corpus, manifest_of, paragraph, rows_of, tree, whole
from tests.made import excel

PARAGRAPHS = 12 * 3 + 2 * 40 + 2 * 40
HERE = Workers(2, "threading")


@pytest.fixture
def place(workspace: Path) -> Path:
    """A trained workspace, stood in, with a corpus."""
    corpus(workspace / "corpus")
    return workspace


def batch(out: str | Path, *names: str, workers: Workers = HERE, **settings: object) -> list[Step | Unread]:
    chosen = Settings(**{"texts": 10} | settings)
    return list(run(names or ["corpus"], out, "models/default", chosen, workers))


def command(*words: object) -> Result:
    return CliRunner().invoke(app, ["tag", *map(str, words)])


def test_a_folder_of_shards_holds_every_paragraph_once(place: Path) -> None:
    steps = batch("out")
    whole(Path("out"), PARAGRAPHS)
    assert [step.kept for step in steps] == [False] * len(steps)
    assert len(steps) > 5


def test_the_rows_are_those_of_a_run_without_shards_in_the_same_order(place: Path) -> None:
    batch("out")
    result = command("corpus", "-o", "plain.jsonl")
    assert result.exit_code == 1
    plain = [json.loads(line) for line in Path("plain.jsonl").read_text("utf-8").splitlines()]
    told = ("file", "row", "paragraph", "lines", "text", "measures", "scores", "id")
    assert [[row.get(key) for key in told] for row in rows_of(Path("out"))] == [
        [row.get(key) for key in told] for row in plain
    ]


@pytest.mark.parametrize(
    "workers", [Workers(1), Workers(2), Workers(3, "threading"), Workers(-1)], ids=["one", "two", "threads", "all"]
)
def test_the_workers_leave_no_trace_in_the_result(place: Path, workers: Workers) -> None:
    batch("out", workers=Workers(1, "threading"))
    batch("other", workers=workers)
    assert tree(Path("out")) == tree(Path("other"))


def test_the_rows_do_not_depend_on_the_size_of_a_shard(place: Path) -> None:
    joined = set()
    for texts in (1, 3, 7, 50, 10_000):
        out = Path(f"out{texts}")
        batch(out, texts=texts)
        whole(out, PARAGRAPHS)
        joined.add(b"".join(path.read_bytes() for path in sorted(out.glob("shard-*"))))
        unread = [one for shard in manifest_of(out)[1] for one in shard["unread"]]
        assert [one["path"] for one in unread] == ["corpus/bad.docx", "corpus/t.jsonl:22"]
    assert len(joined) == 1


def test_no_shard_has_more_texts_than_asked_for(place: Path) -> None:
    batch("out", texts=7)
    assert max(shard["texts"] + len(shard["unread"]) for shard in manifest_of(Path("out"))[1]) <= 8  # a CSV's header


def test_the_manifest_names_inputs_with_sizes_and_digests_and_nothing_of_the_machine(place: Path) -> None:
    batch("out", "corpus/a00.txt", "none.txt")
    head, (shard,), end = manifest_of(Path("out"))
    assert shard["inputs"][0]["bytes"] == Path("corpus/a00.txt").stat().st_size
    assert len(shard["inputs"][0]["sha256"]) == len(head["model_sha256"]) == 64
    assert end["other_unread"][0]["path"] == "none.txt"
    assert end["unread"] == 1
    assert str(place) not in Path("out/manifest.jsonl").read_text("utf-8")


def test_every_row_of_a_table_is_covered_by_one_input(place: Path) -> None:
    batch("out", "corpus/t.jsonl", texts=9)
    inputs = [one for shard in manifest_of(Path("out"))[1] for one in shard["inputs"]]
    assert sum(one["bytes"] for one in inputs) == Path("corpus/t.jsonl").stat().st_size
    at = 1
    for one in inputs:
        assert one["first_row"] == at
        at += one["rows"]
    assert at == 42


def test_two_runs_of_which_one_was_stopped_and_resumed_are_the_same(place: Path) -> None:
    batch("out")
    going = run(["corpus"], "other", "models/default", Settings(texts=10), HERE)
    for _ in range(3):
        next(going)
    going.close()
    assert not Path("other/manifest.jsonl").exists()
    steps = batch("other", workers=Workers(2, "threading", resume=True))
    assert sum(step.kept for step in steps if isinstance(step, Step)) >= 3
    assert tree(Path("out")) == tree(Path("other"))


def test_resuming_a_whole_run_changes_nothing(place: Path) -> None:
    batch("out")
    before = tree(Path("out"))
    assert all(step.kept for step in batch("out", workers=Workers(2, "threading", resume=True)))
    assert tree(Path("out")) == before


def test_parquet_shards_hold_the_same_and_their_rows_are_told_apart(place: Path) -> None:
    batch("out")
    batch("columns", form="parquet")
    batch("again", form="parquet", workers=Workers(2))
    assert tree(Path("columns")) == tree(Path("again"))
    table = pa.concat_tables([pq.read_table(path) for path in sorted(Path("columns").glob("shard-*"))])
    expected = rows_of(Path("out"))
    for name in ("text", "measures", "file"):
        assert table.column(name).to_pylist() == [row[name] for row in expected]
    assert table.column("row").to_pylist() == [row.get("row") for row in expected]


def test_the_output_folder_is_no_input_though_it_lies_in_the_corpus(place: Path) -> None:
    batch("corpus/out")
    whole(Path("corpus/out"), PARAGRAPHS)
    assert all(step.kept for step in batch("corpus/out", workers=Workers(1, resume=True)))


def test_a_run_in_another_folder_or_with_another_model_or_settings_is_refused(place: Path) -> None:
    batch("out")
    for words, part in [
        ([], "holds a finished run; add --resume"),
        (["--resume", "--shard-size", 11], "other settings (shard_size 10, not 11)"),
        (["--resume", "--shard-size", 10, "--format", "parquet"], "other settings (form 'jsonl', not 'parquet')"),
        (["--resume", "--shard-size", 10, "--model", "models/other"], "another model"),
    ]:
        shutil.copytree("models/default", "models/other", dirs_exist_ok=True)
        path = Path("models/other/model.json")
        path.write_text(path.read_text("utf-8") + " ", "utf-8")
        result = command("corpus", "-o", "out", *words)
        assert result.exit_code == 2, result.output
        assert part in result.stderr
        assert len(result.stderr.splitlines()) == 1


def test_the_command_fills_a_folder_and_says_what_it_could_not_read(place: Path) -> None:
    result = command("corpus", "-o", "out", "--jobs", 2, "--shard-size", 10)
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert any("corpus/bad.docx: damaged" in line for line in lines)
    assert any("corpus/t.jsonl:22: not JSON" in line for line in lines)
    shards = len(list(Path("out").glob("shard-*")))
    assert lines[-1] == f"tagger: 196 paragraphs of 92 articles tagged, in {shards} shards; 2 not read"
    whole(Path("out"), PARAGRAPHS)


@pytest.mark.parametrize("name", ["new", "new/", "there", "v1.2/"])
def test_a_name_of_a_folder_is_a_batch_run(place: Path, name: str) -> None:
    Path("there").mkdir()
    assert command("corpus/a00.txt", "-o", name, "--backend", "threading").exit_code == 0
    whole(Path(name), 3)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["corpus", "--jobs", 2], "say -o FOLDER"),
        (["corpus", "-o", "-", "--resume"], "say -o FOLDER"),
        (["--paragraphs", "in.jsonl", "-o", "out"], "reads FILE..."),
        (["corpus", "-o", "out.jsonl", "--jobs", 2], "name one, with no ending"),
        (["corpus", "-o", "out.jsonl", "--backend", "dask"], "go with a batch run"),
        (["corpus", "-o", "out", "--address", "tcp://nowhere:1"], "--backend dask or --backend ray only"),
        (["corpus", "-o", "out", "--model", "none"], "no model named 'none'"),
        (["corpus", "-o", "report.txt/out"], "can't be written"),
    ],
)
def test_what_does_not_go_together_is_said_in_one_line_and_nothing_is_made(
    place: Path, words: list[object], part: str
) -> None:
    Path("report.txt").write_text("一段话。", "utf-8")
    result = command(*words)
    assert result.exit_code == 2, result.output
    assert part in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not Path("out").exists() or not list(Path("out").rglob("*"))


def test_standard_input_is_named_as_what_no_batch_can_read(place: Path) -> None:
    result = command("-", "corpus/a00.txt", "-o", "out")
    assert result.exit_code == 1
    assert "standard input: can't be cut into shards" in result.stderr
    whole(Path("out"), 3)


def test_a_corpus_with_nothing_to_read_has_a_manifest_that_says_so(place: Path) -> None:
    result = command("none", "-o", "out")
    assert result.exit_code == 1
    assert counts("out").inputs == counts("out").unread == 1
    assert sorted(tree(Path("out"))) == ["manifest.jsonl"]


def test_only_so_many_inputs_that_can_not_be_read_are_named_on_the_terminal(place: Path) -> None:
    Path("many.jsonl").write_text('{"text": "修了水厂。"}\n' + "{broken\n" * 50, "utf-8")
    lines = command("many.jsonl", "-o", "out").stderr.splitlines()
    assert len(lines) == 22
    assert "30 inputs more not read; out/manifest.jsonl names them" in lines[-2]


def test_names_that_are_no_text_are_read_and_named(place: Path) -> None:
    name = os.fsdecode("报告.txt".encode("gb18030"))
    shutil.copy("corpus/a00.txt", name)
    batch("out", name)
    assert {row["file"] for row in rows_of(Path("out"))} == {"报告.txt"}


@pytest.mark.parametrize("command_name", ["coverage", "summary"])
def test_reports_read_the_folder_as_they_read_the_corpus(place: Path, command_name: str) -> None:
    batch("out")
    shown = [
        json.loads(CliRunner().invoke(app, [command_name, name, "--format", "json"]).stdout)
        for name in ("corpus", "out")
    ]
    if command_name == "coverage":
        for key in ("articles", "shares", "inputs"):
            assert shown[0][key] == shown[1][key]
    else:
        own = ("blocks", "missing", "number")  # a batch keeps the paragraphs only, and counts articles by row
        for measure in (measure for told in shown for one in told for measure in one["measures"]):
            for figure in measure["figures"]:
                del figure["article"]
        for one, other in zip(*shown, strict=True):
            assert {k: v for k, v in one.items() if k not in own} == {k: v for k, v in other.items() if k not in own}


@pytest.mark.parametrize("form", ["json", "csv", "markdown", "table"])
def test_a_summary_in_parts_is_the_summary_as_one(place: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = []
    for some in (1000, 1, 7):
        monkeypatch.setattr("tagger.cli_report.SOME", some)
        shown.append(CliRunner().invoke(app, ["summary", "corpus", "--format", form]).stdout)
    assert shown[0] == shown[1] == shown[2]
    assert len(shown[0]) > 1000


def test_a_page_of_more_articles_than_a_browser_opens_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tagger.cli_report.PAGE", 3)
    result = CliRunner().invoke(app, ["summary", "corpus", "-o", "out.html"])
    assert result.exit_code == 2
    assert "out.html: a page holds 3 articles; choose .csv, .json or .md" in result.stderr
    assert not Path("out.html").exists()


def test_reports_of_an_unfinished_run_say_how_to_finish_it(place: Path) -> None:
    going = run(["corpus"], "out", "models/default", Settings(texts=10), HERE)
    next(going)
    going.close()
    for name in ("coverage", "summary"):
        result = CliRunner().invoke(app, [name, "out"])
        assert result.exit_code == 1
        assert "out: its run is not finished; go on with it: tagger tag ... --resume" in result.stderr
        assert "Traceback" not in result.output


def test_reports_name_a_shard_that_is_cut_short_and_add_up_the_others(place: Path) -> None:
    batch("out")
    path = Path("out/shard-00002.jsonl")
    path.write_bytes(path.read_bytes()[:-9])
    result = CliRunner().invoke(app, ["coverage", "out", "--format", "json"])
    assert result.exit_code == 1
    assert "shard-00002.jsonl: missing or cut short; mend it with: tagger tag ... --resume" in result.stderr
    assert json.loads(result.stdout)["articles"] > 50


def as_read(path: Path, texts: int, options: ReadOptions) -> list[Source | Unread]:
    shards = plan([str(path)], texts, options, path.parent / "none")
    return [item for shard in shards for piece in shard.pieces for item in texts_of(piece, Path("/"), options)]


CELLS = st.text(alphabet='村水,"\n\r a|;\t', max_size=8)


@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=12), texts=st.integers(1, 5), raw=st.booleans())
def test_a_csv_cut_anywhere_reads_as_it_does_whole(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], texts: int, *, raw: bool
) -> None:
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    quoted = (cell if raw else '"' + cell.replace('"', '""') + '"' for row in rows for cell in row)
    lines = (f"{one},{two}\n" for one, two in zip(quoted, quoted, strict=True))
    path.write_text("id,text\n" + "".join(lines), "utf-8", newline="")
    assert as_read(path, texts, ReadOptions()) == list(sources(path))


@given(
    lines=st.lists(st.sampled_from(['{"text": "水"}', '{"text": "路", "id": 3}', "", "{", "[1]", "\r", '{"id": 1}'])),
    texts=st.integers(1, 4),
    mark=st.booleans(),
)
def test_json_lines_cut_anywhere_read_as_they_do_whole(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], texts: int, *, mark: bool
) -> None:
    path = tmp_path_factory.mktemp("json") / "t.jsonl"
    path.write_text("\n".join(lines), "utf-8-sig" if mark else "utf-8", newline="")
    assert as_read(path, texts, ReadOptions()) == list(sources(path))


@given(sizes=st.lists(st.integers(0, 9), min_size=1, max_size=5), texts=st.integers(1, 12))
def test_parquet_cut_anywhere_reads_as_it_does_whole(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], texts: int
) -> None:
    path = tmp_path_factory.mktemp("parquet") / "t.parquet"
    schema = pa.schema([("other", pa.int64()), ("正文", pa.string()), ("标题", pa.string())])
    with pq.ParquetWriter(path, schema) as out:
        for size in sizes:
            texts_in = [None if number == 4 else paragraph(number) for number in range(size)]
            columns = [list(range(size)), texts_in, ["题"] * size]
            out.write_table(pa.table(columns, schema=schema))
    assert as_read(path, texts, ReadOptions()) == list(sources(path))


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16", "utf-8-sig"])
def test_a_table_in_any_encoding_reads_as_it_does_whole(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.csv"
    rows = "".join(f"{number},村裡建起水廠{number}\n" for number in range(30))
    path.write_text("id,text\n" + rows, encoding)
    assert as_read(path, 4, ReadOptions()) == list(sources(path))
    assert len(as_read(path, 4, ReadOptions())) == 30


def test_a_table_that_can_not_be_read_is_one_unread(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n" + "1,2\n" * 50, "utf-8")
    (tmp_path / "t.jsonl").write_text('{"a": 1}\n' * 50, "utf-8")
    pq.write_table(pa.table({"a": [1] * 50}), tmp_path / "t.parquet")
    (tmp_path / "half.parquet").write_bytes((tmp_path / "t.parquet").read_bytes()[:-9])
    for path in tmp_path.iterdir():
        found = as_read(path, 5, ReadOptions())
        assert found == list(sources(path))
        assert len(found) == 1
        assert isinstance(found[0], Unread)


def test_a_workbook_is_one_shard(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(excel([["正文"], *([paragraph(number)] for number in range(20))]))
    assert len(list(plan([str(path)], 5, ReadOptions(), tmp_path / "none"))) == 1
    assert as_read(path, 5, ReadOptions()) == list(sources(path))
