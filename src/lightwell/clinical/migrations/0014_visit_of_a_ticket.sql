-- Whoever checked in at the counter gets their visit as soon as a message tells of it, and no second number.
GRANT UPDATE (encounter_id) ON clinical.ticket TO lw_app;
