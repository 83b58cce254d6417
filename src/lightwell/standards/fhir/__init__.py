"""FHIR R4 from the ground up, in the order in which a resource meets it.

    errors        what can be wrong
    definitions   what HL7 International defines: types, required codes, search parameters
    resource      the bytes of a resource to plain values and back, every digit kept
    primitives    dates, codes, identifiers: what may stand in them
    structs       the definitions as types that a decoder checks at the speed of C
    explaining    the same rules, told in words and places, for what a decoder refused
    validation    the two together: accepted, or why not
    outcome       what is answered when something is wrong
    patch         a change of a resource by JSON Patch                               RFC 6902
    subset        the part of a resource that is asked for: _summary, _elements
    bundle        batches and transactions: order, references among new resources
    ucum          units of measure: what is found though it was measured in another one
    search        what can be searched for: index values of a resource, and what a URL asks

A resource is a plain value (``dict``) whose decimals keep their digits. Nothing here opens a socket, a file or a clock.
"""
