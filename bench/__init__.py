"""Benchmarks: one module per claim, each beside a peer in the same run.

Run one alone with ``.venv/bin/python -m bench.<claim> [--quick]``; its last line is JSON.
"""
