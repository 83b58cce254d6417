"""The web: endpoints from tables, sessions, live notices, files, pages."""
