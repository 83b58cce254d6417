"""PostgreSQL: embedded or elsewhere, its roles, its pools and its migrations."""
