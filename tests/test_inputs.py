"""Names lead to files in a settled order, and those that lead nowhere say so."""

import os
from pathlib import Path

import pytest

from tagger.article import Unread
from tagger.inputs import inputs, shown


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to stand in, with files of many kinds."""
    monkeypatch.chdir(tmp_path)
    for name in [
        "r/b.txt",
        "r/a.TXT",
        "r/sub/c.docx",
        "r/.hidden/x.txt",
        "r/.x.txt",
        "r/~$c.docx",
        "r/p.jpg",
        "r/q.jpg",
        "r/README",
    ]:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", "utf-8")
    return tmp_path / "r"


def found(*names):
    return [item if isinstance(item, Unread) else str(item) for item in inputs(names)]


@pytest.mark.usefixtures("folder")
def test_a_folder_gives_its_files_sorted_and_counts_those_of_other_kinds():
    assert found("r") == [
        "r/a.TXT",
        "r/b.txt",
        "r/sub/c.docx",
        Unread("r", "3 files of kinds not read (.jpg 2, no ending 1); name a file itself to try it"),
    ]


@pytest.mark.usefixtures("folder")
def test_files_come_as_named_whatever_their_kind():
    assert found("r/p.jpg", "-", "r/b.txt") == ["r/p.jpg", "-", "r/b.txt"]


def test_a_pattern_gives_its_files_sorted_and_the_folders_that_it_names(folder):
    assert found("r/*.txt") == ["r/b.txt"]
    assert found("r/**/*.docx") == ["r/sub/c.docx"]
    assert found("r/s*") == ["r/sub/c.docx"]
    assert found(str(folder / "*.TXT")) == [str(folder / "a.TXT")]


@pytest.mark.usefixtures("folder")
def test_a_name_with_a_pattern_in_it_is_first_a_name():
    Path("a[1].txt").write_text("x", "utf-8")
    assert found("a[1].txt") == ["a[1].txt"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nowhere.txt", "no such file; check the name and the folder you stand in"),
        ("no*.txt", "no file has such a name; check the pattern"),
        ("empty", "no file to read in this folder; check the name"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_name_that_leads_nowhere_is_unread(name, reason):
    Path("empty").mkdir()
    assert found(name) == [Unread(name, reason)]


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, ""])
@pytest.mark.usefixtures("folder")
def test_a_name_that_no_system_takes_is_unread_or_the_folder_stood_in(name):
    assert all(isinstance(item, Unread) or item.startswith("r/") for item in found(name))


def test_links_in_a_circle_are_followed_once(folder):
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "again").symlink_to(folder / "sub")
    assert [name for name in found("r") if isinstance(name, str)] == ["r/a.TXT", "r/b.txt", "r/again/c.docx"]


@pytest.mark.usefixtures("folder")
def test_a_link_that_leads_nowhere_is_handed_on_to_be_opened():
    Path("lost.txt").symlink_to("nowhere")
    assert found("lost.txt") == ["lost.txt"]


@pytest.mark.usefixtures("folder")
def test_a_folder_that_may_not_be_opened_is_unread(monkeypatch):
    def closed(place):
        raise PermissionError(13, "Permission denied", str(place))

    monkeypatch.setattr(os, "scandir", closed)  # a mode of 0 would not stop root
    assert found("r") == [Unread("r", "can't be opened (Permission denied); ask for leave to read it")]


def test_a_name_in_gb18030_is_shown_as_text():
    assert shown(os.fsdecode("报告.txt".encode("gb18030"))) == "报告.txt"
    assert shown("报　告.txt") == "报　告.txt"
    shown(os.fsdecode(b"\xff\xff\xff")).encode()
    shown("\ud800").encode()
