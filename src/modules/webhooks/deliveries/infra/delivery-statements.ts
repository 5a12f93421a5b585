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
export const COMMIT_WITHOUT_WAITING = `set_config('synchronous_commit', 'off', true)`;

/**
 * What follows in this transaction is planned once and not for each call. Left to itself PostgreSQL takes a plan for these very
 * parameters for cheaper every time, but making one takes 2 ms, for a claim as long as to run it.
 */
export const PLAN_ONCE = `set_config('plan_cache_mode', 'force_generic_plan', true)`;

/**
 * What follows in this transaction is planned as if no table were small. Those of what is under way are, whenever they are
 * vacuumed in a quiet moment; a plan that reads all of them is kept, and under load they have hundreds of pages of what is dead:
 * a claim took three times as long.
 *
 * Before 18, PostgreSQL says so by a cost so high that it compiles the plan whenever it cannot do without such a read, for 2 s.
 */
export const BY_INDEX = `set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)`;

/** The bounds say which partitions hold these ids. A payload is gone at its time, whether somebody has deleted it yet or not. */
export const PAYLOADS = {
  name: 'delivery.payloads',
  text: `SELECT id, payload, trace FROM message WHERE id = ANY ($1::text[]) AND id >= $2 AND id <= $3
            AND (payload_expires_at IS NULL OR payload_expires_at > now())`,
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
      RETURNING p.endpoint_id, p.organization_id
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
      RETURNING endpoint_id, organization_id
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
    SELECT EXISTS (SELECT 1 FROM message_outbox) OR EXISTS (SELECT 1 FROM filter_candidate WHERE due_at <= now()) AS "messagesWaiting",
           EXISTS (SELECT 1 FROM delivery_lane WHERE due_at <= now()) AS "deliveriesDue"`,
};

/** Rows of workers that crashed long ago. */
export const FORGET_WORKERS = {
  name: 'delivery.forget_workers',
  text: `DELETE FROM worker WHERE heartbeat_at < now() - interval '1 hour'`,
};
