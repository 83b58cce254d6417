"""HL7 v2 out of the record: written with the change that it tells of, sent in order, and never lost.

Files in the order in which a message meets them (``clinical/outbox.py`` is before all of them):

    model            a system that is told, and a message on its way to it
    destinations     which systems are told of what
    gathering        the resources that a message tells of, as they were
    values           elements of resources to data types
    segments         MSH, EVN, PID, PV1, NTE: what every message has
    oru, ras, mdm    a family of messages each
    composing        a row of the outbox to the bytes of a message
    answers          what is said to it: taken, to be tried again, or refused
    sending          one line to each system, one message at a time, again until it is taken
    operating        what a person does about those that were not
"""
