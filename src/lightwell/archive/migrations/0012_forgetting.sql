-- What a node remembers of a series (lightwell/archive/tickets.py) holds no longer when its images are exchanged or
-- prepared anew, or the study becomes another patient's. Images that only arrive change nothing of the others.
CREATE TRIGGER tell_to_forget AFTER UPDATE OR DELETE ON archive.instance
    FOR EACH ROW EXECUTE FUNCTION core.tell_to_forget();
CREATE TRIGGER tell_to_forget AFTER INSERT OR UPDATE OR DELETE ON archive.prepared
    FOR EACH ROW EXECUTE FUNCTION core.tell_to_forget();
CREATE TRIGGER tell_to_forget AFTER UPDATE ON archive.study
    FOR EACH ROW
    WHEN (old.patient_id <> new.patient_id OR old.study_instance_uid <> new.study_instance_uid)
    EXECUTE FUNCTION core.tell_to_forget();
