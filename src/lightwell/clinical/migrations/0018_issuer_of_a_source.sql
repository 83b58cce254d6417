-- Whoever gives numbers that do not say who gave them has a name: without one, those of all sources would be the same.
UPDATE clinical.hl7_source SET issuer = 'urn:lightwell:source:' || label WHERE issuer = '';
ALTER TABLE clinical.hl7_source ADD CHECK (issuer <> '');
