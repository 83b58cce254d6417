import { useEffect, useState } from 'react';
import { fetchStill, type Still } from '@/lib/api/stills';
import { type Answered, Latest } from '@/lib/latest';

const REST_MS = 200;
const NOTHING: Answered<Still> = { answer: null, isWaiting: true, error: null };

/** A picture of the server, asked for when the hand rests; the one before stays meanwhile. */
export function useStill(path: string): Answered<Still> & { retry: () => void } {
  const [now, setNow] = useState(NOTHING);
  const [latest] = useState(() => new Latest(fetchStill, setNow));
  useEffect(() => latest.ask(path, REST_MS), [latest, path]);
  useEffect(() => () => latest.close(), [latest]);
  return { ...now, retry: () => latest.ask(path) };
}
