"""Measurements: what readers measured in the images of a study, as reports that any archive reads (PS3.16 TID 1500).

model       a measurement, as pages and programs see it
codes       the concepts that it is written with
checking    whether its values agree with its points
writing     a set of them as a report
reading     reports, ours and those of others
keeping     finding them in a study, and filing a new set
http        their addresses
"""
