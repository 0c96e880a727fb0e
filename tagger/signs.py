"""What a line's words say of it: numbers, openings of paragraphs, sub-titles, scenes; on normalised text."""

import re
from functools import lru_cache

from tagger.characters import compiled

_NUMBER = (
    ("chapter", re.compile(r"第[一二三四五六七八九十百零\d]{1,4}(?:章|节|部分|篇|编|幕)")),
    ("han", re.compile(r"[一二三四五六七八九十]{1,3}\s?[、.,:](?!\d)")),
    ("(han)", re.compile(r"\([一二三四五六七八九十]{1,3}\)")),
    ("arabic", compiled(r"\d{1,2}\s?[、.](?!\d)\s?|\d{1,2}\s(?=\h)")),
    ("(arabic)", re.compile(r"\(\d{1,2}\)|\d{1,2}\)")),
    ("circle", re.compile(r"[①-⑳❶-❿⑴-⒇]")),
    (
        "lone",
        re.compile(
            r"(?:part\s?\.?\s?)?0?\d{1,2}\.?$|[壹贰叁肆伍陆柒捌玖拾]$|[一二三四五六七八九十]$"
            r"|【[一二三四五六七八九十\d]{1,2}】$|no\.?\s?\d{1,2}$"
        ),
    ),
    (
        "keyword",
        re.compile(
            r"(?:关键词|镜头|故事|场景|样本|亮点|做法|经验|问题|答卷|现场|特写|案例|画面|人物|一线)\s?之?"
            r"[一二三四五六七八九十\d]{1,2}?\s?[:|]|之[一二三四五六七八九十]\s?:"
        ),
    ),
)
_FIRST = re.compile(r"第?[(【]?(?:一|1|01|①|壹)(?![\d十月年])")
_SAID = re.compile(
    r"[一二三四五六七八九十][是要]|第[一二三四五六七八九十百\d]{1,4}条|[问答qa]\s?:|首先,|其次,|其[一二三四五][,:]|[①-⑳]"
    r"|网友.{0,16}:|——|--|同志们|\d{1,2}[、.]|\(\d{1,2}\)|[•●·◆■★☆✓]\s"
)
_SALUTE = compiled(
    r"(?:尊敬的|各位|同志们|乡亲们|亲爱的|大家好|各\h{1,12}|父老乡亲|朋友们).{0,60}:$"
    r"|.{1,20}(?:们|同志|代表|来宾|乡亲|委员|朋友)\s?[:!]$"
)
_DATELINE = compiled(
    r"[(【\[]?(?:本报|本网|本刊|本台)?\s?\h{0,12}?\s?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:讯|消息|电)\s?[(】\]\s:,]"
    r"|本报\S{0,10}讯|新华社\S{0,14}电|(?:中新|人民|新华|中国|央视)\h{0,4}\S{0,14}[电讯]\s"
)
_COUNTED = re.compile(r"(?:part\s?\.?\s?)?0([1-9])\.?$|part\s?\.?\s?([1-9])\.?$")
_LABEL = re.compile(
    r"[【\[◆■●▍]?\s?(?:核心阅读|核心提示|阅读提示|编者按|编者的话|编后|编后语|记者手记|采访手记|手记|短评|点评|专家点评|记者观察|新闻背景"
    r"|背景链接|名词解释|小贴士|数读|声音|对话|引子|尾声|结语|前言|开篇语|写在前面|写在最后)\s?[】\]]?$"
)
_SUBTITLE = re.compile(r"——|—|--|──|―")

# Captions: a view, people at something, a place, a thing.
SCENE = re.compile(
    r"正在|一派|现场|合影|图为|[左右](?:[一二三四五]|\d)|\([左右中前后]\)|在一起|忙着|忙碌|一角|一景|全景|外景|远眺|鸟瞰|航拍"
    r"|俯瞰|风光|掠影|剪影|资料图|展示着|蜿蜒|矗立|喜获|喜摘|(?:新貌|风貌|面貌|美景|景象|场景|场面|情景|丰收)$"
)
NICKNAME = compiled(r"[老小阿]\h(?:正?[在给为把向和与带]|走在)")
_WHO = (
    r"(?:[一两三几\d]+[名位个]|这里的?|该[村镇县乡]|[^,\s]{0,8}?)"
    r"(?:\h{2}[员工]|[果茶菜蜂药花烟瓜棉粮牧渔][农民]|学员|绣娘|阿姨|大[爷妈娘姐]|社工"
    r"|村民|群众|干部|孩子|老人|志愿者|贫困户|脱贫户|困难户|书记|领导|农户|医生|医务人员|护士|老师|教师"
    r"|妇女|果农|茶农|菜农|农民|专家|客商|游客|记者|居民|队长|镇长|县长|主任|代表|大户|学生|员工|队员|职工|党员|姑娘|负责人)"
)
PEOPLE = compiled(_WHO + r"(?=.)")
DOING = compiled(
    _WHO + r"(?:们|\h{0,6}(?:采收|抢收|帮助|劳作|收割|除草|施肥|装|晒|栽|摘"
    r"|修|铺|查|测|运|在|向|为|给|把|到|与|和|对|领取|指导|走访|慰问|参加|展示|讲解|学习|开展|加工|种植|收获|整理|清理|观看|了解|接受|分拣|包装|制作|进行|组织|办理"
    r"|发放|宣传|宣讲|喜|忙|翻看|排队|体验|驻足|商量|讨论|交流))"
)
ACT = re.compile(
    r"领取|采摘|采挖|割取|拍照|练习|查看|察看|走访|慰问|看望|观看|翻看|讲解|交谈|座谈|晾晒|分拣|搬运"
    r"|装车|装箱|采收|收割|收获|劳作|施肥|除草|授课|上课|义诊|领到|装运|打包|编织|缝制|揭牌|剪彩|签约|捐赠|发放|清理|打扫|喂|查阅|核对|填写|发言|展出"
)
WHERE = re.compile(r"在[^,。]{1,16}?(?:里|上|中|内|前|旁|下|间|边|基地|车间|家中|地头)")
DATED = re.compile(r"(?:\d{1,2}月)?\d{1,2}日,|近日,|日前,")
THING = re.compile(r"[^\s,:]{2,16}的[^\s,:的]{1,7}[^\s,:的人民者梦歌心事]$")
SITE = re.compile(
    r"[^,:]{1,14}(?:基地|大棚|[场厂]|合作社|车间|产业园|示范园|园区|广场|公园|小区|安置[点区]|卫生室"
    r"|电站|校园|果园|茶园|水厂)(?:$|[,里内中])"
)


@lru_cache(4096)  # a line is asked about several times, by its neighbours too
def number(text: str) -> str:
    """Return the style of a heading's number ("han", "(han)", "arabic", "chapter" ...) or ""."""
    head = text[:16]
    return next((style for style, pattern in _NUMBER if pattern.match(head)), "")


def first_number(text: str) -> bool:
    """Tell whether a numbered line is the first of its row."""
    return bool(_FIRST.match(text))


def said(text: str) -> bool:
    """Tell an opening that only body paragraphs have: 一是, 第一条, 问, ①, a dash."""
    return bool(_SAID.match(text))


def salutation(text: str) -> bool:
    """Tell a line that speaks to its hearers or readers, as a speech or a notice does at its head."""
    return len(text) <= 80 and bool(_SALUTE.match(text))  # noqa: PLR2004


def dateline(text: str) -> bool:
    """Tell a paragraph that opens a news report: 本报讯, 新华社……电."""
    return bool(_DATELINE.match(text[:40]))


def counted(text: str) -> int:
    """Return the number of a line that is but that, as pages for telephones count their parts: 01; 0 for another."""
    found = _COUNTED.match(text)
    return int(found[1] or found[2]) if found else 0


def label(text: str) -> bool:
    """Tell a line that says what the part behind it is: 编者按, 记者手记."""
    return bool(_LABEL.match(text))


def subtitle(text: str) -> bool:
    """Tell a line that opens with a sub-title's dash."""
    return bool(_SUBTITLE.match(text))
