import { useEffect } from 'react';

const AT_THE_LATEST_MS = 3000;

/** Has the viewer ready while somebody looks at the list, once the page has nothing else to do. */
export function useWarmViewer(): void {
  useEffect(() => {
    const warm = () => void import('@/viewer/warming').then(({ warmViewer }) => warmViewer());
    if (!('requestIdleCallback' in window)) return undefined; // it is made ready when it is needed
    const waiting = requestIdleCallback(warm, { timeout: AT_THE_LATEST_MS });
    return () => cancelIdleCallback(waiting);
  }, []);
}
