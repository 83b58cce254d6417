import { useLayoutEffect, useRef } from 'react';
import { keyOf } from '@/lib/keys';

export type KeyMap = Record<string, (event: KeyboardEvent) => void>;

const isChoice = (target: EventTarget | null) => target instanceof HTMLInputElement && /^(radio|checkbox)$/.test(target.type);

/** Whether keys go into a field. Choices take no text: of theirs are the arrows and Space, once the keyboard came to them. */
function isTyping({ target, key }: KeyboardEvent): boolean {
  if (isChoice(target)) return !isPointed && /^( |Arrow.*)$/.test(key);
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** A choice that is closed takes no text, so Escape in it is meant for the page. */
function isClosedChoice(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.getAttribute('aria-haspopup') === 'listbox';
}

const DIALOG = '[role="dialog"],dialog[open]';

export function hasOpenLayer(): boolean {
  return document.querySelector(`${DIALOG},[role="menu"],[aria-haspopup][aria-expanded="true"]`) !== null;
}

function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(`${DIALOG},[role="menu"],[role="listbox"]`) !== null;
}

/** The row in hand is no button that is pressed: what Enter does there, the page says. */
function pressable(target: EventTarget | null): Element | null {
  return target instanceof Element ? target.closest('a,button:not([data-row])') : null;
}

/** What was pressed last with the mouse or a finger, until the keyboard moves on. */
let clicked: Element | null = null;
/** Whether the hand was at the mouse or the glass last. */
let isPointed = false;

function point(event: PointerEvent): void {
  clicked = pressable(event.target);
  isPointed = true;
}

function moveOn(): void {
  clicked = null;
  isPointed = false;
}

/** Enter and Space press what the keyboard has come to. Space after a click is the page's again: it plays and stops. */
function isPress(event: KeyboardEvent): boolean {
  const target = pressable(event.target);
  return target !== null && (event.key === 'Enter' || (event.key === ' ' && target !== clicked));
}

/**
 * Keys of a page, there as soon as it is seen. They rest while somebody types, while a menu or dialog is open and while
 * the page is locked. Those of what lies within the page are asked `first`: Escape ends the innermost thing; those of
 * what lies around it `last`.
 */
export function useKeys(keys: KeyMap, order?: 'first' | 'last'): void {
  const latest = useRef(keys);
  useLayoutEffect(() => {
    latest.current = keys;
  });
  useLayoutEffect(() => {
    let isForLayer = false;
    // Seen before anything closes on it: an Escape that closes a calendar or a menu does no more than that.
    const note = (event: KeyboardEvent) => {
      isForLayer = event.key === 'Escape' && hasOpenLayer();
      if (event.key === 'Tab') moveOn();
    };
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isForLayer) return;
      if (isTyping(event) && !(event.key === 'Escape' && isClosedChoice(event.target))) return;
      if (isElsewhere(event.target)) return;
      if (isPress(event)) return;
      if (document.querySelector(DIALOG)) return;
      const act = latest.current[keyOf(event)];
      if (!act) return;
      event.preventDefault();
      act(event);
    };
    window.addEventListener('pointerdown', point, { capture: true });
    window.addEventListener('keydown', note, { capture: true });
    const heard: GlobalEventHandlers = order ? window : document; // on its way down and up, a key comes by the window first and last
    heard.addEventListener('keydown', press, { capture: order === 'first' });
    return () => {
      window.removeEventListener('pointerdown', point, { capture: true });
      window.removeEventListener('keydown', note, { capture: true });
      heard.removeEventListener('keydown', press, { capture: order === 'first' });
    };
  }, [order]);
}

/** Escape closes what is open also in the moment before the focus is in it; within it, it closes itself. */
export function useEscape(isOpen: boolean, onClose: () => void): void {
  const latest = useRef(onClose);
  useLayoutEffect(() => {
    latest.current = onClose;
  });
  useLayoutEffect(() => {
    if (!isOpen) return undefined;
    const press = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !isElsewhere(event.target)) latest.current();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [isOpen]);
}

/** What a key does once, however long it is held. */
export const once = (act: () => void) => (event: KeyboardEvent): void => {
  if (!event.repeat) act();
};
