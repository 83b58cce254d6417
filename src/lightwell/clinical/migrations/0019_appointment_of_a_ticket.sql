-- Who comes for an appointment has a visit soon: a number in a queue ends with either of them.
ALTER TABLE clinical.ticket ADD COLUMN appointment_id text COLLATE "C" NOT NULL DEFAULT '';
GRANT UPDATE (appointment_id) ON clinical.ticket TO lw_app;
