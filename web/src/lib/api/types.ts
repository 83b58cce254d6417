/** What the server says, by hand for now: these mirror the schemas of `/openapi.json`. */

export interface Organisation {
  id: number;
  code: string;
  name: string;
  name_en: string | null;
  /** What the person may do there; only the session says so. */
  permissions?: string[];
}

export interface Session {
  username: string;
  display_name: string;
  locale: string | null;
  is_locked: boolean;
  organisations: Organisation[];
  permissions: string[];
  idle_lock_s: number;
}

export interface Server {
  name: string;
  version: string;
  ae_title: string;
  dicom_port: number;
  http_port: number;
  demo: boolean;
}

export interface StudyEvent {
  study_instance_uid: string;
  organisation_id: number;
}
