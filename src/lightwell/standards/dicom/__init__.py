"""DICOM from the ground up, in the order in which the bytes of an image meet it.

    uids          the names of everything                                            PS3.5 9, PS3.6 A
    errors        what can be wrong
    pdu           what travels on the wire; items inside A-ASSOCIATE                 PS3.8 9.3
    negotiation   what both sides can do                                             PS3.8 7.1, PS3.7 D
    states        the table every conversation follows                               PS3.8 9.2
    framing       bytes to PDUs, while they still come                               PS3.8 9.3.5
    association   the conversation: bytes in, events and bytes out                   PS3.8 9.2
    dimse         the commands: "keep this", "find that"                             PS3.7 9, 10, E
    part10        the head of a file                                                 PS3.10 7
    scanner       the header of an image, and where its pixels lie                   PS3.5 7
    frames        where each frame lies                                              PS3.5 A.4
    charset       names and texts as people wrote them; iso2022, plausibility        PS3.5 6.1, PS3.3 C.12.1.1.2
    matching      what a query asks for                                              PS3.4 C.2.2.2
    jsonmodel     attributes for the browser                                         PS3.18 F

Nothing here opens a socket, a file or a clock; nothing on the way of a received image imports pydicom.
"""
