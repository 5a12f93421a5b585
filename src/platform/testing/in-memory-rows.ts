import type { AggregateRoot } from '../domain/aggregate-root';
import { ConcurrentChange } from '../errors/domain-error';
import type { DomainEvent } from '../events/domain-event';

/** Base of the fakes: stores copies, as a database does, so that a test cannot pass by sharing an object. */
export class InMemoryRows<A extends AggregateRoot<A>> {
  readonly events: DomainEvent[] = [];
  private readonly rows = new Map<string, A>();

  find(match: (row: A) => boolean): A | null {
    for (const row of this.rows.values()) if (match(row)) return copy(row);
    return null;
  }

  all(match: (row: A) => boolean): A[] {
    return [...this.rows.values()].filter(match).map(copy);
  }

  save(aggregate: A): void {
    const stored = this.rows.get(aggregate.id);
    if ((stored?.version ?? 0) !== aggregate.version) throw new ConcurrentChange();
    this.events.push(...aggregate.pullEvents());
    Object.assign(aggregate, { version: aggregate.version + 1 });
    this.rows.set(aggregate.id, copy(aggregate));
  }

  /** As `AggregateStore.remove`: guarded by the version, with the events. */
  remove(aggregate: A): void {
    if (this.rows.get(aggregate.id)?.version !== aggregate.version) throw new ConcurrentChange();
    this.events.push(...aggregate.pullEvents());
    this.rows.delete(aggregate.id);
  }

  delete(id: string): void {
    this.rows.delete(id);
  }
}

function copy<A extends object>(source: A): A {
  return Object.assign(new (source.constructor as new () => A)(), source);
}
