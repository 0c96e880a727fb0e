"""Files are written whole or not at all."""

from pathlib import Path

import pytest

from tagger.errors import UsageError
from tagger.files import optional, write_text, writing


def test_a_file_takes_its_name_only_when_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.txt"
    with writing(path) as file:
        file.write("一")
        assert not path.exists()
    assert path.read_text("utf-8") == "一"


def test_what_stood_there_stays_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "old")
    with pytest.raises(ZeroDivisionError), writing(path) as file:
        file.write("half" * (1 // 0))
    assert path.read_text("utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="can't be written"):
        write_text(tmp_path / "file" / "below.txt", "x")


def test_a_missing_library_names_its_extra() -> None:
    with pytest.raises(UsageError, match=r"pip install 'measure-tagger\[excel\]'"):
        optional("no_such_library", "excel", "report.xlsx")
