-- Where a peer listens, if it takes images itself: the destination of C-MOVE, of `lightwell send` and of commitments.
ALTER TABLE archive.peer ADD COLUMN host text;
ALTER TABLE archive.peer ADD COLUMN port integer CHECK (port BETWEEN 1 AND 65535);
ALTER TABLE archive.peer ADD COLUMN is_tls boolean NOT NULL DEFAULT false;
