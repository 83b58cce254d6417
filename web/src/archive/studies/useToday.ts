import { useEffect, useState } from 'react';
import { toDicomDate } from '@/lib/dicomweb/dates';

const LOOK_MS = 30_000;

/** Today as a DICOM date; a list left open over midnight moves on with the day. */
export function useToday(): string {
  const [today, setToday] = useState(() => toDicomDate(new Date()));
  useEffect(() => {
    const timer = setInterval(() => setToday(toDicomDate(new Date())), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  return today;
}
