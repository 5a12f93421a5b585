/**
 * When a lane that has something due comes forward: not before its circuit breaker lets a probe through, and not before its rate
 * allows a request. To be used in `ON CONFLICT DO UPDATE` and `UPDATE`.
 */
export const SOON = 'greatest(now(), delivery_lane.open_until, delivery_lane.slot_at)';

/**
 * The last part of a statement that makes deliveries due: their lanes come forward, in the order in which everybody locks them.
 * @param deliveries a CTE with endpoint_id and organization_id
 */
export function wakeLanesOf(deliveries: string): string {
  return wake(deliveries, '');
}

/** The same for what a person asked for: it need not wait for the circuit breaker, but goes as its next probe. */
export function probeLanesOf(deliveries: string): string {
  return wake(deliveries, ', open_until = CASE WHEN delivery_lane.open_until > now() THEN now() ELSE delivery_lane.open_until END');
}

function wake(deliveries: string, also: string): string {
  return `
  INSERT INTO delivery_lane (endpoint_id, organization_id, due_at)
  SELECT DISTINCT endpoint_id, organization_id, now() FROM ${deliveries} ORDER BY endpoint_id
  ON CONFLICT (endpoint_id) DO UPDATE
     SET due_at = least(delivery_lane.due_at, ${also === '' ? SOON : 'now()'}), saturated = false, organization_id = excluded.organization_id${also}`;
}
