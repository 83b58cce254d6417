import { useSyncExternalStore } from 'react';
import { type Notice, Notices } from './Notices';

export const notices = new Notices(sessionStorage);

export function useNotices(): readonly Notice[] {
  return useSyncExternalStore(notices.subscribe, notices.all);
}

export type { News, Notice } from './Notices';
