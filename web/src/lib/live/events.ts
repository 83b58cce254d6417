import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { SeriesDerived } from '@/lib/api/enhancement';
import type { StudyEvent } from '@/lib/api/types';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const STUDY_EVENTS = ['StudyArrived', 'StudyComplete'];

type Listener = (change: StudyEvent) => unknown;

let source: EventSource | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;
let isLive = false;
let wasReached = false;
const listeners = new Set<Listener>();
const watchers = new Set<() => void>();
const opened = new Set<(isAgain: boolean) => void>();
const queueWatchers = new Set<() => void>();
const derivations = new Set<(step: SeriesDerived) => void>();

export function waitMs(failure: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failure);
}

function setLive(value: boolean): void {
  if (isLive === value) return;
  isLive = value;
  watchers.forEach((watcher) => watcher());
}

function isOpen(): void {
  failures = 0;
  setLive(true);
  opened.forEach((listener) => listener(wasReached));
  wasReached = true;
}

function isLost(): void {
  close();
  timer = setTimeout(open, waitMs(failures));
  failures += 1;
}

function open(): void {
  clearTimeout(timer);
  source = new EventSource('/api/events');
  source.addEventListener('open', isOpen);
  source.addEventListener('error', isLost);
  STUDY_EVENTS.forEach((name) => source?.addEventListener(name, tell));
  source.addEventListener('SeriesDerived', tellDerived);
  source.addEventListener('QueueChanged', tellQueues);
}

function tell(event: MessageEvent<string>): void {
  const change = JSON.parse(event.data) as StudyEvent;
  listeners.forEach((listener) => listener(change));
}

function tellDerived(event: MessageEvent<string>): void {
  const step = JSON.parse(event.data) as SeriesDerived;
  derivations.forEach((listener) => listener(step));
}

function tellQueues(): void {
  queueWatchers.forEach((listener) => listener());
}

function close(): void {
  clearTimeout(timer);
  source?.close();
  source = null;
  setLive(false);
}

/** Holds the live connection open while the component is on the page. */
export function useLiveConnection(isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted) return undefined;
    failures = 0;
    open();
    return close;
  }, [isWanted]);
}

export function useIsLive(): boolean {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => isLive,
  );
}

/** Calls back on every changed study, and whenever the connection opens, first or again: what changed before was not told. */
export function useStudyChanges(onChange: Listener, onOpen: (isAgain: boolean) => void): void {
  const latest = useRef({ onChange, onOpen });
  useEffect(() => {
    latest.current = { onChange, onOpen };
  });
  useEffect(() => {
    const change: Listener = (event) => latest.current.onChange(event);
    const catchUp = (isAgain: boolean) => latest.current.onOpen(isAgain);
    listeners.add(change);
    opened.add(catchUp);
    return () => {
      listeners.delete(change);
      opened.delete(catchUp);
    };
  }, []);
}

/** Calls back as a derived series grows, and when it is done. */
export function useDerivations(onStep: (step: SeriesDerived) => void): void {
  const latest = useRef(onStep);
  useEffect(() => {
    latest.current = onStep;
  });
  useEffect(() => {
    const listener = (step: SeriesDerived) => latest.current(step);
    derivations.add(listener);
    return () => {
      derivations.delete(listener);
    };
  }, []);
}

/** Calls back when somebody came into a queue, was called, or is done. */
export function useQueueChanges(onChange: () => void): void {
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  useEffect(() => {
    const listener = () => latest.current();
    queueWatchers.add(listener);
    opened.add(listener);
    return () => {
      queueWatchers.delete(listener);
      opened.delete(listener);
    };
  }, []);
}
