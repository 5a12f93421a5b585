import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../../config/env';
import { Coalescer } from '../../../../platform/batching/coalescer';
import { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { encryptedTable } from '../../../../platform/crypto/encrypted-tables';
import { Sql } from '../../../../platform/database/sql';
import { newId } from '../../../../platform/ids/id';
import { OUTBOX_CHANNEL } from '../../../../platform/outbox/outbox';
import { MAX_TIMEOUT_MS } from '../../endpoints';
import type { DeliveryResult } from '../domain/attempt';
import type { ClaimedDelivery } from '../domain/claimed-delivery';
import { DeliveryStore, type FanOutCount, type Recorded } from '../domain/delivery-store';
import { turningPoint } from '../domain/turning-point';
import {
  BEAT,
  CANCEL_CLOSED,
  CLAIM,
  FAN_OUT,
  FORGET_WORKERS,
  FREE_LEASES,
  LEAVE,
  LOCK_LANES,
  PARK_LANES,
  PAYLOADS,
  RECORD,
  SET_CLOSED,
  WAITING,
} from './delivery-statements';
import { Receivers } from './receivers';
import { recordValues, type SealedResult } from './record-values';

encryptedTable('attempt', 'url', 'response', 'details');

/** A lease outlives the longest attempt that any endpoint may ask for by this: the back-stop for a worker that hangs while its heart beats. */
const LEASE_MARGIN_SECONDS = 15;
/** Heartbeats come every 3 s; four missed ones are a death. */
const SILENCE_SECONDS = 12;
/** A delivery that was in flight in so many crashes is taken for their cause. */
const MAX_CRASHES = 3;

type ClaimedRow = {
  message_id: string;
  endpoint_id: string;
  organization_id: string;
  application_id: string;
  event_type: string;
  attempt_count: number;
  trigger_type: number;
  lease: string;
  accepted_at: Date;
};

@Injectable()
export class SqlDeliveryStore extends DeliveryStore {
  private readonly workerId = randomUUID();
  private readonly endpointCap: number;
  private readonly leaseSeconds: number;
  private readonly records = new Coalescer<SealedResult, Recorded>((batch) => this.write(batch), {
    maxItems: 500,
    maxBytes: 4_194_304,
    concurrency: 2,
    bytesOf: ({ response }) => response.length,
  });

  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
    private readonly receivers: Receivers,
    @Inject(CONFIG) { delivery }: Config,
  ) {
    super();
    this.endpointCap = delivery.endpointMaxInFlight;
    this.leaseSeconds = Math.max(delivery.timeoutMs, MAX_TIMEOUT_MS) / 1_000 + LEASE_MARGIN_SECONDS;
  }

  override async fanOut(limit: number): Promise<FanOutCount> {
    const [row] = await this.sql.run<FanOutCount>(FAN_OUT, [limit]);
    return { messages: row?.messages ?? 0, deliveries: row?.deliveries ?? 0, toFilter: row?.toFilter ?? false };
  }

  override async claim(capacity: number): Promise<ClaimedDelivery[]> {
    const rows = await this.sql.transaction(async (run) => {
      const lanes = (await run<{ endpoint_id: string }>(LOCK_LANES, [capacity])).map(({ endpoint_id }) => endpoint_id);
      if (lanes.length === 0) return [];
      const claimed = await run<ClaimedRow>(CLAIM, [lanes, this.endpointCap, capacity, this.leaseSeconds, this.workerId]);
      await run(PARK_LANES, [lanes, this.endpointCap]);
      return claimed;
    });
    return rows.length === 0 ? [] : this.complete(rows);
  }

  override async record(result: DeliveryResult): Promise<Recorded> {
    const { attempt, delivery } = result;
    const seal = (column: string, bytes: Buffer) =>
      attempt ? this.cipher.seal(delivery.organizationId, columnContext('attempt', column, attempt.id), bytes) : Buffer.alloc(0);
    const [url, response, details] = await Promise.all([
      seal('url', Buffer.from(attempt?.url ?? '')),
      seal('response', attempt?.response ?? Buffer.alloc(0)),
      attempt && seal('details', Buffer.from(JSON.stringify(attempt.details))),
    ]);
    const event = turningPoint(result);
    return this.records.add({ result, url, response, details, event: event && { id: newId('evt'), ...event } });
  }

  override async beat(): Promise<void> {
    await this.sql.run(BEAT, [this.workerId]);
  }

  override async sweep() {
    await this.sql.run(FREE_LEASES, [SILENCE_SECONDS, MAX_CRASHES]);
    await this.sql.run(FORGET_WORKERS);
    const [waiting = { messagesWaiting: false, deliveriesDue: false }] = await this.sql.run<{
      messagesWaiting: boolean;
      deliveriesDue: boolean;
    }>(WAITING);
    return waiting;
  }

  override async setClosed(organizationId: string, closed: boolean, at: Date): Promise<void> {
    await this.sql.run(SET_CLOSED, [organizationId, closed, at]);
  }

  override async cancelWaiting(organizationId: string, limit: number): Promise<number> {
    const [row] = await this.sql.run<{ canceled: number }>(CANCEL_CLOSED, [organizationId, limit]);
    return row?.canceled ?? 0;
  }

  override async leave(): Promise<void> {
    await this.sql.run(LEAVE, [this.workerId]);
  }

  /** Payloads once per message, however many endpoints it goes to. */
  private async complete(rows: readonly ClaimedRow[]): Promise<ClaimedDelivery[]> {
    const messageIds = [...new Set(rows.map(({ message_id }) => message_id))].sort();
    const endpointIds = [...new Set(rows.map(({ endpoint_id }) => endpoint_id))];
    const [payloads, receivers] = await Promise.all([this.payloads(messageIds), this.receivers.of(endpointIds)]);
    return rows.map((row) => ({
      messageId: row.message_id,
      endpointId: row.endpoint_id,
      organizationId: row.organization_id,
      applicationId: row.application_id,
      eventType: row.event_type,
      attemptsBefore: row.attempt_count,
      triggerType: row.trigger_type,
      lease: row.lease,
      acceptedAt: row.accepted_at,
      payload: payloads.get(row.message_id) ?? null,
      receiver: receivers.get(row.endpoint_id) ?? 'deleted',
    }));
  }

  private async payloads(ids: readonly string[]): Promise<Map<string, Buffer>> {
    const rows = await this.sql.run<{ id: string; payload: Buffer | null }>(PAYLOADS, [ids, ids.at(0), ids.at(-1)]);
    const opened = rows.map(
      async ({ id, payload }) => [id, payload && (await this.cipher.open(columnContext('message', 'payload', id), payload))] as const,
    );
    return new Map((await Promise.all(opened)).filter((entry): entry is readonly [string, Buffer] => entry[1] !== null));
  }

  private async write(batch: readonly SealedResult[]): Promise<Recorded[]> {
    const lanes = await this.sql.run<{ due: boolean }>(RECORD, recordValues(batch));
    if (batch.some(({ event }) => event)) await this.sql.run(`SELECT pg_notify($1, '')`, [OUTBOX_CHANNEL]);
    const recorded = { laneDue: lanes.some(({ due }) => due) };
    return batch.map(() => recorded);
  }
}
