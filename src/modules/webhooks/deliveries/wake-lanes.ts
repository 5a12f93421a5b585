/** The last part of a statement that makes deliveries due: their lanes come forward, in the order in which everybody locks them. */
export function wakeLanesOf(deliveries: string): string {
  return `
  INSERT INTO delivery_lane (endpoint_id, due_at) SELECT DISTINCT endpoint_id, now() FROM ${deliveries} ORDER BY endpoint_id
  ON CONFLICT (endpoint_id) DO UPDATE SET due_at = least(delivery_lane.due_at, excluded.due_at), saturated = false`;
}
