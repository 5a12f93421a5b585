const KEPT = 1_000;

/** The newest entries first; the oldest give way. */
export class Recent<Entry> {
  private readonly entries: Entry[] = [];

  constructor(private readonly capacity = KEPT) {}

  add(entry: Entry): void {
    this.entries.unshift(entry);
    if (this.entries.length > this.capacity) this.entries.pop();
  }

  list(): readonly Entry[] {
    return this.entries;
  }
}
