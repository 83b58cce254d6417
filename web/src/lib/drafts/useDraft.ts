import { createContext, useContext, useSyncExternalStore } from 'react';
import { Drafts } from './Drafts';

export const drafts = new Drafts(localStorage);

/** The account whose texts these are. */
export const DraftOwner = createContext('');

/**
 * A text that is being written: it outlives a crash of the page, a reload and the end of a session. Whoever saves it
 * writes '' then.
 *
 *     const [note, setNote] = useDraft(`report/${uid}`);
 */
export function useDraft(key: string): [text: string, setText: (text: string) => void] {
  const owner = useContext(DraftOwner);
  const text = useSyncExternalStore(drafts.subscribe, () => drafts.read(owner, key));
  return [text, (next) => drafts.write(owner, key, next)];
}

/** How many texts of whoever is signed in are not saved. */
export function useDraftCount(): number {
  const owner = useContext(DraftOwner);
  return useSyncExternalStore(drafts.subscribe, () => drafts.count(owner));
}
