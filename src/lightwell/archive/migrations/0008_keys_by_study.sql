-- A name that many have is looked for from the studies' side, newest first: has this one such a key?
CREATE INDEX study_key_by_study ON archive.study_key (study_id, kind, key);
