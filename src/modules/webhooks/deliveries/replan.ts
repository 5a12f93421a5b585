import { DELIVERY_CHANNEL } from './queues';
import { probeLanesOf } from './wake-lanes';

/** Of a message m: it came, and its payload is there. One that waits for its time goes out by itself. */
export const SENDABLE = `
  m.payload IS NOT NULL AND (m.payload_expires_at IS NULL OR m.payload_expires_at > now())
  AND m.canceled_at IS NULL AND (m.deliver_at IS NULL OR m.deliver_at <= now())`;

/**
 * A statement that sends deliveries again, by hand: the rows of `wanted` become pending and due. One that is being sent now is
 * left alone; one that waits for its retry comes forward. So nothing is ever under way twice. Lanes are locked, or made, before
 * deliveries are planned, as everywhere: the message may be planned for the first time at this moment. At an endpoint with an order what is
 * sent again takes its place at the end of the line, and what stands in the line keeps it.
 * @param wanted names of CTEs, and a last one `wanted` (message_id, endpoint_id, organization_id, application_id, event_type, payload_bytes)
 * @param result what the statement selects, from `planned` and the CTEs of `wanted`
 */
export function replan(wanted: string, result: string): string {
  return `
    WITH ${wanted}, unsettled AS (
      DELETE FROM settled_delivery s USING wanted w
       WHERE s.message_id = w.message_id AND s.endpoint_id = w.endpoint_id
         AND s.message_id >= (SELECT min(message_id) FROM wanted) AND s.message_id <= (SELECT max(message_id) FROM wanted)
    ), lane AS MATERIALIZED (
      SELECT endpoint_id FROM delivery_lane WHERE endpoint_id = ANY (ARRAY(SELECT endpoint_id FROM wanted)) ORDER BY endpoint_id FOR UPDATE
    ), new_lane AS (
      INSERT INTO delivery_lane (endpoint_id, organization_id, due_at)
      SELECT DISTINCT endpoint_id, organization_id, now() FROM wanted WHERE endpoint_id NOT IN (SELECT endpoint_id FROM lane) ORDER BY endpoint_id
      ON CONFLICT (endpoint_id) DO NOTHING
      RETURNING endpoint_id
    ), planned AS (
      INSERT INTO pending_delivery (message_id, endpoint_id, organization_id, application_id, event_type, trigger_type, next_at, accepted_at,
                                    payload_bytes, position)
      SELECT w.message_id, w.endpoint_id, w.organization_id, w.application_id, w.event_type, 1, now(), now(), w.payload_bytes,
             CASE WHEN e.ordering = 'fifo' THEN nextval('delivery_position') ELSE 0 END
        FROM wanted w LEFT JOIN endpoint e ON e.id = w.endpoint_id
       WHERE (SELECT count(*) FROM new_lane) >= 0
       ORDER BY w.message_id
      ON CONFLICT (message_id, endpoint_id) DO UPDATE SET trigger_type = 1, next_at = now() WHERE pending_delivery.status = 1
      RETURNING endpoint_id, organization_id
    ), asleep AS (
      SELECT endpoint_id, organization_id FROM planned WHERE endpoint_id NOT IN (SELECT endpoint_id FROM new_lane)
    ), woken AS (${probeLanesOf('asleep')}),
    rung AS MATERIALIZED (SELECT pg_notify('${DELIVERY_CHANNEL}', ''))
    SELECT ${result} FROM rung`;
}
