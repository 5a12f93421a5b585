import type { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { timeOf } from '../../../../platform/ids/id';
import { type MessageView, shownPayload } from '../message-json';

export type MessageRow = {
  id: string;
  event_id: string | null;
  event_type: string;
  channels: string[] | null;
  tags: string[] | null;
  payload: Buffer | null;
  content_type: string | null;
  state: MessageView['state'];
  deliver_at: Date | null;
};

/** A payload is gone at its time, whether somebody has deleted it yet or not. */
export const MESSAGE_COLUMNS = `id, event_id, event_type, channels, tags, content_type, deliver_at,
  CASE WHEN payload_expires_at <= now() THEN NULL ELSE payload END AS payload,
  CASE WHEN canceled_at IS NOT NULL THEN 'canceled' WHEN deliver_at > now() THEN 'scheduled' ELSE 'accepted' END AS state`;

export async function messageView(cipher: Cipher, row: MessageRow, withContent: boolean): Promise<MessageView> {
  const payload = withContent && row.payload ? await cipher.open(columnContext('message', 'payload', row.id), row.payload) : null;
  return {
    id: row.id,
    eventId: row.event_id,
    eventType: row.event_type,
    channels: row.channels,
    tags: row.tags,
    timestamp: timeOf(row.id),
    deliverAt: row.deliver_at,
    state: row.state,
    payload: shownPayload(payload, withContent, row.content_type !== null),
  };
}
