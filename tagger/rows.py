"""Rows of a table as sources: which column holds what, and what may be wrong with a row."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tagger.article import Source, Unread
from tagger.decode import tidied
from tagger.errors import ReadError

TEXT = (
    "text", "正文", "内容", "內容", "content", "body", "全文",
    "文本", "文章内容", "正文内容", "段落", "paragraph", "article",
)  # fmt: skip
ID = ("id", "编号", "編號", "序号", "序號", "文章编号", "no", "no.")
TITLE = ("title", "标题", "標題", "题目", "題目", "题名", "文章标题", "headline")
DATE = (
    "date", "日期", "时间", "時間", "发布时间", "發布時間",
    "发布日期", "發布日期", "发表时间", "发表日期", "published", "time",
)  # fmt: skip


MAX_ROW = 10_000_000  # characters of a row: a text of more is no article
MARK = "\udcff"  # stands for bytes that don't fit the encoding: no strict reading gives it

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of a table's columns that are read; "" for one that it hasn't."""

    text: str
    id: str
    title: str
    date: str


def columns(subject: str, names: Sequence[str], wanted: str | None) -> Columns:
    """Return the columns to read: the text's as wanted or by a known name. Raises ReadError with those there are."""
    text = first_known(names, TEXT if wanted is None else (wanted,))
    if not text:
        there = ", ".join(" ".join(name.split())[:30] for name in names[:20] if name.strip()) or "none"
        if wanted is None:
            raise ReadError(subject, f"which column holds the text? say --column NAME; there are: {there}")
        raise ReadError(subject, f"no column {wanted!r}; there are: {there}")
    return Columns(text, first_known(names, ID), first_known(names, TITLE), first_known(names, DATE))


def first_known(names: Sequence[str], known: Sequence[str]) -> str:
    """Return the first known name, as the table writes it: exactly, or else but for case and space around it."""
    exact = next((name for name in known if name in names), "")
    plain = {name.strip().lower(): name for name in reversed(names)}
    return exact or next((plain[name.strip().lower()] for name in known if name.strip().lower() in plain), "")


def source_of(subject: str, number: int, row: Row, where: Columns, encoding: str = "utf-8") -> Source | Unread:
    """Return the source that a row is, or what is wrong with it."""
    text = row.get(where.text)
    spot = f"{subject}:{number}"
    if where.text not in row:
        return Unread(spot, f"no {where.text!r} in this row; fill it in")
    if text is None or (isinstance(text, str) and not text.strip()):
        return Unread(spot, f"{where.text!r} is empty; fill it in or take the row out")
    if not isinstance(text, str):
        return Unread(spot, f"{where.text!r} is not text but {text!r:.40}; say the right --column, or quote it")
    if len(text) > MAX_ROW:
        return Unread(spot, too_long())
    if MARK in text:
        return Unread(spot, f"bytes in it are not {encoding}; mend them, or say --encoding {encoding}:replace")
    key, title, date = (_plain(row.get(name)) for name in (where.id, where.title, where.date))
    return Source(subject, tidied(text), number, key, title, date, encoding)


def too_long() -> str:
    """Return what there is to say of a row over `MAX_ROW`."""
    return f"a row of more than {MAX_ROW:,} characters; split it, or mend its quotation marks"


def _plain(value: object) -> str:
    """Return an id, title or date as text on one line."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(tidied(str(value)).replace(MARK, "\N{REPLACEMENT CHARACTER}").split())
