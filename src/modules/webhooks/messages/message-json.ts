import type { ListPage } from '../../../platform/http/list-page';

export type MessageView = {
  readonly id: string;
  readonly eventId: string | null;
  readonly eventType: string;
  readonly channels: readonly string[] | null;
  readonly tags: readonly string[] | null;
  readonly timestamp: Date;
  readonly deliverAt: Date | null;
  readonly state: 'accepted' | 'scheduled' | 'canceled';
  /** JSON as the sender wrote it. */
  readonly payload: string;
};

const WITHOUT_CONTENT = '{}';
const EXPIRED = '{"expired":true}';

/**
 * What a reader is shown for a payload: nothing if it did not ask, a word when it is gone. What was to be sent as it is may
 * be anything, and is shown as text unless it is an object.
 */
export function shownPayload(payload: Buffer | null, withContent: boolean, raw = false): string {
  if (!withContent) return WITHOUT_CONTENT;
  if (payload === null) return EXPIRED;
  const text = payload.toString();
  return raw && !isJsonObject(text) ? JSON.stringify(text) : text;
}

/** Written by hand because the payload is already JSON, and parsing it would change it. */
export function messageJson({ payload, ...rest }: MessageView & { readonly warnings?: readonly unknown[] | undefined }): string {
  return `${JSON.stringify(rest).slice(0, -1)},"payload":${payload}}`;
}

export function messagePageJson({ data, ...page }: ListPage<MessageView>): string {
  return `{"data":[${data.map((message) => messageJson(message)).join(',')}],${JSON.stringify(page).slice(1)}`;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
