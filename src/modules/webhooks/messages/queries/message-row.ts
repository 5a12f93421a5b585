import type { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { type MessageView, shownPayload } from '../message-json';

export type MessageRow = {
  id: string;
  event_id: string | null;
  event_type: string;
  channels: string[] | null;
  payload: Buffer | null;
  created_at: Date;
};

export const MESSAGE_COLUMNS = 'id, event_id, event_type, channels, payload, created_at';

export async function messageView(cipher: Cipher, row: MessageRow, withContent: boolean): Promise<MessageView> {
  const payload = withContent && row.payload ? await cipher.open(columnContext('message', 'payload', row.id), row.payload) : null;
  return {
    id: row.id,
    eventId: row.event_id,
    eventType: row.event_type,
    channels: row.channels,
    timestamp: row.created_at,
    payload: shownPayload(payload, withContent),
  };
}
