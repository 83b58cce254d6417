import { useEffect, useState } from 'react';

export const RATES_PER_S = [5, 10, 15, 25, 30] as const;
const USUAL_PER_S = 15;

/** Goes through a series by itself, around and around; `next` is called for each image. It rests where there is no order. */
export function useCine(next: () => void, hasOrder: boolean) {
  const [isWanted, setIsWanted] = useState(false);
  const isRunning = isWanted && hasOrder;
  const [ratePerS, setRatePerS] = useState<number>(USUAL_PER_S);
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(next, 1_000 / ratePerS);
    return () => clearInterval(timer);
  }, [isRunning, ratePerS, next]);
  return { isRunning, ratePerS, setRatePerS, toggle: () => setIsWanted(!isWanted) };
}

export type Cine = ReturnType<typeof useCine>;
