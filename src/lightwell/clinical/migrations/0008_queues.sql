-- Who waits for what: a queue of a service or room, and each visit's place in it. Every row belongs to one hospital.
CREATE TABLE clinical.queue (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id integer NOT NULL REFERENCES core.organisation,
    name text NOT NULL,
    prefix text NOT NULL,                     -- of numbers, e.g. A in A012
    code text NOT NULL,                       -- of the service or clinic, as messages say it (PV1-10, PV1-3); or empty
    UNIQUE (organisation_id, name)
);

CREATE TABLE clinical.ticket (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id integer NOT NULL,
    queue_id integer NOT NULL REFERENCES clinical.queue ON DELETE CASCADE,
    day date NOT NULL,
    number integer NOT NULL,                  -- counted from 1 every day
    place numeric NOT NULL,                   -- in their order they are called
    patient_id text COLLATE "C" NOT NULL,
    encounter_id text COLLATE "C" NOT NULL,   -- the visit that it is for; empty if there is none
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'called', 'passed', 'done', 'left')),
    room text NOT NULL DEFAULT '',            -- where they were called to
    calls integer NOT NULL DEFAULT 0,
    arrived_at timestamptz NOT NULL,
    called_at timestamptz,
    ended_at timestamptz,
    UNIQUE (queue_id, day, number)
);
CREATE UNIQUE INDEX ticket_of_visit ON clinical.ticket (queue_id, day, patient_id, encounter_id)
    WHERE state IN ('waiting', 'called', 'passed');
CREATE INDEX ticket_open ON clinical.ticket (organisation_id, queue_id, place) WHERE state IN ('waiting', 'called', 'passed');

ALTER TABLE clinical.queue ENABLE ROW LEVEL SECURITY;
ALTER TABLE clinical.ticket ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON clinical.queue USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));
CREATE POLICY own ON clinical.ticket USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON clinical.queue TO lw_app;
GRANT SELECT, INSERT ON clinical.ticket TO lw_app;
GRANT UPDATE (place, state, room, calls, called_at, ended_at) ON clinical.ticket TO lw_app;
