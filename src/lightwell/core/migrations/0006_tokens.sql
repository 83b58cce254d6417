-- A token is told from others without its secret, so that it can be listed and revoked.
ALTER TABLE core.api_token ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY UNIQUE;
