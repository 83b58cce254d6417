/** What the line is known to carry, from what has come over it. */
export class Link {
  private bytes = 0;
  private busyMs = 0;
  private active = 0;
  private since = 0;

  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly isNear: () => boolean = isServerNear,
  ) {}

  /** A transfer begins; the function that is returned ends it. */
  begin(): () => void {
    if (this.active === 0) this.since = this.now();
    this.active += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.active -= 1;
      if (this.active === 0) this.busyMs += this.now() - this.since;
    };
  }

  /** Bytes came; those of long ago count less and less, since somebody may have left the house with the tablet. */
  take(count: number): void {
    this.bytes += count;
    if (this.bytes < LATELY_BYTES) return;
    const now = this.now();
    this.busyMs = this.busySoFarMs(now) / 2;
    this.since = now;
    this.bytes /= 2;
  }

  /** Megabits a second while anything was on its way; null before there is enough to tell. */
  get megabits(): number | null {
    const busyMs = this.busySoFarMs(this.now());
    return this.bytes < ENOUGH_BYTES || busyMs <= 0 ? null : (this.bytes * 8) / busyMs / 1000;
  }

  private busySoFarMs(now: number): number {
    return this.busyMs + (this.active ? now - this.since : 0);
  }

  /** Whether what nobody wants any more stands in the way of what is wanted now; so it is taken of a server that is far. */
  get isThin(): boolean {
    const megabits = this.megabits;
    return megabits === null ? !this.isNear() : megabits < THIN_MEGABITS;
  }

  /** How many requests may be on their way at once, beside one that somebody waits for. */
  get lanes(): number {
    return this.isThin ? LANES_THIN : LANES_WIDE;
  }

  /**
   * How much to ask for at a time: on a thin line, all lanes together a little more than it carries there and back. What
   * somebody waits for is shared by all lanes where its length is known.
   */
  pieceBytes(awaited: number | null): number {
    if (!this.isThin) return Number.POSITIVE_INFINITY;
    return awaited === null ? PIECE_BYTES : Math.max(LEAST_BYTES, Math.ceil(awaited / LANES_THIN));
  }
}

/** Whether the server, and no cache before it, ever answered so soon that it can only be in the same house. */
function isServerNear(): boolean {
  const answers = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
  return answers.some(({ name, transferSize, requestStart, responseStart }) => {
    const waitMs = responseStart - requestStart;
    return transferSize > 0 && ASKED_OF_SERVER.test(name) && waitMs > 0 && waitMs < NEAR_MS;
  });
}

const ASKED_OF_SERVER = /\/(api|dicom-web|fhir)\//;
const NEAR_MS = 25;
const ENOUGH_BYTES = 100_000;
const LATELY_BYTES = 4_000_000;
const THIN_MEGABITS = 20;
const LANES_THIN = 4;
/** A browser opens six connections to a server. */
const LANES_WIDE = 5;
const PIECE_BYTES = 64 << 10;
const LEAST_BYTES = 16 << 10;
