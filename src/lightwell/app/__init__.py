"""The switchboard: the tables that join the rooms, and the command line. The only room that knows all others.

Floor: 4
Owns: no rows of its own
Door: the command ``lightwell``
Announces: nothing
Speaks: the command line

Start reading here: :mod:`dicom` (SOP class → handler), :mod:`urls` (URL → room), :mod:`reactions` (event → what other
rooms do about it), :mod:`schedule` (time → work). :mod:`node` puts the tables to work.
"""
