import { OPENS_AT } from '../domain/circuit-breaker';
import { BY_INDEX, COMMIT_WITHOUT_WAITING, PLAN_ONCE } from './delivery-statements';

/** Where an order counts only its head may go, be it due or not. */
const HEAD =
  '(SELECT message_id FROM pending_delivery h WHERE h.endpoint_id = l.endpoint_id AND h.status = 1 AND h.position > 0 ORDER BY h.position LIMIT 1)';
/** What this claim leaves of a lane. NOT IN, for PostgreSQL hashes it; NOT EXISTS would read all that is chosen for each row. */
const LEFT =
  'p.endpoint_id = l.endpoint_id AND p.status = 1 AND (p.message_id, p.endpoint_id) NOT IN (SELECT message_id, endpoint_id FROM chosen)';

/**
 * A rate is kept by the time of the next slot, which each request moves on by its share of a second. Slots of a tenth of a second
 * are not lost when nobody came for them in time; older ones are, so that a quiet endpoint has not saved up a flood.
 */
const since = (slotAt: string) => `greatest(${slotAt}, now() - interval '100 ms')`;
const slots = (slotAt: string, rate: string) =>
  `CASE WHEN ${rate} IS NOT NULL THEN greatest(0, floor(extract(epoch FROM now() - ${since(slotAt)}) * ${rate}) + 1)::int END`;
const nextSlot = (slotAt: string, rate: string, taken: string) => `${since(slotAt)} + make_interval(secs => ${taken}::float8 / ${rate})`;

/**
 * The lanes that have waited longest, what their endpoints allow, and how much of it their rates allow now. $1 lanes, $2 cap of
 * an endpoint, $3 cap of an organization, $4 the time that a request may take. Organizations that have all under way that they may are passed over, and `held` says
 * that there are some. Nobody else moves these lanes, or claims for these organizations, until the claim is committed.
 */
export const LOCK_LANES = {
  name: 'delivery.lock_lanes',
  text: `
    WITH full_ AS MATERIALIZED (
      SELECT organization_id FROM pending_delivery WHERE status = 3 GROUP BY organization_id HAVING count(*) >= $3
    ), lane AS MATERIALIZED (
      SELECT endpoint_id, due_at, strikes, open_until, slot_at FROM delivery_lane
       WHERE due_at <= now() AND coalesce(organization_id, '') <> ALL (ARRAY(SELECT organization_id FROM full_))
       ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
    ), known AS MATERIALIZED (
      SELECT lane.endpoint_id, lane.due_at, lane.slot_at, coalesce(e.organization_id, '') AS organization_id, coalesce(e.ordering = 'fifo', false) AS fifo, e.throttle_rate AS rate, coalesce(e.timeout_ms, $4) AS timeout_ms,
             e.version, CASE WHEN EXISTS (SELECT 1 FROM closed_organization c WHERE c.organization_id = e.organization_id AND c.closed) THEN 'closed'
                             WHEN e.deleted_at IS NOT NULL OR a.deleted_at IS NOT NULL OR a.id IS NULL THEN 'deleted'
                             WHEN e.disabled THEN 'disabled' END AS refused,
             CASE WHEN a.throttle_rate IS NOT NULL THEN e.application_id END AS application_id, a.throttle_rate AS application_rate,
             CASE WHEN lane.open_until > now() THEN 0
                  WHEN lane.strikes >= ${OPENS_AT} OR e.ordering = 'fifo' THEN 1
                  ELSE coalesce(e.max_in_flight, $2) END AS cap
        FROM lane
        LEFT JOIN LATERAL (SELECT * FROM endpoint WHERE id = lane.endpoint_id LIMIT 1) e ON true
        LEFT JOIN LATERAL (SELECT id, throttle_rate, deleted_at FROM application WHERE id = e.application_id LIMIT 1) a ON true
    ), turn AS MATERIALIZED (
      SELECT pg_advisory_xact_lock(hashtextextended(organization_id, 2)) FROM (SELECT DISTINCT organization_id FROM known ORDER BY 1) ordered
    )
    SELECT h.held, k.endpoint_id, k.organization_id, k.application_id, k.application_rate, k.fifo, k.cap, k.rate, k.timeout_ms, k.version, k.refused,
           ${slots('k.slot_at', 'k.rate')} AS slots, ${COMMIT_WITHOUT_WAITING}, ${PLAN_ONCE}, ${BY_INDEX}
      FROM (SELECT EXISTS (SELECT 1 FROM full_) AS held, (SELECT count(*) FROM turn) AS turns) h LEFT JOIN known k ON true
     WHERE h.turns >= 0
     ORDER BY k.due_at`,
};

/** Only for applications with a rate: $1 their ids, sorted, $2 their rates. Locks them until the claim is committed. */
export const LOCK_RATES = {
  name: 'delivery.lock_rates',
  text: `
    WITH wanted AS (SELECT * FROM unnest($1::text[], $2::int[]) AS w (application_id, rate)),
    locked AS (
      INSERT INTO application_rate AS r (application_id, slot_at) SELECT application_id, now() FROM wanted
      ON CONFLICT (application_id) DO UPDATE SET slot_at = r.slot_at
      RETURNING r.application_id, r.slot_at
    )
    SELECT l.application_id AS id, ${slots('l.slot_at', 'w.rate')} AS slots
      FROM locked l JOIN wanted w ON w.application_id = l.application_id`,
};

/**
 * A statement of its own, after the lock: its snapshot sees every delivery that was planned before the lanes were locked,
 * so none is overlooked when a lane is found empty.
 *
 * Of a lane first what has no place in the order and is due. Then, where an order is wanted, its head, and where none is wanted
 * any more, what is left of it. $8 how many at most, $9 cap of an organization, $10 bytes: a delivery goes while those before it
 * are below; $13 seconds by which a lease outlives its request; $14 rates, $15 those of the applications.
 *
 * Then it is set when to come back to each lane: when the next delivery is due and the breaker and the rates allow it. A lane at
 * its cap is woken by the results of what it has in flight; the second is for a result that was written while the lane was being
 * counted. `soon` says when the next one is wanted, if no sweep would come before. There is a row in any case.
 */
export const CLAIM = {
  name: 'delivery.claim',
  text: `
    WITH lane AS MATERIALIZED (
      SELECT l.*, (SELECT count(*) FROM pending_delivery s
                    WHERE s.organization_id = l.organization_id AND s.endpoint_id = l.endpoint_id AND s.status = 3) AS sending
        FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::boolean[], $6::int[], $7::int[], $11::int[], $14::int[], $15::int[])
             WITH ORDINALITY AS l (endpoint_id, organization_id, application_id, cap, fifo, slots, application_slots, timeout_ms, rate, application_rate, place)
    ), organization AS MATERIALIZED (
      SELECT organization_id, (SELECT count(*) FROM pending_delivery s WHERE s.organization_id = o.organization_id AND s.status = 3) AS sending
        FROM (SELECT DISTINCT organization_id FROM lane) o
    ), open_ AS MATERIALIZED (
      SELECT l.*, $9 - o.sending AS organization_room,
             greatest(0, least(l.cap - l.sending, l.slots, l.application_slots, $9 - o.sending)) AS room
        FROM lane l JOIN organization o ON o.organization_id = l.organization_id
       ORDER BY l.place
    ), candidate AS MATERIALIZED (
      SELECT l.place, l.timeout_ms, l.organization_id, l.application_id, l.organization_room, l.application_slots, d.*
        FROM open_ l
        CROSS JOIN LATERAL (
          SELECT * FROM (
            SELECT message_id, endpoint_id, payload_bytes, position, next_at FROM pending_delivery p
             WHERE p.endpoint_id = l.endpoint_id AND p.status = 1 AND p.position = 0 AND p.next_at <= now()
             ORDER BY p.next_at, p.message_id LIMIT l.room FOR UPDATE SKIP LOCKED) unordered
           UNION ALL
          SELECT * FROM (
            SELECT message_id, endpoint_id, payload_bytes, position, next_at FROM pending_delivery p
             WHERE l.fifo AND l.room > 0 AND p.endpoint_id = l.endpoint_id AND p.message_id = ${HEAD}
               AND p.status = 1 AND p.next_at <= now()
             LIMIT l.room FOR UPDATE SKIP LOCKED) ordered
           UNION ALL
          SELECT * FROM (
            SELECT message_id, endpoint_id, payload_bytes, position, next_at FROM pending_delivery p
             WHERE NOT l.fifo AND ${HEAD} IS NOT NULL
               AND p.endpoint_id = l.endpoint_id AND p.status = 1 AND p.position > 0 AND p.next_at <= now()
             ORDER BY p.position LIMIT l.room FOR UPDATE SKIP LOCKED) left_over
           LIMIT l.room
        ) d
       LIMIT $8
    ), chosen AS MATERIALIZED (
      SELECT message_id, endpoint_id, timeout_ms
        FROM (SELECT *, sum(payload_bytes) OVER (ORDER BY place, position, next_at, message_id ROWS UNBOUNDED PRECEDING) - payload_bytes AS bytes_before
                FROM (SELECT *, row_number() OVER (PARTITION BY organization_id ORDER BY place, position, next_at, message_id) AS of_organization,
                             row_number() OVER (PARTITION BY application_id ORDER BY place, position, next_at, message_id) AS of_application
                        FROM candidate) numbered
               WHERE of_organization <= organization_room AND (application_slots IS NULL OR of_application <= application_slots)) allowed
       WHERE bytes_before < $10
    ), leased AS (
      UPDATE pending_delivery p
         SET status = 3, lease = gen_random_uuid(), lease_until = now() + make_interval(secs => c.timeout_ms / 1000.0 + $13), worker_id = $12
        FROM chosen c
       WHERE p.message_id = c.message_id AND p.endpoint_id = c.endpoint_id
      RETURNING p.message_id, p.endpoint_id, p.organization_id, p.application_id, p.event_type, p.attempt_count, p.trigger_type,
                p.lease, p.accepted_at
    ), counted AS MATERIALIZED (
      SELECT l.*, (SELECT count(*) FROM chosen c WHERE c.endpoint_id = l.endpoint_id) AS taken FROM open_ l
    ), application AS (
      UPDATE application_rate r SET slot_at = ${nextSlot('r.slot_at', 'a.rate', 'a.taken')}
        FROM (SELECT application_id, application_rate AS rate, sum(taken) AS taken FROM counted
               WHERE application_id IS NOT NULL GROUP BY application_id, application_rate HAVING sum(taken) > 0) a
       WHERE r.application_id = a.application_id
      RETURNING r.application_id, r.slot_at
    ), next AS MATERIALIZED (
      SELECT l.endpoint_id, l.sending + l.taken >= l.cap AS full_,
             least((SELECT next_at FROM pending_delivery p WHERE ${LEFT} AND p.position = 0 ORDER BY next_at LIMIT 1),
                   CASE WHEN l.fifo THEN (SELECT next_at FROM pending_delivery p WHERE ${LEFT} AND p.position > 0 ORDER BY p.position LIMIT 1)
                        ELSE (SELECT min(next_at) FROM pending_delivery p WHERE ${LEFT} AND p.position > 0) END) AS next_at,
             CASE WHEN l.taken = 0 THEN b.slot_at ELSE ${nextSlot('b.slot_at', 'l.rate', 'l.taken')} END AS slot_at,
             coalesce((SELECT a.slot_at FROM application a WHERE a.application_id = l.application_id),
                      (SELECT r.slot_at FROM application_rate r WHERE r.application_id = l.application_id)) AS application_slot_at
        FROM counted l
        CROSS JOIN LATERAL (SELECT CASE WHEN l.rate IS NOT NULL THEN slot_at END AS slot_at FROM delivery_lane WHERE endpoint_id = l.endpoint_id LIMIT 1) b
    ), parked AS (
      UPDATE delivery_lane l
         SET due_at = CASE WHEN n.next_at IS NULL THEN 'infinity'
                           ELSE greatest(n.next_at, now(), l.open_until, n.slot_at, n.application_slot_at, CASE WHEN full_ THEN now() + interval '1 s' END) END,
             saturated = full_, slot_at = n.slot_at
        FROM next n
       WHERE l.endpoint_id = n.endpoint_id
      RETURNING CASE WHEN l.due_at > now() AND l.due_at < now() + interval '500 ms' THEN extract(epoch FROM l.due_at - now())::float8 END AS soon
    )
    SELECT p.soon, d.* FROM (SELECT min(soon) AS soon FROM parked) p LEFT JOIN leased d ON true`,
};
