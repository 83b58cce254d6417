import { type Icon, IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconClockExclamation, IconPlugConnectedX } from '@tabler/icons-react';
import type { Flow, Interfaces, Way } from '@/lib/api/interfaces';

export type LineState = 'live' | 'silent' | 'failing' | 'stuck' | 'new';

export interface Line {
  way: Way;
  id: number;
  organisation: number;
  label: string;
  /** What the system calls itself, and where it is. */
  names: string;
  address: string;
  flow: Flow;
}

const SILENT_MS = 3_600_000;

export const STATE_SIGNS: Record<LineState, Icon> = {
  live: IconCircleCheck,
  silent: IconClockExclamation,
  failing: IconAlertTriangle,
  stuck: IconPlugConnectedX,
  new: IconCircleDashed,
};

/** How a line is, by what is worst about it. */
export function stateOf({ flow }: Pick<Line, 'flow'>, now: number): LineState {
  if (flow.waiting > 0 && flow.trouble) return 'stuck';
  if (flow.failed > 0) return 'failing';
  if (flow.last_at === null) return 'new';
  return now - new Date(flow.last_at).getTime() > SILENT_MS ? 'silent' : 'live';
}

/** Whether messages of a line wait for a person to see them. */
export const hasTrouble = ({ flow }: Pick<Line, 'flow'>) => flow.failed > 0 || Boolean(flow.trouble && flow.waiting_since);

const named = (application: string, facility: string) => (facility && facility !== '*' ? `${application} · ${facility}` : application);

/** The lines of both ways, in the order in which they are listed: those that send, then those that are told. */
export function linesOf(lines: Interfaces): Line[] {
  return [
    ...lines.sources.map(({ source, flow }) => ({
      way: 'in' as const,
      id: source.id,
      organisation: source.organisation_id,
      label: source.label,
      names: named(source.sending_application, source.sending_facility),
      address: source.network === '0.0.0.0/0' ? '' : source.network,
      flow,
    })),
    ...lines.destinations.map(({ destination, flow }) => ({
      way: 'out' as const,
      id: destination.id,
      organisation: destination.organisation_id,
      label: destination.label,
      names: named(destination.receiving_application, destination.receiving_facility),
      address: `${destination.host}:${destination.port}${destination.is_tls ? ' TLS' : ''}`,
      flow,
    })),
  ];
}
