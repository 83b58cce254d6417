-- What is made of a series once its study is quiet, so that it opens fast: one file with metadata, small pictures and
-- frames, and where in it each lies. Everything in it can be made again from the images.
CREATE TABLE archive.prepared (
    series_id bigint PRIMARY KEY REFERENCES archive.series ON DELETE CASCADE,
    organisation_id integer NOT NULL REFERENCES core.organisation,
    instance_count integer NOT NULL,          -- of the series when this was made; if it is another, this holds no longer
    blob text COLLATE "C" NOT NULL,
    origin text NOT NULL,                     -- what the addresses in the metadata begin with
    metadata_end bigint NOT NULL,
    thumbnail_end bigint NOT NULL,
    frames_end bigint NOT NULL,
    length bigint NOT NULL,                   -- the previews come last
    instance_ids bigint[] NOT NULL,           -- in the order of reading
    first_frames integer[] NOT NULL,          -- of each image: how many frames come before its first
    frame_ends bigint[] NOT NULL,             -- of each frame, or nothing where the stored ones serve as well
    made_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE archive.prepared ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON archive.prepared USING (organisation_id = ANY (core.visible_organisations()));
CREATE POLICY granted ON archive.prepared FOR SELECT
    USING (EXISTS (SELECT FROM archive.series AS s WHERE s.id = prepared.series_id));
GRANT SELECT, INSERT, UPDATE, DELETE ON archive.prepared TO lw_app;

-- When another image takes the place of one, what was made of the series holds no longer. The row stays, so that whoever
-- makes it anew finds the file that it replaces.
CREATE FUNCTION archive.outdate_prepared() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE archive.prepared AS p SET instance_count = -1
    FROM (SELECT DISTINCT series_id FROM old_rows) AS o WHERE p.series_id = o.series_id;
    RETURN NULL;
END $$;
CREATE TRIGGER outdate_prepared_of_removed AFTER DELETE ON archive.instance
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION archive.outdate_prepared();
CREATE TRIGGER outdate_prepared_of_changed AFTER UPDATE ON archive.instance
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION archive.outdate_prepared();
