import { Column, Entity } from 'typeorm';
import { EncryptedColumn } from '../../../../platform/crypto/encrypted-column';
import { TenantAggregateRoot } from '../../../../platform/domain/tenant-aggregate-root';
import { type Changes, given } from '../../../../platform/domain/given';
import {
  type DisableReason,
  EndpointCreated,
  EndpointDeleted,
  EndpointDisabled,
  EndpointEnabled,
  EndpointSecretRotated,
  EndpointTransformationChanged,
  EndpointUpdated,
  EndpointVerified,
} from '../endpoints.events';
import { EndpointUnverified } from './endpoint.errors';
import { checkHeaders, type EndpointHeaders, mergedHeaders } from './endpoint-headers';
import { type EndpointSecret, rotated } from './endpoint-secret';
import { changedTransformation, type EndpointTransformation } from './endpoint-transformation';

export type Ordering = 'none' | 'fifo';

/** What payloads must be like: see docs/filters.md. */
export type ContentFilter = Readonly<Record<string, unknown>>;

export type EndpointSettings = {
  readonly uid: string | null;
  readonly url: string;
  readonly description: string;
  readonly disabled: boolean;
  /** Null: all. */
  readonly eventTypes: readonly string[] | null;
  /** Null: those of messages with and without channels. */
  readonly channels: readonly string[] | null;
  /** Null: whatever the payload. */
  readonly filter: ContentFilter | null;
  readonly throttleRate: number | null;
  /** `fifo`: one message after the other, in their order. */
  readonly ordering: Ordering;
  /** Requests at the same time; null for the default, as the two below. */
  readonly maxInFlight: number | null;
  readonly timeoutMs: number | null;
  /** Seconds to wait after the first, second, … attempt. */
  readonly retrySchedule: readonly number[] | null;
  readonly metadata: Readonly<Record<string, string>>;
};

/** Of the installation. */
export class EndpointRules {
  constructor(
    /** Nothing is sent to who has not answered a challenge at its URL. */
    readonly mustBeVerified: boolean,
  ) {}
}

/** An address that receives the messages of an application: all of them, or those of certain types or channels. */
@Entity('endpoint')
export class Endpoint extends TenantAggregateRoot<Endpoint> {
  @Column('text') readonly applicationId!: string;
  @Column('text', { nullable: true }) readonly uid: string | null = null;
  @EncryptedColumn() readonly url!: string;
  @EncryptedColumn() readonly description!: string;
  @Column('text', { array: true, nullable: true }) readonly eventTypes: readonly string[] | null = null;
  @Column('text', { array: true, nullable: true }) readonly channels: readonly string[] | null = null;
  @EncryptedColumn() readonly filter: ContentFilter | null = null;
  @Column('boolean') readonly disabled: boolean = false;
  @Column('timestamptz', { nullable: true }) readonly disabledAt: Date | null = null;
  /** Null also for what was disabled by former releases. */
  @Column('text', { nullable: true }) readonly disabledReason: DisableReason | null = null;
  @Column('integer', { nullable: true }) readonly throttleRate: number | null = null;
  @Column('text') readonly ordering: Ordering = 'none';
  @Column('integer', { nullable: true }) readonly maxInFlight: number | null = null;
  @Column('integer', { nullable: true }) readonly timeoutMs: number | null = null;
  @Column('integer', { array: true, nullable: true }) readonly retrySchedule: readonly number[] | null = null;
  @EncryptedColumn() readonly metadata!: Readonly<Record<string, string>>;
  /** The first is the current one. */
  @EncryptedColumn() readonly secrets!: readonly EndpointSecret[];
  @EncryptedColumn() readonly headers!: EndpointHeaders;
  /** Null where there never was any. */
  @EncryptedColumn() readonly transformation: EndpointTransformation | null = null;
  /** When its receiver last showed that it wants to be called at this URL. */
  @Column('timestamptz', { nullable: true }) readonly verifiedAt: Date | null = null;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz') readonly updatedAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly deletedAt: Date | null = null;

  static create(
    id: string,
    owner: { readonly organizationId: string; readonly applicationId: string },
    settings: EndpointSettings,
    { key, headers }: { readonly key: string; readonly headers: EndpointHeaders },
    now: Date,
    rules: EndpointRules,
  ): Endpoint {
    const endpoint = new Endpoint();
    const secrets = [{ key, expiresAt: null }];
    endpoint.assign({ ...owner, ...settings, id, secrets, headers: checkHeaders(headers), createdAt: now, updatedAt: now });
    const disabledReason = endpoint.disabled ? 'owner' : rules.mustBeVerified ? 'unverified' : null;
    if (disabledReason !== null) endpoint.assign({ disabled: true, disabledAt: now, disabledReason });
    endpoint.record(EndpointCreated(endpoint.ids));
    return endpoint;
  }

  change({ disabled, ...changes }: Changes<EndpointSettings>, now: Date, rules: EndpointRules): void {
    const { url: formerUrl } = this;
    this.assign({ ...given(changes), updatedAt: now });
    const hasMoved = this.url !== formerUrl;
    if (hasMoved) this.assign({ verifiedAt: null });
    this.record(EndpointUpdated(this.ids));
    if (disabled) this.turnOffByOwner(now);
    else if (this.disabled ? disabled === false : hasMoved) this.admit(now, rules);
  }

  /** Not by its owner but by what its receiver does. */
  disable(reason: DisableReason, now: Date, failingSince: Date | null = null): void {
    if (!this.disabled) this.turnOff(reason, failingSince, now);
  }

  /** Whoever disabled it. @throws EndpointUnverified */
  enable(now: Date, rules: EndpointRules): void {
    if (!this.disabled) return;
    if (this.isBarred(rules)) throw new EndpointUnverified();
    this.turnOn(now);
  }

  /** The receiver at `url` answered a challenge. @returns false when that is not the URL any more */
  verify(url: string, now: Date): boolean {
    if (this.url !== url) return false;
    this.assign({ verifiedAt: now });
    this.record(EndpointVerified(this.ids));
    if (this.disabledReason === 'unverified') this.turnOn(now);
    return true;
  }

  /** @throws SecretLimitReached */
  rotateSecret(key: string, graceSeconds: number, now: Date): void {
    if (this.secrets[0]?.key === key) return;
    this.assign({ secrets: rotated(this.secrets, key, graceSeconds, now), updatedAt: now });
    this.record(EndpointSecretRotated(this.ids));
  }

  setHeaders(headers: EndpointHeaders, now: Date): void {
    this.assign({ headers: checkHeaders(headers), updatedAt: now });
    this.record(EndpointUpdated(this.ids));
  }

  changeHeaders(changes: Readonly<Record<string, string | null>>, now: Date): void {
    this.assign({ headers: mergedHeaders(this.headers, changes), updatedAt: now });
    this.record(EndpointUpdated(this.ids));
  }

  /** @throws InvalidField */
  changeTransformation(changes: Changes<Omit<EndpointTransformation, 'updatedAt'>>, now: Date): void {
    this.assign({ transformation: changedTransformation(this.transformation, given(changes), now), updatedAt: now });
    this.record(EndpointUpdated(this.ids));
    this.record(EndpointTransformationChanged(this.ids));
  }

  /** The row stays, for deliveries that name it; the uid is free again. */
  delete(now: Date): void {
    this.assign({ deletedAt: now, updatedAt: now });
    this.record(EndpointDeleted(this.ids));
  }

  /** As its owner wants it, if it may be. */
  private admit(now: Date, rules: EndpointRules): void {
    if (this.isBarred(rules)) {
      if (this.disabledReason !== 'unverified') this.turnOff('unverified', null, now);
    } else if (this.disabled) {
      this.turnOn(now);
    }
  }

  /** The first reason stays; but what waits for a challenge must not be enabled by its answer any more. */
  private turnOffByOwner(now: Date): void {
    if (!this.disabled || this.disabledReason === 'unverified') this.turnOff('owner', null, now);
  }

  private isBarred({ mustBeVerified }: EndpointRules): boolean {
    return mustBeVerified && this.verifiedAt === null;
  }

  private turnOff(reason: DisableReason, failingSince: Date | null, now: Date): void {
    this.assign({ disabled: true, disabledAt: now, disabledReason: reason, updatedAt: now });
    this.record(EndpointDisabled({ ...this.ids, reason, failingSince: failingSince && failingSince.toISOString() }));
  }

  private turnOn(now: Date): void {
    this.assign({ disabled: false, disabledAt: null, disabledReason: null, updatedAt: now });
    this.record(EndpointEnabled(this.ids));
  }

  private get ids() {
    return { applicationId: this.applicationId, endpointId: this.id };
  }
}
