"""Pixels: from the bytes of a frame to numbers, and from numbers to what a screen shows.

    form          how the pixels of an image are written          PS3.3 C.7.6.3
    codecs        frames to arrays and back                       PS3.5 8, A.4
    look          what an image says of how it wants to be seen   PS3.3 C.11
    segments      palettes written in segments                    PS3.3 C.7.9.2
    rendering     arrays to the 8 bits of a picture               PS3.3 C.11, PS3.4 N
    picture       what a picture should be like                   PS3.18 8.3.5
    preparing     frames and previews that open fast
    work          what workers do of all this

Floor 0: pure and synchronous. Codecs are foreign code over received bytes: call them in a process that may die.
"""
