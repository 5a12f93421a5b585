import { z } from 'zod';
import { openTestStore, type TestStore } from '../../../../test/support/store';
import { type CallContext, inContext } from '../../../platform/context/call-context';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { defineEvent } from '../../../platform/events/domain-event';
import { newId } from '../../../platform/ids/id';
import { Outbox } from '../../../platform/outbox/outbox';
import { ListAuditEntries, ListAuditEntriesHandler } from '../queries/list-audit-entries';
import { VerifyAuditLog, VerifyAuditLogHandler } from '../queries/verify-audit-log';
import { AuditSealer } from './audit-sealer';
import { AuditTrail } from './audit-trail';

const WindowOpened = defineEvent('window.opened', z.object({ windowId: z.string() }), {
  audits: ({ windowId }) => windowId,
  fields: () => ['angle'],
});
const WindowSeen = defineEvent('window.seen', z.object({ windowId: z.string() }));

const OrganizationErased = defineEvent('organization.erased', z.object({ organizationId: z.string() }), {
  audits: ({ organizationId }) => organizationId,
});

const CALL: CallContext = {
  actor: { kind: 'user', id: 'user_1' },
  organizationId: null,
  address: '192.0.2.7',
  userAgent: null,
  requestId: 'req_1',
  trace: null,
};

describe('the audit log in PostgreSQL', () => {
  let db: TestStore;
  let outbox: Outbox;
  const lookup = new LookupHash(Buffer.alloc(32, 1));
  const PAGE = { limit: 250, iterator: null, order: 'ascending' } as const;

  beforeAll(async () => {
    db = await openTestStore();
    outbox = new Outbox(db.uow);
    new AuditTrail(outbox, db.uow, db.cipher).onModuleInit();
  });
  afterAll(() => db.close());

  const open = (organizationId: string | null, windowId = newId('win')) =>
    inContext(CALL, () => outbox.record(WindowOpened({ windowId }), organizationId));
  const list = async (organizationId: string) =>
    (await new ListAuditEntriesHandler(db.sql, db.cipher).execute(new ListAuditEntries(organizationId, {}, PAGE))).data;
  const verify = async (chain: string) =>
    (await new VerifyAuditLogHandler(db.sql, db.cipher, lookup).execute(new VerifyAuditLog(chain)))[0]!;
  const sealer = () => new AuditSealer(db.sql, db.cipher, lookup);
  const sealAll = async () => {
    while (await sealer().sealBatch());
  };
  const log = async (entries: number) => {
    const organizationId = newId('org');
    for (let i = 0; i < entries; i++) await open(organizationId);
    await sealAll();
    return organizationId;
  };
  /** As somebody with all rights would: the trigger is out of the way. */
  const tamper = async (statement: string, values: unknown[]) => {
    await db.sql.transaction(async (run) => {
      await run('ALTER TABLE audit_entry DISABLE TRIGGER USER');
      await run(statement, values);
      await run('ALTER TABLE audit_entry ENABLE TRIGGER USER');
    });
  };

  it('has an entry as soon as the change is committed, and none when it is not', async () => {
    const organizationId = newId('org');
    await open(organizationId, 'win_1');
    await inContext(CALL, () => outbox.record(WindowSeen({ windowId: 'win_1' }), organizationId));
    await expect(
      db.uow.run(async () => {
        await open(organizationId, 'win_2');
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await list(organizationId)).toEqual([
      {
        id: expect.stringMatching(/^aud_/),
        actor: { kind: 'user', id: 'user_1' },
        action: 'window.opened',
        object: 'win_1',
        result: 'success',
        requestId: 'req_1',
        occurredAt: expect.any(Date),
        address: '192.0.2.7',
        fields: ['angle'],
      },
    ]);
  });

  it('shows no address in the clear', async () => {
    await open(newId('org'));
    const [row] = await db.sql.run<{ dump: string }>('SELECT string_agg(e::text, $1) AS dump FROM audit_entry e', ['\n']);
    expect(row!.dump).not.toMatch(/192\.0\.2\.7|3139322e302e322e37/);
  });

  it.each(["UPDATE audit_entry SET object = 'x'", 'DELETE FROM audit_entry', 'TRUNCATE audit_entry'])('refuses %s', async (statement) => {
    await open(newId('org'));
    await expect(db.sql.run(statement)).rejects.toThrow('append-only');
  });

  describe('for a connection that is lent to a tenant', () => {
    const as = <T>(organizationId: string, work: () => Promise<T>) => inContext({ ...CALL, organizationId }, work);

    it('has the entries of that tenant only', async () => {
      const [mine, theirs] = [await log(1), await log(1)];
      const seen = await as(mine, () => db.sql.run<{ of: string }>('SELECT DISTINCT organization_id AS of FROM audit_entry'));
      expect(seen).toEqual([{ of: mine }]);
      await expect(
        as(mine, () =>
          db.sql.run(
            `INSERT INTO audit_entry (id, organization_id, actor_kind, action, object, result) VALUES ('aud_x', $1, 'user', 'a', 'b', 'success')`,
            [theirs],
          ),
        ),
      ).rejects.toThrow('row-level security');
    });

    it('takes new entries, of the tenant or of none, and changes nothing', async () => {
      const mine = newId('org');
      // Makes their keys, and has them remembered: a tenant's connection sees none.
      for (const organizationId of [mine, null]) await open(organizationId);
      await as(mine, () => outbox.record(WindowOpened({ windowId: 'win_1' }), mine));
      await as(mine, () => outbox.record(WindowOpened({ windowId: 'win_1' }), null));
      for (const statement of ['UPDATE audit_entry SET details = NULL', 'DELETE FROM audit_unsealed', 'SELECT 1 FROM audit_seal'])
        await expect(as(mine, () => db.sql.run(statement))).rejects.toThrow('permission denied');
    });
  });

  it('lets details be encrypted anew, and stays whole', async () => {
    const organizationId = await log(2);
    const rows = await db.sql.run<{ id: string; details: Buffer }>('SELECT id, details FROM audit_entry WHERE organization_id = $1', [
      organizationId,
    ]);
    for (const { id, details } of rows) {
      await db.sql.run('UPDATE audit_entry SET details = $2 WHERE id = $1', [
        id,
        await db.cipher.reseal(`audit_entry.details:${id}`, details),
      ]);
    }
    expect(await verify(organizationId)).toMatchObject({ entries: 2, unreadable: 0, breach: null });
  });

  it('is sealed once, by however many at a time', async () => {
    await sealAll();
    const { entries: before } = await verify('system');
    const chains = [newId('org'), newId('org'), 'system'];
    for (let i = 0; i < 700; i++) {
      const chain = chains[i % 3]!;
      await open(chain === 'system' ? null : chain);
    }
    for (let waiting = true; waiting;) waiting = (await Promise.all([1, 2, 3].map(() => sealer().sealBatch()))).some(Boolean);
    await sealAll();
    expect(await db.sql.run('SELECT 1 FROM audit_unsealed')).toEqual([]);
    expect(await verify(chains[0]!)).toMatchObject({
      chain: chains[0],
      entries: 234,
      breach: null,
      head: expect.stringMatching(/^\w{64}$/),
    });
    expect(await verify(chains[1]!)).toMatchObject({ entries: 233, breach: null });
    expect(await verify('system')).toMatchObject({ entries: before + 233, breach: null });
  });

  it('is whole while it goes on', async () => {
    const organizationId = await log(1);
    await open(organizationId);
    expect(await verify(organizationId)).toMatchObject({ entries: 1, breach: null });
    await sealAll();
    expect(await verify(organizationId)).toMatchObject({ entries: 2, breach: null });
  });

  describe('names the first entry', () => {
    const idsOf = async (organizationId: string) => (await list(organizationId)).map(({ id }) => id);

    it.each([
      ["object = 'win_other'"],
      ["actor_id = 'user_2'"],
      ["action = 'window.closed'"],
      ["result = 'refused'"],
      ['request_id = NULL'],
      ["occurred_at = occurred_at + interval '1 microsecond'"],
      ["organization_id = 'org_other'"],
      ['details = NULL'],
      ['details = set_byte(details, length(details) - 1, get_byte(details, length(details) - 1) # 1)'],
      ["details = '\\x0100000000ff'"],
    ])('that was changed: %s', async (change) => {
      const organizationId = await log(3);
      const [, second] = await idsOf(organizationId);
      const statement = `UPDATE audit_entry SET ${change} WHERE id = $1`;
      await tamper(statement, [second]);
      expect((await verify(organizationId)).breach).toEqual({ entryId: second, kind: 'changed' });
    });

    it('that was removed, sealed or not', async () => {
      const organizationId = await log(3);
      const [first] = await idsOf(organizationId);
      await tamper('DELETE FROM audit_entry WHERE id = $1', [first]);
      expect((await verify(organizationId)).breach).toEqual({ entryId: first, kind: 'missing' });

      const other = newId('org');
      await open(other);
      const [unsealed] = await idsOf(other);
      await tamper('DELETE FROM audit_entry WHERE id = $1', [unsealed]);
      expect((await verify(other)).breach).toEqual({ entryId: unsealed, kind: 'missing' });
    });

    it('that was removed together with its seal', async () => {
      const organizationId = await log(3);
      const [, second, third] = await idsOf(organizationId);
      await tamper('DELETE FROM audit_entry WHERE id = $1', [second]);
      await db.sql.run('DELETE FROM audit_seal WHERE entry_id = $1', [second]);
      expect((await verify(organizationId)).breach).toEqual({ entryId: third, kind: 'changed' });
    });

    it('that was slipped in', async () => {
      const organizationId = await log(2);
      const inserted = newId('aud');
      await db.sql.run(
        `INSERT INTO audit_entry (id, organization_id, actor_kind, actor_id, action, object, result)
         VALUES ($1, $2, 'user', 'user_1', 'window.opened', 'win_1', 'success')`,
        [inserted, organizationId],
      );
      expect((await verify(organizationId)).breach).toEqual({ entryId: inserted, kind: 'inserted' });
    });
  });

  it('stays whole when an organization was erased and its keys are gone', async () => {
    const organizationId = await log(3);
    await db.cipher.shred(organizationId);
    expect((await verify(organizationId)).breach).toMatchObject({ kind: 'changed' });
    await outbox.record(OrganizationErased({ organizationId }), organizationId);
    await sealAll();
    expect(await verify(organizationId)).toMatchObject({ entries: 4, unreadable: 3, breach: null });
    const [first] = await db.sql.run<{ id: string }>('SELECT min(id) AS id FROM audit_entry WHERE organization_id = $1', [organizationId]);
    await tamper("UPDATE audit_entry SET object = 'win_other' WHERE id = $1", [first!.id]);
    expect((await verify(organizationId)).breach).toEqual({ entryId: first!.id, kind: 'changed' });
  });

  it('checks all chains when none is named', async () => {
    const organizationId = await log(1);
    const reports = await new VerifyAuditLogHandler(db.sql, db.cipher, lookup).execute(new VerifyAuditLog(null));
    const chains = reports.map(({ chain }) => chain);
    expect(chains).toEqual(expect.arrayContaining(['system', organizationId]));
    expect(new Set(chains).size).toBe(chains.length);
  });
});
