-- How often a system has refused a message for the moment: after an hour of that a person decides.
ALTER TABLE clinical.hl7_outgoing ADD COLUMN refusals integer NOT NULL DEFAULT 0;
GRANT UPDATE (refusals) ON clinical.hl7_outgoing TO lw_app;

-- Was a newer version of what a message tells sent to the same system? Asked before it goes, and before it goes again.
CREATE INDEX hl7_outgoing_about ON clinical.hl7_outgoing (destination_id, type, resource_id, version);

-- Of a dose: the order that it belongs to, and the how many-th of that order it is for the system (RXA-2).
ALTER TABLE clinical.hl7_outgoing ADD COLUMN order_id text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE clinical.hl7_outgoing ADD COLUMN ordinal integer;
CREATE INDEX hl7_outgoing_order ON clinical.hl7_outgoing (destination_id, order_id) WHERE order_id <> '';
GRANT UPDATE (order_id, ordinal) ON clinical.hl7_outgoing TO lw_app;
