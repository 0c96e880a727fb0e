"""What a short line says it is: patterns of furniture, bylines, captions, numbers, dates; on normalised text."""

import re

LONGEST = 160  # characters; no pattern is tried on a longer line, so none can run away

_DATE = r"(?:\d{4}|[〇零○一二三四五六七八九]{4})\s?[年\-/.]\s?(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s?[月\-/.]\s?(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s?日?"
_TIME = r"\d{1,2}:\d{2}(?::\d{2})?"
_WEEKDAY = r"(?:星期|周|礼拜)[一二三四五六日天]"
_LABEL = (
    r"(?:稿件|信息|文章|新闻|内容|本文|图片)?来源|稿源|出处|(?:发布|发稿|更新|发表|录入|成文|生成|公开|印发|发文|时间|出版)?(?:时间|日期)"
    r"|(?:阅读|点击|浏览|访问|点赞|评论|文章)(?:数|量|次数|率|字数)?|人气|字数|字体(?:大小)?|字号(?:大小)?|视力保护色"
    r"|(?:(?:本版|值班|执行|责任|美术|图片|网络|实习|见习|视觉|文字|新媒体)?(?:编辑|主编|责编|美编|编审|编校)|(?:副|总)?主编|总编辑)"
    r"|版式|(?:责任)?校对|校审|审核|审校|审稿|审签|(?:初|复|二|三|终)审(?:人)?|(?:总)?监制|签发|签批|统筹|策划|总?策划|排版|制作|制图|录入(?:员)?"
    r"|发布(?:人|者|机构|单位)?|发文(?:机关|机构|字号|单位)|索引号|文号|主题词|主题分类|体裁分类|组配分类|关键[词字]|标签|分类|栏目|类别|有效性|内容概述"
    r"|公开(?:方式|形式|范围|类型)|信息名称|(?:联系|办公|咨询|监督|举报|投稿|新闻|报料|广告|发行|订阅|服务)?(?:电话|热线)|传真|投稿邮箱|电子邮[箱件]|邮箱"
    r"|e-?mail|tel|(?:本报|联系|单位|详细)?地址|社址|邮政?编码?|网址|(?:官方)?(?:网站|微信|微博|公众号)|微信号|qq群?|投稿|定价|零售价?|刊号"
    r"|(?:国内)?统一刊号|邮发代号|印刷|主办(?:单位)?|承办(?:单位)?|主管(?:单位)?|协办(?:单位)?|技术支持|版权所有|备案号|许可证|联系人|网站标识码|作者|记者|通讯员|撰稿|供稿(?:单位)?"
)
_BUTTON = (
    r"分享(?:到|至|给好友)?|微信(?:好友)?|朋友圈|(?:新浪|腾讯)?微博|qq(?:空间|好友)?|一键分享|扫一扫|点?收藏(?:本站|本页)?|打印(?:本页|本文|文章)?|关闭(?:窗口|本页|页面)?"
    r"|返回(?:顶部|首页|列表|目录|上一页)?|(?:上|下|前|后|首|末|尾)一?(?:篇|版|期|条|页)|点?点?赞|点?(?:在|再)看|点?分享|转发|评论|举报|纠错|我要(?:纠错|评论|留言)|阅读(?:原文|全文|更多)?|end|the end|完|全文完"
    r"|展开|收起|登录|注册|设为首页|加入收藏|无障碍(?:阅读|浏览)?|手机版|电脑版|繁体(?:版|中文)?|简体(?:版|中文)?|客户端|app(?:下载)?|下载|放大\+?|缩小-?|默认|大|中|小|变大|变小|t\s?大|t\s?小|首页|网站首页|新闻|要闻|资讯"
    r"|时政|图片|视频|专题|评论|更多|搜索|滚动|国内|国际|本地|网站地图|联系我们|联系方式|关于我们|网站(?:简介|声明|导航)|版权声明|广告(?:服务|刊例)?|法律声明|人才招聘|友情链接|举报平台"
    r"|新闻中心|政务公开|信息公开|政务服务|互动交流|走进\S{2,4}|正文|全部|目录|版面(?:导航|概览)?|标题导航|往期(?:回顾)?|数字报|多媒体数字报|pdf(?:版|下载)?|copy(?:right)?|复制链接|加载中\.*|责任编辑"
    r"|关注(?:我们)?|订阅|来源|字号|字体|编辑|审核|发布时间|时间|作者|浏览|点击|次|星期|原创"
)
_TOKEN = re.compile(
    rf"(?:{_DATE}|{_TIME}|{_WEEKDAY}|(?:{_LABEL})\s?[::/|]\s?[^\s|/>》:]{{0,24}}|(?<![^\s|,>/\[\]【】(:：·])(?:{_BUTTON})(?![^\s|,>/\[\]【】):：·+\-])"
    r"|总?第\s?\d+\s?[期版号]|[a-d]?\d{1,3}\s?版|(?:^|\s)[a-d]\d{2}(?=\s|$|:)|今日\s?\d+\s?版|农历\S{2,12}|(?:https?://|www\.)\S+|[\w.]+@[\w.]+|\d{3,4}-\d{7,8}|1\d{10})"
)
_FURNITURE = re.compile(
    r"(?:[\W_]{0,6}\d{1,4}[\W_]{0,6}$|第?\s?\d{1,4}\s?/\s?\d{1,4}\s?页?$|第\s?\S{1,4}\s?页|page\s?\d+|共\s?\d+\s?页)"
    r"|[\W_]+$"
    r"|.{0,30}(?:copyright|all rights reserved|icp备|公网安备|©|版权所有|增值电信业务|互联网新闻信息服务|未经.{0,12}(?:授权|许可|允许))"
    r"|(?:https?://|www\.)\S+$"
    r"|(?:您?(?:的|现在的?|所在的?|当前)?(?:当前)?)?(?:位置|所在位置)\s?[:>]|您(?:所在|现在|当前)"
    r"|(?:[↑↓▲▼👇👆☞【\[]\s?)*(?:点击|点|长按|扫描|扫一扫|识别|微信扫).{0,14}(?:关注|二维码|蓝字|订阅|下载|收听|分享|查看|阅读)"
    r"|(?:欢迎|敬请|请|更多.{0,6})?(?:关注|订阅|下载).{0,12}(?:公众号|我们|微信|客户端|视频号|app)"
    r"|[(【\[]?\s?(?:上|下|前|后)一(?:篇|条|版|期|页)\s?[:>】)\]]"
    r"|[(【\[]?(?:下转|上接|紧接|转自)\s?第?.{0,8}版?[)】\]]?$"
    r"|[(【\[]?(?:免责声明|版权声明|特别声明|声明|凡本[网站]|凡注明|转载请|本文转自|本文来源|本站|图文转自)"
    r"|附\s?(?:件|表)?\s?[\d一二三四五六七八九十]{0,2}\s?[::]|附件\s?\d{0,2}$"
    r"|(?:抄送|抄报|主送|分送|呈报|呈送|报|送|发|报送|印送|主题词|发至|共印|本期(?:发|送|报)送?)\s?[::]"
    r"|.{2,30}\d{1,2}日\s?印发$"
    r"|[(\[【]?此件(?:公开|依申请|主动|不予)"
    r"|[^\s,。]{1,14}\s?[〔\[(【「]\s?\d{4}\s?[〕\])】」]\s?第?\s?\d{1,4}\s?号$"
    r"|(?:本版|本期|本报)?(?:责任编辑|责编|值班编辑|美术编辑|校对|版式|组版|审读|总值班)\s?[::/ ]"
    r"|(?:表|附表)\s?[\d一二三四五六七八九十]{1,3}(?:[\s:.-]|$)|\(?单位\s?[::]\s?\S{1,8}\)?$|(?:资料|数据)来源"
    r"|(?:收藏|转发|点赞|评论|阅读|浏览)\s?\d+$|\d+\s?(?:阅读|评论|点赞|人看过|次浏览)"
    r"|(?:来源|稿源|文章来源|信息来源|转自)\s?[::/]"
)
_LIST = re.compile(
    r"[【\[<◆■●◎▶►|丨]*\s?(?:相关|推荐|热门|延伸|往期|更多|猜你|最新|图文|精彩|本[周月]|今日|一周|编辑|频道|站内|新闻|点击|友情|为您|大家都在|热点|头条|24小时|视频|图片|专题|要闻)\s?"
    r"(?:相关|最新|精彩|内容)?(?:文章|阅读|新闻|推荐|链接|报道|专题|回顾|精彩|内容|资讯|图集|热点|排行|榜|喜欢|动态|关注|文档|信息|看|热文|导读|推送)榜?[】\]>◆■●◎▶►|丨]*\s?[:>]*\s?(?:更多)?[>》]*$"
)
_PAPER = re.compile(
    r"[^\s,。:!]{1,10}(?:日报|晚报|早报|晨报|时报|周报|导报|商报|都市报|简报|快报|周刊|专刊|特刊|月刊|内刊|新闻网|政府网|门户网站|客户端|融媒体?|融媒体中心|数字报|电子报|电视台|报社|编印|工作动态|情况通报|工作信息)"
    r"(?:\s?[-—|·]?\s?(?:数字报|电子版|电子报|多媒体版|手机版|官网))?$"
)
_UNIT = re.compile(
    r"[^\s,。:;!?]{2,26}(?:人民政府|委员会|办公室|办事处|办公厅|领导小组|指挥部|工作组|工作队|局|厅|部|委|党委|支部|总支|中心|公司|联合会|协会|院|校|社|会|银行|村委会)$"
)
_PURE_DATE = re.compile(rf"[(\[]?\s?{_DATE}\s?(?:{_WEEKDAY})?\s?(?:{_TIME})?\s?(?:{_WEEKDAY})?\s?[)\]]?$")
_DAY = re.compile(
    rf"(?:(?:\d{{4}}|[二〇零○一二三四五六七八九]{{4}})\s?[年.\-/]\s?)?(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s?[月.]\s?(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s?[日号]?"
    rf"(?:\s?[,,\s]?\s?(?:{_WEEKDAY}|[晴阴雨雪云雾风多小中大转到有阵雷毛细暴]{{1,6}}|农历\S{{1,8}}|上午|下午|晚|夜|傍晚|清晨)){{0,4}}$"
)
FULL_DATE = re.compile(r"(\d{4})\s?[年\-/.]\s?(\d{1,2})\s?[月\-/.]\s?(\d{1,2})\s?日?(?!\d)")

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由"
)
_NAME = r"[\u4e00-\u9fff](?:\s?[\u4e00-\u9fff]){1,3}|[\u4e00-\u9fff]{2,4}·[\u4e00-\u9fff]{2,4}"
_NAMES = rf"(?:{_NAME})(?:\s?[\s、,/&]\s?(?:{_NAME})){{0,5}}"
_ROLE = r"(?:首席|见习|实习|特约|全媒体|融媒体|驻站|特派)?(?:记者|通讯员|实习生|报道员|评论员|撰稿人?|供稿|作者|编辑|特约通讯员|摄影)"
_OUTLET = r"(?:[\u4e00-\u9fff]{0,6}(?:本报|本刊|本网|本台|新华社|日报|晚报|时报|晨报|商报|台|网|社|融媒体中心?|报)\s?(?:全媒体|融媒体?)?)"
_WORK = r"(?:文/图|图/文|文图|图文|文|图|/|、|摄影报道|摄影|报道|采写|整理|撰写|并摄|摄|综合报道)"
_BYLINE = re.compile(
    rf"[■□●◆◇◎○▲△★☆\-—*(\[【]*\s?(?:{_WORK}{{1,3}}\s?[::/|]?\s?)?{_OUTLET}?\s?{_ROLE}\s?[::/|]?\s?{_NAMES}"
    rf"(?:\s?[\s、/;,]\s?{_OUTLET}?\s?{_ROLE}\s?[::/|]?\s?{_NAMES}){{0,4}}\s?(?:[/(\s]?{_WORK}){{0,3}}[)\]】]?$"
    rf"|[■□●◆◇◎○★☆]\s?{_NAMES}$"
    rf"|(?:作者|记者|通讯员|文|图|图文|文图|文/图|图/文|文、图|文/摄影|摄影|撰文|撰稿|供稿|口述|整理|采写|执笔|文字|来稿|演讲人|讲述人|摄影/撰文)\s?[::/|丨]\s?(?:{_OUTLET}\s?)?(?:{_ROLE}\s?)?\S.{{0,40}}$"
    rf"|\(\s?(?:{_OUTLET}|{_ROLE}|供稿|作者单位|作者系|作者)?\s?[::]?\s?{_NAMES}\s?(?:{_WORK})?\s?\)$"
    rf"|(?:本报|本刊|本网)(?:评论员|记者|编辑部|通讯员|讯)$"
    rf"|(?:作者|供稿)(?:单位|系)?\s?[::]"
)
_LONE_NAMES = re.compile(r"(?:[\u4e00-\u9fff]{2,3}|[\u4e00-\u9fff] {1,2}[\u4e00-\u9fff])(?:[\s、]{1,2}(?:[\u4e00-\u9fff]{2,3}|[\u4e00-\u9fff] {1,2}[\u4e00-\u9fff])){0,4}$")
_CAPTION_HEAD = re.compile(
    r"[▲△▼↑↓←→◀▶►☝👆👇⬆⬇◤◥]"
    r"|(?:图片说明|图片来源|图说|图注|题图|资料图片?|组图|配图|压题图|主图)"
    r"|[(【\[]?(?:图|照片|左图|右图|上图|下图|大图|小图|中图|图片)\s?(?:[\d一二三四五六七八九十①-⑩]{1,2})?\s?[::为]"
    r"|图\s?(?:[\d①-⑩]{1,2}|[一二三四五六七八九十]{1,2}[\s:、.])"
    r"|图[为中]|[(【\[](?:图片|资料图|图为)"
    r"|这是.{0,24}(?:拍摄|航拍|鸟瞰)"
)
_CAPTION_TAIL = re.compile(
    r"(?:[\s(/::。,]|^)[\u4e00-\u9fff\s、]{2,14}[/\s]?\s?(?:摄影|摄|供图|图|拍摄|摄制)\s?[)\]】]?。?$"
    r"|[(\[【](?:资料图片?|资料照片|无人机照片|视频截图|新华社发|网络图片|航拍|效果图|摄影|图片由.{2,20}提供|.{2,20}(?:供图|摄|提供))[)\]】]。?$"
    r"|(?:新华社|中新社|本报)发[\s(]?.{0,14}$|图片由.{2,20}(?:提供|拍摄)$|摄影报道[)】]?$"
)
_NUMBER = (
    ("chapter", re.compile(r"第[一二三四五六七八九十百零\d]{1,4}(?:章|节|部分|篇|编|幕)(?!\S*条)")),
    ("han", re.compile(r"[一二三四五六七八九十]{1,3}\s?[、.,:](?!\d)")),
    ("(han)", re.compile(r"\([一二三四五六七八九十]{1,3}\)")),
    ("arabic", re.compile(r"\d{1,2}\s?[、.](?!\d)\s?|\d{1,2}\s(?=[\u4e00-\u9fff])")),
    ("(arabic)", re.compile(r"\(\d{1,2}\)|\d{1,2}\)")),
    ("circle", re.compile(r"[①-⑳❶-❿⑴-⒇]")),
    ("lone", re.compile(r"(?:part\s?\.?\s?)?0?\d{1,2}\.?$|[壹贰叁肆伍陆柒捌玖拾]$|[一二三四五六七八九十]$|【[一二三四五六七八九十\d]{1,2}】$|no\.?\s?\d{1,2}$")),
    ("keyword", re.compile(r"(?:关键词|镜头|故事|场景|样本|亮点|做法|经验|问题|答卷|现场|特写|案例|画面|人物|一线)\s?(?:之)?[一二三四五六七八九十\d]{1,2}?\s?[::|]|之[一二三四五六七八九十]\s?[::]")),
)
_FIRST = re.compile(r"(?:第?[(【]?(?:一|1|01|①|壹)(?![\d十月年]))")
_SAID = re.compile(
    r"(?:一|二|三|四|五|六|七|八|九|十)(?:是|要)|第[一二三四五六七八九十百\d]{1,4}条|[问答q a]\s?[::]|问|首先[,,]|其次[,,]|其[一二三四五][,,:]|[①-⑳]|——|--|同志们|\d{1,2}[、.]|\(\d{1,2}\)|[•●·◆■★☆✓]\s"
)
_SALUTE = re.compile(r"(?:尊敬的|各位|同志们|乡亲们|亲爱的|大家好|各[\u4e00-\u9fff]{1,12}|父老乡亲|朋友们).{0,60}:$|.{1,20}(?:们|同志|代表|来宾|乡亲|委员|朋友)\s?[:!]$")
_DATELINE = re.compile(
    r"[(【\[]?(?:本报|本网|本刊|本台)?\s?[\u4e00-\u9fff]{0,12}?\s?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:讯|消息|电)\s?[(】\]\s:,]|本报\S{0,10}讯|新华社\S{0,14}电|(?:中新|人民|新华|中国|央视)[\u4e00-\u9fff]{0,4}\S{0,14}[电讯]\s"
)
_CREDIT = re.compile(r"[((]\s?(?:本报|特约|通讯员|记者|文/图|供稿|作者)?[^((。))]{2,40}[))]\s?$")
_ENDING = re.compile(r"(?:[\[(【]?(?:责任编辑|责编|编辑|审核|校对|上一篇|下一篇|打印|关闭|分享|相关|版权|来源)|end$|完$)")
_SUBTITLE = re.compile(r"(?:——|—|--|──|―)")


def furniture(text: str) -> float:
    """Return how surely a short normalised line is furniture: 0 not at all, 10 by its wording alone."""
    if not text or len(text) > LONGEST:
        return 0.0
    if _FURNITURE.match(text) or _LIST.match(text) or table_row(text):
        return 10.0
    if _PURE_DATE.match(text) or text.count(">") > 1 or text.count("|") > 2:  # noqa: PLR2004 - a path, a menu
        return 10.0
    if len(text) <= 14 and _PAPER.match(text):  # noqa: PLR2004
        return 7.0
    rest = len(re.sub(r"[\W_]", "", _TOKEN.sub("", text)))
    whole = len(re.sub(r"[\W_]", "", text))
    if rest * 4 <= whole or (rest <= 12 and rest * 2 <= whole):  # noqa: PLR2004
        return 10.0
    if not re.search(r"[\u4e00-\u9fff]", text) and len(text) < 80:  # noqa: PLR2004 - an English masthead, dateline
        return 6.0
    return 0.0


def table_row(text: str) -> bool:
    """Tell a row of figures: three or more short cells, most of them numbers."""
    cells = [cell for cell in re.split(r"\t+|\s{2,}|\s?\|\s?|\s", text) if cell]
    numbers = sum(bool(re.fullmatch(r"[\d.,%+\-—/~]+[\u4e00-\u9fff%]{0,2}", cell)) for cell in cells)
    return len(cells) > 2 and numbers * 5 >= len(cells) * 2 and max(map(len, cells)) <= 16  # noqa: PLR2004


def cells(text: str) -> int:
    """Return the number of cells of a line set out like a table's row, or 0."""
    parts = [part for part in re.split(r"\t+|\s{2,}|\s?\|\s?", text[:LONGEST]) if part]
    return len(parts) if len(parts) > 2 and max(map(len, parts)) <= 16 else 0  # noqa: PLR2004


def opens_list(text: str) -> bool:
    """Tell a line that heads a list of other articles."""
    return len(text) <= 20 and bool(_LIST.match(text))  # noqa: PLR2004


def byline(text: str) -> float:
    """Return how surely a short normalised line names its writers."""
    if len(text) > 70:  # noqa: PLR2004
        return 0.0
    if _BYLINE.match(text) and not text.endswith(("。", "!", "?", "摄", "供图")):
        return 9.0
    if _LONE_NAMES.match(text) and all(n.strip()[:1] in _SURNAMES for n in re.split(r"[\s、]+(?=\S{2})", text)):
        return 2.5
    return 0.0


def caption(text: str) -> float:
    """Return how surely a normalised line carries a caption's mark."""
    if len(text) > LONGEST:
        return 0.0
    if _CAPTION_HEAD.match(text):
        return 9.0
    return 8.0 if len(text) <= 110 and _CAPTION_TAIL.search(text) else 0.0  # noqa: PLR2004


def number(text: str) -> str:
    """Return the style of a heading's number ("han", "(han)", "arabic", "chapter" ...) or ""."""
    head = text[:16]
    return next((style for style, pattern in _NUMBER if pattern.match(head)), "")


def first_number(text: str) -> bool:
    """Tell whether a numbered line is the first of its row."""
    return bool(_FIRST.match(text))


def said(text: str) -> bool:
    """Tell an opening that only body paragraphs have: 一是, 第一条, 问：, ①, a dash."""
    return bool(_SAID.match(text))


def salutation(text: str) -> bool:
    """Tell a line that speaks to the hearers: 同志们："""
    return len(text) <= 80 and bool(_SALUTE.match(text))  # noqa: PLR2004


def dateline(text: str) -> bool:
    """Tell a paragraph that opens a news report: 本报讯, 新华社……电."""
    return bool(_DATELINE.match(text[:40]))


def credit(text: str) -> bool:
    """Tell a text that ends in its writers' names in brackets."""
    return bool(_CREDIT.search(text[-48:]))


def ending(text: str) -> bool:
    """Tell furniture that closes an article."""
    return bool(_ENDING.match(text))


def subtitle(text: str) -> bool:
    """Tell a line that opens with a sub-title's dash."""
    return bool(_SUBTITLE.match(text))


def day(text: str) -> bool:
    """Tell a line that is a day and nothing more: a date, perhaps with the weather, as in a diary."""
    return len(text) <= 30 and bool(_DAY.match(text) or _PURE_DATE.match(text))  # noqa: PLR2004


def unit(text: str) -> bool:
    """Tell a line that is an office's name and nothing more, as under a notice."""
    return len(text) <= 30 and bool(_UNIT.match(text))  # noqa: PLR2004
