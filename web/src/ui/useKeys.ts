import { useLayoutEffect, useRef } from 'react';

export type KeyMap = Record<string, (event: KeyboardEvent) => void>;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** A choice that is closed takes no text, so Escape in it is meant for the page. */
function isClosedChoice(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.getAttribute('aria-haspopup') === 'listbox';
}

function hasOpenLayer(): boolean {
  return document.querySelector('[role="dialog"],[role="menu"],[aria-haspopup][aria-expanded="true"]') !== null;
}

function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="menu"],[role="listbox"],[role="dialog"]') !== null;
}

function pressable(target: EventTarget | null): Element | null {
  return target instanceof Element ? target.closest('a,button') : null;
}

/** What was pressed last with the mouse or a finger, until the keyboard moves on. */
let clicked: Element | null = null;

function point(event: PointerEvent): void {
  clicked = pressable(event.target);
}

/** Enter and Space press what the keyboard has come to. Space after a click is the page's again: it plays and stops. */
function isPress(event: KeyboardEvent): boolean {
  const target = pressable(event.target);
  return target !== null && (event.key === 'Enter' || (event.key === ' ' && target !== clicked));
}

/**
 * Keys of a page, there as soon as it is seen. They rest while somebody types, while a menu or dialog is open and while
 * the page is locked. Those of what lies within the page are asked `first`: Escape ends the innermost thing.
 */
export function useKeys(keys: KeyMap, order?: 'first'): void {
  const latest = useRef(keys);
  useLayoutEffect(() => {
    latest.current = keys;
  });
  useLayoutEffect(() => {
    let isForLayer = false;
    // Seen before anything closes on it: an Escape that closes a calendar or a menu does no more than that.
    const note = (event: KeyboardEvent) => {
      isForLayer = event.key === 'Escape' && hasOpenLayer();
      if (event.key === 'Tab') clicked = null;
    };
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isForLayer) return;
      if (isTyping(event.target) && !(event.key === 'Escape' && isClosedChoice(event.target))) return;
      if (isElsewhere(event.target)) return;
      if (isPress(event)) return;
      if (document.querySelector('[role="dialog"]')) return;
      const act = latest.current[event.key];
      if (!act) return;
      event.preventDefault();
      act(event);
    };
    window.addEventListener('pointerdown', point, { capture: true });
    window.addEventListener('keydown', note, { capture: true });
    window.addEventListener('keydown', press, { capture: order === 'first' });
    return () => {
      window.removeEventListener('pointerdown', point, { capture: true });
      window.removeEventListener('keydown', note, { capture: true });
      window.removeEventListener('keydown', press, { capture: order === 'first' });
    };
  }, [order]);
}

/** What a key does once, however long it is held. */
export const once = (act: () => void) => (event: KeyboardEvent): void => {
  if (!event.repeat) act();
};
