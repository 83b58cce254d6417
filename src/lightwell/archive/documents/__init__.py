"""What objects say that are no images: reports as a tree, signals as numbers (PS3.3 A.35, A.34).

tree        the content of a structured report
waveforms   the channels of an electrocardiogram and its like
http        their addresses
"""
