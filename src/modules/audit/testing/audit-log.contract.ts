import { newId } from '../../../platform/ids/id';
import type { AuditEntry } from '../domain/audit-entry';
import type { AuditLog } from '../domain/audit-log';

export function anEntry(changes: Partial<AuditEntry> = {}): AuditEntry {
  const occurredAt = new Date('2026-12-01T10:00:00Z');
  return {
    id: newId('aud'),
    organizationId: newId('org'),
    actor: newId('user'),
    action: 'api_key.created',
    object: newId('key'),
    occurredAt,
    ...changes,
  };
}

/** `entries` reads back what the log holds. */
export function auditLogContract(open: () => { log: AuditLog; entries: () => Promise<readonly AuditEntry[]> }): void {
  it('keeps an entry as it is', async () => {
    const { log, entries } = open();
    const [inTenant, outside] = [anEntry(), anEntry({ organizationId: null })];
    await log.append(inTenant);
    await log.append(outside);
    expect(await entries()).toEqual(expect.arrayContaining([inTenant, outside]));
  });

  it('keeps the first of two entries with one id', async () => {
    const { log, entries } = open();
    const entry = anEntry();
    await log.append(entry);
    await log.append({ ...entry, action: 'rewritten' });
    expect((await entries()).filter(({ id }) => id === entry.id)).toEqual([entry]);
  });
}
