import { wakeLanesOf } from '../wake-lanes';

/**
 * The statements of the delivery engine. A *lane* is the row of one endpoint in `delivery_lane`: when its next delivery is
 * due. Workers take turns by lanes and not by deliveries, so a backlog of one endpoint costs the others nothing.
 *
 * Whoever makes a delivery due also brings its lane forward, in the same transaction. Lanes are locked in the order of
 * their ids, or with SKIP LOCKED, so nobody waits in a circle.
 */

/**
 * The commit of this transaction does not wait for the disk. Only for steps that a crash of the server may undo: planning and
 * claiming happen again, and a result, whose commit does wait, takes everything before it to the disk with it.
 */
const COMMIT_WITHOUT_WAITING = `set_config('synchronous_commit', 'off', true)`;

/** Matching, planning and waking in one statement: taking the rows out of `message_outbox` makes it happen exactly once. */
export const FAN_OUT = {
  name: 'delivery.fan_out',
  text: `
    WITH batch AS (
      DELETE FROM message_outbox
       WHERE message_id = ANY (ARRAY(SELECT message_id FROM message_outbox ORDER BY message_id LIMIT $1 FOR UPDATE SKIP LOCKED))
      RETURNING *
    ), planned AS (
      INSERT INTO pending_delivery (message_id, endpoint_id, organization_id, application_id, event_type, next_at, accepted_at)
      SELECT b.message_id, e.id, b.organization_id, b.application_id, b.event_type, now(), b.accepted_at
        FROM batch b
        JOIN endpoint e ON e.application_id = b.application_id
        JOIN application a ON a.id = b.application_id
       WHERE NOT e.disabled AND e.deleted_at IS NULL AND a.deleted_at IS NULL
         AND CASE WHEN b.endpoint_id IS NOT NULL THEN e.id = b.endpoint_id
                  ELSE (e.event_types IS NULL OR b.event_type = ANY (e.event_types)) AND (e.channels IS NULL OR e.channels && b.channels)
             END
      ON CONFLICT DO NOTHING
      RETURNING endpoint_id
    ), woken AS (
      INSERT INTO delivery_lane (endpoint_id, due_at)
      SELECT DISTINCT endpoint_id, now() FROM planned ORDER BY endpoint_id
      ON CONFLICT (endpoint_id) DO UPDATE SET due_at = excluded.due_at
       WHERE delivery_lane.due_at > excluded.due_at AND NOT delivery_lane.saturated
    )
    SELECT (SELECT count(*) FROM batch)::int AS messages, (SELECT count(*) FROM planned)::int AS deliveries, ${COMMIT_WITHOUT_WAITING}`,
};

/** The lock keeps everybody else from moving these lanes until the claim is committed. */
export const LOCK_LANES = {
  name: 'delivery.lock_lanes',
  text: `SELECT endpoint_id, ${COMMIT_WITHOUT_WAITING} FROM delivery_lane WHERE due_at <= now() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
};

/**
 * A statement of its own, after the lock: its snapshot sees every delivery that was planned before the lanes were locked,
 * so none is overlooked when a lane is found empty.
 */
export const CLAIM = {
  name: 'delivery.claim',
  text: `
    WITH due AS (
      SELECT d.message_id, d.endpoint_id
        FROM unnest($1::text[]) AS lane (endpoint_id)
        CROSS JOIN LATERAL (
          SELECT message_id, endpoint_id FROM pending_delivery p
           WHERE p.endpoint_id = lane.endpoint_id AND p.status = 1 AND p.next_at <= now()
           ORDER BY p.next_at, p.message_id
           LIMIT greatest(0, $2 - (SELECT count(*) FROM pending_delivery s WHERE s.endpoint_id = lane.endpoint_id AND s.status = 3))
             FOR UPDATE SKIP LOCKED
        ) d
       LIMIT $3
    )
    UPDATE pending_delivery p
       SET status = 3, lease = gen_random_uuid(), lease_until = now() + make_interval(secs => $4), worker_id = $5
      FROM due
     WHERE p.message_id = due.message_id AND p.endpoint_id = due.endpoint_id
    RETURNING p.message_id, p.endpoint_id, p.organization_id, p.application_id, p.event_type, p.attempt_count, p.trigger_type,
              p.lease, p.accepted_at`,
};

/**
 * When to come back to each lane. A lane at its cap is woken by the results of what it has in flight; the second is for a
 * result that was written while the lane was being counted.
 */
export const PARK_LANES = {
  name: 'delivery.park_lanes',
  text: `
    UPDATE delivery_lane l
       SET due_at = CASE WHEN n.next_at IS NULL THEN 'infinity' WHEN full_ THEN greatest(n.next_at, now() + interval '1 s') ELSE greatest(n.next_at, now()) END,
           saturated = full_ AND n.next_at IS NOT NULL
      FROM (
        SELECT lane.endpoint_id,
               (SELECT min(next_at) FROM pending_delivery p WHERE p.endpoint_id = lane.endpoint_id AND p.status = 1) AS next_at,
               (SELECT count(*) FROM pending_delivery s WHERE s.endpoint_id = lane.endpoint_id AND s.status = 3) >= $2 AS full_
          FROM unnest($1::text[]) AS lane (endpoint_id)
      ) n
     WHERE l.endpoint_id = n.endpoint_id`,
};

/** The bounds say which partitions hold these ids. A payload is gone at its time, whether somebody has deleted it yet or not. */
export const PAYLOADS = {
  name: 'delivery.payloads',
  text: `SELECT id, payload FROM message WHERE id = ANY ($1::text[]) AND id >= $2 AND id <= $3
            AND (payload_expires_at IS NULL OR payload_expires_at > now())`,
};

export const RECEIVERS = {
  name: 'delivery.receivers',
  text: `
    SELECT e.id, e.version, e.url, e.headers, e.secrets, e.disabled, (e.deleted_at IS NOT NULL OR a.deleted_at IS NOT NULL) AS deleted,
           EXISTS (SELECT 1 FROM closed_organization c WHERE c.organization_id = e.organization_id AND c.closed) AS closed
      FROM endpoint e JOIN application a ON a.id = e.application_id WHERE e.id = ANY ($1::text[])`,
};

/**
 * All results of the last moments in one statement. Attempts are facts and always kept; the delivery changes only while it
 * carries the lease of the sender, so the late word of a worker that was taken for dead changes nothing, and is told to nobody.
 * Of the endpoint it counts the failures since the last success; one that is well is not written for it.
 */
export const RECORD = {
  name: 'delivery.record',
  text: `
    WITH result AS (
      SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::smallint[], $6::text[], $7::float8[], $22::int[], $32::boolean[])
        WITH ORDINALITY AS r (message_id, endpoint_id, lease, step, status, reason, delay, sent, succeeded, place)
    ), kept AS (
      INSERT INTO attempt (id, organization_id, application_id, message_id, endpoint_id, event_type, status, reason,
                           response_status_code, response_duration_ms, trigger_type, url, response, attempted_at, details)
      SELECT * FROM unnest($8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::smallint[], $15::text[],
                           $16::smallint[], $17::int[], $18::smallint[], $19::bytea[], $20::bytea[], $21::timestamptz[], $23::bytea[])
      ON CONFLICT DO NOTHING
    ), settled AS (
      DELETE FROM pending_delivery p USING result r
       WHERE p.message_id = r.message_id AND p.endpoint_id = r.endpoint_id AND p.lease = r.lease AND r.step = 'settle'
      RETURNING p.*, r.status AS final_status, r.reason, r.sent
    ), archived AS (
      INSERT INTO settled_delivery (message_id, endpoint_id, organization_id, application_id, event_type, status, reason, attempt_count)
      SELECT message_id, endpoint_id, organization_id, application_id, event_type, final_status, reason, attempt_count + sent FROM settled
      ON CONFLICT (message_id, endpoint_id) DO UPDATE
         SET status = excluded.status, reason = excluded.reason, attempt_count = excluded.attempt_count, settled_at = now()
    ), put_back AS (
      UPDATE pending_delivery p
         SET status = 1, lease = NULL, lease_until = NULL, worker_id = NULL,
             attempt_count = p.attempt_count + r.sent, next_at = now() + make_interval(secs => r.delay)
        FROM result r
       WHERE p.message_id = r.message_id AND p.endpoint_id = r.endpoint_id AND p.lease = r.lease AND r.step <> 'settle'
      RETURNING p.message_id, p.endpoint_id, p.next_at
    ), applied AS (
      SELECT message_id, endpoint_id, NULL::timestamptz AS next_at FROM settled UNION ALL SELECT message_id, endpoint_id, next_at FROM put_back
    ), told AS (
      INSERT INTO outbox_event (id, type, payload, organization_id)
      SELECT t.id, t.type, t.payload::jsonb, t.organization_id
        FROM unnest($24::text[], $25::text[], $26::text[], $27::text[], $28::text[], $29::text[])
          AS t (message_id, endpoint_id, organization_id, id, type, payload)
        JOIN applied d ON d.message_id = t.message_id AND d.endpoint_id = t.endpoint_id
      RETURNING id
    ), duty AS (
      INSERT INTO observer_job (event_id, observer)
      SELECT o.event_id, o.observer FROM unnest($30::text[], $31::text[]) AS o (event_id, observer) JOIN told ON told.id = o.event_id
    ), news AS (
      SELECT endpoint_id, min(next_at) AS next_at, coalesce(bool_or(succeeded), false) AS succeeded,
             count(*) FILTER (WHERE NOT succeeded AND place > coalesce(last_success, 0)) AS failures
        FROM (SELECT d.endpoint_id, d.next_at, r.succeeded, r.place, max(r.place) FILTER (WHERE r.succeeded) OVER (PARTITION BY d.endpoint_id) AS last_success
                FROM applied d JOIN result r ON r.message_id = d.message_id AND r.endpoint_id = d.endpoint_id) each
       GROUP BY endpoint_id
    ), locked AS (
      SELECT l.endpoint_id FROM delivery_lane l JOIN news n ON n.endpoint_id = l.endpoint_id
       WHERE n.next_at IS NOT NULL OR n.failures > 0 OR l.saturated OR (n.succeeded AND l.failures > 0)
       ORDER BY l.endpoint_id FOR UPDATE OF l
    )
    UPDATE delivery_lane l
       SET due_at = least(l.due_at, CASE WHEN l.saturated THEN now() ELSE n.next_at END), saturated = false,
           failures = n.failures + CASE WHEN n.succeeded THEN 0 ELSE l.failures END,
           failing_since = CASE WHEN n.failures = 0 AND n.succeeded THEN NULL
                                WHEN n.failures = 0 THEN l.failing_since
                                WHEN n.succeeded THEN now()
                                ELSE coalesce(l.failing_since, now()) END
      FROM news n
     WHERE l.endpoint_id = n.endpoint_id AND l.endpoint_id IN (SELECT endpoint_id FROM locked)
    RETURNING l.due_at <= now() AS due`,
};

export const BEAT = {
  name: 'delivery.beat',
  text: `INSERT INTO worker (id, heartbeat_at) VALUES ($1, now()) ON CONFLICT (id) DO UPDATE SET heartbeat_at = now()`,
};

/**
 * $1: seconds of silence after which a worker is taken for dead; $2: crashes after which a delivery is taken for their cause.
 * A lease that lapsed while its worker lives is no crash: the database may have been slow.
 */
export const FREE_LEASES = {
  name: 'delivery.free_leases',
  text: `
    WITH lost AS (
      SELECT message_id, endpoint_id, silent
        FROM pending_delivery p
       CROSS JOIN LATERAL (
         SELECT NOT EXISTS (SELECT 1 FROM worker w WHERE w.id = p.worker_id AND w.heartbeat_at > now() - make_interval(secs => $1)) AS silent
       ) s
       WHERE status = 3 AND (silent OR lease_until < now())
         FOR UPDATE OF p SKIP LOCKED
    ), poison AS (
      DELETE FROM pending_delivery p USING lost
       WHERE p.message_id = lost.message_id AND p.endpoint_id = lost.endpoint_id AND lost.silent AND p.crash_count + 1 >= $2
      RETURNING p.*
    ), archived AS (
      INSERT INTO settled_delivery (message_id, endpoint_id, organization_id, application_id, event_type, status, reason, attempt_count)
      SELECT message_id, endpoint_id, organization_id, application_id, event_type, 2, 'worker_crash', attempt_count FROM poison
      ON CONFLICT (message_id, endpoint_id) DO UPDATE SET status = excluded.status, reason = excluded.reason, attempt_count = excluded.attempt_count, settled_at = now()
    ), freed AS (
      UPDATE pending_delivery p
         SET status = 1, next_at = now(), crash_count = p.crash_count + lost.silent::int, lease = NULL, lease_until = NULL, worker_id = NULL
        FROM lost
       WHERE p.message_id = lost.message_id AND p.endpoint_id = lost.endpoint_id AND NOT (lost.silent AND p.crash_count + 1 >= $2)
      RETURNING p.endpoint_id
    ), woken AS (${wakeLanesOf('freed')})
    SELECT (SELECT count(*) FROM freed)::int AS freed, (SELECT count(*) FROM poison)::int AS poison`,
};

/** At the end of a worker: what it holds goes back at once, and is no crash. */
export const LEAVE = {
  name: 'delivery.leave',
  text: `
    WITH gone AS (DELETE FROM worker WHERE id = $1),
    freed AS (
      UPDATE pending_delivery SET status = 1, next_at = now(), lease = NULL, lease_until = NULL, worker_id = NULL
       WHERE status = 3 AND worker_id = $1
      RETURNING endpoint_id
    )
    ${wakeLanesOf('freed')}`,
};

/** The later word counts: what is told of an organization may arrive in any order. */
export const SET_CLOSED = {
  name: 'delivery.set_closed',
  text: `
    INSERT INTO closed_organization (organization_id, closed, changed_at) VALUES ($1, $2, $3)
    ON CONFLICT (organization_id) DO UPDATE SET closed = excluded.closed, changed_at = excluded.changed_at
     WHERE closed_organization.changed_at < excluded.changed_at`,
};

/**
 * What waits for its time; what a worker is about to send, it finds closed itself. Lanes stay as they are: a claim that
 * finds nothing parks its lane.
 */
export const CANCEL_CLOSED = {
  name: 'delivery.cancel_closed',
  text: `
    WITH waiting AS (
      SELECT p.message_id, p.endpoint_id
        FROM closed_organization c
        JOIN application a ON a.organization_id = c.organization_id
        JOIN endpoint e ON e.application_id = a.id
        JOIN pending_delivery p ON p.endpoint_id = e.id AND p.status = 1
       WHERE c.organization_id = $1 AND c.closed
       LIMIT $2 FOR UPDATE OF p SKIP LOCKED
    ), canceled AS (
      DELETE FROM pending_delivery p USING waiting w WHERE p.message_id = w.message_id AND p.endpoint_id = w.endpoint_id
      RETURNING p.*
    ), archived AS (
      INSERT INTO settled_delivery (message_id, endpoint_id, organization_id, application_id, event_type, status, reason, attempt_count)
      SELECT message_id, endpoint_id, organization_id, application_id, event_type, 4, 'organization_closed', attempt_count FROM canceled
      ON CONFLICT (message_id, endpoint_id) DO UPDATE SET status = excluded.status, reason = excluded.reason, attempt_count = excluded.attempt_count, settled_at = now()
    )
    SELECT count(*)::int AS canceled FROM canceled`,
};

export const WAITING = {
  name: 'delivery.waiting',
  text: `
    SELECT EXISTS (SELECT 1 FROM message_outbox) AS "messagesWaiting",
           EXISTS (SELECT 1 FROM delivery_lane WHERE due_at <= now()) AS "deliveriesDue"`,
};

/** Rows of workers that crashed long ago. */
export const FORGET_WORKERS = {
  name: 'delivery.forget_workers',
  text: `DELETE FROM worker WHERE heartbeat_at < now() - interval '1 hour'`,
};
