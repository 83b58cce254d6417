-- How large an image is, as searches tell it (PS3.18 Table 10.6.3-5). Of images that came before, nothing is said.
ALTER TABLE archive.instance
    ADD COLUMN rows integer,
    ADD COLUMN columns integer,
    ADD COLUMN bits_allocated integer;
