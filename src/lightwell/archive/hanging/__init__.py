"""Hanging protocols: how a study is laid out before its reader, of people, of hospitals, and built in."""
