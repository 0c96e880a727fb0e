"""Markdown reads as printed, every line at its old number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.markdown import markdown
from tests.made import SENTENCE

NOTE = f"""---
title: "东沟村的茶"
date: 2020-06-01
---

# 东沟村的**新产业**

> 编者按：[这里](http://a.b/(c))有一个链接。

![茶园一角](a.png "图")

## 一、产业
- 种茶*三百亩*，\\*真的\\*，`code` <b>粗</b>&amp;细<br>
1. 编号照印

| 年份 | 户数 |
|---|:-:|
| 2018 | 35 |

小标题
------
{SENTENCE}

```python
x = 1
```
<!-- 看不见
的 -->
***
[ref]: http://a.b
"""


def shown(source):
    """Return each line that is not blank, with its number and kind."""
    lines = enumerate(source.text.split("\n"), start=1)
    return {number: (line, source.hints.get(number)) for number, line in lines if line.strip()}


def test_marks_go_and_lines_keep_their_numbers():
    source = markdown("a.md", NOTE.encode())
    assert (source.title, source.date, source.wrapped) == ("东沟村的茶", "2020-06-01", None)
    assert source.text.count("\n") == NOTE.count("\n")
    assert shown(source) == {
        2: ('title: "东沟村的茶"', "furniture"),
        3: ("date: 2020-06-01", "furniture"),
        6: ("东沟村的新产业", "title"),
        8: ("编者按：这里有一个链接。", None),
        10: ("茶园一角", "caption"),
        12: ("一、产业", "heading"),
        13: ("种茶三百亩，*真的*，code 粗&细", None),
        14: ("1. 编号照印", None),
        16: ("年份\t户数", "furniture"),
        18: ("2018\t35", "furniture"),
        20: ("小标题", "heading"),
        22: (SENTENCE, None),
        25: ("x = 1", "furniture"),
    }


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("# 甲\n## 乙\n# 丙", ["title", "heading", "title"]),  # two articles
        ("# 甲\n# 一、乙\n# 二、丙", ["title", "heading", "heading"]),
        ("## 甲\n\n村里。", ["title", None]),
        ("村里。\n## 甲", [None, "heading"]),
        ("甲\n===\n乙\n---", ["title", "heading"]),
        ("#脱贫攻坚# 村里", [None]),  # a topic's mark, not a heading's
        ("#没有空格的标题", ["title"]),
        ("- 村里\n---", [None]),
    ],
)
def test_headings_of_every_form_are_told(text, kinds):
    assert [kind for _, kind in shown(markdown("a.md", text.encode())).values()] == kinds


@pytest.mark.parametrize("text", ["东沟2*3*4亩", "a_b_c", "村里 * 县里", "5 < 6 > 3", "[注] 村里", "3. 村里", "“*”号"])
def test_what_is_no_mark_stays(text):
    assert markdown("a.md", text.encode()).text.replace("*", "") == text.replace("*", "")


@given(st.text(st.sampled_from("茶村。#*-_`~>|[]()!\\= \n<a&;1.:"), max_size=80))
def test_every_line_keeps_its_place_and_no_character_of_text_goes_missing(text):
    read = markdown("a.md", text.encode()).text
    assert len(read.split("\n")) == len(text.split("\n"))
    if not {"<", "[", "!"} & set(text):
        assert read.count("村") == text.count("村")


@pytest.mark.parametrize("mark", ["*", "*a", "_a ", "[", "[](", "`", "<a", "- ", "|", "-|", "~~a", "\\", "![]("])
def test_a_line_of_marks_alone_is_read(mark):
    assert markdown("a.md", (mark * (7000 // len(mark))).encode()).text.count("\n") == 0
