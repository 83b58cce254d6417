"""The SQL of the medical record."""
