"""The archive's DICOM services, one file per service of the standard."""
