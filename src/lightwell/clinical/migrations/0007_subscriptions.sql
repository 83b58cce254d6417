-- Subscriptions: who wants to be told of which changes, the changes nobody has looked at yet, and what waits to be sent.

CREATE TABLE clinical.subscription (
    rid bigint PRIMARY KEY,                   -- of its resource
    organisation_id integer NOT NULL REFERENCES core.organisation,
    id text COLLATE "C" NOT NULL,
    owner text NOT NULL,                      -- by whose rights it sees; '' is the house itself
    type text COLLATE "C" NOT NULL,           -- of the resources that it is about
    query text NOT NULL,                      -- what they have to be, as a search
    channel text NOT NULL CHECK (channel IN ('rest-hook', 'websocket')),
    endpoint text NOT NULL,
    payload text NOT NULL,                    -- '' sends an empty body
    headers text[] NOT NULL,                  -- as they are sent; the resource does not show their values
    is_active boolean NOT NULL,
    ends_at timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT '-infinity'
);
CREATE INDEX subscription_active ON clinical.subscription (organisation_id, type) WHERE is_active;

-- A change of a type that somebody subscribed to. It is written with the change and removed when it was judged.
CREATE TABLE clinical.changed (
    id bigint GENERATED ALWAYS AS IDENTITY,
    organisation_id integer NOT NULL,
    type text COLLATE "C" NOT NULL,
    rid bigint NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

-- A version of a resource of which a subscription has still to be told, in the order of the numbers.
CREATE TABLE clinical.notification (
    id bigint GENERATED ALWAYS AS IDENTITY,
    organisation_id integer NOT NULL,
    subscription_rid bigint NOT NULL REFERENCES clinical.subscription ON DELETE CASCADE,
    rid bigint NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (subscription_rid, id),
    UNIQUE (subscription_rid, rid, version)
);

ALTER TABLE clinical.subscription ENABLE ROW LEVEL SECURITY;
ALTER TABLE clinical.changed ENABLE ROW LEVEL SECURITY;
ALTER TABLE clinical.notification ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON clinical.subscription
    USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));
CREATE POLICY own ON clinical.changed USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));
CREATE POLICY own ON clinical.notification
    USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));

-- Every node is told at once that there is something to judge; several changes of one transaction are one notice.
CREATE FUNCTION clinical.tell_of_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('lightwell_changed', '');
    RETURN NULL;
END $$;
CREATE TRIGGER tell_of_change AFTER INSERT ON clinical.changed
    FOR EACH ROW EXECUTE FUNCTION clinical.tell_of_change();

-- In which hospitals there is something to do? Asked for all of them, so it must see every row.
CREATE FUNCTION clinical.hospitals_to_notify(moment timestamptz) RETURNS SETOF integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS 'SELECT organisation_id FROM clinical.changed
        UNION SELECT s.organisation_id FROM clinical.subscription AS s
        WHERE s.is_active AND (s.ends_at <= moment OR s.due_at <= moment
            AND EXISTS (SELECT FROM clinical.notification AS n WHERE n.subscription_rid = s.rid))';
REVOKE ALL ON FUNCTION clinical.hospitals_to_notify(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.hospitals_to_notify(timestamptz) TO lw_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON clinical.subscription TO lw_app;
GRANT SELECT, INSERT, DELETE ON clinical.changed, clinical.notification TO lw_app;
