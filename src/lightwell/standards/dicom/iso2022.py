"""Texts that change their alphabet half way, by escape sequences (PS3.5 6.1.2.5, PS3.3 Tables C.12-3 and C.12-4).

At any moment two sets are in force: G0 for bytes 21 to 7E and G1 for bytes A1 to FE. An escape sequence changes one of
them; at the end of a line, between values and between the parts of a name both fall back to what the first value of
Specific Character Set says.

    Wang^XiaoDong=ESC $ ) A 王 ^ ESC $ ) A 小东        GB2312 in G1, named again after each ^
    Yamada^Tarou=ESC $ B 山田 ESC ( B ^ …            JIS X 0208 in G0, two bytes of ASCII range a character
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

_G0: Final[Mapping[bytes, str]] = {
    b"(B": "ascii",
    b"(J": "ascii",
    b"$B": "jis_x_0208",
    b"$@": "jis_x_0208",
    b"$(D": "jis_x_0212",
}
_G1: Final[Mapping[bytes, str]] = {
    b"-A": "iso8859_1",
    b"-B": "iso8859_2",
    b"-C": "iso8859_3",
    b"-D": "iso8859_4",
    b"-L": "iso8859_5",
    b"-G": "iso8859_6",
    b"-F": "iso8859_7",
    b"-H": "iso8859_8",
    b"-M": "iso8859_9",
    b"-b": "iso8859_15",
    b"-T": "iso8859_11",
    b")I": "shift_jis",
    b"$)C": "euc_kr",
    b"$)A": "gb18030",
}
_G1_OF_TERM: Final[Mapping[str, str]] = {
    "100": "iso8859_1",
    "101": "iso8859_2",
    "109": "iso8859_3",
    "110": "iso8859_4",
    "144": "iso8859_5",
    "127": "iso8859_6",
    "126": "iso8859_7",
    "138": "iso8859_8",
    "148": "iso8859_9",
    "203": "iso8859_15",
    "166": "iso8859_11",
    "13": "shift_jis",
    "149": "euc_kr",
    "58": "gb18030",
}
_PAIRS: Final[Mapping[str, tuple[bytes, str]]] = {
    "jis_x_0208": (b"\x1b$B", "iso2022_jp"),
    "jis_x_0212": (b"\x1b$(D", "iso2022_jp_1"),
}
_TOKEN: Final = re.compile(
    rb"\x1b(?P<escape>\([A-Z]|\$[@AB]|\$[()][A-Z]|[-)][A-Za-z])|(?P<low>[\x00-\x1a\x1c-\x7f]+)|(?P<high>[\x80-\xff]+)|\x1b"
)
_LINE_ENDS: Final = b"\t\n\f\r"
_LOST: Final = "\N{REPLACEMENT CHARACTER}"


def decode_extended(raw: bytes, terms: list[str], *, is_name: bool, is_multi_valued: bool) -> tuple[str, bool]:
    """Return the text, and whether the sender left out an escape sequence that it owed us."""
    resets = _LINE_ENDS + (b"\\" if is_multi_valued else b"") + (b"^=" if is_name else b"")
    reader = _Reader(terms, resets)
    text = "".join(reader.read(raw))
    return text, reader.is_bent


class _Reader:
    """Holds the two sets that are in force."""

    def __init__(self, terms: list[str], resets: bytes) -> None:
        sets = [_G1_OF_TERM.get(term.rpartition(" ")[2], "") for term in terms]
        self._first: str = sets[0]
        self._owed: str = next(filter(None, sets), "")
        self._resets: frozenset[int] = frozenset(resets)
        self._g0: str = "ascii"
        self._g1: str = self._first
        self.is_bent: bool = False

    def read(self, raw: bytes) -> Iterator[str]:
        """Yield the text in parts of one set each."""
        for token in _TOKEN.finditer(raw):
            escape, low, high = token.group("escape", "low", "high")
            if escape is not None:
                yield self._switch(escape)
            elif low is not None:
                yield from self._read_low(low)
            elif high is not None:
                yield self._read_high(high)
            else:
                yield _LOST

    def _switch(self, escape: bytes) -> str:
        if escape in _G0:
            self._g0 = _G0[escape]
        elif escape in _G1:
            self._g1 = _G1[escape]
        else:
            return _LOST
        return ""

    def _read_low(self, low: bytes) -> Iterator[str]:
        pairs = _PAIRS.get(self._g0)
        if pairs is None:
            if not self._resets.isdisjoint(low):
                self._g1 = self._first
            yield low.decode("ascii")
            return
        head = re.match(rb"[\x21-\x7e]*", low)
        double = head.group() if head else b""
        yield (pairs[0] + double).decode(pairs[1], "replace")
        if len(double) < len(low):  # a control character or space ends the two-byte set, said or not
            self._g0, self._g1 = "ascii", self._first
            yield low[len(double) :].decode("ascii")

    def _read_high(self, high: bytes) -> str:
        if not self._g1 and self._owed:
            self._g1, self.is_bent = self._owed, True
        if not self._g1:
            return _LOST * len(high)
        return high.decode(self._g1, "replace")
