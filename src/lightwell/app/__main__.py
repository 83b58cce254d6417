"""Lets ``python -m lightwell.app`` stand for the command ``lightwell``."""

from lightwell.app.cli import main

main()
