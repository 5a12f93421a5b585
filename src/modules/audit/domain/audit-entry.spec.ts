import { z } from 'zod';
import { defineEvent } from '../../../platform/events/domain-event';
import { auditEntry } from './audit-entry';

const schema = z.object({ doorId: z.string(), colour: z.string() });
const DoorPainted = defineEvent('door.painted', schema, { audits: ({ doorId }) => doorId, fields: () => ['colour'] });
const DoorForced = defineEvent('door.forced', schema, { audits: ({ doorId }) => doorId, result: 'refused' });
const DoorCreaked = defineEvent('door.creaked', schema);

describe('auditEntry', () => {
  const of = (event: typeof DoorPainted | typeof DoorForced | typeof DoorCreaked) =>
    auditEntry({ id: 'evt_1', ...event({ doorId: 'door_1', colour: 'red' }) }, event.audit);

  it('says what was done to what, and what changed, without its value', () => {
    expect(of(DoorPainted)).toEqual({ id: 'aud_1', action: 'door.painted', object: 'door_1', result: 'success', fields: ['colour'] });
  });

  it('says that it was refused', () => {
    expect(of(DoorForced)).toMatchObject({ result: 'refused', fields: [] });
  });

  it('is not made of events that are not audited', () => {
    expect(of(DoorCreaked)).toBeNull();
  });
});
