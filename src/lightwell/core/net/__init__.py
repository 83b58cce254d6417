"""Bytes in and out: the one place where protocols meet sockets."""
