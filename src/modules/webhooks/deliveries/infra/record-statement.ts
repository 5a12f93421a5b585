import {
  FIRST_WAIT_SECONDS,
  LONGEST_WAIT_SECONDS,
  MOST_STRIKES,
  OPENS_AT,
  SHARE_OF_ATTEMPTS,
  SHARE_SECONDS,
} from '../domain/circuit-breaker';

/**
 * All results of the last moments in one statement. Attempts are facts and always kept; the delivery changes only while it
 * carries the lease of the sender, so the late word of a worker that was taken for dead changes nothing, and is told to nobody.
 * Of the endpoint it counts the failures since the last success, and moves its circuit breaker; one that is well is not written
 * for it. What is sealed comes as the bytes of all attempts one after the other, for an array of them would be text of twice the
 * size. While the breaker is open, the failures of what was under way when it opened do not make its wait longer. Opened for
 * the share of failures, which `share_until` equal to `open_until` says, it is not closed by a success of what was under way.
 *
 * Steps are asked for by name and not by what they are not: PostgreSQL expects a few of the first and nearly all of the second, and
 * read `pending_delivery` from its beginning, where most is dead, to the first row that is not, 0.5 ms for each call.
 */
export const RECORD = {
  name: 'delivery.record',
  text: `
    WITH result AS (
      SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::smallint[], $6::text[], $7::float8[], $22::int[], $32::int[])
        WITH ORDINALITY AS r (message_id, endpoint_id, lease, step, status, reason, delay, sent, strikes, place)
    ), kept AS (
      INSERT INTO attempt (id, organization_id, application_id, message_id, endpoint_id, event_type, status, reason,
                           response_status_code, response_duration_ms, trigger_type, response, attempted_at, details)
      SELECT id, organization_id, application_id, message_id, endpoint_id, event_type, status, reason, status_code, duration_ms, trigger_type,
             nullif(substring($34::bytea FROM start + details FOR response), ''), attempted_at, substring($34 FROM start FOR details)
        FROM unnest($8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::smallint[], $15::text[],
                    $16::smallint[], $17::int[], $18::smallint[], $19::int[], $20::int[], $21::timestamptz[], $23::int[])
          AS a (id, organization_id, application_id, message_id, endpoint_id, event_type, status, reason, status_code, duration_ms, trigger_type,
                start, details, attempted_at, response)
      ON CONFLICT DO NOTHING
    ), settled AS (
      DELETE FROM pending_delivery p USING result r
       WHERE p.message_id = r.message_id AND p.endpoint_id = r.endpoint_id AND p.lease = r.lease AND r.step = 'settle'
      RETURNING p.*, r.status AS final_status, r.reason, r.sent, r.strikes, r.place
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
       WHERE p.message_id = r.message_id AND p.endpoint_id = r.endpoint_id AND p.lease = r.lease AND r.step = 'put_back'
      RETURNING p.message_id, p.endpoint_id, p.next_at, r.strikes, r.place
    ), applied AS (
      SELECT message_id, endpoint_id, NULL::timestamptz AS next_at, strikes, place FROM settled
       UNION ALL
      SELECT message_id, endpoint_id, next_at, strikes, place FROM put_back
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
      SELECT endpoint_id, min(next_at) AS next_at, coalesce(bool_or(strikes = 0), false) AS succeeded,
             count(*) FILTER (WHERE strikes > 0 AND place > coalesce(last_success, 0)) AS failures,
             coalesce(sum(strikes) FILTER (WHERE place > coalesce(last_success, 0)), 0) AS strikes,
             count(strikes) AS sent, coalesce(sum(strikes), 0) AS all_strikes
        FROM (SELECT *, max(place) FILTER (WHERE strikes = 0) OVER (PARTITION BY endpoint_id) AS last_success FROM applied) each
       GROUP BY endpoint_id
    ), locked AS (
      SELECT l.endpoint_id, l.due_at, l.saturated, l.open_until, l.failing_since, n.next_at, n.succeeded, n.failures AS new_failures, n.strikes AS new_strikes,
             l.strikes AS strikes_before, CASE WHEN n.succeeded THEN 0 ELSE l.failures END AS failures,
             CASE WHEN n.succeeded AND NOT h.by_share THEN 0 ELSE l.strikes END AS strikes, h.by_share,
             CASE WHEN l.share_until > now() THEN l.share_until WHEN n.all_strikes > 0 THEN now() + interval '${SHARE_SECONDS} s' END AS share_until,
             CASE WHEN l.share_until > now() THEN l.share_sent ELSE 0 END + n.sent AS share_sent,
             CASE WHEN l.share_until > now() THEN l.share_strikes ELSE 0 END + n.all_strikes AS share_strikes
        FROM delivery_lane l JOIN news n ON n.endpoint_id = l.endpoint_id
       CROSS JOIN LATERAL (SELECT coalesce(l.open_until > now() AND l.open_until = l.share_until, false) AS by_share) h
       WHERE n.next_at IS NOT NULL OR n.failures > 0 OR l.saturated OR (n.succeeded AND l.failures > 0) OR l.share_until > now()
       ORDER BY l.endpoint_id FOR UPDATE OF l
    ), struck AS (
      SELECT *, new_strikes > 0 AND (strikes < ${OPENS_AT} OR coalesce(open_until <= now(), true)) AS counts,
             strikes < ${OPENS_AT} AND share_sent >= ${SHARE_OF_ATTEMPTS} AND share_strikes * 2 >= share_sent AS half FROM locked
    ), judged AS (
      SELECT *, CASE WHEN half THEN ${OPENS_AT}
                     WHEN NOT counts THEN strikes
                     WHEN strikes < ${OPENS_AT} THEN least(strikes + new_strikes, ${OPENS_AT})
                     ELSE least(strikes + 1, ${MOST_STRIKES}) END AS strikes_after
        FROM struck
    ), decided AS (
      SELECT *, CASE WHEN strikes_after < ${OPENS_AT} THEN NULL
                     WHEN NOT counts AND NOT half THEN open_until
                     ELSE now() + make_interval(secs => least(${FIRST_WAIT_SECONDS} * 2 ^ (strikes_after - ${OPENS_AT}), ${LONGEST_WAIT_SECONDS}, (
                            SELECT coalesce(max(wait), 0) FROM endpoint e, unnest(coalesce(e.retry_schedule, $33::int[])) wait WHERE e.id = endpoint_id))::float8)
                END AS opens_until
        FROM judged
    )
    UPDATE delivery_lane l
       SET due_at = greatest(d.opens_until, CASE WHEN d.strikes_before >= ${OPENS_AT} AND d.strikes_after < ${OPENS_AT} THEN now()
                                                 WHEN d.saturated AND d.due_at < 'infinity' THEN now()
                                                 ELSE least(d.due_at, d.next_at) END),
           saturated = false, failures = d.failures + d.new_failures, strikes = d.strikes_after, open_until = d.opens_until,
           share_until = CASE WHEN d.half THEN d.opens_until WHEN d.by_share OR (d.strikes_before < ${OPENS_AT} AND d.strikes_after < ${OPENS_AT}) THEN d.share_until END,
           share_sent = d.share_sent, share_strikes = d.share_strikes,
           failing_since = CASE WHEN d.new_failures = 0 THEN CASE WHEN NOT d.succeeded THEN d.failing_since END
                                WHEN d.succeeded THEN now()
                                ELSE coalesce(d.failing_since, now()) END
      FROM decided d
     WHERE l.endpoint_id = d.endpoint_id
    RETURNING l.due_at <= now() AS due`,
};
