import type { ListPage } from '../../../platform/http/list-page';

export type MessageView = {
  readonly id: string;
  readonly eventId: string | null;
  readonly eventType: string;
  readonly channels: readonly string[] | null;
  readonly timestamp: Date;
  /** JSON as the sender wrote it. */
  readonly payload: string;
};

const WITHOUT_CONTENT = '{}';
const EXPIRED = '{"expired":true}';

/** What a reader is shown for a payload: nothing if it did not ask, a word when it is gone. */
export function shownPayload(payload: Buffer | null, withContent: boolean): string {
  if (!withContent) return WITHOUT_CONTENT;
  return payload?.toString() ?? EXPIRED;
}

/** Written by hand because the payload is already JSON, and parsing it would change it. */
export function messageJson({ payload, ...rest }: MessageView): string {
  return `${JSON.stringify(rest).slice(0, -1)},"payload":${payload}}`;
}

export function messagePageJson({ data, ...page }: ListPage<MessageView>): string {
  return `{"data":[${data.map(messageJson).join(',')}],${JSON.stringify(page).slice(1)}`;
}
