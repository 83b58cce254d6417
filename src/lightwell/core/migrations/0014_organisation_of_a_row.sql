-- A foreign key locks the row that it leads to: all writers of an organisation met at its one row, for each thing they
-- wrote. Which organisations somebody may write for is said by row-level security, from memberships that have the key;
-- and no organisation is ever deleted (docs/adr/0041).
REVOKE DELETE ON core.organisation FROM lw_app;
ALTER TABLE core.audit DROP CONSTRAINT audit_organisation_id_fkey;
