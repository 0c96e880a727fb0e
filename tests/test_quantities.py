"""Quantities: values, units, what they count, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.quantities import Quantity, quantities


def short(text: str) -> list[tuple[float, str]]:
    return [(found.value, found.unit) for found in quantities(text)]


def only(text: str) -> Quantity:
    (found,) = quantities(text)
    return found


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("修缮房屋18户。", 18, "户"),
        ("下拨经费22.5万元。", 225_000, "元"),
        ("栽下果树1.2亿株。", 120_000_000, "株"),
        ("铺路12,000米。", 12_000, "米"),
        ("全组三十户。", 30, "户"),
        ("开垦两千余亩。", 2_000, "亩"),
        ("补助資金３.５萬元。", 35_000, "元"),
        ("種茶三百餘畝。", 300, "亩"),
        ("入户率达到百分之九十五。", 95, "%"),
        ("八成村民入了股。", 80, "%"),
        ("九成五的人家通了水。", 95, "%"),
        ("占总数的三分之一。", 33.33, "%"),
        ("2/3的人家搬了家。", 66.67, "%"),
        ("鸡蛋卖到两块五。", 2.5, "元"),
        ("工期两年半。", 2.5, "年"),
        ("学艺三个半月。", 3.5, "个月"),
        ("每月领三千二。", 3_200, "元"),
        ("减半后仍有5个百分点。", 5, "个百分点"),
        ("包下两亩半旱地。", 2.5, "亩"),
        ("一亩八分水田。", 1.8, "亩"),
        ("屋后半亩菜园。", 0.5, "亩"),
        ("岗位廿六个。", 26, "个"),
        ("收入翻了两番。", 2, "番"),
        ("入户率达到百分之七十六点四。", 76.4, "%"),
        ("机耕路八点二公里。", 8.2, "公里"),
        ("赠救护车一辆。", 1, "辆"),
        ("每季度上门一次。", 1, "次"),
        ("签下意向3 600 多人。", 3_600, "人"),
        ("安装水表262块。", 262, "块"),
    ],
)
def test_a_number_and_its_unit_are_read(text: str, value: float, unit: str) -> None:
    assert short(text) == [(value, unit)]


@pytest.mark.parametrize(
    "text",
    [
        "2019年10月17日上午9时30分，会议开始。",
        "二〇二〇年底，全村通了车。",
        "第86期简报和第三批队员已到。",
        "县办〔2018〕15号文件下发。",
        "咨询电话0999-1234567，邮编654321。",
        "“654”机制和“1+3+N”模式。",
        "G65高速和318国道从村边过。",
        "一是抓产业，二是抓就业。",
        "他是一个好干部，家里来了一些人。",
        "一村一品，千方百计，万众一心。",
        "“两不愁三保障”和“五个一批”。",
        "三级书记一起抓，不能三天打鱼两天晒网。",
        "七十岁的老人坐在门前。",
        "三年来变化很大，五年前谁也不信。",
        "要从三个方面下功夫。",
        "读了《三百户人家》这本书。",
        "前三名上台领奖。",
        "公租房二期竣工。",
        "过了七里塘就到村口。",
        "电费单送进万家。",
    ],
)
def test_what_counts_nothing_is_no_quantity(text: str) -> None:
    assert quantities(text) == ()


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("奖励300-500元。", 300, 500),
        ("奖励300至500元。", 300, 500),
        ("投资3万元至5万元。", 30_000, 50_000),
        ("投资3—5万元。", 30_000, 50_000),
        ("来了七八个。", 7, 8),
        ("占百分之三十到四十。", 30, 40),
        ("割蜜八到十斤。", 8, 10),
    ],
)
def test_a_range_has_both_ends(text: str, low: float, high: float) -> None:
    assert (only(text).value, only(text).high) == (low, high)


@pytest.mark.parametrize(
    "text", ["近300户", "300余户", "300户以上", "约300户", "逾300户", "几百户", "300多户", "上百户", "300户出头"]
)
def test_words_for_about_make_it_approximate(text: str) -> None:
    assert only(text).approximate


@pytest.mark.parametrize(
    "text", ["达300户", "签约300户", "附近300户", "节约300元", "共300户", "捐彩超300台", "百分之百"]
)
def test_words_that_only_look_like_about_do_not(text: str) -> None:
    assert not only(text).approximate


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("完成危房改造18户。", "危房改造"),
        ("提供岗位24000余个。", "岗位"),
        ("发放补贴22.5万元。", "补贴"),
        ("发展茶园2000亩。", "茶园"),
        ("2000亩茶园，一片新绿。", "茶园"),
        ("养殖肉牛300头。", "肉牛"),
        ("养殖基地3个。", "养殖基地"),
        ("举办10场“春风”招聘会。", "“春风”招聘会"),
        ("蔬菜大棚（120座）已完工。", "蔬菜大棚"),
        ("公益岗位：40个。", "公益岗位"),
        ("30名懂电脑的青年留了下来。", "青年"),
        ("报销比例提高到90%。", "报销比例"),
        ("85%的农户入社。", "农户"),
        ("改造危房１８戶。", "危房"),
        ("發放獎學金三萬元。", "獎學金"),
        ("扶持家庭农场18家。", "家庭农场"),
        ("清理道路塌方21处。", "道路塌方"),
        ("敬老院床位60张。", "床位"),
        ("菌棒厂日产菌棒3万棒。", "菌棒"),
        ("水泥路宽4米。", "水泥路"),
        ("架桥3座。", "桥"),
        ("“绣娘课堂”12堂。", "绣娘课堂"),
        ("从帮扶资金里拿出六千元。", "帮扶资金"),
        ("3间破旧的厨房。", "厨房"),
        ("12名家庭困难的学生。", "学生"),
        ("25名不能上学的儿童。", "儿童"),
        ("党员占全村的六成。", "党员"),
        ("路灯换过两次。", "换"),
        ("三天搬运肥料。", "搬运"),
        ("收购价（元）：35。", "收购价"),
        ("全村311户。", "全村"),
        ("每斤卖120元。", "每斤"),
    ],
)
def test_the_thing_counted_is_told_by_the_words_around(text: str, counted: str) -> None:
    assert only(text).counted == counted


def test_households_and_people_with_no_noun_take_the_verb() -> None:
    found = quantities("带动151户314人受益。")
    assert [(q.value, q.unit, q.counted) for q in found] == [(151, "户", "带动"), (314, "人", "带动")]
    assert [q.act for q in found] == ["带动", "带动"]


def test_a_noun_belongs_to_the_number_before_it_if_it_stands_right_between() -> None:
    assert [q.counted for q in quantities("辖11个小组398户。")] == ["小组", "户"]
    assert [q.counted for q in quantities("11个村有贫困人口300人。")] == ["村", "贫困人口"]


def test_a_second_number_goes_on_with_the_thing_of_the_first() -> None:
    assert [q.counted for q in quantities("贫困发生率由17.9%下降到4.6%。")] == ["贫困发生率"] * 2
    assert [q.counted for q in quantities("易地搬迁118户437人。")] == ["易地搬迁"] * 2


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("排查纠纷30件，化解28件。", "纠纷"),
        ("入学率升到八成，明年再提高五个百分点。", "入学率"),
        ("楼房4栋、120套。", "楼房"),
        ("工资少则2000元，多则3000元。", "工资"),
        ("接待游客30万人次，比上年增长20%。", "游客"),
    ],
)
def test_a_later_number_with_no_noun_tells_more_of_the_same_thing(text: str, counted: str) -> None:
    assert [q.counted for q in quantities(text)] == [counted] * 2


def test_people_of_another_act_are_not_the_people_before() -> None:
    assert [q.counted for q in quantities("招聘护林员30人，培训50人。")] == ["护林员", "培训"]


def test_numbers_in_a_row_share_the_unit_behind_the_last() -> None:
    assert short("补助分300、500、800元三档。") == [(300, "元"), (500, "元"), (800, "元")]
    assert short("补助分3、5万元两档。") == [(30_000, "元"), (50_000, "元")]
    assert short("第3、4、5组。") == []


def test_a_unit_in_brackets_before_a_number_is_its_unit() -> None:
    assert short("面积（亩）：1200；投资（万元）：86.5；户数（户）：312。") == [
        (1200, "亩"),
        (865_000, "元"),
        (312, "户"),
    ]


def test_the_act_is_the_verb_on_the_thing() -> None:
    assert [q.act for q in quantities("发放补贴22.5万元，养殖肉牛300头。")] == ["发放", "养殖"]


def test_a_rate_says_what_it_is_for() -> None:
    assert [q.per for q in quantities("每亩补助2000元，户均增收3000元，发放90元。")] == ["每亩", "户均", ""]
    found = only("收购价15元/斤。")
    assert (found.per, found.value) == ("每斤", 15)


def test_the_year_of_a_sentence_holds_until_another_is_named() -> None:
    text = "2018年，种茶30亩；2019年种茶40亩。今年种茶50亩。2017—2020年修路6公里。"
    assert [q.year for q in quantities(text)] == [2018, 2019, None, 2020]


def test_one_before_a_measure_word_counts_only_where_something_was_made() -> None:
    assert short("新建一座冷库，形成一个机制，买来一台机器。") == [(1, "座")]
    assert short("有两所小学和一所幼儿园。") == [(2, "所"), (1, "所")]


def test_a_comma_between_half_width_digits_parts_two_numbers_only_if_full_width() -> None:
    assert short("种树12,300棵。") == [(12_300, "棵")]
    assert short("编为12，300棵已活。") == [(300, "棵")]


@given(
    st.text(alphabet="每户均补助新建茶园三百余两千一二十万元亩个人名%.,，。、至-0123456789年月第“”第萬畝 ", max_size=40)
)
def test_offsets_point_at_the_text_as_printed(text: str) -> None:
    last = 0
    for found in quantities(text):
        assert last <= found.start < found.end <= len(text)
        assert found.counted in text or found.counted in (found.unit, found.per)
        assert found.act in text
        assert found.high is None or found.high > found.value
        last = found.end


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert all(found.value >= 0 for found in quantities(text))


def test_traditional_and_simplified_give_the_same_values() -> None:
    simplified, traditional = (
        "发放补贴三万元，带动九十八户，种茶两千余亩。",
        "發放補貼三萬元，帶動九十八戶，種茶兩千餘畝。",
    )
    assert short(simplified) == short(traditional)
    assert [(q.start, q.end) for q in quantities(simplified)] == [(q.start, q.end) for q in quantities(traditional)]
