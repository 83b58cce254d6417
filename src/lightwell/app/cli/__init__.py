"""The command ``lightwell``."""

from lightwell.app.cli.main import main

__all__ = ["main"]
