-- What somebody set for themselves, by the name of the setting. Only its owner ever asks for it.
CREATE TABLE core.preference (
    account_id bigint NOT NULL REFERENCES core.account ON DELETE CASCADE,
    key text NOT NULL,
    value jsonb NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, key)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON core.preference TO lw_app;
