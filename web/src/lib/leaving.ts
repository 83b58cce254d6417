const acts: (() => void)[] = [];

/** Has something done when a person signs out: what a page keeps in memory of one must not be there for the next. */
export function onLeaving(act: () => void): void {
  acts.push(act);
}

export function forgetPerson(): void {
  for (const act of acts) act();
}
