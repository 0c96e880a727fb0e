"""Who wrote and who took the picture: bylines, credits and names; on normalised text."""

import re
from functools import lru_cache

from tagger.characters import HAN

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蒋蔡余杜叶程苏魏吕丁任"
    "沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫"
    "孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童"
    "凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车"
    "项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲"
    "虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘闻厉伊仝郜海阚花权"
    "帅屠豆朴盖练廉禹井祖漆巴丰支卿狄平计索宣晋相初门云容敬扈晁芮都普阙浦戈伏鹿薄邸雍辜羊乌母裘亓修邰"
    "赫杭况宿鲜印逯隆茹诺战慕危玉银亢嵇哈湛宾戎勾茅呼揭尉束檀衣展阴昝智幸奉衡富尧闭由"
)
_NAME = rf"{HAN}(?:\s?{HAN}){{1,3}}|{HAN}{{2,4}}·{HAN}{{2,4}}"
_NAMES = rf"(?:{_NAME})(?:\s?[\s、,/&]\s?(?:{_NAME})){{0,5}}"
_ROLE = (
    r"(?:首席|见习|实习|特约|全媒体|融媒体|驻站|特派)?"
    r"(?:记者|通讯员|实习生|报道员|评论员|撰稿人?|供稿|作者|编辑|特约通讯员|摄影)"
)
_OUTLET = (
    rf"(?:{HAN}{{0,6}}"
    r"(?:本报|本刊|本网|本台|新华社|日报|晚报|时报|晨报|商报|都市报|台|网|社|融媒体中心?|报)\s?(?:全媒体|融媒体?)?)"
)
_WORK = r"(?:文/图|图/文|文图|图文|文|图|/|、|摄影报道|摄影|报道|采写|整理|撰写|并摄|摄|综合报道)"
_BYLINES = (
    (
        rf"[■□●◆◇◎○▲△★☆\-—*(\[【]{{0,3}}\s?(?:{_WORK}{{1,3}}\s?[:/|]?\s?)?{_OUTLET}?\s?{_ROLE}\s?[:/|]?\s?{_NAMES}"
        rf"(?:\s?[\s、/;,]\s?{_OUTLET}?\s?{_ROLE}\s?[:/|]?\s?{_NAMES}){{0,4}}\s?(?:[/(\s]?{_WORK}){{0,3}}[)\]】]?$"
    ),
    rf"[■□●◆◇◎○★☆]\s?{_NAMES}$",
    (
        r"(?:作者|记者|通讯员|文|图|图文|文图|文/图|图/文|文、图|文/摄影|摄影|撰文|撰稿|供稿|口述|整理|采写|执笔|文字|来稿"
        rf"|演讲人|讲述人|摄影/撰文)\s?[:/|丨]\s?(?:{_OUTLET}\s?)?(?:{_ROLE}\s?)?\S.{{0,40}}$"
    ),
    rf"\(\s?(?:{_OUTLET}|{HAN}{{0,10}}{_ROLE}|供稿|作者单位|作者系|作者)?\s?:?\s?{_NAMES}\s?(?:{_WORK})?\s?\)$",
    r"(?:本报|本刊|本网)(?:评论员|记者|编辑部|通讯员|讯)$",
    r"(?:作者|供稿)(?:单位|系)?\s?:",
)
_BYLINE = re.compile("|".join(_BYLINES))
_DESK = re.compile(r"来源|编辑|编审|审核|校对|时间|日期|点击|浏览|字号|\d{4}")
_PERSON = rf"(?:{HAN}{{2,3}}|{HAN} {{1,2}}{HAN})"
_SIGNED = re.compile(rf"{HAN}{{3,24}}\s{{1,4}}{_PERSON}$")
_LONE_NAMES = re.compile(rf"{_PERSON}(?:[\s、]{{1,2}}{_PERSON}){{0,4}}$")
_CREDIT = re.compile(
    rf"\(\s?(?:{_NAMES}|[^()。]{{0,10}}(?:记者|通讯员|报道|供稿|摄|作者|文/图)[^()。]{{0,24}})\s?\)\s?$"
)
_CREDITED = re.compile(
    rf"[。!?”)\s](?:{HAN}{{0,8}}(?:记者|通讯员|特约)\s?)?(?:{HAN}|\s){{2,12}}[\s/](?:摄影报道|摄|文/图|图/文|供图|报道)$"
)
_CAPTION_HEADS = (
    r"[▲△▼↑↓←→◀▶►☝👆👇⬆⬇◤◥]",
    r"(?:图片说明|图片来源|图说|图注|题图|资料图片?|组图|配图|压题图|主图)",
    r"[(【\[]?(?:图|照片|左图|右图|上图|下图|大图|小图|中图|图片)\s?(?:[\d一二三四五六七八九十①-⑩]{1,2})?\s?[:为]",
    r"图\s?(?:[\d①-⑩]{1,2}|[一二三四五六七八九十]{1,2}[\s:、.])",
    r"图[为中]|[(【\[](?:图片|资料图|图为)",
    r"这是.{0,24}(?:拍摄|航拍|鸟瞰)",
)
_CAPTION_HEAD = re.compile("|".join(_CAPTION_HEADS))
_CAPTION_TAILS = (
    rf"(?:[\s(/:。,]|^)(?:{HAN}|[\s、]){{2,14}}(?:[/\s]?\s?(?:摄影|摄|供图|拍摄|摄制)|/图)\s?[)\]】]?。?$",
    (
        r"[(\[【](?:资料图片?|资料照片|无人机照片|视频截图|新华社发|网络图片|航拍|效果图|摄影|图片由.{2,20}提供"
        r"|.{2,20}(?:供图|摄|提供))[)\]】]。?$"
    ),
    rf"[\s。,]{_PERSON}\s?摄\s?\([^()]{{2,14}}\)$",
    r"(?:新华社|中新社|本报)发[\s(]?.{0,14}$|图片由.{2,20}(?:提供|拍摄)$|摄影报道[)】]?$",
)
_CAPTION_TAIL = re.compile("|".join(_CAPTION_TAILS))
_ARROW = re.compile(_CAPTION_HEADS[0])
_SHOT = re.compile(
    rf"[。!?)”」\s](?:(?:新华社|中新社|本报|本刊|\S{{2,4}}网)?\s?(?:特约)?(?:记者|通讯员)\s?)?{_PERSON}(?:[、\s]\s?{_PERSON}){{0,2}}"
    r"\s?(?:摄|供图)(?:[)。]|\s?\([^()]{2,14}\))?$"
)


@lru_cache(4096)  # a line is asked about several times, by its neighbours too
def byline(text: str) -> float:
    """Return how surely a short normalised line names its writers: 11 by its wording alone."""
    if len(text) > 70:  # noqa: PLR2004
        return 0.0
    if _BYLINE.match(text) and not text.endswith(("。", "!", "?", "摄", "供图")):
        return 0.0 if _DESK.search(text) else 11.0
    if _LONE_NAMES.match(text) and all(name[:1] in _SURNAMES for name in _names(text)):
        return 2.5
    return 0.0


def _names(text: str) -> list[str]:
    return [name for name in re.split(r"[\s、]+(?=\S{2})", text) if name]


def signed(text: str) -> bool:
    """Tell an office or post followed by a name, as writers sign who are no reporters."""
    return len(text) <= 34 and bool(_SIGNED.match(text)) and surname(text.split()[1][0])  # noqa: PLR2004


def surname(character: str) -> bool:
    """Tell a character that families are called by."""
    return character in _SURNAMES


def credit(text: str) -> bool:
    """Tell a text that ends in its writers' names in brackets."""
    return bool(_CREDIT.search(text[-48:]))


def credited(text: str) -> bool:
    """Tell a text that ends in a credit without brackets: 记者 某某 摄影报道."""
    return bool(_CREDITED.search(text[-48:]))


def shot(text: str) -> bool:
    """Tell a text that ends in its photographer's name: 某某 摄."""
    return bool(_SHOT.search(text[-48:]))


def pointed(text: str) -> bool:
    """Tell a text that begins with an arrow to its picture."""
    return bool(_ARROW.match(text))


@lru_cache(4096)
def caption(text: str) -> float:
    """Return how surely a normalised line carries a caption's mark: 摄, 供图, 图为, ▲."""
    if pointed(text):
        return 9.0
    if len(text) > 160:  # noqa: PLR2004 - the patterns' guard
        return 0.0
    if _CAPTION_HEAD.match(text):
        return 9.0
    return 8.0 if len(text) <= 110 and _CAPTION_TAIL.search(text) else 0.0  # noqa: PLR2004
