import type { RefObject } from 'react';
import { useKeys } from '@/ui/useKeys';
import { DOCUMENT_KEYS, nextOf } from '../desk/keys';

/** Keys that go from one button of a document to the next, and back; Enter presses it. */
export function useFocusKeys(around: RefObject<HTMLElement | null>): void {
  const go = (by: number) => () => {
    const all = [...(around.current?.querySelectorAll('button') ?? [])];
    nextOf(all, all.find((one) => one === document.activeElement), by)?.focus();
  };
  useKeys({ [DOCUMENT_KEYS.nextNote]: go(1), [DOCUMENT_KEYS.previousNote]: go(-1) }, 'first');
}
