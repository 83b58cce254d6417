"""Searches of the record, from what is asked (R4 3.1.1) to resources.

binding      the values of a statement, by name
conditions   one condition as a fragment of SQL
ordering     by what is sorted, and where the next page begins
finding      a page of what a search finds
including    what is sent along with it
"""
