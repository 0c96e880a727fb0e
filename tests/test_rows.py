"""A table's columns are found by the names that tables give them."""

import pytest

from tagger.errors import ReadError
from tagger.rows import columns


@pytest.mark.parametrize(
    ("names", "wanted", "text"),
    [
        (["id", "Text "], None, "Text "),
        (["content", "正文"], None, "正文"),
        (["body", "text"], None, "text"),
        (["甲", "正文"], "甲", "甲"),
        (["Note"], "note", "Note"),
    ],
)
def test_the_column_of_text_is_the_one_wanted_or_known(names, wanted, text):
    assert columns("a.csv", names, wanted).text == text


def test_all_four_columns_are_found_in_either_script():
    found = columns("a.csv", ["編號", "題目", "發布時間", "內容", "来源"], None)
    assert (found.id, found.title, found.date, found.text) == ("編號", "題目", "發布時間", "內容")


def test_names_without_end_are_cut_in_the_error():
    with pytest.raises(ReadError) as caught:
        columns("a.csv", ["茶" * 5000, "甲\n乙"] * 50, None)
    assert "甲 乙" in caught.value.reason
    assert len(caught.value.reason) < 600
