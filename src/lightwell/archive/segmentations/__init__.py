"""Segmentations: which pixels of images belong to an organ, a tumour, a device (PS3.3 A.51, C.8.20.2).

model       a segmentation, as pages and programs see it
reading     what its header says, frame by frame
placing     which image each of its frames lies on
labels      its pixels, as maps of the numbers of segments
keeping     finding them in a study
http        their addresses
"""
