import { newId } from '../../../../platform/ids/id';
import type { NewMessage } from '../domain/new-message';

export function newMessage(changes: Partial<NewMessage> & Pick<NewMessage, 'organizationId' | 'application'>): NewMessage {
  return {
    id: newId('msg'),
    eventId: null,
    eventType: 'a',
    channels: null,
    tags: null,
    payload: Buffer.from('{}'),
    contentType: null,
    deliverAt: null,
    retentionHours: null,
    endpointId: null,
    checkedVersion: null,
    trace: null,
    ...changes,
  };
}
