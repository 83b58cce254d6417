"""HL7 v2 into the record: kept before it is acknowledged, applied in the order of each patient, and never lost.

Files in the order in which a message meets them:

    sources          who sends, for which hospital, in which characters and zone
    reading          the bytes to a message, or to why that cannot be; which patients it is about
    answering        the acknowledgement, in original and enhanced mode
    inbox            many messages kept in one transaction, each before its answer goes out
    receiving        what the network calls: all of the above
    applying         messages become part of records, one after the other for each patient
    operating        what failed, looked at and applied again by a person; ``text`` is how they read and correct it
    monitoring       which line lives, and what waits on it
    elements         data types to elements of resources; ``vocabulary`` their codes
    outgoing         what other systems are told
    adt, orders, results, scheduling, medication, documents, staff      a family of messages each
"""
