import { Logger } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LRUCache } from 'lru-cache';
import { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { isDatabaseUnavailable } from '../../../../platform/database/database-unavailable';
import { type RunStatement, Sql } from '../../../../platform/database/sql';
import { compileFilter, type ContentTest, parsedPayload } from '../../endpoints';
import { wakeLanesOf } from '../wake-lanes';

/** `deliveries`: how many are wanted, and due now. */
export type Filtered = { readonly deliveries: number; readonly more: boolean };

/** Lets the filters of endpoints decide about some of the deliveries that wait for it: others have work to do in between. */
export class FilterCandidates extends Command<Filtered> {}

/** Deliveries of one transaction. */
const BATCH = 250;
/** Of payloads, as they are stored: bounds the memory of a batch. */
const BATCH_BYTES = 4_194_304;
/** Keys that are missing may come back: nothing is lost meanwhile. */
const UNREADABLE_SECONDS = 60;

/**
 * The locks let several workers share the work; a worker that dies has decided nothing. What an endpoint wants in order, one
 * worker decides at a time, in order, and not at all while something before it cannot be read.
 */
const TAKE = {
  name: 'filter.take',
  text: `
    WITH turn AS MATERIALIZED (
      SELECT id FROM endpoint
       WHERE id = ANY (ARRAY(SELECT DISTINCT endpoint_id FROM filter_candidate)) AND ordering = 'fifo'
         AND NOT EXISTS (SELECT 1 FROM filter_candidate c WHERE c.endpoint_id = endpoint.id AND c.due_at > now())
         AND pg_try_advisory_xact_lock(hashtextextended(id, 3))
    )
    SELECT message_id, endpoint_id, endpoint_id = ANY (ARRAY(SELECT id FROM turn)) AS in_order FROM filter_candidate c
     WHERE due_at <= now()
       AND (endpoint_id = ANY (ARRAY(SELECT id FROM turn)) OR NOT EXISTS (SELECT 1 FROM endpoint e WHERE e.id = c.endpoint_id AND e.ordering = 'fifo'))
     ORDER BY position, endpoint_id LIMIT $1 FOR UPDATE SKIP LOCKED`,
};

/** A row for each message, its payload null when it is gone; those beyond the bytes of a batch wait for the next one. */
const PAYLOADS = {
  name: 'filter.payloads',
  text: `
    SELECT id, payload FROM (
      SELECT wanted.id, wanted.place, m.payload,
             sum(coalesce(octet_length(m.payload), 0)) OVER (ORDER BY wanted.place) - coalesce(octet_length(m.payload), 0) AS bytes_before
        FROM unnest($1::text[]) WITH ORDINALITY AS wanted (id, place)
        LEFT JOIN message m ON m.id = wanted.id AND m.id >= $2 AND m.id <= $3 AND (m.payload_expires_at IS NULL OR m.payload_expires_at > now())
    ) sized WHERE bytes_before < $4 ORDER BY place`,
};

const FILTERS = { name: 'filter.filters', text: 'SELECT id, version, filter FROM endpoint WHERE id = ANY ($1::text[])' };

/**
 * What a filter turned down leaves no trace; what it lets through becomes due, in one statement. Null: it could not be read, and
 * waits for $4 seconds, out of the way of the others.
 */
const DECIDE = {
  name: 'filter.decide',
  text: `
    WITH verdict AS (
      SELECT * FROM unnest($1::text[], $2::text[], $3::boolean[]) AS v (message_id, endpoint_id, wanted)
    ), decided AS (
      DELETE FROM filter_candidate c USING verdict v
       WHERE c.message_id = v.message_id AND c.endpoint_id = v.endpoint_id AND v.wanted IS NOT NULL
      RETURNING c.*, v.wanted
    ), put_off AS (
      UPDATE filter_candidate c SET due_at = now() + make_interval(secs => $4) FROM verdict v
       WHERE c.message_id = v.message_id AND c.endpoint_id = v.endpoint_id AND v.wanted IS NULL
    ), planned AS (
      INSERT INTO pending_delivery (message_id, endpoint_id, organization_id, application_id, event_type, trigger_type, next_at, accepted_at,
                                    payload_bytes, position)
      SELECT d.message_id, d.endpoint_id, d.organization_id, d.application_id, d.event_type, d.trigger_type, now(), d.accepted_at,
             d.payload_bytes, CASE WHEN e.ordering = 'fifo' THEN d.position ELSE 0 END
        FROM decided d LEFT JOIN endpoint e ON e.id = d.endpoint_id
       WHERE d.wanted ORDER BY d.message_id
      ON CONFLICT DO NOTHING
      RETURNING endpoint_id, organization_id
    ), woken AS (${wakeLanesOf('planned')})
    SELECT count(*)::int AS deliveries FROM planned`,
};

type Candidate = { message_id: string; endpoint_id: string; in_order: boolean };
type FilterRow = { id: string; version: number; filter: Buffer | null };
type Compiled = { readonly version: number; readonly test: ContentTest };
type Verdict = Candidate & { readonly wanted: boolean | null };

const WANTED: ContentTest = () => true;
const UNWANTED: ContentTest = () => false;

@CommandHandler(FilterCandidates)
export class FilterCandidatesHandler implements ICommandHandler<FilterCandidates> {
  private readonly logger = new Logger(FilterCandidates.name);
  private readonly compiled = new LRUCache<string, Compiled>({ max: 10_000 });

  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute(): Promise<Filtered> {
    return this.sql.transaction((run) => this.batch(run));
  }

  private async batch(run: RunStatement): Promise<Filtered> {
    const taken = await run<Candidate>(TAKE, [BATCH]);
    if (taken.length === 0) return { deliveries: 0, more: false };
    const messageIds = [...new Set(taken.map((each) => each.message_id))];
    const sorted = messageIds.toSorted();
    const payloads = await run<{ id: string; payload: Buffer | null }>(PAYLOADS, [messageIds, sorted.at(0), sorted.at(-1), BATCH_BYTES]);
    const sealed = new Map(payloads.map(({ id, payload }) => [id, payload]));
    const tests = await this.tests(run, new Set(taken.map((each) => each.endpoint_id)));

    const verdicts: Verdict[] = [];
    const stuck = new Set<string>();
    for (const [id, payload] of sealed) {
      const content = await this.readable(id, payload);
      for (const each of taken.filter(({ message_id, endpoint_id }) => message_id === id && !stuck.has(endpoint_id))) {
        const test = tests.get(each.endpoint_id);
        const wanted = test && content ? test(content.payload) : null;
        if (wanted === null && each.in_order) stuck.add(each.endpoint_id);
        verdicts.push({ ...each, wanted });
      }
    }
    const [row] = await run<{ deliveries: number }>(DECIDE, [
      verdicts.map((verdict) => verdict.message_id),
      verdicts.map((verdict) => verdict.endpoint_id),
      verdicts.map(({ wanted }) => wanted),
      UNREADABLE_SECONDS,
    ]);
    return { deliveries: row?.deliveries ?? 0, more: taken.length === BATCH || verdicts.length < taken.length };
  }

  /** By endpoint; none for a filter that cannot be read. */
  private async tests(run: RunStatement, endpointIds: ReadonlySet<string>): Promise<Map<string, ContentTest>> {
    const tests = new Map([...endpointIds].map((id) => [id, UNWANTED]));
    for (const row of await run<FilterRow>(FILTERS, [[...endpointIds]])) {
      try {
        tests.set(row.id, await this.test(row));
      } catch (error) {
        if (isDatabaseUnavailable(error)) throw error;
        tests.delete(row.id);
        this.logger.error({ endpointId: row.id, err: error }, 'the filter of an endpoint cannot be read');
      }
    }
    return tests;
  }

  private async test({ id, version, filter }: FilterRow): Promise<ContentTest> {
    // Taken away since the message was matched.
    if (filter === null) return WANTED;
    const known = this.compiled.get(id);
    if (known?.version === version) return known.test;
    const test = compileFilter(await this.cipher.openJson<object>(columnContext('endpoint', 'filter', id), filter));
    this.compiled.set(id, { version, test });
    return test;
  }

  /** Null when it cannot be read; what is gone, or not JSON, is undefined to the filters. */
  private async readable(messageId: string, payload: Buffer | null): Promise<{ readonly payload: unknown } | null> {
    if (payload === null) return { payload: undefined };
    try {
      return { payload: parsedPayload(await this.cipher.open(columnContext('message', 'payload', messageId), payload)) };
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      this.logger.error({ messageId, err: error }, 'the payload of a message cannot be read');
      return null;
    }
  }
}
