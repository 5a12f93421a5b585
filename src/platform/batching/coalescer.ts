import { asSystem } from '../context/call-context';

/** Item counts and sizes that bound one batch. */
export type BatchLimits<Item> = {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly bytesOf: (item: Item) => number;
  readonly concurrency: number;
  /** When a batch fails, items that have waited this long fail with it: another try would take them as long again. Default: never. */
  readonly patienceMs?: number;
};

type Waiting<Item, Result> = {
  readonly item: Item;
  readonly since: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Group commit: items that arrive while a batch is under way travel together in the next one. A lone item waits for
 * nothing, and a crowd shares one transaction, so the batch grows with the load by itself.
 */
export class Coalescer<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private running = 0;
  private scheduled = false;

  /** @param write writes a batch; answers one result for each item, in order */
  constructor(
    private readonly write: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly limits: BatchLimits<Item>,
  ) {}

  /** Resolves or rejects with the fate of the batch that carried the item. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, since: performance.now(), resolve, reject });
      this.schedule();
    });
  }

  /** One turn of the event loop later: requests that one read of the socket brought arrive in the same turn. */
  private schedule(): void {
    if (this.scheduled || this.running >= this.limits.concurrency) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      // A batch holds items of several callers: it must not run on behalf of the one who happened to start it.
      asSystem(() => {
        this.flush();
      });
    });
  }

  private flush(): void {
    while (this.waiting.length > 0 && this.running < this.limits.concurrency) {
      const batch = this.take();
      this.running++;
      void this.settle(batch).finally(() => {
        this.running--;
        if (this.waiting.length > 0) this.schedule();
      });
    }
  }

  private async settle(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.write(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, i) => {
        resolve(results[i] as Result);
      });
    } catch (error) {
      for (const { reject } of [...batch, ...this.takeImpatient()]) reject(error);
    }
  }

  private takeImpatient(): Waiting<Item, Result>[] {
    const latest = performance.now() - (this.limits.patienceMs ?? Infinity);
    const patient = this.waiting.findIndex(({ since }) => since > latest);
    return this.waiting.splice(0, patient === -1 ? this.waiting.length : patient);
  }

  private take(): Waiting<Item, Result>[] {
    const { maxItems, maxBytes, bytesOf } = this.limits;
    let bytes = 0;
    let count = 0;
    for (const { item } of this.waiting) {
      bytes += bytesOf(item);
      if (count === maxItems || (count > 0 && bytes > maxBytes)) break;
      count++;
    }
    return this.waiting.splice(0, count);
  }
}
