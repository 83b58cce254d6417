"""What is said about images in objects of their own: found, read and made (PS3.3 A.33, A.35, A.51, A.19).

finding     which of them a study has, and which count
parsing     their bytes, read in a process that may die
content     the items of a structured report
geometry    how the images lie that they speak of
making      what every object that is made here says of patient, study and maker
filing      how it becomes part of the archive
"""
