-- Whose a number is: by it a patient is found, and no two patients of a hospital have the same of one issuer.
CREATE TABLE clinical.patient_identifier (
    organisation_id integer NOT NULL REFERENCES core.organisation,
    issuer text COLLATE "C" NOT NULL,         -- the system of the FHIR Identifier; '' is nobody's
    value text COLLATE "C" NOT NULL,
    patient_rid bigint NOT NULL REFERENCES clinical.resource (rid),
    UNIQUE (organisation_id, issuer, value)
);
CREATE INDEX patient_identifier_rid ON clinical.patient_identifier (patient_rid);
ALTER TABLE clinical.patient_identifier ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON clinical.patient_identifier
    USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON clinical.patient_identifier TO lw_app;
