-- A resource for somebody who belongs to some hospitals: a statement that is a transaction by itself, so that PostgreSQL
-- is asked once and not for the beginning, the hospitals, the resource and the end (docs/adr/0042).
CREATE FUNCTION clinical.resource_for(visible text, wanted_type text, wanted_id text) RETURNS SETOF clinical.resource
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('lightwell.organisations', visible, true);
    RETURN QUERY SELECT * FROM clinical.resource AS r WHERE r.type = wanted_type AND r.id = wanted_id;
END
$$;
