-- Texts are looked up by how they begin: of those of one resource, one with which another begins is found by the other.
DELETE FROM clinical.text AS t USING clinical.text AS longer
WHERE t.exact = 0 AND longer.organisation_id = t.organisation_id AND longer.parameter = t.parameter
    AND longer.beside = t.beside AND longer.rid = t.rid AND starts_with(longer.value, t.value)
    AND (longer.value <> t.value OR longer.exact <> 0);
-- By a resource its texts are asked for to sort by them, or whether there are any: as they were written.
DROP INDEX clinical.text_rid;
CREATE INDEX text_rid ON clinical.text (rid, parameter, value) WHERE exact <> 0;
