"""HL7 version 2 from the ground up, in the order in which the bytes of a message meet it.

    errors        what can be wrong
    mllp          the stream of bytes to frames, while it still comes                MLLP Release 1
    header        MSH read on bytes: delimiters, control ID, charset, what is wanted 2.14.9
    charset       the bytes of a message to its text, before anything is split       2.14.9.18, table 0211
    escapes       what a delimiter looks like inside a text                          2.7
    message       the text to segments, fields, repetitions, components; and back    2.5, 2.6
    times         DTM and TS with their precision and zone                           2A.22
    datatypes     CX, XPN, XAD, XTN, CWE, XCN, PL and EI                             2A
    ack           the answer, in original and enhanced mode                          2.9

Paragraphs are those of HL7 v2.8.2. Nothing here opens a socket, a file or a clock.
"""
