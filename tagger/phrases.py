"""Every label that a report shows, in Chinese and in English."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tagger.article import Kind

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Phrases:
    """The labels of one language; braces take figures."""

    lang: Lang
    summary: str
    coverage: str
    by_measure: str
    by_article: str
    together: str
    by: Mapping[str, str]
    article: str
    articles: str
    paragraph: str
    paragraphs: str
    characters: str
    measure: str
    measures: str
    none: str
    several: str
    no_measure: str
    file: str
    title: str
    untitled: str
    date: str
    place: str
    not_stated: str
    number: str
    row: str
    lines: str
    line_list: str
    share: str
    share_of_text: str
    of_articles: str
    of_paragraphs: str
    of_characters: str
    interval: str
    count: str
    total: str
    unit: str
    group: str
    probability: str
    strongest: str
    words: str
    missing: str
    all_reported: str
    full_text: str
    read_and_tagged: str
    none_tagged: str
    inputs: str
    blocks: str
    more: str
    unread: str
    reason: str
    headline: str
    reading_coverage: str
    reading_summary: str
    grouping: str
    shares: str
    of_listed: str
    all_scores: str
    told: str
    quantity: str
    counted: str
    act: str
    per: str
    sentence: str
    stated_year: str
    doubt: str
    doubts: Mapping[str, str]
    figures: str
    ledger: str
    precision: str
    recall: str
    overall: str
    curves: str
    reliability: str
    predicted: str
    observed: str
    decisions: str
    learning: str
    articles_learnt: str
    f1: str
    reading_ledger: str
    comma: str
    colon: str
    kinds: Mapping[Kind, str]


ZH = Phrases(
    lang="zh",
    summary="措施摘要",
    coverage="措施覆盖情况",
    by_measure="各项措施的覆盖面",
    by_article="各篇文章的措施",
    together="同段出现的措施",
    by={"source": "按文件", "date": "按年份", "month": "按月份", "place": "按地点", "folder": "按文件夹"},
    article="文章",
    articles="文章",
    paragraph="段落",
    paragraphs="段落",
    characters="字数",
    measure="措施",
    measures="措施",
    none="未报告措施",
    several="两项及以上",
    no_measure="无",
    file="文件",
    title="标题",
    untitled="（无标题）",
    date="日期",
    place="地点",
    not_stated="未注明",
    number="第{number}篇",
    row="第{row}行",
    lines="原文行号",
    line_list="原文第{lines}行",
    share="占比",
    share_of_text="占正文",
    of_articles="占文章",
    of_paragraphs="占段落",
    of_characters="占字数",
    interval="95%区间",
    count="数量",
    total="总数",
    unit="单位",
    group="分组",
    probability="概率",
    strongest="最有力的一句",
    words="依据词",
    missing="没有报告的措施",
    all_reported="各项措施均有报告。",
    full_text="全文",
    read_and_tagged="正文{paragraphs}段，{tagged}段报告了措施，{untagged}段没有",
    none_tagged="这篇文章没有段落报告这些措施。",
    inputs="输入{inputs}份 = 读入{read} + 未读{unread}；文章{articles}篇，正文{characters}字",
    blocks="文本块{blocks}个 = {kinds}",
    more="另有{more}篇文章已计入，未逐一列出。",
    unread="未能读入",
    reason="原因",
    headline="{articles}篇文章共{paragraphs}个正文段落，其中{tagged}段（{share}）至少报告了一项措施。",
    reading_coverage=(
        "方括号内为95%区间：若另取一批同类文章，占比大致会落在这个范围。文章占比用威尔逊区间，段落和字数占比由文章重抽样得出；"
        "占比为0或100%以及只有一篇文章时，重抽样给不出区间。"
    ),
    reading_summary="标注由模型给出：色签旁是概率，下划线是依据词。结论请以原文为准。",
    grouping="分组依据",
    shares="各项措施占段落的比例",
    of_listed="仅据列出的前{listed}篇文章。",
    all_scores="各项措施的概率",
    told="依据词及其分量",
    quantity="数字",
    counted="对象",
    act="行为",
    per="每",
    sentence="所在句",
    stated_year="年份",
    doubt="存疑",
    doubts={
        "part": "可能已含在总数内",
        "total": "总数，其中各项已另计",
        "level": "变化后的水平，不是增量",
        "range": "区间",
        "repeated": "前文已出现",
        "same people": "可能是同一批人",
    },
    figures="文中的数字",
    ledger="数字台账",
    precision="精确率",
    recall="召回率",
    overall="合计",
    curves="精确率与召回率",
    reliability="模型给出的概率是否可信",
    predicted="模型给出的概率",
    observed="实际报告该措施的比例",
    decisions="判断数",
    learning="学习曲线：标注的文章越多，F1 如何变化",
    articles_learnt="用于训练的文章数",
    f1="F1",
    reading_ledger="数字由规则从原文抽取，金额以元计；标“存疑”的可能与别的数字重复，不宜相加。",
    comma="、",
    colon="：",
    kinds={
        "title": "标题",
        "heading": "小标题",
        "byline": "署名",
        "caption": "图片说明",
        "furniture": "版面杂项",
        "body": "正文",
    },
)

EN = Phrases(
    lang="en",
    summary="Summary of measures",
    coverage="Coverage of measures",
    by_measure="How much each measure is covered",
    by_article="Articles and their measures",
    together="Measures in one paragraph",
    by={
        "source": "By file",
        "date": "By year",
        "month": "By month",
        "place": "By place",
        "folder": "By folder",
    },
    article="Article",
    articles="Articles",
    paragraph="Paragraph",
    paragraphs="Paragraphs",
    characters="Characters",
    measure="Measure",
    measures="Measures",
    none="No measure",
    several="Two or more",
    no_measure="none",
    file="File",
    title="Title",
    untitled="(no title)",
    date="Date",
    place="Place",
    not_stated="not stated",
    number="article {number}",
    row="row {row}",
    lines="Source lines",
    line_list="source lines {lines}",
    share="Share",
    share_of_text="Of the text",
    of_articles="Of articles",
    of_paragraphs="Of paragraphs",
    of_characters="Of characters",
    interval="95% interval",
    count="Count",
    total="Total",
    unit="Unit",
    group="Group",
    probability="Probability",
    strongest="Strongest sentence",
    words="Words that told",
    missing="Not reported",
    all_reported="Every measure is reported.",
    full_text="Full text",
    read_and_tagged="{paragraphs} of body text: {tagged} with a measure, {untagged} without",
    none_tagged="No paragraph of this article reports any of the measures.",
    inputs="inputs {inputs} = read {read} + unread {unread}; articles {articles}, characters {characters}",
    blocks="blocks {blocks} = {kinds}",
    more="Counted but not listed: {more} more.",
    unread="Could not be read",
    reason="Reason",
    headline="Articles: {articles}. Of {paragraphs} body paragraphs, {tagged} ({share}) report a measure.",
    reading_coverage=(
        "Brackets give 95% intervals: where the share would lie had other articles of this kind been read. "
        "Of articles by Wilson's formula; of paragraphs and characters by drawing the articles anew, which "
        "says nothing for a share of 0 or 100%, nor for a single article."
    ),
    reading_summary=(
        "The tags come from a model: beside each stands its probability, and the words that told are "
        "underlined. Read the text before you rely on one."
    ),
    grouping="Grouped by",
    shares="Share of paragraphs with each measure",
    of_listed="Of the first {listed} articles only: those listed.",
    all_scores="Probability of every measure",
    told="Words that told, with their weights",
    quantity="Figure",
    counted="Of what",
    act="Act",
    per="per",
    sentence="Sentence",
    stated_year="Year",
    doubt="In doubt",
    doubts={
        "part": "may be part of a total",
        "total": "a total whose parts are listed too",
        "level": "a level reached, not what was added",
        "range": "a range",
        "repeated": "stated before",
        "same people": "may be the same people",
    },
    figures="Figures in the text",
    ledger="Ledger of figures",
    precision="Precision",
    recall="Recall",
    overall="All measures",
    curves="Precision and recall",
    reliability="Are the model's probabilities to be believed?",
    predicted="Probability that the model gives",
    observed="Share that does report the measure",
    decisions="Decisions",
    learning="Learning curve: F1 by how many articles were learnt from",
    articles_learnt="Articles learnt from",
    f1="F1",
    reading_ledger=(
        "Figures are taken from the text by rules, money in yuan (元). Those in doubt may count the same "
        "things as others: don't add them up."
    ),
    comma=", ",
    colon=": ",
    kinds={
        "title": "titles",
        "heading": "headings",
        "byline": "bylines",
        "caption": "captions",
        "furniture": "furniture",
        "body": "body",
    },
)


def phrases(lang: Lang) -> Phrases:
    """Return the labels of a language."""
    return ZH if lang == "zh" else EN


def locale_lang(environment: Mapping[str, str] = os.environ) -> Lang:
    """Return the language of the locale: Chinese where it says so, else English."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    return "zh" if next((environment[n] for n in names if environment.get(n)), "").startswith("zh") else "en"
