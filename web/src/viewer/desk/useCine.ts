import { useEffect, useState } from 'react';

const RATES_PER_S: readonly number[] = [5, 10, 15, 25, 30];
const USUAL_PER_S = 15;

/** The rates that can be chosen; the one that the images themselves want is among them. */
export function ratesWith(ownPerS: number | null): readonly number[] {
  if (ownPerS === null || RATES_PER_S.includes(ownPerS)) return RATES_PER_S;
  return [...RATES_PER_S, ownPerS].sort((one, other) => one - other);
}

/** What a reader chose for one series is for that one. */
export interface Chosen {
  seriesUid: string;
  ratePerS: number;
}

/** How fast a series goes by: as the reader wants it, else as its images say. */
export function rateOf(seriesUid: string, chosen: Chosen | null, ownPerS: number | null): number {
  return chosen?.seriesUid === seriesUid ? chosen.ratePerS : (ownPerS ?? USUAL_PER_S);
}

/** Goes through a series by itself, around and around; `next` is called for each image. It rests where there is no order. */
export function useCine(next: () => void, hasOrder: boolean, seriesUid: string, ownPerS: number | null) {
  const [isWanted, setIsWanted] = useState(false);
  const isRunning = isWanted && hasOrder;
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const ratePerS = rateOf(seriesUid, chosen, ownPerS);
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(next, 1_000 / ratePerS);
    return () => clearInterval(timer);
  }, [isRunning, ratePerS, next]);
  const rates = ratesWith(ownPerS);
  const setRatePerS = (rate: number) => setChosen({ seriesUid, ratePerS: rate });
  return {
    isRunning,
    ratePerS,
    rates,
    setRatePerS,
    /** So many rates faster, or slower. */
    change: (by: number) => setRatePerS(rates[rates.indexOf(ratePerS) + by] ?? ratePerS),
    toggle: () => setIsWanted(!isWanted),
  };
}

export type Cine = ReturnType<typeof useCine>;
