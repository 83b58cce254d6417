"""Searching: where the values of a search parameter stand in a resource, and what a URL asks for (R4 3.1.1).

path         the part of FHIRPath that the official parameters are written in, to routes through JSON
spans        dates, instants, periods and numbers as what they cover
values       the index values of a node: token, text, span, reference, quantity, address
parameters   the parameters of a resource type
extracting   a resource to all its index values
asked        what a search asks for, as frozen values
terms        one value of a parameter, as it stands in a URL
query        a whole search, from its URL
"""
