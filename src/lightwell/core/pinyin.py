"""Chinese names in the letters that people type: pinyin without tones, one syllable a character.

Surnames keep readings of their own (单 is Shan, not Dan; 尉迟 is Yuchi), which a table of characters does not know.
"""

import os
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

_COMPOUND: Final[Mapping[str, str]] = {
    "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun", "单于": "chan yu", "澹台": "tan tai", "令狐": "ling hu",
    "宰父": "zai fu", "谷梁": "gu liang", "夏侯": "xia hou", "皇甫": "huang fu", "鲜于": "xian yu", "亓官": "qi guan",
    "司空": "si kong", "乐正": "yue zheng", "漆雕": "qi diao", "公冶": "gong ye", "拓跋": "tuo ba", "呼延": "hu yan",
}  # fmt: skip
_SINGLE: Final[Mapping[str, str]] = {
    "单": "shan", "解": "xie", "曾": "zeng", "仇": "qiu", "查": "zha", "朴": "piao", "区": "ou", "任": "ren",
    "盖": "ge", "召": "shao", "繁": "po", "员": "yun", "洗": "xian", "冼": "xian", "华": "hua", "秘": "bi",
    "翟": "zhai", "覃": "qin", "缪": "miao", "燕": "yan", "乐": "yue", "折": "she", "黑": "he", "种": "chong",
    "宿": "su", "卜": "bu", "薄": "bo", "晁": "chao", "逄": "pang", "曲": "qu", "尹": "yin", "干": "gan",
    "葛": "ge", "哈": "ha", "隗": "wei", "牟": "mou", "那": "na", "宁": "ning", "尤": "you", "臧": "zang",
    "褚": "chu", "车": "che", "柏": "bai", "沈": "shen", "俞": "yu", "喻": "yu", "闵": "min", "佴": "nai",
    "訾": "zi", "郗": "xi", "麴": "qu", "郇": "xun", "祭": "zhai", "撒": "sa", "洪": "hong", "石": "shi",
}  # fmt: skip


_FIRST_IDEOGRAPH: Final = "\u2e80"
_LONGEST_NAME: Final = 64
"""As in DICOM (PS3.5 6.2, PN): what is longer is not typed to its end, and each character would cost as many again."""


def typed(name: str) -> Iterator[str]:
    """Yield what a name in Chinese characters is typed as, from each character on: hanzi, pinyin, initials."""
    if is_ideographic(name):
        together = name.replace(" ", "")[:_LONGEST_NAME]
        yield from (together[place:] for place in range(len(together)))
        said = syllables(together)
        yield from starts(said)
        yield from starts([syllable[0] for syllable in said])


def in_order(name: str) -> str:
    """Return by what a name stands in its place in a list: as it is said, then as it is written."""
    return " ".join((*syllables(name), name)) if is_ideographic(name) else name


def starts(words: Sequence[str]) -> Iterator[str]:
    """Yield what may be typed from each word on, with and without blanks."""
    for place in range(len(words)):
        yield " ".join(words[place:])
        yield "".join(words[place:])


def is_ideographic(text: str) -> bool:
    """Tell whether a text holds characters of Chinese, Japanese or Korean."""
    return any(character >= _FIRST_IDEOGRAPH for character in text)


def syllables(name: str) -> list[str]:
    """Return the pinyin of a name, a syllable for each character; what is no Chinese character is left out."""
    compound = _COMPOUND.get(name[:2])
    if compound is not None:
        return [*compound.split(), *_each(name[2:])]
    if name[:1] in _SINGLE:
        return [_SINGLE[name[0]], *_each(name[1:])]
    return _each(name)


def _each(text: str) -> list[str]:
    table = _table()
    return [_plain(table[ord(character)]) for character in text if ord(character) in table]


def _plain(readings: str) -> str:
    """Return the first of the readings in letters that a keyboard has; ü is typed v."""
    text = unicodedata.normalize("NFD", readings.partition(",")[0]).replace("u\u0308", "v")
    return "".join(letter for letter in text if letter.isascii())


@lru_cache(maxsize=1)
def _table() -> Mapping[int, str]:
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # names are no phrases, and these take 45 MB
    from pypinyin.pinyin_dict import pinyin_dict  # noqa: PLC0415 -- a large table, wanted only where images come in

    return pinyin_dict
