import { useRef, useState } from 'react';

interface Act {
  isBusy: boolean;
  error: Error | null;
  /** Does something, unless something else is being done; what fails is kept to be shown, never thrown. */
  run: (work: () => Promise<unknown>) => Promise<boolean>;
}

/** One act at a time, with its wait and what went wrong. */
export function useAct(): Act {
  const isActing = useRef(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);

  async function run(work: () => Promise<unknown>): Promise<boolean> {
    if (isActing.current) return false;
    isActing.current = true;
    setIsBusy(true);
    setError(null);
    try {
      await work();
      return true;
    } catch (thrown) {
      setError(thrown instanceof Error ? thrown : new Error(String(thrown)));
      return false;
    } finally {
      isActing.current = false;
      setIsBusy(false);
    }
  }

  return { isBusy, error, run };
}
