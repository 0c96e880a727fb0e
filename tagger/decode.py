"""Bytes to text: UTF-8, UTF-16, GB18030 or Big5, told apart by what the text then looks like."""

import re
from pathlib import Path

from tagger.errors import ReadError

# The commonest characters of both scripts: text decoded by the wrong table has few of them.
COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形"
    "相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展"
    "五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战"
    "先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白"
    "教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且"
    "究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值"
    "号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严首底液官德随"
    "贫困扶脱户村镇乡岗致富兴务驻书记帮助"
    "這為個國來們時說產種後學進著電裡體機點從業應開還與關線內氣變條沒結問無軍題黨員總設長頭資邊級圖統較將組見計別論運農幾區強決戰則據處"
    "隊門規熱領東導壓爭濟階極聯認權證風採轉單帶場車務達積議聲報類離確華張馬節話況傳許廣記須際驗連斷難礦備辦習響約勞團歷稱準選標寫親"
    "廠識適屬圓滿縣參紅細聽該鐵價嚴隨貧戶鎮鄉崗興駐書幫"
)
PRIVATE = re.compile("[\ue000-\uf8ff]")
HAN = re.compile("[\u3400-\u9fff]")
BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
BINARY = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"MZ": "a program",
    b"\x7fELF": "a program",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old Office file (.doc, .xls)",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "an SQLite database",
}


def decode(subject: str | Path, data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the text, its lines parted by line feeds, and the encoding it was read by.

    After a byte-order mark and UTF-8, both GB18030 and Big5 are tried in strict mode on the whole, and the
    text with more common characters and fewer private-use ones is kept. Raises ReadError.
    """
    if encoding is not None:
        return _by_name(subject, data, encoding)
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _by_name(subject, data, name)
    kind = next((kind for magic, kind in BINARY.items() if data.startswith(magic)), None)
    if kind:
        raise ReadError(subject, f"this is {kind}, not text; give it its own ending, or convert it first")
    if b"\0" in data:
        return _without_mark(subject, data)
    try:
        return _lines(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError as error:
        stray = error
    read = {}
    for name in ("gb18030", "big5hkscs"):
        try:
            read[name] = data.decode(name)
        except UnicodeDecodeError:
            continue
    if not read or max(map(likeness, read.values())) <= 0:
        line = data.count(b"\n", 0, stray.start) + 1
        reason = f"byte {stray.start} (line {line}) is neither UTF-8, GB18030 nor Big5; say --encoding, or save as UTF-8"
        raise ReadError(subject, reason)
    best = max(read, key=lambda name: likeness(read[name]))
    return _lines(read[best]), best


def likeness(text: str) -> float:
    """Return how much a text looks like Chinese: common characters less 5 × private-use ones, per Han character."""
    han = len(HAN.findall(text)) + len(PRIVATE.findall(text))
    if not han:
        return 0.0
    common = sum(text.count(character) for character in COMMON & set(text))
    return (common - 5 * len(PRIVATE.findall(text))) / han


def _by_name(subject: str | Path, data: bytes, encoding: str) -> tuple[str, str]:
    try:
        return _lines(data.decode(encoding)), encoding
    except LookupError:
        raise ReadError(subject, f"unknown encoding {encoding!r}; try utf-8, gb18030, big5 or utf-16") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReadError(subject, f"byte {error.start} (line {line}) is not {encoding}; say another --encoding") from None


def _without_mark(subject: str | Path, data: bytes) -> tuple[str, str]:
    """Read UTF-16 that has no mark: line feeds and digits leave a zero byte on one side."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and likeness(text) > 0.3:  # noqa: PLR2004 - half of any Chinese text is common characters
            return _lines(text), encoding
    raise ReadError(subject, "this is binary, not text; convert it to text, Word, PDF or HTML first")


def _lines(text: str) -> str:
    return BREAKS.sub("\n", text.removeprefix("\ufeff"))
