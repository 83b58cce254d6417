-- What a file is in quarantine for, as a code and its numbers, beside the words for logs; of files from before, the words only.
ALTER TABLE archive.quarantine
    ADD COLUMN reason_code text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN reason_numbers jsonb NOT NULL DEFAULT '{}';
