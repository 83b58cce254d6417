"""By what a patient is told from others: name, day of birth, sex, resident ID, numbers, phone, address.

Each is brought into one form, so that what was typed differently compares equal. What says nothing of who somebody is
is left out: the name of an unknown patient, and of a newborn that of the mother.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from lightwell.clinical.keys import hashed, plain
from lightwell.clinical.names import address_parts, name_text
from lightwell.clinical.numbers import RESIDENT_ID, Number, numbers_of
from lightwell.clinical.resident_id import read_resident_id
from lightwell.core.pinyin import is_ideographic, syllables
from lightwell.standards.fhir.resource import Resource

_UNKNOWN: Final = re.compile(r"(无名|未知|不详|佚名|姓名不|unknown|unidentified|anonymous|john doe|jane doe)")
# A newborn has the mother's name, as wards write it; 张婴, Baby Kumar and B B King are people's own.
_WHICH: Final = r"[ (]*[a-d甲乙丙丁一二三四大小0-9]?\)?"
_NEWBORN: Final = re.compile(
    rf".*(之(长|次|大|小|双|幼|男|女|双胞)?(子|女|婴|儿)|[男女]婴|婴儿|新生儿){_WHICH}|新生儿.*"
    rf"|(.*[ \u3400-\u9fff])?bb{_WHICH}|bb ?[\u3400-\u9fff].*"
    r"|(b/o|(baby|bb|newborn|infant) of) .*|(.*[ ,])?baby ?(boy|girl)([ a-d0-9].*)?"
)
_MARKS: Final = re.compile(r"[\s·•・‧∙.,，。()（）^-]+")
_DIGITS: Final = re.compile(r"\D+")
_SHORTEST_PHONE: Final = 7
MOST_KEYS: Final = 64
"""For so many keys of a patient others are looked for, so that no record, whatever it says, holds up all others."""
_MOST_SOUNDS: Final = 8
_PLACEHOLDER_BIRTHS: Final = frozenset(("1900-01-01", "1800-01-01", "0001-01-01"))


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of a patient; what is not is empty.

    ``sounds`` are the letters of names in alphabetical order, whichever part came first and however they were parted.
    ``birth`` is ``alone``, ``several``, or the place among those that were born together; ``is_newborn`` says that the
    name is the mother's.
    """

    names: frozenset[str] = frozenset()
    sounds: frozenset[str] = frozenset()
    birth_date: str = ""
    sex: str = ""
    resident_id: str = ""
    numbers: frozenset[Number] = frozenset()
    phones: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    birth: str = ""
    is_newborn: bool = False


def traits_of(patient: Resource) -> Traits:
    """Return by what a Patient is told from others."""
    names = {text for item in patient.get("name", ()) if (text := _name(item)) and not _UNKNOWN.search(text)}
    is_newborn = any(_NEWBORN.fullmatch(text) for text in names)
    resident = read_resident_id(_value_of(patient.get("identifier", ()), RESIDENT_ID))
    born, sex = patient.get("birthDate", ""), patient.get("gender", "")
    if resident is not None:
        born, sex = born or resident.birth_date.isoformat(), sex or ("male" if resident.is_male else "female")
    return Traits(
        names=frozenset(_MARKS.sub("", text) for text in names if is_ideographic(text)),
        sounds=frozenset() if is_newborn else frozenset(filter(None, map(_sound, names))),
        birth_date="" if born in _PLACEHOLDER_BIRTHS else born,
        sex=sex if sex in {"male", "female"} else "",
        resident_id=resident.number if resident else "",
        numbers=frozenset(number for number in numbers_of(patient) if number.issuer != RESIDENT_ID),
        phones=frozenset(_phones(patient.get("telecom", ()))),
        addresses=frozenset(filter(None, map(_address, patient.get("address", ())))),
        birth=_birth(patient),
        is_newborn=is_newborn,
    )


def keys_of(traits: Traits) -> set[int]:
    """Return the keys under which others are looked for who may be the same, 64 bits each: the most telling of them."""
    return set(islice(_keys(traits), MOST_KEYS))


def _keys(traits: Traits) -> Iterator[int]:
    sounds, born = sorted(traits.sounds), traits.birth_date
    if traits.resident_id:
        yield hashed("resident", traits.resident_id)
    if born:
        yield from (hashed("sound and birth date", sound, born) for sound in sounds[:_MOST_SOUNDS])
        yield hashed("birth date", born)
    yield from (hashed("sound", sound) for sound in sounds[:_MOST_SOUNDS])
    yield from (number.key for number in sorted(traits.numbers))
    yield from (hashed("phone", phone) for phone in sorted(traits.phones))


def _name(name: dict[str, Any]) -> str:
    return unicodedata.normalize("NFKC", name_text(name)).casefold().strip()


def _sound(name: str) -> str:
    """Return the letters of a name as it is said, in alphabetical order."""
    letters = "".join(syllables(_MARKS.sub("", name))) if is_ideographic(name) else plain(name)
    return "".join(sorted(letter for letter in letters if letter.isalpha()))


def _value_of(identifiers: Iterable[dict[str, Any]], system: str) -> str:
    return next((item["value"] for item in identifiers if item.get("system") == system and "value" in item), "")


def _phones(telecom: Iterable[dict[str, Any]]) -> Iterator[str]:
    for item in telecom:
        digits = _DIGITS.sub("", item.get("value", "") if item.get("system") in {"phone", "sms", None} else "")
        number = digits.removeprefix("00").removeprefix("86") if len(digits) > len("13800138000") else digits
        if len(number) >= _SHORTEST_PHONE:
            yield number


def _address(address: dict[str, Any]) -> str:
    told = "".join(address_parts(address)) or address.get("text", "")
    return _MARKS.sub("", unicodedata.normalize("NFKC", told).casefold())


def _birth(patient: Resource) -> str:
    if "multipleBirthInteger" in patient:
        return str(patient["multipleBirthInteger"])
    said = patient.get("multipleBirthBoolean")
    return {True: "several", False: "alone"}.get(said, "") if isinstance(said, bool) else ""
