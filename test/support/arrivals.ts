type Waiter<T> = { readonly matches: (items: readonly T[]) => boolean; readonly resolve: () => void };

/** What has arrived so far, and promises of what is still to come. */
export class Arrivals<T> {
  readonly items: T[] = [];
  private readonly waiters = new Set<Waiter<T>>();

  add(item: T): void {
    this.items.push(item);
    for (const waiter of this.waiters) if (waiter.matches(this.items)) waiter.resolve();
  }

  /** Resolves as soon as `matches` holds; rejects at the deadline with what did arrive. */
  async until(matches: Waiter<T>['matches'], what: string, within: number): Promise<void> {
    if (matches(this.items)) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiters.delete(waiter);
        reject(new Error(`Not within ${within} ms: ${what}. Arrived: ${this.items.length}.`));
      }, within);
      const waiter: Waiter<T> = {
        matches,
        resolve: () => {
          clearTimeout(timer);
          this.waiters.delete(waiter);
          resolve();
        },
      };
      this.waiters.add(waiter);
    });
  }
}
