"""A node with two hospitals, and their people."""

from tests.clinical.conftest import a, b, hospitals, node, region

__all__ = ["a", "b", "hospitals", "node", "region"]
