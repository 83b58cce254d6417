import { Problem } from '@/lib/api/problem';

/** How far the newest question is. */
export interface Answered<Answer> {
  /** The last answer that came; it stays while a newer one is waited for. */
  answer: Answer | null;
  isWaiting: boolean;
  error: Error | null;
}

/**
 * Asks for what is wanted once the hand rests. The newest question wins: one that is on its way is given up, and an
 * answer to an older one is never shown.
 */
export class Latest<Question, Answer> {
  private stop = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private now: Answered<Answer> = { answer: null, isWaiting: false, error: null };

  constructor(
    private readonly fetch: (question: Question, stop: AbortController) => Promise<Answer>,
    private readonly onChange: (now: Answered<Answer>) => void,
  ) {}

  ask(question: Question, restMs = 0): void {
    this.giveUp();
    this.tell({ isWaiting: true, error: null });
    const { stop } = this;
    this.timer = setTimeout(() => void this.run(question, stop), restMs);
  }

  /** Lets the last answer go: it is of something else. */
  forget(): void {
    this.giveUp();
    this.tell({ answer: null, isWaiting: false, error: null });
  }

  close(): void {
    this.giveUp();
  }

  private async run(question: Question, stop: AbortController): Promise<void> {
    const said = await this.fetch(question, stop).then(
      (answer) => ({ answer, isWaiting: false }),
      (error: unknown) => ({ error: reasonOf(error), isWaiting: false }),
    );
    if (stop === this.stop) this.tell(said);
  }

  private giveUp(): void {
    clearTimeout(this.timer);
    this.stop.abort();
    this.stop = new AbortController();
  }

  private tell(some: Partial<Answered<Answer>>): void {
    this.now = { ...this.now, ...some };
    this.onChange(this.now);
  }
}

/** A line that went silent is given up by whoever reads it, as an abort. */
function reasonOf(error: unknown): Error {
  if (error instanceof DOMException) return new Problem('unreachable', 0);
  return error instanceof Error ? error : new Error(String(error));
}
