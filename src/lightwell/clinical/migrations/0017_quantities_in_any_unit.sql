-- What is measured in a unit of UCUM is found in any other of its dimension: keys say how much it is in the unit that all
-- of a dimension share; what cannot be converted is a dimension of its own. These are floats, since PostgreSQL looks no
-- numeric up in an index under row-level security (its operators are not leakproof): number_high has never been of use.
ALTER TABLE clinical.number
    ADD dimension bigint NOT NULL DEFAULT 0,          -- 64 bits of it; 0 is none
    ADD canonical_low double precision NOT NULL DEFAULT 0,
    ADD canonical_high double precision NOT NULL DEFAULT 0;
DROP INDEX clinical.number_high;
CREATE INDEX number_canonical ON clinical.number (organisation_id, parameter, beside, dimension, canonical_low, rid);
CREATE INDEX number_ranges ON clinical.number (organisation_id, parameter, beside, dimension, canonical_high, rid)
    WHERE canonical_low < canonical_high;
GRANT UPDATE (dimension, canonical_low, canonical_high) ON clinical.number TO lw_app;

-- What is there already gets them one after the other.
INSERT INTO clinical.unkeyed (rid, organisation_id)
SELECT DISTINCT rid, organisation_id FROM clinical.number WHERE system <> 0 AND code <> 0
ON CONFLICT DO NOTHING;
