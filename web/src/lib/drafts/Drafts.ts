const ROOT = 'lightwell.draft';
const DAY_MS = 86_400_000;
/** A text that nobody came back to is not kept on a machine that many use. */
export const KEPT_MS = 7 * DAY_MS;

type Place = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

interface Kept {
  text: string;
  /** When it was last written, in milliseconds since 1970. */
  at: number;
}

function parsed(said: string | null): Kept | null {
  try {
    const kept = JSON.parse(said ?? 'null') as Partial<Kept> | null;
    return typeof kept?.text === 'string' && typeof kept.at === 'number' ? { text: kept.text, at: kept.at } : null;
  } catch {
    return null;
  }
}

/**
 * Texts that somebody began and has not saved: kept in the browser under their account with every letter, so that they
 * outlive a page that crashed, was loaded anew, or whose session ended. Where the browser keeps nothing (its store is
 * full, or shut), they live as long as the page.
 */
export class Drafts {
  private readonly memory = new Map<string, string>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly place: Place) {}

  read(owner: string, key: string): string {
    const name = nameOf(owner, key);
    return this.memory.get(name) ?? parsed(this.place.getItem(name))?.text ?? '';
  }

  write(owner: string, key: string, text: string, now = Date.now()): void {
    const name = nameOf(owner, key);
    this.memory.set(name, text);
    try {
      if (text) this.place.setItem(name, JSON.stringify({ text, at: now } satisfies Kept));
      else this.place.removeItem(name);
    } catch {
      // The memory has it; a browser that is full must not keep anybody from typing.
    }
    this.tell();
  }

  /** How many texts of somebody are not saved. */
  count(owner: string): number {
    const names = new Set([...this.memory.keys(), ...this.names()].filter((name) => name.startsWith(nameOf(owner, ''))));
    return [...names].filter((name) => this.memory.get(name) ?? parsed(this.place.getItem(name))?.text).length;
  }

  /** Forgets all texts of somebody. */
  forget(owner: string): void {
    this.drop((name) => name.startsWith(nameOf(owner, '')));
  }

  /** Forgets what is too old, whoever wrote it, and what is no draft. */
  sweep(now = Date.now()): void {
    this.drop((name) => !this.memory.has(name) && now - (parsed(this.place.getItem(name))?.at ?? 0) > KEPT_MS);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private drop(isMeant: (name: string) => boolean): void {
    for (const name of [...this.names(), ...this.memory.keys()].filter(isMeant)) {
      this.memory.delete(name);
      this.place.removeItem(name);
    }
    this.tell();
  }

  private names(): string[] {
    const all = Array.from({ length: this.place.length }, (_, at) => this.place.key(at) ?? '');
    return all.filter((name) => name.startsWith(`${ROOT}/`));
  }

  private tell(): void {
    this.listeners.forEach((listener) => listener());
  }
}

const nameOf = (owner: string, key: string): string => `${ROOT}/${encodeURIComponent(owner)}/${key}`;
