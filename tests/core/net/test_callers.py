"""Where somebody may call from."""

import pytest

from lightwell.core.net.callers import Origin

WARD = Origin("10.2.0.0/16")


@pytest.mark.hazard("H-04")
@pytest.mark.parametrize(
    ("other", "meets"),
    [
        (Origin("10.2.3.4/32"), True),
        (Origin("10.3.0.0/16"), False),
        (Origin("0.0.0.0/0"), True),
        (Origin("10.2.3.4/32", "ab"), True),  # who shows a certificate may call without one as well
        (Origin("fe80::/10"), False),
    ],
)
def test_networks_that_overlap_meet(other: Origin, *, meets: bool) -> None:
    assert (WARD.meets(other), other.meets(WARD)) == (meets, meets)


def test_two_certificates_are_two_callers() -> None:
    assert not Origin("10.2.0.0/16", "ab").meets(Origin("10.2.0.0/16", "cd"))
    assert Origin("10.2.0.0/16", "ab").meets(Origin("10.2.3.4/32", "ab"))
