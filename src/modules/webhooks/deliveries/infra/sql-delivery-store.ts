import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../../config/env';
import { Coalescer } from '../../../../platform/batching/coalescer';
import { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { encryptedTable } from '../../../../platform/crypto/encrypted-tables';
import { NotificationSender } from '../../../../platform/database/notification-sender';
import { type RunStatement, Sql } from '../../../../platform/database/sql';
import { newId } from '../../../../platform/ids/id';
import { OUTBOX_CHANNEL } from '../../../../platform/outbox/outbox';
import type { Attempt, DeliveryResult } from '../domain/attempt';
import type { ClaimedDelivery } from '../domain/claimed-delivery';
import { SILENCE_SECONDS } from '../heartbeat';
import { detailsToBytes } from '../stored-details';
import { type Claim, DeliveryStore, type Planned, type Recorded, type Room } from '../domain/delivery-store';
import { turningPoint } from '../domain/turning-point';
import { CLAIM, LOCK_LANES, LOCK_RATES } from './claim-statements';
import { BEAT, CANCEL_CLOSED, FORGET_WORKERS, FREE_LEASES, LEAVE, PAYLOADS, SET_CLOSED, WAITING } from './delivery-statements';
import { FAN_OUT, TAKE_MESSAGES, TO_FILTER } from './fan-out-statements';
import { Receivers } from './receivers';
import { RECORD } from './record-statement';
import { recordValues, type SealedResult } from './record-values';

encryptedTable('attempt', 'url', 'response', 'details');

/** A lease outlives the longest attempt that any endpoint may ask for by this: the back-stop for a worker that hangs while its heart beats. */
const LEASE_MARGIN_SECONDS = 15;
/** Deliveries that one planning makes, give or take those of its last message: one takes some 40 µs, and a statement may take 2.4 s. */
const MAX_PLANNED = 5_000;
/** Of one claim: lanes, and deliveries. What it takes grows with their product, and others of the same organization wait for it. */
const MAX_CLAIMED = 200;
/** In place of what is sealed: there is nothing. */
const NOTHING = Buffer.alloc(0);
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

type TakenMessages = { messages: string[]; endpoints: string[]; versions: number[]; more: boolean };

/** A row for each delivery that was leased at once; one without a delivery if there was none. */
type PlannedRow = ClaimedRow & { deliveries: number; toFilter: boolean };

/** A lane that this claim holds, and what its endpoint allows. */
type Lane = {
  endpoint_id: string;
  organization_id: string;
  /** Null unless the application has a rate. */
  application_id: string | null;
  application_rate: number | null;
  fifo: boolean;
  cap: number;
  rate: number | null;
  timeout_ms: number;
  version: number;
  /** Why nothing is sent there; null when it is. */
  refused: 'closed' | 'deleted' | 'disabled' | null;
  /** Requests that the rate allows now; null without one. */
  slots: number | null;
};

@Injectable()
export class SqlDeliveryStore extends DeliveryStore {
  private readonly workerId = randomUUID();
  private readonly endpointCap: number;
  private readonly organizationCap: number;
  private readonly schedule: readonly number[];
  private readonly timeoutMs: number;
  private readonly records = new Coalescer<SealedResult, Recorded>((batch) => this.write(batch), {
    maxItems: 500,
    maxBytes: 4_194_304,
    // One at a time: what comes back meanwhile is written together, so the batch grows with the load.
    concurrency: 1,
    bytesOf: ({ details, response }) => details.length + response.length,
  });

  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
    private readonly receivers: Receivers,
    private readonly notifications: NotificationSender,
    @Inject(CONFIG) { delivery }: Config,
  ) {
    super();
    this.endpointCap = delivery.endpointMaxInFlight;
    this.organizationCap = delivery.organizationMaxInFlight;
    this.schedule = delivery.retrySchedule;
    this.timeoutMs = delivery.timeoutMs;
  }

  override async fanOut(limit: number, room: Room = { deliveries: 0, bytes: 0 }): Promise<Planned> {
    const { taken, rows } = await this.sql.transaction(async (run) => {
      const [taken] = await run<TakenMessages>(TAKE_MESSAGES, [limit, room.deliveries > 0, MAX_PLANNED]);
      if (!taken) throw new Error('A row without conditions.');
      const { messages, endpoints } = taken;
      if (messages.length === 0) return { taken, rows: await run<PlannedRow>(TO_FILTER) };
      const rows = await run<PlannedRow>(FAN_OUT, [
        messages,
        room.deliveries,
        room.bytes,
        this.endpointCap,
        this.organizationCap,
        this.timeoutMs,
        this.workerId,
        LEASE_MARGIN_SECONDS,
        endpoints,
      ]);
      return { taken, rows };
    });
    const { messages, endpoints, versions, more } = taken;
    const { deliveries, toFilter } = rows[0] ?? { deliveries: 0, toFilter: false };
    const leased = rows.filter(isLeased);
    const leasedOf = new Map(endpoints.map((id, i) => [id, { version: versions[i] ?? 0, refused: null }]));
    return {
      messages: messages.length,
      more: more || messages.length === limit,
      waiting: deliveries - leased.length,
      toFilter,
      deliveries: await this.complete(leased, leasedOf),
    };
  }

  override async claim({ deliveries: room, bytes }: Room): Promise<Claim> {
    const capacity = Math.min(room, MAX_CLAIMED);
    const { rows, lanes, ...signs } = await this.sql.transaction(async (run) => {
      const found = await run<Lane & { held: boolean }>(LOCK_LANES, [capacity, this.endpointCap, this.organizationCap, this.timeoutMs]);
      const held = found.some((lane) => lane.held);
      // A row without a lane only says whether something is held.
      const lanes = found.filter((lane) => (lane.endpoint_id as string | null) !== null);
      if (lanes.length === 0) return { rows: [], lanes, crowded: false, held, againInMs: null };
      const slotsOf = await this.lockRates(run, lanes);
      const claimed = await run<ClaimedRow & { soon: number | null }>(CLAIM, [
        lanes.map(({ endpoint_id }) => endpoint_id),
        lanes.map(({ organization_id }) => organization_id),
        lanes.map(({ application_id }) => application_id),
        lanes.map(({ cap }) => cap),
        lanes.map(({ fifo }) => fifo),
        lanes.map(({ slots }) => slots),
        lanes.map(({ application_id }) => slotsOf.get(application_id ?? '') ?? null),
        capacity,
        this.organizationCap,
        bytes,
        lanes.map(({ timeout_ms }) => timeout_ms),
        this.workerId,
        LEASE_MARGIN_SECONDS,
        lanes.map(({ rate }) => rate),
        lanes.map(({ application_rate }) => application_rate),
      ]);
      const soon = claimed.at(0)?.soon ?? null;
      const rows = claimed.filter(isLeased);
      const crowded = lanes.length === capacity || rows.length === capacity;
      return { rows, lanes, crowded, held, againInMs: soon === null ? null : soon * 1_000 };
    });
    return { ...signs, deliveries: await this.complete(rows, new Map(lanes.map((lane) => [lane.endpoint_id, lane]))) };
  }

  override async record(result: DeliveryResult): Promise<Recorded> {
    const { attempt, delivery } = result;
    const { details, response } = attempt ? await this.sealed(delivery.organizationId, attempt) : { details: NOTHING, response: NOTHING };
    const event = turningPoint(result);
    return this.records.add({ result, details, response, event: event && { id: newId('evt'), ...event } });
  }

  /** One value for all that lists and pages show of most attempts. What was answered may be long, and is opened only when asked for. */
  private async sealed(
    organizationId: string,
    { id, url, details, response }: Attempt,
  ): Promise<Pick<SealedResult, 'details' | 'response'>> {
    const seal = (column: string, plain: Buffer) => this.cipher.seal(organizationId, columnContext('attempt', column, id), plain);
    return {
      details: await seal('details', detailsToBytes({ url, ...details })),
      response: response.length > 0 ? await seal('response', response) : NOTHING,
    };
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

  /** Of the applications that have a rate, which are few: no statement if there are none. */
  private async lockRates(run: RunStatement, lanes: readonly Lane[]): Promise<ReadonlyMap<string, number>> {
    const rates = new Map(
      lanes.flatMap(({ application_id: id, application_rate: rate }) => (id === null || rate === null ? [] : [[id, rate]])),
    );
    if (rates.size === 0) return new Map();
    const ids = [...rates.keys()].sort();
    const rows = await run<{ id: string; slots: number }>(LOCK_RATES, [ids, ids.map((id) => rates.get(id))]);
    return new Map(rows.map(({ id, slots }) => [id, slots]));
  }

  /** Payloads once per message, however many endpoints it goes to. */
  private async complete(
    rows: readonly ClaimedRow[],
    endpoints: ReadonlyMap<string, Pick<Lane, 'version' | 'refused'>>,
  ): Promise<ClaimedDelivery[]> {
    if (rows.length === 0) return [];
    const messageIds = [...new Set(rows.map(({ message_id }) => message_id))].sort();
    const versions = new Map(rows.map(({ endpoint_id }) => [endpoint_id, endpoints.get(endpoint_id)?.version ?? 0]));
    const [contents, receivers] = await Promise.all([this.contents(messageIds), this.receivers.of(versions)]);
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
      payload: contents.get(row.message_id)?.payload ?? null,
      trace: contents.get(row.message_id)?.trace ?? null,
      receiver: endpoints.get(row.endpoint_id)?.refused ?? receivers.get(row.endpoint_id) ?? 'deleted',
    }));
  }

  private async contents(ids: readonly string[]): Promise<Map<string, Pick<ClaimedDelivery, 'payload' | 'trace'>>> {
    const rows = await this.sql.run<{ id: string; payload: Buffer | null; trace: string | null }>(PAYLOADS, [ids, ids.at(0), ids.at(-1)]);
    const opened = rows.map(async ({ id, payload, trace }) => {
      const bytes = payload && (await this.cipher.open(columnContext('message', 'payload', id), payload));
      return [id, { payload: bytes, trace }] as const;
    });
    return new Map(await Promise.all(opened));
  }

  private async write(batch: readonly SealedResult[]): Promise<Recorded[]> {
    const lanes = await this.sql.run<{ due: boolean }>(RECORD, recordValues(batch, this.schedule));
    if (batch.some(({ event }) => event)) this.notifications.send(OUTBOX_CHANNEL);
    const recorded = { laneDue: lanes.some(({ due }) => due) };
    return batch.map(() => recorded);
  }
}

/** A statement that leases says something even when it leased nothing: then its row has no delivery. */
function isLeased({ lease }: { readonly lease: string | null }): boolean {
  return lease !== null;
}
