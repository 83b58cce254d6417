-- Names are sorted as they are said, by rows of their own: what is there already gets them one after the other.
CREATE TABLE clinical.unkeyed (
    rid bigint PRIMARY KEY,
    organisation_id integer NOT NULL
);
CREATE INDEX unkeyed_first ON clinical.unkeyed (organisation_id, rid);
ALTER TABLE clinical.unkeyed ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON clinical.unkeyed USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));
GRANT SELECT, DELETE ON clinical.unkeyed TO lw_app;

INSERT INTO clinical.unkeyed (rid, organisation_id)
SELECT rid, organisation_id FROM clinical.resource WHERE NOT is_deleted AND type IN ('Account', 'ActivityDefinition',
    'CapabilityStatement', 'CodeSystem', 'CompartmentDefinition', 'ConceptMap', 'EffectEvidenceSynthesis', 'Endpoint',
    'EventDefinition', 'Evidence', 'EvidenceVariable', 'ExampleScenario', 'GraphDefinition', 'HealthcareService',
    'ImplementationGuide', 'InsurancePlan', 'Library', 'Location', 'Measure', 'MedicinalProduct', 'MessageDefinition',
    'NamingSystem', 'OperationDefinition', 'Organization', 'Patient', 'Person', 'PlanDefinition', 'Practitioner',
    'Questionnaire', 'RelatedPerson', 'ResearchDefinition', 'ResearchElementDefinition', 'RiskEvidenceSynthesis',
    'SearchParameter', 'StructureDefinition', 'StructureMap', 'TerminologyCapabilities', 'TestScript', 'ValueSet');
