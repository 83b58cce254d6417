-- The texts of a resource are also removed by it: without this index PostgreSQL looks at everybody of the same name.
DROP INDEX clinical.text_rid;
CREATE INDEX text_rid ON clinical.text (rid, parameter);
