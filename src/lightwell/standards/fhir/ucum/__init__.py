"""Units of measure as hospitals write them in UCUM codes, and how one is converted into another (R4 2.24.0.6).

atoms     the units that others are made of: what each is, which take a prefix
reading   a code such as ``mg/dL`` to its size and dimension; a number of it in units that all of its kind share

What is no multiple of a physical unit is not read and stays what its code says: degrees Celsius, pH, decibels,
international units, drops.
"""
