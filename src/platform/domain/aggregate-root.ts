import { PrimaryColumn, VersionColumn } from 'typeorm';
import type { DomainEvent } from '../events/domain-event';

export abstract class AggregateRoot<Self> {
  @PrimaryColumn('text') readonly id!: string;
  /** 0 until first saved. Checked by `AggregateStore`: TypeORM's own `save()` does not check it. */
  @VersionColumn() readonly version: number = 0;

  #events: DomainEvent[] = [];

  /** State is `readonly` to the world; this is the one door through which an aggregate changes itself. */
  protected assign(changes: Partial<Self>): void {
    Object.assign(this, changes);
  }

  protected record(event: DomainEvent): void {
    this.#events.push(event);
  }

  /** Hands the recorded events to the store, once. */
  pullEvents(): DomainEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
