/** A line on which nothing came for so long is taken for dead. */
export const STALLED_MS = 20_000;

/** Gives up what is asked for when nothing came of it for too long. Whoever asked may give it up too. */
export class Patience {
  private readonly stop = new AbortController();
  private readonly giveUp = () => this.stop.abort();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether nothing came for too long. */
  isLost = false;

  constructor(
    private readonly ms: number,
    private readonly asker: AbortSignal | undefined,
  ) {
    if (asker?.aborted) this.giveUp();
    asker?.addEventListener('abort', this.giveUp);
    this.renew();
  }

  get signal(): AbortSignal {
    return this.stop.signal;
  }

  /** Something came. */
  renew(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.isLost = true;
      this.giveUp();
    }, this.ms);
  }

  end(): void {
    clearTimeout(this.timer);
    this.asker?.removeEventListener('abort', this.giveUp);
  }
}

/** Reads an answer to its end, with patience for each piece of it. */
export async function textOf(response: Response, patience: Patience): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let read = '';
  for (;;) {
    const piece = await reader?.read();
    if (!piece || piece.done) return read + decoder.decode();
    patience.renew();
    read += decoder.decode(piece.value, { stream: true });
  }
}
