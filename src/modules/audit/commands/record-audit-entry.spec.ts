import { newId } from '../../../platform/ids/id';
import { InMemoryAuditLog } from '../testing/in-memory-audit-log';
import { RecordAuditEntry, RecordAuditEntryHandler } from './record-audit-entry';

describe('RecordAuditEntry', () => {
  it('writes an event once, however often it is told', async () => {
    const log = new InMemoryAuditLog();
    const eventId = newId('evt');
    const fact = { organizationId: 'org_1', actor: 'user_1', action: 'api_key.revoked', object: 'key_1', occurredAt: new Date(0) };
    for (let i = 0; i < 2; i++) await new RecordAuditEntryHandler(log).execute(new RecordAuditEntry({ eventId, ...fact }));
    expect(log.entries).toEqual([{ id: eventId.replace('evt_', 'aud_'), ...fact }]);
  });
});
