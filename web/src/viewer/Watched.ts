/** Something whose state others look at; they hear when it may have changed. */
export abstract class Watched<State> {
  private readonly listeners = new Set<() => void>();
  private seen: State | null = null;

  state(): State | null {
    return this.seen;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  protected tell(): void {
    this.seen = this.look();
    for (const listener of this.listeners) listener();
  }

  protected forgetListeners(): void {
    this.listeners.clear();
  }

  protected abstract look(): State | null;
}
