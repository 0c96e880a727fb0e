"""What surrounds an article on its page: mastheads, source lines, buttons, lists, tables; on normalised text."""

import re
from functools import lru_cache

from tagger.characters import compiled

LONGEST = 160  # characters; no pattern is tried on a longer line, so none can run away
_SURE, _LIKELY = 10.0, 7.0

_YEAR = r"(?:\d{4}|[〇零○一二三四五六七八九]{4})"
_MONTH = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
DATE = rf"{_YEAR}\s?[年\-/.]\s?{_MONTH}\s?[月\-/.]\s?{_MONTH}\s?日?"
_TIME = r"\d{1,2}:\d{2}(?::\d{2})?"
_WEEKDAY = r"(?:星期|周|礼拜)[一二三四五六日天]"


def _any(words: str) -> str:
    return "|".join(words.split())


_LABEL = _any(r"""
    (?:稿件|信息|文章|新闻|内容|本文|图片)?来源 稿源 出处 作者 供稿(?:单位)? 联系人
    (?:发布|发稿|更新|发表|录入|成文|生成|公开|印发|发文|时间|出版)?(?:时间|日期)
    (?:阅读|点击|浏览|访问|点赞|评论|文章)(?:数|量|次数|率|字数)? 人气 字数 字体(?:大小)? 字号(?:大小)? 视力保护色
    (?:本版|值班|执行|责任|美术|图片|网络|实习|见习|视觉|文字|新媒体)?(?:编辑|主编|责编|美编|编审|编校)
    (?:副|总)?主编 总编辑 版式 (?:责任)?校对 校审 审核 审校 审稿 审签 (?:初|复|二|三|终)审人? 总?监制 签发 签批 统筹
    总?策划 排版 制作 制图 录入员? 发布(?:人|者|机构|单位)? 发文(?:机关|机构|字号|单位) 索引号 文号 主题词 主题分类
    体裁分类 组配分类 关键[词字] 标签 分类 栏目 类别 有效性 内容概述 公开(?:方式|形式|范围|类型) 信息名称
    (?:联系|办公|咨询|监督|举报|投稿|新闻|报料|广告|发行|订阅|服务)?(?:电话|热线) 传真 投稿邮箱 电子邮[箱件] 邮箱
    e-?mail tel (?:本报|联系|单位|详细)?地址 社址 邮政?编码? 网址 (?:官方)?(?:网站|微信|微博|公众号) 微信号 qq群?
    投稿 定价 零售价? 刊号 (?:国内)?统一刊号 邮发代号 印刷 主办(?:单位)? 承办(?:单位)? 主管(?:单位)? 协办(?:单位)?
    技术支持 版权所有 备案号 许可证 网站标识码
""")
_BUTTON = _any(r"""
    分享(?:到|至|给)?(?:微信|新浪微博|腾讯微博|微博|朋友圈|qq空间|qq|好友)?
    微信(?:好友)? 朋友圈 (?:新浪|腾讯)?微博 qq(?:空间|好友)? 一键分享 扫一扫
    点?收藏(?:本站|本页)? 打印(?:本页|本文|文章)? 关闭(?:窗口|本页|页面)? 返回(?:顶部|首页|列表|目录|上一页)?
    [上下前后首末尾]一?[篇版期条页] 点?点?赞 点?[在再]看 点?分享 转发 评论 举报 纠错 我要(?:纠错|评论|留言)
    阅读(?:原文|全文|更多)? end the\send 完 全文完 展开 收起 登录 注册 设为首页 加入收藏 无障碍(?:阅读|浏览)? 手机版
    电脑版 繁体(?:版|中文)? 简体(?:版|中文)? 客户端 app(?:下载)? 下载 放大\+? 缩小-? 默认 大 中 小 变大 变小
    字[号体](?:变大|变小|放大|缩小) (?:展开|收缩)通版 t\s?大 t\s?小 首页 网站首页 新闻 要闻 资讯 时政 图片 视频 专题
    更多 搜索 滚动 国内 国际 本地 网站地图 联系我们 联系方式 关于我们 网站(?:简介|声明|导航) 版权声明
    广告(?:服务|刊例)? 法律声明 人才招聘 友情链接 举报平台 新闻中心 政务公开 信息公开 政务服务 互动交流 正文 全部
    目录 版面(?:导航|概览)? 标题导航 往期(?:回顾)? 数字报 多媒体数字报 pdf(?:版|下载)? copy(?:right)? 复制链接
    加载中\.* 责任编辑 关注(?:我们)? 订阅 来源 字号 字体 编辑 审核 发布时间 时间 作者 浏览 点击 次 星期 原创
    (?:新闻|文章|信息|内容)(?:详情|详细|正文|内容) 打开(?:app|客户端)(?:阅读全文|查看|看)? 立即打开
    文字实录 图片直播 网友提问 简介 内部资料 注意保存 内部(?:刊物|交流|参考) 相关链接
""")
_PHONE = r"\d{3,4}-\d{7,8}|1\d{10}"
_SHORT_TOKENS = (
    r"(?=[\d〇零○一二三四五六七八九总第a-d])"
    rf"(?:{DATE}|{_TIME}|(?:\d{{4}}年\s?)?总?第\s?[\d一二三四五六七八九十]{{1,3}}\s?[期版号]|[a-d]?\d{{1,3}}\s?版)|{_WEEKDAY}"
    rf"|(?<![^\s|,>/\[\]【】(:·])(?:{_BUTTON})(?![^\s|,>/\[\]【】):·+\-])"
    r"|(?:^|\s)[a-d]\d{2}(?=\s|$|:)|今日\s?\d+\s?版|农历\S{2,12}|www\.\S+"
)
_SHORT_TOKEN = re.compile(rf"{_SHORT_TOKENS}|{_PHONE}")
_MARKED = re.compile(r"[:/|@]")  # in every label, in every address
_TOKEN = re.compile(
    rf"(?=[^\s:/|]{{1,12}}+\s?[:/|])(?:{_LABEL})\s?[:/|]\s?[^\s|/>》:,。?!;]{{0,24}}|{_SHORT_TOKENS}"
    rf"|https?://\S+|[\w.]+@[\w.]+|{_PHONE}"
)
# Most lines are sentences, and are told so without a look for tokens at each of their characters.
_PHRASE = re.compile(r"[^\s|,>/\[\]【】():·+\-.]{10,}")  # longer than a button, which fills what lies between marks
_NO_WORD = re.compile(r"[\W\d_a-d〇零○一二三四五六七八九十年月日天星期周礼拜总第版号今]+")  # in dates, too
_REACHING = re.compile(r"[:/|]|农历")  # in all other tokens but addresses
_REACH = 40  # characters: a label of 12, its colon, 24 behind it
_ADDRESS = re.compile(r"@|www\.|https?:")
_WHOLES = (
    r"[\W_]{0,6}\d{1,4}[\W_]{0,6}$",  # a page number
    r"第?\s?\d{1,4}\s?/\s?\d{1,4}\s?页?$",
    r"第\s?\S{1,4}\s?页",
    r"page\s?\d+",
    r"共\s?\d+\s?页",
    r"[\W_]+$",  # a rule
    r".{2,60}(?:…{2,}|\.{5,}|·{5,})\s?\d{1,4}$",  # a line of contents
    r"第?[a-d]?\d{1,3}版\s?:\s?\S{2,8}$",
    r"(?:原标题|原文标题|原题|标题)\s?:",
    r"图片默认标题$|[\[【(](?:图片|视频)[\]】)]$",
    r"[^\s,。]{2,12}\s\d{4}年\s?第?\s?\d{1,3}期$",
    r"(?:索引号|信息索引|标题|有效性|文号|主题词|名称|关键词)\s?:",
    r".{0,30}(?:copyright|all rights reserved|icp备|公网安备|©|版权所有|增值电信业务|互联网新闻信息服务)",
    r".{0,30}未经.{0,12}(?:授权|许可|允许)",
    r"(?:https?://|www\.)\S+$",
    r"(?:您?(?:的|现在的?|所在的?)?(?:当前)?)?(?:所在)?位置\s?[:>]",
    r"您(?:所在|现在|当前)",
    r".{0,8}请点击:?$",
    r"(?:网站)?首页\s?[-—_>»·/|]",
    (
        r"(?:[↑↓▲▼👇👆☞【\[]\s?){0,4}(?:点击|点|长按|扫描|扫一扫|识别|微信扫).{0,14}"
        r"(?:关注|二维码|蓝字|订阅|下载|收听|分享|查看|阅读)"
    ),
    r"(?:欢迎|敬请|请|更多.{0,6})?(?:关注|订阅|下载).{0,12}(?:公众号|我们|微信|客户端|视频号|app)",
    r"[(【\[]?\s?[上下前后]一[篇条版期页]\s?[:>】)\]]",
    r"[(【\[]?(?:下转|上接|紧接|转自)\s?第?.{0,8}版?[)】\]]?$",
    r"[(【\[]?(?:免责声明|版权声明|特别声明|声明|凡本[网站]|凡注明|转载请|本文转自|本文来源|本站|图文转自)",
    r"附\s?[件表]?\s?[\d一二三四五六七八九十]{0,2}\s?:|附件\s?\d{0,2}$",
    r"(?:抄送|抄报|主送|分送|呈报|呈送|报|送|发|报送|印送|主题词|发至|共印|本期[发送报]送?)\s?:",
    r".{2,30}\d{1,2}日\s?印发$",
    r"[(\[【]?此件(?:公开|依申请|主动|不予)",
    r"[^\s,。]{1,14}\s?[〔\[(【「]\s?\d{4}\s?[〕\])】」]\s?第?\s?\d{1,4}\s?号$",
    r"(?:本版|本期)(?:编辑|主编|组稿)\s?[:/ ]",
    r"(?:本版|本期|本报)?(?:责任编辑|责编|值班编辑|美术编辑|校对|版式|组版|审读|总值班)\s?[:/ ]",
    r"附?表\s?[\d一二三四五六七八九十]{1,3}(?:[\s:.-]|$)",
    r"\(?单位\s?:\s?\S{1,8}\)?$",
    r"(?:中国\h{1,6}|人民|新华|央视|央广|光明)网(?:\s?[-—|·]\s?\S{1,10})?$",
    r"(?:资料|数据|文章|信息)?(?:来源|稿源|转自)\s?[:/]",
    r"\(?(?:本版|本文|文中|本组)(?:图片|文字|稿件|照片|组稿|供稿|配图)",
    r"(?:[a-d]?\d{1,2}\s?)?(?:版|专版|要闻|综合|副刊|时评|县域|乡镇|特刊|广告|公告|图片新闻|时政要闻|本期(?:要目|导读|看点|提要|内容|目录))$",
    r"\S{2,6}\s?[a-d]\d{1,2}版?$|[a-d]\d{1,2}版?[\s:]\s?\S{2,6}$",
    (
        r"(?:特别|专题|深度|本期|今日|热点|重点|综合|社会|民生|乡镇|基层|县域|区域|农村|三农|脱贫|扶贫|振兴|时政|县区|乡村|地方|镇街|街道|部门|村镇)"
        r"(?:关注|报道|新闻|聚焦|短波|视点|观察|动态|广角|传真|速递|之窗|资讯|专题|专版|专刊|看点|要闻|播报|在线|风采|巡礼|巡展|纵横|展播|掠影)$"
    ),
    r"(?:收藏|转发|点赞|评论|阅读|浏览)\s?\d+$|\d+\s?(?:阅读|评论|点赞|人看过|次浏览)",
)
_WHOLE = compiled("|".join(_WHOLES))
_LIST = re.compile(
    r"[【\[<◆■●◎▶►|丨]*\s?(?:相关|推荐|热门|延伸|往期|更多|猜你|最新|图文|精彩|本[周月]|今日|一周|编辑|频道|站内|新闻|点击"
    r"|友情|为您|大家都在|热点|头条|24小时|视频|图片|专题|要闻)\s?(?:相关|最新|精彩|内容)?"
    r"(?:文章|阅读|新闻|推荐|链接|报道|专题|回顾|精彩|内容|资讯|图集|热点|排行|榜|喜欢|动态|关注|文档|信息|看|热文|导读|推送|访谈|节目)"
    r"榜?[】\]>◆■●◎▶►|丨]*\s?[:>]*\s?(?:更多)?[>》]*$"
)
_PAPER = re.compile(
    r"[^\s,。:!]{0,10}(?:日报|晚报|早报|晨报|时报|周报|导报|商报|都市报|简报|快报|周刊|专刊|特刊|月刊|内刊|新闻网|政府网"
    r"|门户网站|客户端|融媒体?|融媒体中心|数字报|电子报|电视台|报社|进行时|大家谈|专栏|编印|工作动态|情况通报|工作信息)"
    r"(?:\s?[-—|·]?\s?(?:数字报|电子版|电子报|多媒体版|手机版|官网))?$"
)
_UNIT = re.compile(
    r"[^\s,。:;!?]{2,26}(?:人民政府|委员会|办公室|办事处|办公厅|领导小组|指挥部|工作组|工作队|(?<![格布结全大开破变])局|厅|(?<!全)部|委|党委|支部|总支"
    r"|中心|公司|联合会|协会|院|校|社|会|银行|村委会)$"
)
_PICTURE = re.compile(r"图片默认标题$|[\[【(]图片[\]】)]$")
_SPACED = re.compile(r"\w(?: {1,3}\w){1,4}(?:$|\s?:)")  # 分 享, 标 题:
_SPREAD = re.compile(r"(?<=\w) +(?=\w)")
_PURE_DATE = re.compile(rf"[(\[]?\s?{DATE}\s?(?:{_WEEKDAY})?\s?(?:{_TIME})?\s?(?:{_WEEKDAY})?\s?[)\]]?$")
_DAY = re.compile(
    rf"(?:{_YEAR}\s?[年.\-/]\s?)?{_MONTH}\s?[月.]\s?{_MONTH}\s?[日号]?"
    rf"(?:\s?[,\s]?\s?(?:{_WEEKDAY}|[晴阴雨雪云雾风多小中大转到有阵雷毛细暴]{{1,6}}|农历\S{{1,8}}"
    r"|上午|下午|晚|夜|傍晚|清晨)){0,4}$"
)
_ENDING = re.compile(r"[\[(【]?(?:责任编辑|责编|编辑|审核|校对|上一篇|下一篇|打印|关闭|分享|相关|版权|来源)|end$|完$")
_FIGURE = compiled(r"[\d.,%+\-—/~]+(?:\h|%){0,2}")
_HAN = compiled(r"\h")
_MARK = re.compile(r"[\W_]+")
_DATE_OR_SPACE = re.compile(rf"{DATE}|\s+")
_SPACES = re.compile(r"[\s|]+")
_BETWEEN_CELLS = re.compile(r"\t+|\s{2,}|\s?\|\s?")


@lru_cache(4096)  # a line is asked about several times, by its neighbours too
def furniture(text: str) -> float:
    """Return how surely a short normalised line is furniture: 0 not at all, 10 by its wording alone."""
    if not text or len(text) > LONGEST:
        return 0.0
    if _SPACED.match(text):
        text = _SPREAD.sub("", text)
    if _WHOLE.match(text) or _LIST.match(text) or _PURE_DATE.match(text) or table_row(text):
        return _SURE
    if text.count(">") > 1 or text.count("|") > 2:  # noqa: PLR2004 - a path, a menu
        return _SURE
    if len(text) <= 14 and _PAPER.match(text):  # noqa: PLR2004
        return _LIKELY
    if not _HAN.search(text):  # an English masthead or dateline
        return 6.0 if len(text) < 80 else 0.0  # noqa: PLR2004
    return 0.0 if text.endswith(("?", "!")) else _of_tokens(text)


def _of_tokens(text: str) -> float:
    """Return whether a line is made of labels, dates and buttons, with little else."""
    if _mostly_words(text):
        return 0.0
    without_date = _DATE_OR_SPACE.sub("", text)
    if len(without_date) < len(text) - 6 and unit(without_date):  # an office and the day
        return _SURE
    whole = len(_MARK.sub("", text))
    token = _TOKEN if _MARKED.search(text) else _SHORT_TOKEN
    rest = len(_MARK.sub("", token.sub("", text)))
    return _SURE if rest * 4 <= whole or (rest <= 12 and rest * 2 <= whole) else 0.0  # noqa: PLR2004


def _mostly_words(text: str) -> bool:
    """Tell, quickly, most lines of which tokens are not half; never another, nor an office and the day."""
    words = len(_NO_WORD.sub("", "".join(_PHRASE.findall(text))))
    if words <= 30 or 2 * words <= len(text) or _ADDRESS.search(text):  # noqa: PLR2004 - an office's name is shorter
        return False
    return 2 * (words - _REACH * len(_REACHING.findall(text))) > len(text)


def table_row(text: str) -> bool:
    """Tell a row of figures: three or more short cells, many of them numbers."""
    found = [cell for cell in _SPACES.split(text) if cell]
    numbers = sum(bool(_FIGURE.fullmatch(cell)) for cell in found)
    return len(found) > 2 and numbers * 5 >= len(found) * 2 and max(map(len, found)) <= 16  # noqa: PLR2004


def cells(text: str) -> int:
    """Return the number of cells of a line set out like a table's row, or 0."""
    found = [cell for cell in _BETWEEN_CELLS.split(text[:LONGEST]) if cell]
    return len(found) if len(found) > 2 and max(map(len, found)) <= 16 else 0  # noqa: PLR2004


def picture(text: str) -> bool:
    """Tell what a page leaves in the place of a picture."""
    return len(text) <= 8 and bool(_PICTURE.match(text))  # noqa: PLR2004


def opens_list(text: str) -> bool:
    """Tell a line that heads a list of other articles."""
    return len(text) <= 20 and bool(_LIST.match(text))  # noqa: PLR2004


def ending(text: str) -> bool:
    """Tell furniture that closes an article."""
    return bool(_ENDING.match(text))


def day(text: str) -> bool:
    """Tell a line that is a day and nothing more: a date, perhaps with the weather, as in a diary."""
    return len(text) <= 30 and bool(_DAY.match(text) or _PURE_DATE.match(text))  # noqa: PLR2004


def unit(text: str) -> bool:
    """Tell a line that is an office's name and nothing more, as under a notice."""
    return len(text) <= 30 and bool(_UNIT.match(text))  # noqa: PLR2004
