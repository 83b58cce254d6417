"""Names and addresses are written as people write them, whatever of them is known."""

from typing import Any

import pytest

from lightwell.clinical.names import address_text, name_text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ({"text": "张三", "family": "李"}, "张三"),
        ({"family": "张", "given": ["三"]}, "张三"),
        ({"family": "Zhang", "given": ["San", None, "B"]}, "Zhang San B"),
        ({"given": ["San"]}, "San"),
        ({"use": "official", "_family": {}}, ""),
    ],
)
def test_a_name_is_written_in_one_piece(name: dict[str, Any], expected: str) -> None:
    assert name_text(name) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({"text": "解放路1号", "city": "广州市"}, "解放路1号"),
        ({"city": "广州市", "line": ["解放路1号", None], "postalCode": "510000", "country": "CN"}, "广州市解放路1号"),
        ({"line": ["1 Main Street"], "city": "Boston"}, "Boston 1 Main Street"),
        ({"use": "home"}, ""),
    ],
)
def test_an_address_is_written_in_one_piece(address: dict[str, Any], expected: str) -> None:
    assert address_text(address) == expected
