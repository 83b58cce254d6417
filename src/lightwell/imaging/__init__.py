"""Pixels: from the bytes of a frame to numbers, and from numbers to what a screen shows.

    form          how the pixels of an image are written          PS3.3 C.7.6.3
    codecs        frames to arrays and back                       PS3.5 8, A.4
    look          what an image says of how it wants to be seen   PS3.3 C.11
    segments      palettes written in segments                    PS3.3 C.7.9.2
    colour        colours that objects recommend                  PS3.3 C.10.7.1.1
    masks         segments to maps of their numbers               PS3.3 C.8.20.2
    measuring     lengths, angles and areas                       PS3.16 TID 300
    rendering     arrays to the 8 bits of a picture               PS3.3 C.11, PS3.4 N
    picture       what a picture should be like                   PS3.18 8.3.5
    preparing     frames and previews that open fast
    stack         images one behind the other in the patient
    volume        how the images of a series stand in the patient   PS3.3 C.7.6.2
    resample      uneven series made even
    sampling      values of a volume on any grid
    cut, camera   where a volume is cut, from where it is looked at
    patient       the planes that a patient is cut in
    reformat      pictures of a volume in these planes
    volume_rendering  a volume seen from outside
    enhance       images made easier to read
    work          what workers do of all this

Floor 0: pure and synchronous. Codecs are foreign code over received bytes: call them in a process that may die.
"""
