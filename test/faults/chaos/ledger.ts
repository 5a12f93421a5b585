/** What the sender knows of each message `n`: handed in, and what became of that. */
export class Ledger {
  readonly accepted = new Set<number>();
  /** No answer, or one that leaves it open: it may be there or not. */
  readonly unknown = new Set<number>();
  /** A refusal that promised that nothing was stored. */
  readonly refused = new Set<number>();
  private next = 0;

  begin(): number {
    return this.next++;
  }
}

/** What an endpoint has seen: how often each message came. */
type Receipts = ReadonlyMap<number, number>;

export type Verdict = {
  readonly accepted: number;
  /** Accepted, and never seen by an endpoint. */
  readonly lost: number;
  /** Arrivals beyond the first. */
  readonly duplicated: number;
  /** Seen, though nobody handed it in or it was refused. */
  readonly unexpected: number;
  /** Arrived though the sender never learned that it was accepted: legal. */
  readonly recovered: number;
};

export function judge(ledger: Ledger, endpoints: readonly Receipts[]): Verdict {
  let [lost, duplicated, unexpected] = [0, 0, 0];
  const recovered = new Set<number>();
  for (const receipts of endpoints) {
    for (const n of ledger.accepted) if (!receipts.has(n)) lost++;
    for (const [n, times] of receipts) {
      duplicated += times - 1;
      if (ledger.unknown.has(n)) recovered.add(n);
      else if (!ledger.accepted.has(n)) unexpected++;
    }
  }
  return { accepted: ledger.accepted.size, lost, duplicated, unexpected, recovered: recovered.size };
}
