"""Bytes to text: UTF-8, UTF-16, GB18030 or Big5, told apart by what the text then looks like."""

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tagger.errors import ReadError
from tagger.glosses import without_glosses

# The commonest characters of both scripts, and Chinese punctuation: read by the wrong table, a text has few of them.
COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形"
    "相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展"
    "五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战"
    "先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白"
    "教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且"
    "究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往市克何除消构府称太准精值"
    "号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包住调满县局照参红引听该铁价严首底随帮助"
    "贫困扶脱户村镇乡岗致富兴驻亩社增收合茶果菜牛羊猪养殖种植医药病卫健校师助房屋危迁搬就培训招聘支部干群帮款贷补贴股租销售店"
    "這為個國來們時說產種後學進著電裡體機點從業應開還與關線內氣變條沒結問無軍題黨員總設長頭資邊級圖統較將組見計別論運農幾區強決戰則據處"
    "隊門規熱領東導壓爭濟階極聯認權證風採轉單帶場車務達積議聲報類離確華張馬節話況傳許廣記須際驗連斷難礦備辦習響約勞團歷稱準選標寫親"
    "廠識適屬圓滿縣參紅聽該鐵價嚴隨貧戶鎮鄉崗興駐書幫養醫藥衛師遷訓補貼銷"
    "，。、：；“”（）《》？！「」"
)
BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\xad\u200b\u2060\ufeff]")  # no glyph, no width: only in the way
CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x1f]")
SURROGATE = re.compile("[\ud800-\udfff]")
NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins like that one's
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WIDE = ("utf-16-le", "utf-16-be")
NARROW = ("gb18030", "big5hkscs", "cp950")  # the last two are Big5; neither has all that the other has
FLOOR = 0.05  # likeness up to which nothing is Chinese; a right reading of a few words has 0.1, of a text 0.5 and more
BINARY = {
    b"\x89PNG": "a PNG picture", b"\xff\xd8\xff": "a JPEG picture", b"GIF8": "a GIF picture",
    b"II*\0": "a TIFF picture", b"MM\0*": "a TIFF picture", b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a gzip archive", b"BZh": "a bzip2 archive", b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive", b"\xfd7zXZ": "an xz archive", b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"MZ": "a program", b"\x7fELF": "a program", b"%PDF-": "a PDF", b"\xd0\xcf\x11\xe0": "an old Office file",
    b"PAR1": "a Parquet file", b"ARROW1": "an Arrow file", b"SQLite format 3": "an SQLite database",
    b"RIFF": "a sound or film", b"ID3": "a sound", b"OggS": "a sound or film", b"CAJ": "a CAJ document",
    b"HN": "a CAJ document", b"\x80\x04": "a Python pickle",
}  # fmt: skip


def decode(subject: str | Path, data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the text, tidied, and the encoding it was read by.

    Without an encoding: by its mark, else as UTF-8, else by whichever of GB18030, Big5 and UTF-16 gives the
    likelier Chinese. Never in part: a byte that doesn't fit raises ReadError, unless the encoding given says
    `:replace` (as in "utf-8:replace").
    """
    if encoding is not None:
        return _by_name(subject, data, encoding)
    for mark, name in MARKS:
        if data.startswith(mark):
            return _by_name(subject, data, name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _by_look(subject, data, error)
    if CONTROL.search(text):  # UTF-16 without a mark can pass as UTF-8
        return _by_look(subject, data, None)
    return tidied(text), "utf-8"


def likeness(text: str) -> float:
    """Return how much a text looks like Chinese, at most 1.

    Common characters less 5 × those that no text has (private use, control), per character outside ASCII.
    """
    counts = Counter(text)
    odd = sum(counts[character] for character in NOT_TEXT.findall("".join(counts)))
    common = sum(counts[character] for character in COMMON & counts.keys())
    beyond = sum(count for character, count in counts.items() if character > "\x7f")
    return (common - 5 * odd) / max(1, beyond)


_NAMES = {
    "nbsp": " ",
    "ensp": " ",
    "emsp": "\u3000",
    "gt": ">",
    "lt": "<",
    "amp": "&",
    "quot": '"',
    "middot": "·",
    "ldquo": "“",
    "rdquo": "”",
    "lsquo": "‘",
    "rsquo": "’",
    "mdash": "—",
    "hellip": "…",
    "bull": "•",
    "times": "×",
}
_NAMED = re.compile(f"&({'|'.join(_NAMES)});")


def tidied(text: str) -> str:
    """Return the text with every kind of line break as a line feed, without characters that show nothing.

    Half a surrogate pair, which no file can hold, becomes U+FFFD. Pinyin that a converter left goes too; names of
    characters that a page left (&nbsp;) become these.
    """
    if "&" in text:
        text = _NAMED.sub(lambda found: _NAMES[found[1]], text)
    return without_glosses(SURROGATE.sub("\N{REPLACEMENT CHARACTER}", UNSEEN.sub("", BREAKS.sub("\n", text))))


def guess(head: bytes) -> str:
    """Return the first bytes of a text as text good enough to see its markup by; it never fails."""
    for mark, name in MARKS:
        if head.startswith(mark):
            return head[: len(head) // 4 * 4].decode(name, "replace").lstrip("\ufeff")
    if b"\0" in head:
        return head.decode("utf-16-le" if head[1:2] == b"\0" else "utf-16-be", "replace")
    return head.decode("latin-1")


def nearest(data: bytes) -> str:
    """Return the encoding that fits best though some bytes don't fit it, or "" where none gives Chinese."""
    looks = {name: likeness(data.decode(name, "replace")) for name in ("utf-8", *NARROW[:2], *WIDE)}
    name = max(looks, key=lambda name: looks[name])
    return name if looks[name] >= FLOOR else ""


def _by_name(subject: str | Path, data: bytes, encoding: str) -> tuple[str, str]:
    name, _, lenient = encoding.partition(":")
    try:
        known = codecs.lookup(name)
        if not known._is_text_encoding:  # noqa: SLF001 - the only way to refuse "hex" or "zip"
            raise LookupError(name)  # noqa: TRY301 - the same end
        return tidied(data.decode(name, lenient or "strict")), name
    except LookupError:
        reason = f"no encoding has the name {encoding!r}; try utf-8, gb18030, big5 or utf-16"
        raise ReadError(subject, reason) from None
    except UnicodeError as error:
        raise _stray(subject, data, error, name) from None


def _stray(subject: str | Path, data: bytes, error: UnicodeError, name: str) -> ReadError:
    at = error.start if isinstance(error, UnicodeDecodeError) else 0
    line = data.count(b"\n", 0, at) + 1
    advice = f"mend it, or say --encoding {name.removesuffix('-sig')}:replace"
    return ReadError(subject, f"line {line}: byte {at:,} is not {name.removesuffix('-sig')}; {advice}")


def _by_look(subject: str | Path, data: bytes, stray: UnicodeDecodeError | None) -> tuple[str, str]:
    """Read what is not UTF-8; `stray` says where it isn't, None that it is, but with control characters."""
    names: tuple[str, ...] = (*NARROW, *WIDE) if stray else ("utf-8", *WIDE)
    if b"\0" in data:
        names = WIDE
    best, found = max(FLOOR, likeness(data.decode("utf-8", "replace")) if stray else 0.0), ("", "")
    for text, name in _readings(data, names):
        if name in WIDE and _is_plain(text):
            return tidied(text), name
        if (look := likeness(text)) > best:
            best, found = look, (text, name)
    if found[1]:
        return tidied(found[0]), found[1]
    if stray is None and b"\0" not in data:
        return tidied(data.decode("utf-8")), "utf-8"
    raise _refused(subject, data, stray)


def _readings(data: bytes, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in names:
        with suppress(UnicodeDecodeError):
            yield data.decode(name), name


def _is_plain(text: str) -> bool:
    """Tell text that is all ASCII, as an English file in UTF-16."""
    return bool(text) and text.isascii() and not NOT_TEXT.search(text)


def _refused(subject: str | Path, data: bytes, stray: UnicodeDecodeError | None) -> ReadError:
    """Return the error for bytes that no encoding fits: the name of what they are, or of the one that nearly fits."""
    kind = next((kind for magic, kind in BINARY.items() if data.startswith(magic)), "")
    if data[4:8] == b"ftyp":
        kind = "a film"
    if kind:
        return ReadError(subject, f"{kind}, not text; unpack or convert it to text, Word, PDF or HTML")
    if stray is None:
        return ReadError(subject, "binary, not text; convert it to text, Word, PDF or HTML")
    name = nearest(data)
    if not name:
        return ReadError(subject, "neither UTF-8, GB18030, Big5 nor UTF-16; say --encoding, or save it as UTF-8")
    try:
        data.decode(name)
    except UnicodeDecodeError as error:
        return _stray(subject, data, error, name)
    return _stray(subject, data, stray, "utf-8")
