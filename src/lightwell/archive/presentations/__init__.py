"""Presentation states: how somebody wants images to be shown, beside the images (PS3.3 A.33.1, A.33.2; PS3.4 N).

model       how an image is shown, as pages and programs see it
grey        the window of a state in terms of the image
images      what images say of themselves that states depend on
writing     a state as an object
reading     states, ours and those of others
keeping     finding them in a study, and filing a new one
http        their addresses
"""
