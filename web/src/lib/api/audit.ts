import { infiniteQueryOptions } from '@tanstack/react-query';
import { getJson } from './http';

/** Who did what to whom, when. */
export interface AuditRow {
  id: number;
  at: string;
  organisation_id: number | null;
  actor_kind: string;
  actor_name: string;
  action: string;
  subject: string;
  purpose: string;
  screen: string;
  count: number;
  /** What else was noted: the role given, the name of a device. */
  detail: Record<string, unknown>;
}

export const AUDIT_PAGE = 100;

/** The trail, newest first; with a patient ID only what concerns that patient. */
export function auditQuery(patientId: string) {
  return infiniteQueryOptions({
    queryKey: ['audit', patientId],
    initialPageParam: null as number | null,
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ limit: String(AUDIT_PAGE) });
      if (patientId) params.set('subject', `patient/${patientId}`);
      if (pageParam !== null) params.set('before', String(pageParam));
      return getJson<AuditRow[]>(`/api/audit?${params}`, signal);
    },
    getNextPageParam: (last) => (last.length < AUDIT_PAGE ? undefined : last.at(-1)?.id),
  });
}
