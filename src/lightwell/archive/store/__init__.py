"""All the SQL of the archive: :mod:`write` makes the index, :mod:`find` searches it."""
