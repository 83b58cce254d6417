"""The archive's DICOMweb services (PS3.18), one file per service."""
