-- What somebody keeps of a list: a name for how it was narrowed. Only its owner ever asks for it.
CREATE TABLE core.saved_view (
    account_id bigint NOT NULL REFERENCES core.account ON DELETE CASCADE,
    screen text NOT NULL,
    name text NOT NULL,
    search jsonb NOT NULL,
    PRIMARY KEY (account_id, screen, name)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON core.saved_view TO lw_app;
