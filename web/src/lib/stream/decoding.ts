import type { PixelFormat } from '@/lib/dicomweb/images';
import type { Grey } from '@/lib/pixels/picture';

/** A frame for the worker to decode. */
export interface Work {
  id: number;
  bytes: Uint8Array<ArrayBuffer>;
  transferSyntax: string;
  isHtj2k: boolean;
  format: PixelFormat;
}

export type Worked = { id: number; picture: Grey } | { id: number; error: string };

interface Waiting {
  done: (picture: Grey) => void;
  failed: (error: Error) => void;
}

/** Decodes frames one after the other, away from the page. */
export class Decoder {
  private readonly worker = new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module' });
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  constructor() {
    this.worker.addEventListener('message', ({ data }: MessageEvent<Worked>) => this.finish(data));
    this.worker.addEventListener('error', () => this.failAll());
  }

  /** Decodes a frame; the bytes are copied, so that they can be decoded again. */
  decode(work: Omit<Work, 'id'>): Promise<Grey> {
    this.last += 1;
    const id = this.last;
    return new Promise((done, failed) => {
      this.waiting.set(id, { done, failed });
      this.worker.postMessage({ ...work, id } satisfies Work, {});
    });
  }

  private finish(worked: Worked): void {
    const waiting = this.waiting.get(worked.id);
    this.waiting.delete(worked.id);
    if ('picture' in worked) waiting?.done(worked.picture);
    else waiting?.failed(new Error(worked.error));
  }

  private failAll(): void {
    for (const { failed } of this.waiting.values()) failed(new Error('the decoder stopped'));
    this.waiting.clear();
  }
}
