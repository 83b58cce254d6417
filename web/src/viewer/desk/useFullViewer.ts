import { type ComponentType, useEffect, useState } from 'react';
import { machines } from '@/lib/stream/machines';
import type { FullDeskProps } from '../full/FullDesk';

type FullDesk = ComponentType<FullDeskProps>;

const load = () => import('../full/FullDesk').then((module) => module.default);
const WARM_AFTER_MS = 3_000;

/**
 * The full viewer, fetched when it is first needed; over a line that is not thin it is there before, once the first
 * image has come. Null while it is on its way.
 */
export function useFullViewer(isNeeded: boolean): { Full: FullDesk | null; error: Error | null } {
  const [Full, setFull] = useState<FullDesk | null>(null);
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => !machines().lanes.link.isThin && void load().catch(() => {}), WARM_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (!isNeeded || Full) return;
    load().then((loaded) => setFull(() => loaded), setError);
  }, [isNeeded, Full]);
  return { Full, error };
}
