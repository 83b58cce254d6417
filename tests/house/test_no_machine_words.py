"""The repository builds anywhere: no file names the machine or the mirror that somebody worked with."""

import re
from pathlib import Path

from tests.house.tree import name_of, tracked_files

# Written in pieces, so that this file does not name them either.
_REGISTRIES = "|".join(["pyp" + "i", "python" + "hosted", "npm" + "js", "npm" + "mirror", "deb" + "ian", "taoba" + "o"])
_HOMES = "|".join(["ro" + "ot", "wo" + "rk", "fa" + "rm", "ho" + "me", "Us" + "ers"])
MACHINE_WORD = re.compile(
    rf"https?://[\w.-]*({_REGISTRIES})\.[a-z]+|(?<![\w.~$}}/*-])/({_HOMES})/[A-Za-z0-9._-]+|[A-Z]:\\Users\\\w",
)


def offences(text: str) -> list[str]:
    return [match.group() for match in MACHINE_WORD.finditer(text)]


def test_no_file_names_a_machine() -> None:
    found = {name_of(path): offences(read(path)) for path in tracked_files() if path.suffix != ".svg"}
    assert not {name: words[:3] for name, words in found.items() if words}


def read(path: Path) -> str:
    content = path.read_bytes()
    return "" if b"\0" in content[:8192] else content.decode("utf-8", errors="replace")


def test_an_offence_is_seen() -> None:
    for text in ("https://registry." + "npm" + "js.org/react", "in /ho" + "me/li/data", '"/wo' + 'rk/main/src"'):
        assert offences(text)


def test_what_is_harmless_is_let_through() -> None:
    for text in ("/var/lib/lightwell", "web/src/ho" + "me/page.tsx", "https://www.postgresql.org/docs"):
        assert not offences(text)
