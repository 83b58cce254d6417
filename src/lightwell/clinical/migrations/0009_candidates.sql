-- Who may be one person: patients are compared with others whenever they are written, and a person decides.

-- Who waits to be compared: a row each time that somebody is written, so that no writer waits for another.
CREATE TABLE clinical.uncompared (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id integer NOT NULL,
    patient_rid bigint NOT NULL
);
CREATE INDEX uncompared_first ON clinical.uncompared (organisation_id, id);

-- Who is worth comparing: 64 bits of a name as it is said, a day of birth, a resident ID, a phone, a number.
CREATE TABLE clinical.patient_key (
    key bigint NOT NULL,
    organisation_id integer NOT NULL,
    patient_rid bigint NOT NULL,
    PRIMARY KEY (key, organisation_id, patient_rid)
);
CREATE INDEX patient_key_rid ON clinical.patient_key (patient_rid);

CREATE TABLE clinical.candidate (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id integer NOT NULL REFERENCES core.organisation,
    first_rid bigint NOT NULL REFERENCES clinical.resource (rid),
    second_rid bigint NOT NULL REFERENCES clinical.resource (rid),
    weight double precision NOT NULL,
    findings jsonb NOT NULL,                  -- [trait, verdict, weight] of each trait that both have
    found_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'same', 'different')),
    decided_by text,
    decided_at timestamptz,
    CHECK (first_rid < second_rid),
    UNIQUE (first_rid, second_rid)
);
CREATE INDEX candidate_second ON clinical.candidate (second_rid);
CREATE INDEX candidate_open ON clinical.candidate (organisation_id, id) WHERE state = 'open';

-- The same between two hospitals. Only who matches across the region sees the pairs.
CREATE TABLE clinical.candidate_elsewhere (
    first_rid bigint NOT NULL REFERENCES clinical.resource (rid),
    second_rid bigint NOT NULL REFERENCES clinical.resource (rid),
    first_organisation_id integer NOT NULL,
    second_organisation_id integer NOT NULL,
    weight double precision NOT NULL,
    found_at timestamptz NOT NULL,
    PRIMARY KEY (first_rid, second_rid),
    CHECK (first_rid < second_rid)
);
CREATE INDEX candidate_elsewhere_second ON clinical.candidate_elsewhere (second_rid);

ALTER TABLE clinical.uncompared ENABLE ROW LEVEL SECURITY;
ALTER TABLE clinical.patient_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE clinical.candidate ENABLE ROW LEVEL SECURITY;
ALTER TABLE clinical.candidate_elsewhere ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON clinical.uncompared USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));
CREATE POLICY own ON clinical.patient_key USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));
CREATE POLICY own ON clinical.candidate USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));
CREATE POLICY region ON clinical.candidate_elsewhere TO lw_region USING (true);

-- A hospital is told that somebody may be known elsewhere, and nothing of whom.
CREATE FUNCTION clinical.candidates_elsewhere(rids bigint[]) RETURNS TABLE (rid bigint, count bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS 'SELECT mine.rid, count(*) FROM (
            SELECT first_rid AS rid, first_organisation_id AS organisation_id FROM clinical.candidate_elsewhere
            WHERE first_rid = ANY (rids)
            UNION ALL
            SELECT second_rid, second_organisation_id FROM clinical.candidate_elsewhere
            WHERE second_rid = ANY (rids)) AS mine
        WHERE mine.organisation_id = ANY (core.visible_organisations()) GROUP BY mine.rid';
REVOKE ALL ON FUNCTION clinical.candidates_elsewhere(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.candidates_elsewhere(bigint[]) TO lw_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON clinical.uncompared TO lw_app;
GRANT SELECT, INSERT, DELETE ON clinical.patient_key TO lw_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON clinical.candidate TO lw_app;
GRANT SELECT ON clinical.resource, clinical.patient_key TO lw_region;
GRANT SELECT, INSERT, UPDATE, DELETE ON clinical.candidate_elsewhere TO lw_region;

-- Whoever is here already is compared too.
INSERT INTO clinical.uncompared (organisation_id, patient_rid)
SELECT organisation_id, rid FROM clinical.resource WHERE type = 'Patient' AND NOT is_deleted ORDER BY rid;
