import type { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { detailsFromBytes, type StoredDetails } from '../stored-details';
import { withSvixTwins } from '../svix-twins';
import { reasonText } from './reason-text';
import { shownStatus, type ShownStatus } from './shown-status';

export type AttemptDetailsView = {
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly address: string | null;
  readonly timings: Readonly<Record<'dnsMs' | 'connectMs' | 'tlsMs' | 'firstByteMs', number | null>>;
  readonly transformation: { readonly method: string | null; readonly error: string | null } | null;
};

export type AttemptView = ShownStatus & {
  readonly id: string;
  readonly msgId: string;
  readonly endpointId: string;
  readonly url: string;
  readonly reason: string;
  readonly reasonText: string;
  readonly responseStatusCode: number;
  readonly responseDurationMs: number;
  readonly response: string;
  readonly triggerType: number;
  readonly timestamp: Date;
  /** Of the request and its answer; null without content, and for attempts of former releases. */
  readonly details: AttemptDetailsView | null;
};

export type AttemptRow = {
  id: string;
  message_id: string;
  endpoint_id: string;
  /** Of attempts of former releases: others have it in their details. */
  url: Buffer | null;
  status: number;
  reason: string;
  response_status_code: number;
  response_duration_ms: number;
  /** Null for an empty one. */
  response: Buffer | null;
  trigger_type: number;
  attempted_at: Date;
  details: Buffer | null;
};

export const ATTEMPT_COLUMNS =
  'id, message_id, endpoint_id, url, status, reason, response_status_code, response_duration_ms, response, trigger_type, attempted_at, details';

/** A response may be any bytes; it is shown as text, and what is not text as U+FFFD. */
export async function attemptView(cipher: Cipher, row: AttemptRow, withContent: boolean): Promise<AttemptView> {
  const open = (column: 'url' | 'response' | 'details') => {
    const sealed = row[column];
    return sealed && cipher.open(columnContext('attempt', column, row.id), sealed);
  };
  const details = await open('details');
  const { url, ...shown }: StoredDetails = details ? detailsFromBytes(details) : {};
  return {
    id: row.id,
    msgId: row.message_id,
    endpointId: row.endpoint_id,
    url: url ?? text(await open('url')),
    ...shownStatus(row.status),
    reason: row.reason,
    reasonText: reasonText(row.reason),
    responseStatusCode: row.response_status_code,
    responseDurationMs: row.response_duration_ms,
    response: withContent ? text(await open('response')) : '{}',
    triggerType: row.trigger_type,
    timestamp: row.attempted_at,
    details: withContent ? detailsView(shown) : null,
  };
}

const text = (bytes: Buffer | null): string => bytes?.toString() ?? '';

function detailsView({ requestHeaders, responseHeaders, address, timings, transformation }: StoredDetails): AttemptDetailsView | null {
  if (!requestHeaders || !responseHeaders || !timings) return null;
  return {
    requestHeaders: withSvixTwins(requestHeaders),
    responseHeaders,
    address: address ?? null,
    timings,
    transformation: transformation ?? null,
  };
}
