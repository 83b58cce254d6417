"""The ground floor's standards: DICOM, HL7, FHIR and GSDF as pure functions and state machines, with no I/O."""
