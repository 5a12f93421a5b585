import { OPENS_AT } from '../domain/circuit-breaker';
import { SOON } from '../wake-lanes';
import { BY_INDEX, COMMIT_WITHOUT_WAITING } from './delivery-statements';

/** A lane at its cap is woken by the next result; the second is for one that was written at the same moment. */
const SOON_IF_ROOM = `greatest(now() + CASE WHEN delivery_lane.saturated THEN interval '1 s' ELSE interval '0' END, ${SOON})`;

const wantsOrder = (application: string) =>
  `EXISTS (SELECT 1 FROM endpoint e WHERE e.application_id = ${application} AND e.ordering = 'fifo')`;

/** What of a message b an endpoint e gets. */
const MATCHES = `
  NOT e.disabled AND e.deleted_at IS NULL
  AND CASE WHEN b.endpoint_id IS NOT NULL THEN e.id = b.endpoint_id
           ELSE (e.event_types IS NULL OR b.event_type = ANY (e.event_types)) AND (e.channels IS NULL OR e.channels && b.channels)
      END`;

/**
 * The messages of one planning, $1 at most, and the endpoints that they are for, each with its version. Nobody else plans these
 * messages, or moves the lanes of these endpoints, until the commit; a lane that there was not is made.
 *
 * Messages of an application with an endpoint that wants an order are planned by one worker at a time, in the order of their
 * places: whoever has the lock plans all that it sees, so nothing is planned before what was there earlier. All others are
 * shared out by SKIP LOCKED.
 *
 * $2: whether deliveries may be leased at once. Then nobody else claims for their organizations either: the next statement counts
 * what is under way. It waits for nobody, for whoever claims waits for organizations and holds lanes.
 *
 * $3: a message goes while those before it have fewer endpoints than that together, so that a statement takes no longer than it
 * may, and at least one goes. `more`: some had to stay for that.
 */
export const TAKE_MESSAGES = {
  name: 'delivery.take_messages',
  text: `
    WITH turn AS MATERIALIZED (
      SELECT application_id, pg_advisory_xact_lock(hashtextextended(application_id, 1))
        FROM (SELECT DISTINCT o.application_id FROM (SELECT application_id FROM message_outbox ORDER BY position LIMIT $1) o
               WHERE ${wantsOrder('o.application_id')}
               ORDER BY 1) ordered
    ), seen AS MATERIALIZED (
      SELECT message_id, organization_id, application_id, event_type, channels, endpoint_id, position FROM message_outbox o
       WHERE NOT ${wantsOrder('o.application_id')} OR application_id = ANY (ARRAY(SELECT application_id FROM turn))
       ORDER BY position LIMIT $1 FOR UPDATE SKIP LOCKED
    ), wide AS MATERIALIZED (
      SELECT application_id, (SELECT count(*) FROM endpoint e WHERE e.application_id = a.application_id AND e.deleted_at IS NULL) AS endpoints
        FROM (SELECT DISTINCT application_id FROM seen) a
    ), batch AS MATERIALIZED (
      SELECT * FROM (SELECT seen.*, sum(endpoints) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) - endpoints AS endpoints_before
                       FROM seen JOIN wide USING (application_id)) summed
       WHERE endpoints_before < $3
    ), wanted AS MATERIALIZED (
      SELECT DISTINCT e.id, e.organization_id, e.version FROM batch b JOIN endpoint e ON e.application_id = b.application_id WHERE ${MATCHES}
    ), locked AS (
      INSERT INTO delivery_lane AS l (endpoint_id, organization_id, due_at) SELECT id, organization_id, 'infinity' FROM wanted ORDER BY id
      ON CONFLICT (endpoint_id) DO UPDATE SET organization_id = excluded.organization_id WHERE l.organization_id IS NULL
      RETURNING 1
    ), organization AS MATERIALIZED (
      SELECT pg_advisory_xact_lock(hashtextextended(organization_id, 2)) FROM (SELECT DISTINCT organization_id FROM batch WHERE $2 ORDER BY 1) ordered
       WHERE (SELECT count(*) FROM locked) >= 0
    )
    SELECT ARRAY(SELECT message_id FROM batch) AS messages, ARRAY(SELECT id FROM wanted) AS endpoints, ARRAY(SELECT version FROM wanted) AS versions,
           (SELECT count(*) FROM seen) > (SELECT count(*) FROM batch) AS more, ${COMMIT_WITHOUT_WAITING}, ${BY_INDEX}
     WHERE (SELECT count(*) FROM organization) >= 0`,
};

/**
 * Matching, planning, leasing and waking in one statement: taking the rows out of `message_outbox` makes it happen exactly once.
 * A filter asks for what is in a payload, which only the application can read: such deliveries wait in `filter_candidate`.
 *
 * $1 the messages, $9 the endpoints. What nothing stands in the way of is planned with a lease of this worker, as if it had been claimed at once:
 * nothing is due before it, its endpoint is well and wants neither an order nor a rate, and all limits leave room. $2 how many at
 * most, $3 bytes: a delivery goes while those before it are below; $4 cap of an endpoint, $5 cap of an organization, $6 the time
 * that a request may take, $7 the worker, $8 seconds by which a lease outlives its request.
 *
 * Each step adds a column to the rows of the one before. A join of two steps would be a loop in a loop, for PostgreSQL expects
 * a single row of each: with 5,000 endpoints it took 8 s.
 */
export const FAN_OUT = {
  name: 'delivery.fan_out',
  text: `
    WITH batch AS (
      DELETE FROM message_outbox WHERE message_id = ANY ($1::text[]) RETURNING *
    ), organization AS MATERIALIZED (
      SELECT organization_id, $5 - (SELECT count(*) FROM pending_delivery s WHERE s.organization_id = o.organization_id AND s.status = 3) AS room
        FROM (SELECT DISTINCT organization_id FROM batch) o
    ), matched AS (
      SELECT b.message_id, e.id AS endpoint_id, b.organization_id, b.application_id, b.event_type, b.accepted_at, b.payload_bytes, b.position,
             e.ordering = 'fifo' AS in_order, e.timeout_ms, o.room AS organization_room,
             b.endpoint_id IS NULL AND (e.filter IS NOT NULL OR e.ordering = 'fifo' AND EXISTS (SELECT 1 FROM filter_candidate c WHERE c.endpoint_id = e.id)) AS filtered,
             coalesce(e.max_in_flight, $4) AS cap, e.ordering <> 'fifo' AND coalesce(e.throttle_rate, a.throttle_rate) IS NULL AS free
        FROM batch b
        JOIN organization o ON o.organization_id = b.organization_id
        JOIN endpoint e ON e.application_id = b.application_id AND e.id = ANY ($9::text[])
        JOIN application a ON a.id = b.application_id
       WHERE a.deleted_at IS NULL AND ${MATCHES}
    ), in_line AS (
      SELECT *, row_number() OVER (PARTITION BY endpoint_id, filtered ORDER BY position) AS of_endpoint FROM matched
    ), open_ AS MATERIALIZED (
      SELECT *, $2 > 0 AND free AND NOT filtered AND of_endpoint <= cap AND coalesce((
               SELECT of_endpoint <= m.cap - (SELECT count(*) FROM pending_delivery s
                                               WHERE s.organization_id = m.organization_id AND s.endpoint_id = m.endpoint_id AND s.status = 3)
                 FROM delivery_lane l
                WHERE l.endpoint_id = m.endpoint_id AND l.due_at > now() AND NOT l.saturated AND l.strikes < ${OPENS_AT} AND l.open_until IS NULL
                  AND NOT EXISTS (SELECT 1 FROM closed_organization c WHERE c.organization_id = m.organization_id AND c.closed)), false) AS is_open
        FROM in_line m
    ), fair AS (
      SELECT *, is_open AND count(*) FILTER (WHERE is_open) OVER way <= organization_room AS is_fair FROM open_
      WINDOW way AS (PARTITION BY organization_id ORDER BY position, endpoint_id ROWS UNBOUNDED PRECEDING)
    ), decided AS MATERIALIZED (
      SELECT *, is_fair AND count(*) FILTER (WHERE is_fair) OVER way <= $2 AND sum(payload_bytes) FILTER (WHERE is_fair) OVER way - payload_bytes < $3 AS leased
        FROM fair
      WINDOW way AS (ORDER BY position, endpoint_id ROWS UNBOUNDED PRECEDING)
    ), planned AS (
      INSERT INTO pending_delivery (message_id, endpoint_id, organization_id, application_id, event_type, next_at, accepted_at, payload_bytes, position,
                                    status, lease, lease_until, worker_id)
      SELECT message_id, endpoint_id, organization_id, application_id, event_type, now(), accepted_at, payload_bytes,
             CASE WHEN in_order THEN position ELSE 0 END,
             CASE WHEN leased THEN 3 ELSE 1 END, CASE WHEN leased THEN gen_random_uuid() END,
             CASE WHEN leased THEN now() + make_interval(secs => coalesce(timeout_ms, $6) / 1000.0 + $8) END,
             CASE WHEN leased THEN $7::uuid END
        FROM decided
       WHERE NOT filtered
      ON CONFLICT DO NOTHING
      RETURNING message_id, endpoint_id, organization_id, application_id, event_type, attempt_count, trigger_type, lease, accepted_at
    ), held AS (
      INSERT INTO filter_candidate (message_id, endpoint_id, organization_id, application_id, event_type, accepted_at, payload_bytes, position)
      SELECT message_id, endpoint_id, organization_id, application_id, event_type, accepted_at, payload_bytes, position FROM decided WHERE filtered
      ON CONFLICT DO NOTHING
    ), woken AS (
      UPDATE delivery_lane SET due_at = ${SOON_IF_ROOM}
        FROM (SELECT DISTINCT endpoint_id FROM planned WHERE lease IS NULL) p
       WHERE delivery_lane.endpoint_id = p.endpoint_id AND delivery_lane.due_at > ${SOON_IF_ROOM}
    )
    SELECT c.*, p.*
      FROM (SELECT (SELECT count(*) FROM planned)::int AS deliveries,
                   EXISTS (SELECT 1 FROM decided WHERE filtered) OR EXISTS (SELECT 1 FROM filter_candidate WHERE due_at <= now()) AS "toFilter") c
      LEFT JOIN planned p ON p.lease IS NOT NULL`,
};

/** Whether filters have something to decide, when there was nothing to plan. */
export const TO_FILTER = {
  name: 'delivery.to_filter',
  text: `SELECT 0 AS deliveries, NULL AS lease, EXISTS (SELECT 1 FROM filter_candidate WHERE due_at <= now()) AS "toFilter"`,
};
