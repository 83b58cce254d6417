-- A node remembers for seconds who somebody is and what they may see (lightwell/core/memory.py). Whatever changes that
-- tells every node to forget it.
CREATE FUNCTION core.tell_to_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('lightwell_forget', '');
    RETURN NULL;
END $$;
CREATE TRIGGER tell_to_forget AFTER UPDATE OR DELETE ON core.account
    FOR EACH ROW EXECUTE FUNCTION core.tell_to_forget();
CREATE TRIGGER tell_to_forget AFTER INSERT OR UPDATE OR DELETE ON core.membership
    FOR EACH ROW EXECUTE FUNCTION core.tell_to_forget();
CREATE TRIGGER tell_to_forget AFTER UPDATE OR DELETE ON core.api_token
    FOR EACH ROW EXECUTE FUNCTION core.tell_to_forget();
CREATE TRIGGER tell_to_forget AFTER INSERT OR UPDATE OR DELETE ON core.access_grant
    FOR EACH ROW EXECUTE FUNCTION core.tell_to_forget();
CREATE TRIGGER tell_to_forget AFTER DELETE ON core.session
    FOR EACH ROW EXECUTE FUNCTION core.tell_to_forget();
-- A session is also touched when it is used, every ten seconds; that changes nothing.
CREATE TRIGGER tell_of_lock AFTER UPDATE ON core.session
    FOR EACH ROW WHEN (old.locked_at IS DISTINCT FROM new.locked_at OR old.expires_at <> new.expires_at)
    EXECUTE FUNCTION core.tell_to_forget();
