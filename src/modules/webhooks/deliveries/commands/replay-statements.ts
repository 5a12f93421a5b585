import { replan, SENDABLE } from '../replan';

/** What is sent again: what failed; what never went out; both of that; or all that matches a filter. */
export type ReplayKind = 'endpoint.recover' | 'endpoint.replay' | 'endpoint.catch-up' | 'endpoint.bulk-replay';

/**
 * Of the endpoint $1 of $2: whether it may get anything, and how much is due there or under way, counted up to $3. Retries that wait
 * for a later time are not in the way. And whether messages that came until $4 wait for their planning.
 */
export const ROOM = {
  name: 'replay.room',
  text: `
    SELECT e.disabled, (e.deleted_at IS NOT NULL OR a.deleted_at IS NOT NULL) AS deleted,
           EXISTS (SELECT 1 FROM message_outbox o WHERE o.application_id = e.application_id AND o.accepted_at <= $4) AS unplanned,
           (SELECT count(*)::int FROM pending_delivery p WHERE p.organization_id = e.organization_id AND p.endpoint_id = e.id AND p.status = 3)
         + (SELECT count(*)::int FROM filter_candidate f WHERE f.endpoint_id = e.id)
         + (SELECT count(*)::int FROM (
             SELECT 1 FROM pending_delivery p WHERE p.endpoint_id = e.id AND p.status = 1 AND p.next_at <= now() LIMIT $3) waiting) AS due
      FROM endpoint e JOIN application a ON a.id = e.application_id
     WHERE e.id = $1 AND e.organization_id = $2`,
};

/** What a step looks at: $1 organization, $2 application, $3 endpoint, messages after $4 and before $5. */
const settledWith = (condition: string) => `
  SELECT message_id, event_type, status FROM settled_delivery s
   WHERE organization_id = $1 AND application_id = $2 AND endpoint_id = $3 AND message_id > $4 AND message_id < $5 ${condition}
   ORDER BY message_id`;

const MESSAGES = `
  SELECT id AS message_id, event_type FROM message
   WHERE organization_id = $1 AND application_id = $2 AND id > $4 AND id < $5 ORDER BY id`;

const CANDIDATES: Record<ReplayKind, string> = {
  'endpoint.recover': settledWith('AND status = 2'),
  'endpoint.bulk-replay': settledWith(''),
  'endpoint.replay': MESSAGES,
  'endpoint.catch-up': MESSAGES,
};

/** The class of a status code is that of the last attempt. */
const MATCHES = `
  ($9::text[] IS NULL OR m.event_type = ANY ($9)) AND ($10::text IS NULL OR $10 = ANY (m.channels)) AND ($11::text IS NULL OR $11 = ANY (m.tags))
  AND ($12::int IS NULL OR c.status = $12)
  AND ($13::int IS NULL OR $13 = (
        SELECT a.response_status_code / 100 * 100 FROM attempt a
         WHERE a.message_id = m.id AND a.endpoint_id = $3 ORDER BY a.id DESC LIMIT 1))`;

/** Wanted by the endpoint as it is now, and never sent to it. What was not planned yet will be. */
const MISSING = `
  (m.endpoint_id IS NULL OR m.endpoint_id = $3)
  AND EXISTS (SELECT 1 FROM endpoint e WHERE e.id = $3
             AND (e.event_types IS NULL OR m.event_type = ANY (e.event_types)) AND (e.channels IS NULL OR e.channels && m.channels))
  AND (SELECT 1 FROM message_outbox o WHERE o.message_id = m.id) IS NULL
  AND (SELECT 1 FROM filter_candidate f WHERE f.message_id = m.id AND f.endpoint_id = $3) IS NULL
  AND (SELECT 1 FROM pending_delivery p WHERE p.message_id = m.id AND p.endpoint_id = $3) IS NULL
  AND (SELECT 1 FROM attempt a WHERE a.message_id = m.id AND a.endpoint_id = $3 LIMIT 1) IS NULL`;

const FAILED = `
  (SELECT 1 FROM settled_delivery s WHERE s.message_id = m.id AND s.endpoint_id = $3 AND s.status = 2) IS NOT NULL`;

const CONDITION: Record<ReplayKind, string> = {
  'endpoint.recover': 'true',
  'endpoint.bulk-replay': MATCHES,
  'endpoint.replay': MISSING,
  'endpoint.catch-up': `(${FAILED}) OR (${MISSING})`,
};

const HAS_FILTER = '(SELECT filter IS NOT NULL FROM endpoint WHERE id = $3)';

/** What was sent before is sent again, whatever its payload. What was not, a filter decides about first. */
const FILTERED: Record<ReplayKind, string> = {
  'endpoint.recover': 'false',
  'endpoint.bulk-replay': 'false',
  'endpoint.replay': HAS_FILTER,
  'endpoint.catch-up': `${HAS_FILTER} AND NOT (${FAILED})`,
};

/**
 * A look-up for each message, which the limits of one enforce: a join would read all that lies between them. Parameters beside
 * those of the candidates: $6 how many to look at; $7 and $8 the exact times of the messages; the filter.
 */
export function replayStatement(kind: ReplayKind): string {
  return replan(
    `candidate AS MATERIALIZED (${CANDIDATES[kind]} LIMIT $6
    ), chosen AS MATERIALIZED (
      SELECT c.message_id, $3::text AS endpoint_id, $1::text AS organization_id, $2::text AS application_id, c.event_type,
             length(m.payload) AS payload_bytes, ${FILTERED[kind]} AS filtered
        FROM candidate c CROSS JOIN LATERAL (SELECT * FROM message WHERE id = c.message_id LIMIT 1) m
       WHERE ${SENDABLE}
         AND m.created_at >= $7::timestamptz AND m.created_at < $8::timestamptz + interval '1 ms' AND (${CONDITION[kind]})
    ), held AS (
      INSERT INTO filter_candidate (message_id, endpoint_id, organization_id, application_id, event_type, trigger_type, accepted_at,
                                    payload_bytes, position)
      SELECT message_id, endpoint_id, organization_id, application_id, event_type, 1, now(), payload_bytes, nextval('delivery_position') FROM chosen WHERE filtered
      ON CONFLICT DO NOTHING
      RETURNING 1
    ), wanted AS MATERIALIZED (
      SELECT * FROM chosen WHERE NOT filtered
    )`,
    `(SELECT count(*)::int FROM candidate) AS seen, (SELECT max(message_id) FROM candidate) AS last,
     (SELECT count(*)::int FROM planned) + (SELECT count(*)::int FROM held) AS replayed`,
  );
}

export function countStatement(kind: ReplayKind): string {
  return `SELECT count(*)::int AS total, $3::text AS endpoint FROM (${CANDIDATES[kind]} LIMIT $6) candidate`;
}
