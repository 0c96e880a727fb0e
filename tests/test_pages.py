"""A page's every visible line comes out, and its markup tells title, headings, captions and what stands around."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.errors import ReadError
from tagger.pages import archive, page
from tests.made import SENTENCE, TRADITIONAL

PAGE = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>茶叶铺出增收路_东沟新闻网</title></head><body>
<div class="top"><a href="/">首页</a> | <a href="/news">新闻</a></div><h1 class="logo">东沟新闻网</h1>
<div class="content"><h1>茶叶铺出增收路</h1><div class="info">2020-06-01 10:20　来源：东沟新闻网</div>
<p>&nbsp;&nbsp;&nbsp;&nbsp;{SENTENCE}“家门口就能上班，还能照看老人。”村民李大姐说。</p>
<figure><img src="a.jpg" alt="不显示"><figcaption>村民在茶园采茶</figcaption></figure>
<h2>看病不再难</h2>
<p>卫生室新来了一位<b>医生</b>，<font color="red">家庭医生</font>签约服务覆盖了全村，住院报销的比例提高到了九
成，老人们看病不用跑远路。</p><!-- 注释 -->注释后面的文字照样看得见，村里的路也已经修到了每一户人家的门口。
<p class="pic-desc">村卫生室外景</p>
<table><tr><th>年份</th><th>户数</th></tr><tr><td>2018</td><td>35</td></tr></table>
<p>学校的新宿舍九月启用，离家远的孩子再也不用每天走十里山路，家里的老人也放下了心。</p></div>
<div class="share">分享到：<a>微信</a><a>微博</a></div>
<ul><li><a href="1">西岭村办起了车间，四十名村民在家门口上班</a></li><li><a href="2">南湾村的新学校</a></li></ul>
<div class="footer">版权所有　东沟新闻网</div>
<div style="display: none">藏起来的</div><p hidden>也藏起来的</p>
<script>var a = "脚本";</script><noscript>无脚本</noscript>
</body></html>"""
OLD = """<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">
<title>东沟镇简报</title></head><body>
<table width=760><tr><td><a href=1>返回首页</a></td><td><a href=2>收藏本站</a></td></tr></table>
<table><tr><td width=160><table><tr><td><a href=a>政务公开</a></td></tr></table></td>
<td><table><tr><td align=center><font size=5><b>石桥村危房改造见实效</b></font></td></tr><tr><td><font size=3>
&nbsp;&nbsp;今年以来，石桥村把危房改造作为头等大事来抓，逐户核查，建立台账，村干部包户到人。<br><br>
&nbsp;&nbsp;全村二十三户危房已经全部开工，其中十五户已经搬进了新房，其余的年底之前也能入住。<br>
　　村民老王说，住了三十年的土房子，做梦也没想到还能住上新砖房。</font></td></tr></table></td></tr></table></body></html>"""


def kinds(source):
    """Return each line, stripped, with its kind."""
    return {line.strip(): source.hints.get(number) for number, line in enumerate(source.text.split("\n"), start=1)}


def test_a_page_gives_its_lines_with_the_kinds_that_its_markup_tells():
    source = page("a.html", PAGE.encode())
    assert source.title == "茶叶铺出增收路"
    assert source.date == "2020-06-01"
    assert source.wrapped is False
    assert kinds(source) == {
        "首页 | 新闻": "furniture",
        "东沟新闻网": "furniture",
        "茶叶铺出增收路": "title",
        "2020-06-01 10:20　来源：东沟新闻网": None,
        SENTENCE + "“家门口就能上班，还能照看老人。”村民李大姐说。": None,
        "村民在茶园采茶": "caption",
        "看病不再难": "heading",
        "卫生室新来了一位医生，家庭医生签约服务覆盖了全村，住院报销的比例提高到了九成，老人们看病不用跑远路。": None,
        "注释后面的文字照样看得见，村里的路也已经修到了每一户人家的门口。": None,
        "村卫生室外景": "caption",
        "年份\t户数": "furniture",
        "2018\t35": "furniture",
        "学校的新宿舍九月启用，离家远的孩子再也不用每天走十里山路，家里的老人也放下了心。": None,
        "分享到：微信微博": "furniture",
        "西岭村办起了车间，四十名村民在家门口上班": "furniture",
        "南湾村的新学校": "furniture",
        "版权所有　东沟新闻网": "furniture",
    }


@pytest.mark.parametrize(("charset", "encoding"), [("gb2312", "gb18030"), ("utf-8", "gb18030"), ("big5", "gb18030")])
def test_an_old_page_of_tables_is_read_whatever_charset_it_claims(charset, encoding):
    source = page("a.html", OLD.format(charset=charset).encode(encoding))
    found = kinds(source)
    assert source.encoding == encoding
    assert found["返回首页\t收藏本站"] == found["政务公开"] == "furniture"
    assert "石桥村危房改造见实效" in found
    assert [line[:4] for line, kind in found.items() if kind is None][-3:] == ["今年以来", "全村二十", "村民老王"]


def test_a_traditional_page_in_big5_is_read():
    source = page("a.html", f'<html><head><meta charset="big5"></head><body><p>{TRADITIONAL}</p></body>'.encode("big5"))
    assert (source.text, source.encoding) == (TRADITIONAL, "big5hkscs")


def test_an_encoding_given_overrules_the_page():
    data = f'<meta charset="utf-8"><p>{SENTENCE}</p>'.encode("gb18030")
    assert page("a.html", data, "gb18030").text == SENTENCE


def test_text_around_and_after_what_is_hidden_stays():
    hidden = "<div>甲<span hidden>藏</span>乙<script>x</script>丙<!-- y -->丁"
    source = page("a.html", f"{hidden}<br>戊<wbr>己<svg><text>图</text></svg>庚</div>".encode())
    assert source.text == "甲乙丙丁\n戊己庚"


def test_preformatted_lines_stay_lines_and_others_flow():
    source = page("a.html", "<pre>第一行\n　　第二行</pre><p>村民\n  种茶 and\n tea</p>".encode())
    assert source.text == "第一行\n　　第二行\n村民种茶 and tea"


def test_a_layout_table_gives_lines_and_a_table_of_text_gives_rows():
    rows = f"<tr><td><p>{SENTENCE}</p><p>第二段。</p></td><td>边栏</td></tr><tr><td>做法</td><td>{SENTENCE}</td></tr>"
    assert page("a.html", f"<table>{rows}</table>".encode()).text == f"{SENTENCE}\n第二段。\n边栏\n做法\t{SENTENCE}"


def test_where_no_main_text_is_found_nothing_is_called_furniture():
    source = page("a.html", "<p>短。</p><p><a href=1>更多</a></p>".encode())
    assert "furniture" not in source.hints.values()


WORDS = st.sampled_from([SENTENCE, "村里", "更多", "分享到", "2018年", "增收两千元", "。", "Tea"])
TAGS = st.sampled_from(
    ["p", "div", "span", "b", "a", "td", "tr", "table", "li", "h1", "h3", "pre", "figcaption", "center", "br"]
)
TREES = st.recursive(
    WORDS,
    lambda inner: st.builds(lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", TAGS, st.lists(inner, max_size=4)),
    max_leaves=40,
)


@given(st.lists(TREES, max_size=8).map("".join))
def test_nothing_that_a_page_shows_is_lost_or_told_twice(body):
    shown = [word for word in body.replace("<", "\n<").replace(">", ">\n").split("\n") if word and word[0] != "<"]
    try:
        text = page("a.html", f"<html><body>{body}</body></html>".encode()).text
    except ReadError:
        text = ""
    assert sorted("".join(text.split())) == sorted("".join("".join(shown).split()))


def test_a_page_nested_a_thousand_deep_is_read_and_one_nested_without_end_is_refused():
    assert page("a.html", ("<div>" * 1500 + SENTENCE).encode()).text == SENTENCE
    with pytest.raises(ReadError, match="nested thousands deep"):
        page("a.html", ("<div>" * 9000 + SENTENCE).encode())


@pytest.mark.parametrize("data", [b"<html><script>1</script></html>", b"<!---->", b"<html></html>"])
def test_a_page_that_shows_nothing_says_so(data):
    with pytest.raises(ReadError, match="a page that shows no text"):
        page("a.html", data)


def test_an_entity_is_never_fetched_or_multiplied():
    bomb = '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/hostname"><!ENTITY b "&a;&a;">]>'
    assert page("a.html", f"{bomb}<p>茶&a;&b;叶&amp;</p>".encode()).text.endswith("茶&a;&b;叶&")


def test_a_page_saved_as_one_file_is_read():
    head = 'From: <Saved>\r\nContent-Type: multipart/related;\r\n\tboundary="B"\r\n\r\n--B\r\n'
    part = "Content-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    data = f"{head}{part}<p>{SENTENCE}</p>\r\n--B--\r\n".encode()
    assert archive("a.mht", data).text == SENTENCE
    with pytest.raises(ReadError, match="no page in this archive"):
        archive("a.mht", head.encode())
