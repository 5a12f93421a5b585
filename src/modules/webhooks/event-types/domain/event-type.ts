import { Column, Entity } from 'typeorm';
import { EncryptedColumn } from '../../../../platform/crypto/encrypted-column';
import { TenantAggregateRoot } from '../../../../platform/domain/tenant-aggregate-root';
import { type Changes, given } from '../../../../platform/domain/given';
import { EventTypeArchived, EventTypeCreated, EventTypeDeleted, EventTypeUpdated } from '../event-types.events';

/** JSON Schemas of the payload by version: `{ "1": { … } }`. */
export type PayloadSchemas = Readonly<Record<string, unknown>>;

/** What becomes of a message that breaks the schema: nobody looks, its sender is told, or it is refused. */
export type Validation = 'off' | 'warn' | 'reject';

export type EventTypeSettings = {
  readonly description: string;
  readonly schemas: PayloadSchemas | null;
  readonly archived: boolean;
  readonly deprecated: boolean;
  readonly validation: Validation;
  readonly groupName: string | null;
  /** It exists only for those who have one of them; null for everybody. */
  readonly featureFlags: readonly string[] | null;
};

export const EVENT_TYPE_DEFAULTS: EventTypeSettings = {
  description: '',
  schemas: null,
  archived: false,
  deprecated: false,
  validation: 'off',
  groupName: null,
  featureFlags: null,
};

/** A kind of message that endpoints can subscribe to. Its name never changes: endpoints and messages hold it. */
@Entity('event_type')
export class EventType extends TenantAggregateRoot<EventType> {
  @Column('text') readonly name!: string;
  @EncryptedColumn() readonly description!: string;
  @EncryptedColumn() readonly schemas: PayloadSchemas | null = null;
  @Column('boolean') readonly archived: boolean = false;
  @Column('boolean') readonly deprecated: boolean = false;
  @Column('text') readonly validation: Validation = 'off';
  @Column('text', { nullable: true }) readonly groupName: string | null = null;
  @Column('text', { array: true, nullable: true }) readonly featureFlags: readonly string[] | null = null;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz') readonly updatedAt!: Date;

  static create(id: string, organizationId: string, name: string, settings: EventTypeSettings, now: Date): EventType {
    const eventType = new EventType();
    eventType.assign({ ...settings, id, organizationId, name, createdAt: now, updatedAt: now });
    eventType.record(EventTypeCreated({ eventTypeId: id, name }));
    return eventType;
  }

  change(changes: Changes<EventTypeSettings>, now: Date): void {
    this.assign({ ...given(changes), updatedAt: now });
    this.record(EventTypeUpdated({ eventTypeId: this.id, name: this.name }));
  }

  /** Hidden from lists and closed to new subscriptions; what subscribes to it already stays as it is. */
  archive(now: Date): void {
    if (this.archived) return;
    this.assign({ archived: true, updatedAt: now });
    this.record(EventTypeArchived({ eventTypeId: this.id, name: this.name }));
  }

  /** For the store to remove the row. */
  delete(): void {
    this.record(EventTypeDeleted({ eventTypeId: this.id, name: this.name }));
  }
}
