/** What happened while one worked; nothing in it names a patient, for it is shown over any page. */
export interface Notice {
  id: number;
  kind: 'arrived' | 'quarantine' | 'conflicts' | 'device' | 'uploaded';
  /** How many; things of one kind and name that nobody saw yet are one notice. */
  count: number;
  /** Of the view that studies arrived for, or of the device. */
  name: string;
  /** When it last happened, as ISO 8601. */
  at: string;
  isRead: boolean;
  /** How the list is narrowed for the view. */
  search?: Record<string, string>;
}

export type News = Pick<Notice, 'kind' | 'count' | 'name' | 'search'>;
type Place = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const KEY = 'lightwell.notices';
const MOST = 100;
const NONE: readonly Notice[] = [];

interface Kept {
  owner: string;
  list: Notice[];
}

/** The notices of one session, newest first; they outlive a reload and end with the session. */
export class Notices {
  private owner = '';
  private list: readonly Notice[] = NONE;
  private nextId = 1;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly place: Place) {}

  /** Whose they are from now on; those of somebody else are gone. */
  own(owner: string): void {
    if (owner === this.owner) return;
    this.owner = owner;
    const kept = this.kept();
    this.list = kept?.owner === owner ? kept.list : NONE;
    this.nextId = Math.max(0, ...this.list.map(({ id }) => id)) + 1;
    this.keep();
  }

  all = (): readonly Notice[] => this.list;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  add(news: News, now = new Date()): void {
    if (!this.owner) return;
    const before = this.list.find((one) => !one.isRead && one.kind === news.kind && one.name === news.name);
    const count = news.count + (before?.count ?? 0);
    const notice: Notice = { ...news, count, id: this.nextId, at: now.toISOString(), isRead: false };
    this.nextId += 1;
    this.list = [notice, ...this.list.filter((one) => one !== before)].slice(0, MOST);
    this.keep();
  }

  readAll(): void {
    if (this.list.every((one) => one.isRead)) return;
    this.list = this.list.map((one) => ({ ...one, isRead: true }));
    this.keep();
  }

  private kept(): Kept | null {
    try {
      return JSON.parse(this.place.getItem(KEY) ?? 'null') as Kept | null;
    } catch {
      return null;
    }
  }

  private keep(): void {
    if (this.owner) this.place.setItem(KEY, JSON.stringify({ owner: this.owner, list: this.list }));
    else this.place.removeItem(KEY);
    this.listeners.forEach((listener) => listener());
  }
}
