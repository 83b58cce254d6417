import { useLayoutEffect, useSyncExternalStore } from 'react';

let shown = 0;
const watchers = new Set<() => void>();

function change(by: 1 | -1): void {
  shown += by;
  for (const watcher of watchers) watcher();
}

/** Says that the page is for everybody's eyes as long as this is there, such as a board in a waiting room. */
export function useShownToAll(): void {
  useLayoutEffect(() => {
    change(1);
    return () => change(-1);
  }, []);
}

export function useIsShownToAll(): boolean {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => shown > 0,
  );
}
