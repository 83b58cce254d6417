import { bytesOf, type Picture } from '@/lib/pixels/picture';

const MEGABYTE = 1 << 20;
const SMALL_GIGABYTES = 4;

/** What a page may hold of pictures: less on machines that say that they have little memory. */
export function ceilingBytes(): number {
  const gigabytes = (navigator as { deviceMemory?: number }).deviceMemory ?? SMALL_GIGABYTES;
  return (gigabytes < SMALL_GIGABYTES ? 192 : 768) * MEGABYTE;
}

/** Pictures in memory up to a ceiling; those that were looked at longest ago go first. */
export class PictureCache {
  private readonly kept = new Map<string, Picture>();
  private readonly coming = new Map<string, Promise<void>>();
  private bytes = 0;

  constructor(private readonly ceiling: number) {}

  get(key: string): Picture | null {
    const picture = this.kept.get(key);
    if (!picture) return null;
    this.kept.delete(key);
    this.kept.set(key, picture);
    return picture;
  }

  has(key: string): boolean {
    return this.kept.has(key);
  }

  put(key: string, picture: Picture): void {
    this.drop(key);
    this.kept.set(key, picture);
    this.bytes += bytesOf(picture);
    for (const oldest of this.kept.keys()) {
      if (this.bytes <= this.ceiling || oldest === key) break;
      this.drop(oldest);
    }
  }

  /** Has a picture fetched that is not here, once at a time however many ask for it. */
  bring(key: string, fetch: () => Promise<Picture>): Promise<void> {
    if (this.kept.has(key)) return Promise.resolve();
    const other = this.coming.get(key);
    if (other) return other.catch(() => this.bring(key, fetch));
    const mine = fetch()
      .then((picture) => this.put(key, picture))
      .finally(() => this.coming.delete(key));
    this.coming.set(key, mine);
    return mine;
  }

  /** Whether another picture of this size would push others out. */
  isFull(bytes: number): boolean {
    return this.bytes + bytes > this.ceiling;
  }

  clear(): void {
    for (const key of this.kept.keys()) this.drop(key);
  }

  private drop(key: string): void {
    const picture = this.kept.get(key);
    if (!picture) return;
    this.kept.delete(key);
    this.bytes -= bytesOf(picture);
    if (picture.kind === 'drawn') picture.bitmap.close();
  }
}
