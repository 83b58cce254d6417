"""Structure sets: outlines of organs and targets in the patient, as radiotherapy draws them (PS3.3 A.19).

reading     what a structure set says
http        its address
"""
