import { vi } from 'vitest';

/** Where a page stands, and WebSockets that never open: on a slow machine a line may seem thin. */
export function withoutChannels(): void {
  class Closed extends EventTarget {
    static readonly OPEN = 1;
    readyState = 0;
  }
  vi.stubGlobal('WebSocket', Closed);
  vi.stubGlobal('location', new URL('https://node/'));
}
