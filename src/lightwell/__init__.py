"""Lightwell: one open platform for the hospitals of a region."""

from typing import Final

__version__: Final = "0.1.0"
