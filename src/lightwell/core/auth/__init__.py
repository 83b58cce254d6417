"""Signing in: accounts, cookie sessions, API tokens, grants between organisations."""
