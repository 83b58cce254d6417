"""Images made easier to read: contrast of detail, local contrast, edges, noise.

    enhancement   what can be asked for
    pyramid       an image as bands of detail
    multiscale    detail of every size brought out: radiographs
    local         contrast made even from place to place (CLAHE)
    edges         edges made crisper (unsharp masking)
    noise         how much noise there is, and less of it: CT
    frames        a frame as it is stored, enhanced

All of them give an image of the same size and in the same units, so that windows keep their meaning. Nothing is
measured in what comes out: values are changed on purpose. The image that came stays as it is.
"""
