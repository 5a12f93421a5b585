import type { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import type { DisableReason } from '../endpoints.events';

/** Whether messages go there, and how long that will last. */
export type EndpointState = {
  /** `paused`: it failed again and again, and gets nothing for a while. */
  readonly status: 'enabled' | 'paused' | 'disabled';
  /** Of one that is not enabled: who did it, why, and since when it is disabled; null where that is not known. */
  readonly by: 'owner' | 'system' | null;
  readonly reason: DisableReason | null;
  readonly since: Date | null;
  /** When a paused one is tried again. */
  readonly pausedUntil: Date | null;
  /** The first failure after the last success; null when the last attempt succeeded, or there was none. */
  readonly failingSince: Date | null;
  /** When it will be disabled if this goes on; null when it will not. */
  readonly disablesAt: Date | null;
};

export type EndpointView = {
  readonly id: string;
  readonly uid: string | null;
  readonly url: string;
  readonly description: string;
  readonly disabled: boolean;
  readonly state: EndpointState;
  readonly eventTypes: readonly string[] | null;
  /** Former name of `eventTypes`, which older clients read. */
  readonly filterTypes: readonly string[] | null;
  readonly channels: readonly string[] | null;
  readonly filter: Readonly<Record<string, unknown>> | null;
  readonly throttleRate: number | null;
  /** Former name of `throttleRate`. */
  readonly rateLimit: number | null;
  readonly ordering: 'none' | 'fifo';
  /** Null: the default of the installation; as the two below. */
  readonly maxInFlight: number | null;
  readonly timeoutMs: number | null;
  readonly retrySchedule: readonly number[] | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Means nothing; older clients expect a number. */
  readonly version: 1;
  /** When its receiver last answered a challenge at this URL. */
  readonly verifiedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export type EndpointRow = {
  id: string;
  uid: string | null;
  url: Buffer;
  description: Buffer;
  disabled: boolean;
  disabled_at: Date | null;
  disabled_reason: DisableReason | null;
  failing_since: Date | null;
  paused_until: Date | null;
  event_types: string[] | null;
  channels: string[] | null;
  filter: Buffer | null;
  throttle_rate: number | null;
  ordering: 'none' | 'fifo';
  max_in_flight: number | null;
  timeout_ms: number | null;
  retry_schedule: number[] | null;
  metadata: Buffer;
  verified_at: Date | null;
  created_at: Date;
  updated_at: Date;
};

export const ENDPOINT_COLUMNS = `e.id, e.uid, e.url, e.description, e.disabled, e.disabled_at, e.disabled_reason,
  (SELECT l.failing_since FROM delivery_lane l WHERE l.endpoint_id = e.id) AS failing_since,
  (SELECT l.open_until FROM delivery_lane l WHERE l.endpoint_id = e.id AND l.open_until > now()) AS paused_until, e.event_types, e.channels, e.filter, e.throttle_rate,
  e.ordering, e.max_in_flight, e.timeout_ms, e.retry_schedule, e.metadata, e.verified_at, e.created_at, e.updated_at`;

/** $1 organization, $2 application, $3 endpoint, the last two by id or uid. */
export const ENDPOINT_BY_PATH = `
  FROM endpoint e JOIN application a ON a.id = e.application_id
 WHERE a.organization_id = $1 AND (a.id = $2 OR a.uid = $2) AND a.deleted_at IS NULL
   AND e.organization_id = $1 AND (e.id = $3 OR e.uid = $3) AND e.deleted_at IS NULL`;

export async function endpointView(
  cipher: Cipher,
  row: EndpointRow,
  { disableAfterSeconds }: { readonly disableAfterSeconds: number },
): Promise<EndpointView> {
  const [url, description, metadata, filter] = await Promise.all([
    cipher.openJson<string>(columnContext('endpoint', 'url', row.id), row.url),
    cipher.openJson<string>(columnContext('endpoint', 'description', row.id), row.description),
    cipher.openJson<Record<string, string>>(columnContext('endpoint', 'metadata', row.id), row.metadata),
    row.filter && cipher.openJson<Record<string, unknown>>(columnContext('endpoint', 'filter', row.id), row.filter),
  ]);
  return {
    id: row.id,
    uid: row.uid,
    url,
    description,
    disabled: row.disabled,
    state: stateOf(row, disableAfterSeconds),
    eventTypes: row.event_types,
    filterTypes: row.event_types,
    channels: row.channels,
    filter,
    throttleRate: row.throttle_rate,
    rateLimit: row.throttle_rate,
    ordering: row.ordering,
    maxInFlight: row.max_in_flight,
    timeoutMs: row.timeout_ms,
    retrySchedule: row.retry_schedule,
    metadata,
    version: 1,
    verifiedAt: row.verified_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function stateOf(row: EndpointRow, disableAfterSeconds: number): EndpointState {
  const { disabled, disabled_at: since, disabled_reason: reason, failing_since: failingSince, paused_until: pausedUntil } = row;
  if (disabled) {
    const by = reason === null || reason === 'owner' ? reason : 'system';
    return { status: 'disabled', by, reason, since, pausedUntil: null, failingSince, disablesAt: null };
  }
  const ends = failingSince !== null && disableAfterSeconds > 0;
  const disablesAt = ends ? new Date(failingSince.getTime() + disableAfterSeconds * 1_000) : null;
  const lasting = { since: null, pausedUntil, failingSince, disablesAt };
  return pausedUntil
    ? { status: 'paused', by: 'system', reason: 'failing', ...lasting }
    : { status: 'enabled', by: null, reason: null, ...lasting };
}
