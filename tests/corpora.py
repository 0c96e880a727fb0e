"""Small corpora of our own making, and what must hold of a finished batch run's folder."""

import csv
import hashlib
import json
import random
from pathlib import Path

SENTENCES = (
    "镇里建起水厂，铺了管网，家家拧开龙头就有自来水。",
    "通往乡里的六公里土路硬化了，班车开到了村口。",
    "村里办了夜校，农闲时请人来教识字。",
    "全村二百户人家，山高路远，地少人多。",
)


def paragraph(number: int) -> str:
    """Return a paragraph of its own: no two have the same number in them."""
    return f"第{number}户，" + "".join(random.Random(number).choices(SENTENCES, k=3))  # noqa: S311 - no secret


def corpus(folder: Path, *, files: int = 12, rows: int = 40) -> Path:
    """Write a folder of text files, a JSON lines file, a CSV file in GB18030, and two things that can't be read."""
    count = iter(range(10**6))
    (folder / "sub").mkdir(parents=True)
    for number in range(files):
        body = "\n\n".join(paragraph(next(count)) for _ in range(3))
        path = folder / ("sub" if number % 3 else "") / f"a{number:02d}.txt"
        path.write_text(f"东沟村记事\n\n{body}\n", "utf-8")
    with (folder / "t.jsonl").open("w", encoding="utf-8") as file:
        for number in range(rows):
            text = f"{paragraph(next(count))}\n\n{paragraph(next(count))}"
            file.write(json.dumps({"id": number, "text": text}, ensure_ascii=False) + "\n")
            file.write("{broken\n" if number == rows // 2 else "")
    with (folder / "t.csv").open("w", encoding="gb18030", newline="") as file:
        table = csv.writer(file)
        table.writerow(["编号", "正文"])
        table.writerows([number, f"{paragraph(next(count))}\n\n{paragraph(next(count))}"] for number in range(rows))
    (folder / "bad.docx").write_bytes(b"PK\x03\x04 no")
    return folder


def tree(folder: Path) -> dict[str, str]:
    """Return every file of a folder, hidden ones too, with the digest of its bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def rows_of(folder: Path) -> list[dict]:
    """Return the tagged paragraphs of a run, shard by shard."""
    shards = sorted(folder.glob("shard-*.jsonl"))
    return [json.loads(line) for shard in shards for line in shard.read_text("utf-8").splitlines()]


def manifest_of(folder: Path) -> tuple[dict, list[dict], dict]:
    """Return the head, the shards and the end of a run's manifest."""
    first, *rows, last = map(json.loads, (folder / "manifest.jsonl").read_text("utf-8").splitlines())
    return first, rows, last


def whole(folder: Path, paragraphs: int) -> None:
    """Nothing is lost, doubled or half there, and the manifest counts what the folder holds."""
    _, shards, end = manifest_of(folder)
    assert sorted(tree(folder)) == sorted(["manifest.jsonl", *(shard["output"] for shard in shards)])
    for shard in shards:
        data = (folder / shard["output"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (shard["bytes"], shard["sha256"])
        assert data.count(b"\n") == shard["paragraphs"]
    texts = [row["text"] for row in rows_of(folder)]
    assert len(texts) == len(set(texts)) == end["paragraphs"] == paragraphs
    for key in ("texts", "articles", "paragraphs"):
        assert end[key] == sum(shard[key] for shard in shards)
    assert end["unread"] == sum(len(shard["unread"]) for shard in shards) + len(end["other_unread"])
    assert end["inputs"] == end["texts"] + end["unread"]
